package postgres

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
