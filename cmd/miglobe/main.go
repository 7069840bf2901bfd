// Command miglobe is the one program of MiGlobe: pages, worker, schema, accounts. Configuration comes from the
// environment; `miglobe --help` lists the commands, README.md the variables.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"miglobe/telemetry"
)

// commands is what the program can do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the pages."`
	Worker  workerCommand  `cmd:"" help:"Run workflows, deliver inputs, send mails."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to the newest version."`
	User    userCommand    `cmd:"" help:"Accounts."`
	Config  configCommand  `cmd:"" help:"Show the configuration without secrets, and all that is wrong with it."`
	Health  healthCommand  `cmd:"" help:"Ask the running server or worker whether it is ready (for container health checks)."`
}

// userCommand holds what can be done with accounts.
type userCommand struct {
	Add addUserCommand `cmd:"" help:"Add an account that may sign in."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run is the program as a value: a test calls it with its own arguments. It returns the exit status.
func run(ctx context.Context, args []string) int {
	log := slog.New(telemetry.LogHandler(slog.NewJSONHandler(os.Stderr, nil)))
	parser, err := kong.New(&commands{}, kong.Name("miglobe"), kong.Description("Consultations of MiGlobe."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(log))
	if err != nil {
		log.Error("commands", "error", err)
		return 1
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	if err := command.Run(); err != nil {
		log.Error("miglobe ends", "command", command.Command(), "error", err)
		return 1
	}
	return 0
}
