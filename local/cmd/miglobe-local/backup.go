package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"miglobe/local/backup"
)

type backupCommand struct {
	stateFlags
	To string `arg:"" type:"path" help:"Folder to save into; missing or empty. Who can read it can read everything."`
}

// Run saves the state of a run, which may be going on.
func (b backupCommand) Run(ctx context.Context) error {
	folder, err := b.folder()
	if err != nil {
		return err
	}
	manifest, err := backup.Take(ctx, folder, b.To)
	if err != nil {
		return err
	}
	return tell("Saved and checked", folder, b.To, manifest)
}

type restoreCommand struct {
	stateFlags
	From    string `arg:"" type:"existingdir" help:"Folder that was saved into."`
	Replace bool   `help:"Move aside what is in the folder, instead of refusing."`
}

// Run brings a saved state back. Nothing may run with the folder.
func (r restoreCommand) Run(ctx context.Context) error {
	folder, err := r.folder()
	if err != nil {
		return err
	}
	manifest, err := backup.Restore(ctx, r.From, folder, r.Replace)
	if err != nil {
		return err
	}
	return tell("Restored", r.From, folder, manifest)
}

func tell(what, from, to string, m backup.Manifest) error {
	_, err := fmt.Fprintf(os.Stdout, "%s: everything up to %s (business clock %s)\n  from %s\n  to   %s\n", what,
		m.Taken.Local().Format(time.DateTime), m.Business.Format(time.DateTime), from, to)
	return err
}
