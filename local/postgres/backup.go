package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNotRunning says that no server works with a folder.
var ErrNotRunning = errors.New("postgres: no server runs with this folder")

// ErrOtherVersion says that a back-up was taken from another major version than the one installed.
var ErrOtherVersion = errors.New("postgres: the back-up is of another major version")

// Backup copies all databases of the server that runs with a folder, as they stand at one moment, while it goes on
// working. It creates the folder to, which belongs to the caller and is laid out as Settings.Folder. What was written is
// read again and checked. The error is ErrNotRunning where there is no server.
func Backup(ctx context.Context, folder, to string) error {
	server, err := runningServer(folder)
	if err != nil {
		return err
	}
	copied := &Server{settings: Settings{Folder: to}, binaries: server.binaries}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("postgres: create back-up: %w", err)
	}
	if err := server.run(ctx, "pg_basebackup", "--pgdata="+copied.dataFolder(), "--wal-method=stream",
		"--checkpoint=fast", "--manifest-checksums=SHA256"); err != nil {
		return err
	}
	if err := os.WriteFile(copied.passwordFile(), []byte(server.password+"\n"), 0o600); err != nil {
		return fmt.Errorf("postgres: keep password: %w", err)
	}
	return copied.verify(ctx)
}

// VerifyBackup checks every byte of a back-up, and that the installed server can work with it. The error is
// ErrOtherVersion where it cannot.
func VerifyBackup(ctx context.Context, from string) error {
	saved, err := newServer(Settings{Folder: from})
	if err != nil {
		return err
	}
	if err := saved.verify(ctx); err != nil {
		return err
	}
	return saved.fits(ctx)
}

// Restore makes a back-up the data of a folder, which Start then continues with. The folder must hold no data
// (fs.ErrExist), and no server may run with it.
func Restore(ctx context.Context, from, folder string) error {
	saved, err := newServer(Settings{Folder: from})
	if err != nil {
		return err
	}
	server, err := newServer(Settings{Folder: folder})
	if err != nil {
		return err
	}
	if _, err := os.Stat(server.dataFolder()); err == nil {
		return fmt.Errorf("postgres: %s: %w", server.dataFolder(), fs.ErrExist)
	}
	if err := server.prepareFolder(); err != nil {
		return err
	}
	return server.copyFrom(ctx, saved)
}

// runningServer is the server that another process has started on a folder, or this one.
func runningServer(folder string) (*Server, error) {
	server, err := newServer(Settings{Folder: folder})
	if err != nil {
		return nil, err
	}
	const portLine = 3 // of postmaster.pid
	content, err := os.ReadFile(filepath.Join(server.dataFolder(), "postmaster.pid"))
	lines := strings.Split(string(content), "\n")
	if errors.Is(err, os.ErrNotExist) || err == nil && len(lines) <= portLine {
		return nil, fmt.Errorf("%w: %s", ErrNotRunning, folder)
	}
	if err != nil {
		return nil, fmt.Errorf("postgres: read pid file: %w", err)
	}
	if server.settings.Port, err = strconv.Atoi(lines[portLine]); err != nil {
		return nil, fmt.Errorf("postgres: port in pid file: %w", err)
	}
	server.password, err = server.loadPassword()
	return server, err
}

// verify compares every file of a back-up with the checksums that were taken when it was made.
func (s *Server) verify(ctx context.Context) error {
	return s.run(ctx, "pg_verifybackup", "--quiet", s.dataFolder())
}

// fits tells whether the installed server can work with the data.
func (s *Server) fits(ctx context.Context) error {
	content, err := os.ReadFile(filepath.Join(s.dataFolder(), "PG_VERSION"))
	if err != nil {
		return fmt.Errorf("postgres: version of back-up: %w", err)
	}
	major := strings.TrimSpace(string(content))
	installed, err := Version(ctx)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(installed+".", major+".") {
		return fmt.Errorf("%w: it is of %s, installed is %s", ErrOtherVersion, major, installed)
	}
	return nil
}

// copyFrom works in a folder beside the data that is renamed at the end, as initialise does.
func (s *Server) copyFrom(ctx context.Context, saved *Server) error {
	unfinished := s.dataFolder() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("postgres: remove unfinished data: %w", err)
	}
	if err := os.CopyFS(unfinished, os.DirFS(saved.dataFolder())); err != nil {
		return fmt.Errorf("postgres: copy back-up: %w", err)
	}
	password, err := os.ReadFile(saved.passwordFile())
	if err != nil {
		return fmt.Errorf("postgres: password of back-up: %w", err)
	}
	if err := os.WriteFile(s.passwordFile(), password, 0o600); err != nil {
		return fmt.Errorf("postgres: write password: %w", err)
	}
	for _, path := range []string{unfinished, s.passwordFile()} {
		if err := s.account.ownAll(path); err != nil {
			return err
		}
	}
	command := exec.CommandContext(ctx, filepath.Join(s.binaries, "initdb"), "--sync-only", "--pgdata="+unfinished)
	command.Dir, command.SysProcAttr = s.settings.Folder, s.account.attributes()
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("postgres: write to disk: %w\n%s", err, output)
	}
	if err := os.Rename(unfinished, s.dataFolder()); err != nil {
		return fmt.Errorf("postgres: keep restored data: %w", err)
	}
	return nil
}

// run runs one of PostgreSQL's programs as the caller. The environment, unlike the arguments, is not shown to other
// users of the machine.
func (s *Server) run(ctx context.Context, name string, arguments ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(s.binaries, name), arguments...)
	command.Env = append(os.Environ(), "PGHOST=127.0.0.1", "PGPORT="+strconv.Itoa(s.settings.Port), "PGUSER="+User,
		"PGPASSWORD="+s.password, "PGSSLMODE=disable")
	output, err := command.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("postgres: %s: %w", name, ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("postgres: %s: %w\n%s", name, err, output)
	}
	return nil
}
