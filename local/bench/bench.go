// Package bench measures MiGlobe on this machine: what a decision costs beside the bare engine, how lists, mails and memory
// grow, how long a start takes. Only ratios within one run compare; the figures themselves are those of the machine.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// Options say what to measure and where the programs are.
type Options struct {
	// Only are the letters of the parts to measure; empty: all of them.
	Only []string
	// Trial does a small share of the work, to see whether everything runs: its figures say nothing and are not kept.
	Trial bool
	// Report is the page that the results are written to; "" keeps none.
	Report string
	// Miglobe and MiglobeLocal are the built programs.
	Miglobe, MiglobeLocal string
	// Profile is a file that gets a CPU profile of this process; "" for none.
	Profile string
	Out     io.Writer
}

// size is how many of something are measured; a trial does with fewer.
func (o Options) size(full, trial int) int {
	if o.Trial {
		return trial
	}
	return full
}

// say tells on the terminal what happens.
func (o Options) say(format string, args ...any) { fmt.Fprintf(o.Out, format+"\n", args...) }

// part is one piece of the measurement. Its limit ends it when something hangs.
type part struct {
	key, title string
	letters    string // by which it can be asked for
	limit      time.Duration
	run        func(context.Context, Options) (Result, error)
}

var parts = []part{
	{"c", "Decisions", "abc", 4 * time.Minute, measureDecisions},
	{"d", "Pages with many consultations", "d", 5 * time.Minute, measurePages},
	{"e", "Reminders", "e", 3 * time.Minute, measureReminders},
	{"f", "Memory and space", "f", 8 * time.Minute, measureMemory},
	{"g", "Start", "g", 2 * time.Minute, measureStart},
}

// Run measures, prints the results, and keeps them in the report. A goal that is missed is no error; a part that breaks off
// is one, and the others are measured all the same.
func Run(ctx context.Context, options Options) error {
	wanted, err := chosen(options.Only)
	if err != nil {
		return err
	}
	stop, err := profile(options.Profile)
	if err != nil {
		return err
	}
	defer stop()
	machine := thisMachine(ctx)
	var results []Section
	var broken []error
	for _, p := range wanted {
		options.say("%s  %s", p.key, p.title)
		began := time.Now()
		result, err := p.measure(ctx, options)
		if err != nil {
			broken = append(broken, fmt.Errorf("part %s: %w", p.key, err))
			options.say("   broken off: %s", err)
			continue
		}
		options.say("   measured in %s", time.Since(began).Round(time.Second))
		results = append(results, Section{Key: p.key, Title: p.title, At: began, Machine: machine, Result: result})
	}
	fmt.Fprint(options.Out, "\n", goalTable(results))
	for _, s := range results {
		fmt.Fprint(options.Out, "\n", s.text())
	}
	if options.Report != "" && !options.Trial {
		broken = append(broken, keep(options.Report, results))
	}
	return errors.Join(broken...)
}

func (p part) measure(ctx context.Context, options Options) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	return p.run(ctx, options)
}

// profile writes a CPU profile until it is stopped.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}, nil
}

func chosen(only []string) ([]part, error) {
	var wanted []part
	for _, p := range parts {
		if len(only) == 0 || slices.ContainsFunc(only, func(letter string) bool { return strings.Contains(p.letters, letter) }) {
			wanted = append(wanted, p)
		}
	}
	if len(wanted) == 0 {
		return nil, fmt.Errorf("no part is called %s", strings.Join(only, ", "))
	}
	return wanted, nil
}
