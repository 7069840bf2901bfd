package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// newMeters brings what libraries measure with OpenTelemetry into the same registry.
func newMeters(registry *prometheus.Registry) (*sdkmetric.MeterProvider, error) {
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(),
		otelprometheus.WithoutTargetInfo(), otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes))
	if err != nil {
		return nil, err
	}
	// A namespace is the same everywhere; one label less on every metric.
	reduced := sdkmetric.NewView(sdkmetric.Instrument{Name: "temporal_*"},
		sdkmetric.Stream{AttributeFilter: attribute.NewDenyKeysFilter("namespace", "client_name")})
	seconds := sdkmetric.NewView(sdkmetric.Instrument{Name: "temporal_*", Kind: sdkmetric.InstrumentKindHistogram}, sdkmetric.Stream{
		Aggregation:     sdkmetric.AggregationExplicitBucketHistogram{Boundaries: durations, NoMinMax: true},
		AttributeFilter: attribute.NewDenyKeysFilter("namespace", "client_name"),
	})
	view := func(i sdkmetric.Instrument) (sdkmetric.Stream, bool) {
		if stream, ok := seconds(i); ok {
			return stream, true
		}
		return reduced(i)
	}
	return sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter), sdkmetric.WithView(view)), nil
}

// Meter is for libraries that measure with OpenTelemetry.
func (t *Telemetry) Meter(name string) metric.Meter {
	if t == nil {
		return noop.Meter{}
	}
	return t.meters.Meter(name)
}
