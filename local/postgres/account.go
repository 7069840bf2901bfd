package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the ordinary user that PostgreSQL runs as. A nil account means the current user, who is
// ordinary already.
type account struct {
	name     string
	uid, gid uint32
}

// ordinaryAccount is nil unless root calls; then it is the user of Debian's package, or else nobody.
func ordinaryAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("postgres: user id of %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("postgres: group id of %s: %w", name, err)
		}
		return &account{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return nil, errors.New("postgres: called by root, and there is neither a user postgres nor a user nobody to run as")
}

// attributes make a process run as the account, in a process group of its own: the Ctrl-C of a terminal
// goes to the whole group of the caller, who has to end PostgreSQL last and in order.
func (a *account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	if a != nil {
		attributes.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attributes
}

// own gives one file or folder to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("postgres: give %s to user %s: %w", path, a.name, err)
	}
	return nil
}

// ownAll gives a file, or a folder with all that is in it, to the account and closes it to everybody else.
func (a *account) ownAll(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("postgres: walk %s: %w", root, err)
		}
		mode := fs.FileMode(0o600)
		if entry.IsDir() {
			mode = 0o700
		}
		if err := os.Chmod(path, mode); err != nil {
			return fmt.Errorf("postgres: protect %s: %w", path, err)
		}
		return a.own(path)
	})
}

// mustEnter fails when a parent folder (such as root's home) keeps the account out, which PostgreSQL
// itself would report in a way that is hard to understand.
func (a *account) mustEnter(folder string) error {
	if a == nil {
		return nil
	}
	probe := exec.Command("test", "-w", folder)
	probe.Dir = "/"
	probe.SysProcAttr = a.attributes()
	if err := probe.Run(); err != nil {
		return fmt.Errorf("postgres: called by root it runs as user %s, who cannot enter %s; choose a folder whose parents everybody may enter: %w", a.name, folder, err)
	}
	return nil
}
