// Package telemetry is what a process tells its operators about itself: metrics for Prometheus, traces for
// OpenTelemetry, and what every line of the log says about where it belongs. Nothing of it is personal: counts, times,
// ids, kinds, names of routes, text of SQL statements without arguments.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Settings say how a process is watched.
type Settings struct {
	Process string // "server" or "worker": the service that traces name
	// OTLPEndpoint is the URL that traces are sent to, with the path, such as http://collector:4318/v1/traces. Without it
	// nothing is traced, which costs nothing.
	OTLPEndpoint string
	// Spans gets the spans in place of OTLPEndpoint; for tests.
	Spans sdktrace.SpanExporter
}

// Telemetry watches one process. It is safe for concurrent use; a nil one watches nothing.
type Telemetry struct {
	registry *prometheus.Registry
	meters   *sdkmetric.MeterProvider
	traces   *sdktrace.TracerProvider // nil: nothing is traced
	counts   *counts
}

// New makes the metrics of a process, and its traces where they are wanted. Nothing is connected yet; an endpoint that is
// away costs nothing but its traces. Close ends it.
func New(ctx context.Context, settings Settings) (*Telemetry, error) {
	t := &Telemetry{registry: prometheus.NewRegistry()}
	t.counts = newCounts(t.registry)
	var err error
	if t.meters, err = newMeters(t.registry); err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	if t.traces, err = newTraces(ctx, settings); err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	return t, nil
}

// Close sends what is not sent yet, for a few seconds at most.
func (t *Telemetry) Close() error {
	if t == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
	defer stop()
	problems := []error{t.meters.Shutdown(ctx)}
	if t.traces != nil {
		problems = append(problems, t.traces.Shutdown(ctx))
	}
	return errors.Join(problems...)
}

// Register adds what another package measures, until remove is called. It panics where a name is taken, which is a defect.
func (t *Telemetry) Register(collector prometheus.Collector) (remove func()) {
	if t == nil {
		return func() {}
	}
	t.registry.MustRegister(collector)
	return func() { t.registry.Unregister(collector) }
}

// Gatherer reads all metrics.
func (t *Telemetry) Gatherer() prometheus.Gatherer { return t.registry }

// Handler answers Prometheus. It belongs on an internal address.
func (t *Telemetry) Handler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 3, Timeout: 9 * time.Second,
	})
}
