package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"miglobe/advisory"
	"miglobe/local/demo"
	"miglobe/local/product"
	"miglobe/local/stack"
	"miglobe/local/state"
)

type runCommand struct {
	stateFlags
	NoDemo bool `help:"Start without invented people and consultations."`
}

// Run starts everything, tells where it is and waits for the end.
func (r runCommand) Run(ctx context.Context) (err error) {
	started := time.Now()
	folder, err := r.folder()
	if err != nil {
		return err
	}
	fmt.Printf("State: %s\n", folder)
	clock, err := state.Clock(folder, r.Speed)
	if err != nil {
		return err
	}
	around, err := stack.Start(ctx, stack.Settings{
		Folder: folder, Ports: stack.DefaultPorts(),
		Progress: progress, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	defer func() {
		progress("Stopping")
		err = errors.Join(err, around.Stop())
	}()
	for _, move := range around.Moved {
		fmt.Printf("  port %d is taken: %s is on %d\n", move.Wanted, move.Purpose, move.Chosen)
	}
	running, err := r.startProduct(ctx, around, clock, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()

	summary{Site: running.SiteURL, Ports: around.Ports, Folder: folder, Demo: !r.NoDemo, Clock: running.Clock}.write(os.Stdout)
	fmt.Printf("Up after %s. Ctrl-C stops all of it; the next start goes on from here.\n", time.Since(started).Round(100*time.Millisecond))
	select {
	case <-ctx.Done():
		return nil
	case err := <-running.Failed():
		return err
	case <-around.Postgres.Done():
		return errors.New("PostgreSQL has ended; its log is in the state folder")
	}
}

// startProduct brings up MiGlobe itself. The pages can be read while the demo is filled; nobody signs in yet, because the
// links go out with the worker, which starts when the demo is there.
func (r runCommand) startProduct(ctx context.Context, around *stack.Stack, clock advisory.Clock, folder string) (running *product.Product, err error) {
	log, err := logTo(filepath.Join(folder, "miglobe.log"))
	if err != nil {
		return nil, err
	}
	progress("Database schema")
	running, err = product.Open(ctx, around, clock, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, running.Stop())
		}
	}()
	if err := os.WriteFile(filepath.Join(folder, "database"), []byte(around.DSN()+"\n"), 0o600); err != nil {
		return nil, err
	}
	progress("Pages")
	if err := running.Serve(); err != nil {
		return nil, err
	}
	if !r.NoDemo {
		progress("Demo data")
		if err := demo.Seed(ctx, demo.Product{
			Store: running.Store, Engine: running.Engine, Inbox: running.Inbox, Texts: running.Texts, Clock: clock,
		}); err != nil {
			return nil, err
		}
	}
	progress("Worker")
	return running, running.StartWorker()
}

// stateFlags name the folder of a run.
type stateFlags struct {
	State string  `placeholder:"DIR" help:"Folder that keeps everything. Default: .local/state/miglobe-local in the home folder, for root /var/lib/miglobe-local; with --speed a folder of its own beside it."`
	Speed float64 `placeholder:"N" help:"Let the business clock run N times faster than real time: at 2000 a working day takes 43 seconds. Fixed by the first start of a folder."`
}

func (f stateFlags) folder() (string, error) {
	if f.State != "" {
		return filepath.Abs(f.State)
	}
	return state.DefaultFolder(f.Speed)
}

func progress(what string) { fmt.Printf("  %s …\n", what) }

func logTo(path string) (*slog.Logger, error) {
	var out io.Writer
	out, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	return slog.New(slog.NewJSONHandler(out, nil)), nil
}
