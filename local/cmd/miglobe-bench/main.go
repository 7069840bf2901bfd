// Command miglobe-bench measures MiGlobe on this machine and writes docs/benchmarks.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"miglobe/local/bench"
)

type arguments struct {
	Only    []string `placeholder:"LETTERS" help:"Parts to measure, such as d,e. Default: all."`
	Trial   bool     `help:"A small share of the work, to see whether everything runs. Its figures say nothing and are not kept."`
	Profile string   `placeholder:"FILE" help:"Write a CPU profile of the measurement (pages, worker, engine and mail server run in one process for c and e)."`
	Report  string   `default:"docs/benchmarks.md" help:"Page that the results are written to."`

	Miglobe      string `default:"bin/miglobe" help:"The production program."`
	MiglobeLocal string `default:"bin/miglobe-local" help:"The local program."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var a arguments
	kong.Parse(&a, kong.Name("miglobe-bench"), kong.Description("Measures MiGlobe on this machine."))
	err := bench.Run(ctx, bench.Options{
		Only: a.Only, Trial: a.Trial, Report: a.Report, Profile: a.Profile, Miglobe: a.Miglobe, MiglobeLocal: a.MiglobeLocal, Out: os.Stdout,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1) //nolint:gocritic // the context has ended
	}
}
