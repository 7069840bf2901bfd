package telemetry

import (
	"database/sql"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Answer is what a person was told about an input.
type Answer string

const (
	Applied Answer = "applied" // its effect stands in the database
	Waiting Answer = "waiting" // it is saved, and the relay sees to it
	Refused Answer = "refused" // the state of the consultation did not allow it
	Failed  Answer = "failed"  // it could not be saved
)

// MailFailure is why a mail did not go out.
type MailFailure string

const (
	Temporary MailFailure = "temporary" // it is tried again
	Bounced   MailFailure = "refused"   // the mail server refuses the address for good
	GivenUp   MailFailure = "given_up"  // after half a day, or because it cannot be composed
)

// counts are the metrics that this process counts itself.
type counts struct {
	requests         *prometheus.CounterVec
	requestSeconds   *prometheus.HistogramVec
	inputs           *prometheus.CounterVec
	inputSeconds     *prometheus.HistogramVec
	mailsSent        prometheus.Counter
	mailFailures     *prometheus.CounterVec
	activityFailures *prometheus.CounterVec
}

// durations are the bounds of all histograms, in seconds: from a page that is read to the longest patience of a person.
var durations = []float64{.0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newCounts(registry *prometheus.Registry) *counts {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "miglobe_" + name, Help: help}, labels)
		registry.MustRegister(vec)
		return vec
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "miglobe_" + name, Help: help, Buckets: durations}, labels)
		registry.MustRegister(vec)
		return vec
	}
	c := &counts{
		requests:         counter("http_requests_total", "Requests answered, by row of the route table and status.", "method", "route", "status"),
		requestSeconds:   histogram("http_request_seconds", "Time until a request was answered, by row of the route table.", "method", "route"),
		inputs:           counter("inputs_total", "What people said, by the answer they got.", "result"),
		inputSeconds:     histogram("input_seconds", "Time until a person was answered who said something, by the answer.", "result"),
		mailFailures:     counter("mail_failures_total", "Attempts to send a mail that failed: temporary ones are tried again.", "kind"),
		activityFailures: counter("activity_failures_total", "Attempts of an activity that failed, such as a step that could not be written.", "activity"),
		mailsSent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "miglobe_mails_sent_total", Help: "Mails that the mail server has taken; what was combined counts once.",
		}),
	}
	registry.MustRegister(c.mailsSent, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	c.begin()
	return c
}

// begin makes the values known that are zero until the first time, so that a rate sees the first one.
func (c *counts) begin() {
	for _, answer := range []Answer{Applied, Waiting, Refused, Failed} {
		c.inputs.WithLabelValues(string(answer))
	}
	for _, kind := range []MailFailure{Temporary, Bounced, GivenUp} {
		c.mailFailures.WithLabelValues(string(kind))
	}
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost}

// Request counts an answered request. route is a path of the route table, never what was asked for.
func (t *Telemetry) Request(method, route string, status int, took time.Duration) {
	if t == nil {
		return
	}
	if !slices.Contains(methods, method) {
		method = "other" // anybody can invent methods
	}
	t.counts.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	t.counts.requestSeconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// Input counts something that a person said, by the answer.
func (t *Telemetry) Input(answer Answer, took time.Duration) {
	if t == nil {
		return
	}
	t.counts.inputs.WithLabelValues(string(answer)).Inc()
	t.counts.inputSeconds.WithLabelValues(string(answer)).Observe(took.Seconds())
}

// MailSent counts a mail that the mail server has taken.
func (t *Telemetry) MailSent() {
	if t != nil {
		t.counts.mailsSent.Inc()
	}
}

// MailFailed counts an attempt to send a mail that failed.
func (t *Telemetry) MailFailed(kind MailFailure) {
	if t != nil {
		t.counts.mailFailures.WithLabelValues(string(kind)).Inc()
	}
}

// ActivityFailed counts an attempt of an activity that failed.
func (t *Telemetry) ActivityFailed(activity string) {
	if t != nil {
		t.counts.activityFailures.WithLabelValues(activity).Inc()
	}
}

// ExpectActivity makes an activity known that has not failed yet, so that a rate sees the first failure.
func (t *Telemetry) ExpectActivity(activity string) {
	if t != nil {
		t.counts.activityFailures.WithLabelValues(activity)
	}
}

// WatchDatabase measures a pool of connections.
func (t *Telemetry) WatchDatabase(pool *sql.DB) {
	t.Register(collectors.NewDBStatsCollector(pool, "miglobe"))
}
