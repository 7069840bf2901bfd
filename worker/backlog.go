package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"miglobe/advisory"
	"miglobe/store"
)

const (
	backlogFreshness = 10 * time.Second // however often and by however many it is asked for
	backlogPatience  = 5 * time.Second
)

// backlog measures what waits in the whole program, so every worker says the same. Where the database is away, it says
// only that.
type backlog struct {
	store *store.Store
	clock advisory.Clock
	log   *slog.Logger

	reading sync.Mutex
	read    time.Time
	last    store.Backlog
	failed  bool
}

func metric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("miglobe_"+name, help, labels, nil)
}

var (
	databaseUp           = metric("database_up", "1 where the worker could count what waits, 0 where the database was away.")
	inputsWaiting        = metric("inputs_waiting", "What people said and was not applied yet.")
	inputsOldest         = metric("inputs_waiting_oldest_seconds", "Age of the oldest input that was not applied yet.")
	tasksOpen            = metric("tasks_open", "Open tasks.", "kind")
	tasksOverdue         = metric("tasks_overdue", "Open tasks whose due date is over; what rests is not overdue.", "kind")
	consultationsOpen    = metric("consultations_open", "Consultations that have not ended, those that wait for their follow-up included.")
	consultationsResting = metric("consultations_resting", "Consultations that rest.")
	mailsWaiting         = metric("mails_waiting", "Mails that are due to be sent.")
	mailsOldest          = metric("mails_waiting_oldest_seconds", "Time since the oldest mail that is not sent yet was due, attempts included.")
	mailsFailed          = metric("mails_failed", "Mails that did not arrive: given up, refused for good, or held back for an address that has to be clarified.", "state")
)

// Describe implements prometheus.Collector.
func (b *backlog) Describe(all chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{databaseUp, inputsWaiting, inputsOldest, tasksOpen, tasksOverdue, consultationsOpen,
		consultationsResting, mailsWaiting, mailsOldest, mailsFailed} {
		all <- desc
	}
}

// Collect implements prometheus.Collector.
func (b *backlog) Collect(all chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		all <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	now, ok := b.current()
	if !ok {
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	gauge(inputsWaiting, float64(now.Inputs.N))
	gauge(inputsOldest, now.Inputs.Oldest)
	gauge(consultationsOpen, float64(now.Consultations.Open))
	gauge(consultationsResting, float64(now.Consultations.Resting))
	gauge(mailsWaiting, float64(now.Mails.N))
	gauge(mailsOldest, now.Mails.Oldest)
	for _, tasks := range now.Tasks {
		gauge(tasksOpen, float64(tasks.Open), string(tasks.Kind))
		gauge(tasksOverdue, float64(tasks.Overdue), string(tasks.Kind))
	}
	failed := map[string]int{"given_up": 0, "bounced": 0, "held_back": 0}
	for _, mails := range now.FailedMails {
		failed[mails.State] = mails.N
	}
	for state, n := range failed {
		gauge(mailsFailed, float64(n), state)
	}
}

// current reads the database at most every few seconds.
func (b *backlog) current() (store.Backlog, bool) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if time.Since(b.read) < backlogFreshness {
		return b.last, !b.failed
	}
	ctx, stop := context.WithTimeout(context.Background(), backlogPatience)
	defer stop()
	found, err := b.store.Backlog(ctx, b.clock.Now())
	if err != nil {
		b.log.Warn("what waits was not counted", "error", err)
	}
	b.last, b.failed, b.read = found, err != nil, time.Now()
	return b.last, !b.failed
}
