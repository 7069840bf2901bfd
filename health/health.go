// Package health answers whether a process is alive and whether it is ready for work: to a load balancer, to the container
// that it runs in, to those who watch. What it says is for strangers' eyes, too: names of checks and fixed words.
package health

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Check is one thing that a process works with.
type Check struct {
	Name string
	// Run returns words for the public, such as "ok", and an error where the thing cannot be worked with, which is logged.
	Run func(context.Context) (words string, err error)
	// Optional lets the process be ready without it.
	Optional bool
}

const (
	patience  = 2 * time.Second // that each check may take; all of them run at once
	freshness = time.Second     // that an answer is good for, so that nobody loads the database by asking
)

// Health is safe for concurrent use.
type Health struct {
	checks   []Check
	log      *slog.Logger
	stopping atomic.Bool

	reading sync.Mutex
	read    time.Time // when lines and ready were found out
	lines   []string
	ready   bool
}

// New makes the health of a process. log gets the reasons of failed checks.
func New(log *slog.Logger, checks ...Check) *Health { return &Health{checks: checks, log: log} }

// Stop says from now on that the process is not ready: it ends, and takes no new work.
func (h *Health) Stop() { h.stopping.Store(true) }

// Report returns a line for each check, at most a second old, and whether the process is ready.
func (h *Health) Report(ctx context.Context) (lines []string, ready bool) {
	h.reading.Lock()
	defer h.reading.Unlock()
	if time.Since(h.read) > freshness {
		// Who asks and goes away does not spoil the answer for the others.
		h.lines, h.ready = h.run(context.WithoutCancel(ctx))
		h.read = time.Now()
	}
	if h.stopping.Load() {
		return append(slices.Clone(h.lines), "process stopping"), false
	}
	return h.lines, h.ready
}

// run runs all checks.
func (h *Health) run(ctx context.Context) (lines []string, ready bool) {
	lines = make([]string, len(h.checks))
	failed := make([]bool, len(h.checks))
	var all sync.WaitGroup
	for i, check := range h.checks {
		all.Go(func() {
			ctx, stop := context.WithTimeout(ctx, patience)
			defer stop()
			words, err := check.Run(ctx)
			if err != nil {
				h.log.WarnContext(ctx, "not healthy", "check", check.Name, "optional", check.Optional, "error", err)
			}
			lines[i], failed[i] = check.Name+" "+words, err != nil && !check.Optional
		})
	}
	all.Wait()
	ready = true
	for _, f := range failed {
		ready = ready && !f
	}
	return lines, ready
}

// Alive answers /healthz: who answers is alive.
func Alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}

// Ready answers /readyz: 200 or 503, and one line a check.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	lines, ready := h.Report(r.Context())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}
