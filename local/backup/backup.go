// Package backup saves the state of a local run and brings it back: consultations and engine together, as they stood at
// one moment. Both keep their tables in one PostgreSQL, whose physical back-up this is; with it go the password of that
// PostgreSQL and the business clock. The mails in the mail catcher stay out: they have left the house.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"miglobe/local/ports"
	"miglobe/local/postgres"
	"miglobe/local/state"
)

// Take saves the state of a folder into the folder to, which must be missing or empty; only its owner can read it. The
// run may go on meanwhile; where there is none, PostgreSQL alone is started for it. A back-up that was interrupted stays
// in to + ".unfinished". Errors: fs.ErrExist where to is not empty, fs.ErrNotExist where there is no state.
func Take(ctx context.Context, folder, to string) (Manifest, error) {
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return Manifest{}, fmt.Errorf("backup: %s is not empty: %w", to, fs.ErrExist)
	}
	if _, err := os.Stat(postgresOf(folder)); err != nil {
		return Manifest{}, fmt.Errorf("backup: no state to save: %w", err)
	}
	stop, err := ensureServer(ctx, folder)
	if err != nil {
		return Manifest{}, err
	}
	manifest, err := take(ctx, folder, to)
	return manifest, errors.Join(err, stop())
}

func take(ctx context.Context, folder, to string) (Manifest, error) {
	unfinished := to + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return Manifest{}, fmt.Errorf("backup: remove what is unfinished: %w", err)
	}
	if err := os.MkdirAll(unfinished, 0o700); err != nil {
		return Manifest{}, fmt.Errorf("backup: create folder: %w", err)
	}
	manifest, err := describe(ctx, folder)
	if err != nil {
		return Manifest{}, err
	}
	for _, step := range []func() error{
		func() error { return postgres.Backup(ctx, postgresOf(folder), postgresOf(unfinished)) },
		func() error { return state.CopyClock(folder, unfinished) },
		func() error { return manifest.write(unfinished) },
		func() error { return os.Rename(unfinished, to) },
	} {
		if err := step(); err != nil {
			return Manifest{}, err
		}
	}
	return manifest, nil
}

// ensureServer starts PostgreSQL where no run has done so. stop ends what was started.
func ensureServer(ctx context.Context, folder string) (stop func() error, err error) {
	lock, err := state.Lock(folder)
	if errors.Is(err, state.ErrInUse) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	port, err := new(ports.Chooser).Choose("PostgreSQL", 0)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	server, err := postgres.Start(ctx, postgres.Settings{Folder: postgresOf(folder), Port: port})
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return func() error { return errors.Join(server.Stop(), lock.Close()) }, nil
}

func postgresOf(folder string) string { return filepath.Join(folder, "postgres") }
