package telemetry

import (
	"context"
	"log/slog"
	"slices"

	"go.opentelemetry.io/otel/trace"
)

// Names of what a line of the log belongs to. All of them are ids.
const (
	RequestID      = "request"
	InputID        = "input"
	ConsultationID = "consultation"
	traceID        = "trace"
)

type attributesKey struct{}

// About notes what the lines logged with the returned context belong to: pairs of a name and an id. An id that is empty is
// left out; the same name said again replaces the id.
func About(ctx context.Context, name, id string, more ...string) context.Context {
	all := slices.Clone(attributes(ctx))
	pairs := append([]string{name, id}, more...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		all = slices.DeleteFunc(all, func(a slog.Attr) bool { return a.Key == pairs[i] })
		all = append(all, slog.String(pairs[i], pairs[i+1]))
	}
	return context.WithValue(ctx, attributesKey{}, all)
}

func attributes(ctx context.Context) []slog.Attr {
	all, _ := ctx.Value(attributesKey{}).([]slog.Attr)
	return all
}

// LogHandler adds to every line what its context belongs to: what About noted, and the trace.
func LogHandler(next slog.Handler) slog.Handler { return logHandler{Handler: next} }

type logHandler struct {
	slog.Handler
	said []string // names that the logger itself says
}

func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	said := slices.Clone(h.said)
	record.Attrs(func(a slog.Attr) bool {
		said = append(said, a.Key)
		return true
	})
	record = record.Clone()
	for _, attr := range attributes(ctx) {
		if !slices.Contains(said, attr.Key) {
			record.AddAttrs(attr)
		}
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record.AddAttrs(slog.String(traceID, span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, record)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	said := slices.Clone(h.said)
	for _, attr := range attrs {
		said = append(said, attr.Key)
	}
	return logHandler{h.Handler.WithAttrs(attrs), said}
}

func (h logHandler) WithGroup(name string) slog.Handler {
	return logHandler{h.Handler.WithGroup(name), h.said}
}
