package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"miglobe/telemetry"
)

func TestEveryMetricHasAHelpText(t *testing.T) {
	watch := open(t, telemetry.Settings{})
	watch.Request("GET", "/beratungen/:number", 200, time.Millisecond)
	watch.Input(telemetry.Applied, time.Millisecond)
	watch.ActivityFailed("WriteStep")
	families, err := watch.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, family := range families {
		if strings.HasPrefix(family.GetName(), "miglobe_") {
			ours++
		}
		if family.GetHelp() == "" {
			t.Errorf("%s has no help text", family.GetName())
		}
	}
	if ours != 7 {
		t.Errorf("%d metrics of ours", ours)
	}
	problems, err := testutil.GatherAndLint(watch.Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

// TestNobodyInventsMetrics: a stranger chooses methods and paths; each would be a series that stays for ever.
func TestNobodyInventsMetrics(t *testing.T) {
	watch := open(t, telemetry.Settings{})
	for _, method := range []string{"BREW", "STEEP", "POUR"} {
		watch.Request(method, "unknown", 404, time.Millisecond)
	}
	if n, err := testutil.GatherAndCount(watch.Gatherer(), "miglobe_http_requests_total"); err != nil || n != 1 {
		t.Errorf("%d series, %v", n, err)
	}
}

func TestLinesOfTheLogSayWhereTheyBelong(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(telemetry.LogHandler(slog.NewJSONHandler(&out, nil)))
	watch := open(t, telemetry.Settings{Spans: tracetest.NewInMemoryExporter()})
	ctx := telemetry.About(context.Background(), telemetry.RequestID, "r", telemetry.InputID, "")
	ctx = telemetry.About(ctx, telemetry.ConsultationID, "c1")
	ctx, end := watch.Span(telemetry.About(ctx, telemetry.ConsultationID, "c2"), "part")
	log.With("request", "r").InfoContext(ctx, "said")
	end(false)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["consultation"] != "c2" || line["trace"] == nil || line["input"] != nil || strings.Count(out.String(), `"request":"r"`) != 1 {
		t.Errorf("line %s", out.String())
	}
}

func TestWithoutAnEndpointNothingIsTraced(t *testing.T) {
	watch := open(t, telemetry.Settings{})
	before := t.Context()
	if ctx, end := watch.Span(before, "part"); ctx != before {
		t.Error("a span was begun")
	} else {
		end(false)
	}
	if watch.Traces() != nil {
		t.Error("libraries are asked to trace")
	}
}

func open(t *testing.T, settings telemetry.Settings) *telemetry.Telemetry {
	t.Helper()
	watch, err := telemetry.New(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := watch.Close(); err != nil {
			t.Error(err)
		}
	})
	return watch
}
