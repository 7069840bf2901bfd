package engine_test

import (
	"testing"

	"go.temporal.io/sdk/client"

	"miglobe/telemetry"
	"miglobe/telemetry/engine"
)

func TestWithoutTracesTheEngineHasNoInterceptor(t *testing.T) {
	watch, err := telemetry.New(t.Context(), telemetry.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	options, err := engine.Watch(client.Options{}, watch)
	if err != nil || len(options.Interceptors) != 0 || options.MetricsHandler == nil {
		t.Errorf("%d interceptors, metrics %v, %v", len(options.Interceptors), options.MetricsHandler, err)
	}
}
