package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// newTraces returns nil where nothing is to be traced.
func newTraces(ctx context.Context, settings Settings) (*sdktrace.TracerProvider, error) {
	service := sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "miglobe-"+settings.Process)))
	if settings.Spans != nil {
		return sdktrace.NewTracerProvider(service, sdktrace.WithSyncer(settings.Spans)), nil
	}
	if settings.OTLPEndpoint == "" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(settings.OTLPEndpoint))
	if err != nil {
		return nil, err
	}
	return sdktrace.NewTracerProvider(service, sdktrace.WithBatcher(exporter)), nil
}

// Traces is where libraries begin their spans; nil where nothing is traced, and then they are not asked to.
func (t *Telemetry) Traces() trace.TracerProvider {
	if t == nil || t.traces == nil {
		return nil
	}
	return t.traces
}

// Span begins a part of a trace, which the returned function ends. Pairs of a name and a value describe it. Where nothing
// is traced it does nothing. Of an error only that there was one is kept: its text may quote what somebody typed.
func (t *Telemetry) Span(ctx context.Context, name string, pairs ...string) (context.Context, func(failed bool, pairs ...string)) {
	if t == nil || t.traces == nil {
		return ctx, func(bool, ...string) {}
	}
	ctx, span := t.traces.Tracer("miglobe").Start(ctx, name, trace.WithAttributes(described(pairs)...))
	return ctx, func(failed bool, pairs ...string) {
		span.SetAttributes(described(pairs)...)
		if failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

func described(pairs []string) (all []attribute.KeyValue) {
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, attribute.String(pairs[i], pairs[i+1]))
	}
	return all
}
