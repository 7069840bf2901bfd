// Command miglobe-local runs all of MiGlobe in one process on one machine: PostgreSQL, Temporal and its web UI, a
// mail catcher, the pages and the worker, filled with demo data. Everything listens on loopback.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// commands is what the program can do.
type commands struct {
	Run     runCommand     `cmd:"" default:"withargs" help:"Start everything; Ctrl-C stops it, a second start continues."`
	Backup  backupCommand  `cmd:"" help:"Save consultations and engine together into a folder, also while everything runs."`
	Restore restoreCommand `cmd:"" help:"Bring back what was saved; the next start goes on from it."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once, but not the same one that make or a shell has passed on again.
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
	parser := kong.Must(&commands{}, kong.Name("miglobe-local"), kong.Description("MiGlobe on this machine."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	err = command.Run()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // told to stop while starting
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
