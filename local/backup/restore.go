package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"miglobe/local/postgres"
	"miglobe/local/state"
)

// ErrNotEmpty says that there is something where a back-up would be restored to.
var ErrNotEmpty = errors.New("backup: the folder is not empty")

// Restore makes a back-up the state of a folder; the next start goes on from it. Where replace is true, the state that
// is there is moved aside, into a folder replaced-… in it, and never deleted. Errors: state.ErrInUse where something
// runs with the folder, ErrNotEmpty, fs.ErrNotExist where from is no finished back-up.
func Restore(ctx context.Context, from, folder string, replace bool) (Manifest, error) {
	manifest, err := readManifest(from)
	if err != nil {
		return Manifest{}, err
	}
	lock, err := state.Lock(folder)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = lock.Close() }()
	used, err := isUsed(folder, filepath.Base(lock.Name()))
	if err != nil {
		return Manifest{}, err
	}
	if used && !replace {
		return Manifest{}, fmt.Errorf("%w: %s", ErrNotEmpty, folder)
	}
	if err := postgres.VerifyBackup(ctx, postgresOf(from)); err != nil {
		return Manifest{}, err
	}
	if used {
		if err := moveAside(folder); err != nil {
			return Manifest{}, err
		}
	}
	if err := state.CopyClock(from, folder); err != nil {
		return Manifest{}, err
	}
	return manifest, postgres.Restore(ctx, postgresOf(from), postgresOf(folder))
}

// isUsed tells whether a folder holds anything but the lock.
func isUsed(folder, lock string) (bool, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return false, fmt.Errorf("backup: read folder: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() != lock {
			return true, nil
		}
	}
	return false, nil
}

// moveAside keeps what a back-up replaces.
func moveAside(folder string) error {
	aside := filepath.Join(folder, "replaced-"+time.Now().UTC().Format("20060102T150405.000"))
	if err := os.Mkdir(aside, 0o755); err != nil {
		return fmt.Errorf("backup: create folder: %w", err)
	}
	for _, name := range []string{filepath.Base(postgresOf(folder)), state.ClockFile} {
		err := os.Rename(filepath.Join(folder, name), filepath.Join(aside, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("backup: move aside: %w", err)
		}
	}
	return nil
}
