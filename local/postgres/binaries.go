package postgres

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoBinaries says that the machine has no PostgreSQL server.
var ErrNoBinaries = errors.New("postgres: no server found; install it, on Debian: apt-get install postgresql")

// FindBinaries returns the folder of initdb and postgres: the newest version of Debian's layout, which
// keeps them out of the PATH, or else the one that the PATH leads to.
func FindBinaries() (string, error) {
	return findBinaries("/usr/lib/postgresql/*/bin")
}

func findBinaries(pattern string) (string, error) {
	folders, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	slices.SortFunc(folders, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	for _, folder := range folders {
		if hasServer(folder) {
			return folder, nil
		}
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if resolved, err := filepath.EvalSymlinks(initdb); err == nil && hasServer(filepath.Dir(resolved)) {
			return filepath.Dir(resolved), nil
		}
	}
	return "", ErrNoBinaries
}

// hasServer is false for a client-only installation.
func hasServer(folder string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

func majorVersion(binFolder string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(binFolder)))
	return version
}

// Version of the installed server, such as 15.14.
func Version(ctx context.Context) (string, error) {
	binaries, err := FindBinaries()
	if err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, filepath.Join(binaries, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("postgres: version: %w", err)
	}
	words := strings.Fields(string(output)) // postgres (PostgreSQL) 15.14 (…)
	if len(words) < 3 {
		return "", fmt.Errorf("postgres: version: cannot read %q", output)
	}
	return words[2], nil
}
