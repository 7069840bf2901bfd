// Package engine lets the client and the workers of the workflow engine be watched: their metrics stand beside ours, and a
// trace goes on through them.
package engine

import (
	"fmt"

	"go.opentelemetry.io/otel/propagation"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"

	"miglobe/telemetry"
)

// spanKey is where a workflow context holds the span that is under way.
type spanKey struct{}

// Watch adds to the options of a client what watches it and the workers on it. Without traces no interceptor is added.
func Watch(options client.Options, t *telemetry.Telemetry) (client.Options, error) {
	options.MetricsHandler = opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter: t.Meter("temporal-sdk-go"), UseMonotonicCounters: true, OnError: func(error) {},
	})
	traces := t.Traces()
	if traces == nil {
		return options, nil
	}
	tracing, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{
		Tracer: traces.Tracer("temporal-sdk-go"), SpanContextKey: spanKey{}, TextMapPropagator: propagation.TraceContext{},
		DisableBaggage: true, DisableQueryTracing: true, DisableSignalTracing: true, AllowInvalidParentSpans: true,
	})
	if err != nil {
		return options, fmt.Errorf("trace the engine: %w", err)
	}
	options.Interceptors = append(options.Interceptors, tracing, &causes{})
	return options, nil
}

var _ interceptor.Interceptor = (*causes)(nil)
