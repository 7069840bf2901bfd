package workflows_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
	"miglobe/telemetry"
	"miglobe/telemetry/engine"
	"miglobe/workflows"
)

// TestRecordedHistoriesReplay keeps running consultations alive over a release: the code must go the same way through
// histories that were recorded on a real engine (`make record` adds those of today; old ones stay).
func TestRecordedHistoriesReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded histories: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for name, interceptors := range map[string][]interceptor.WorkerInterceptor{"untraced": nil, "traced": tracing(t)} {
				replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: interceptors})
				if err != nil {
					t.Fatal(err)
				}
				replayer.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
				replayer.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
				logger := log.NewStructuredLogger(slog.New(slog.DiscardHandler))
				if err := replayer.ReplayWorkflowHistoryFromJSONFile(logger, file); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// tracing is what a worker has between the engine and the workflows where traces are on.
func tracing(t *testing.T) (all []interceptor.WorkerInterceptor) {
	t.Helper()
	watch, err := telemetry.New(t.Context(), telemetry.Settings{Spans: tracetest.NewNoopExporter()})
	if err != nil {
		t.Fatal(err)
	}
	options, err := engine.Watch(client.Options{}, watch)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range options.Interceptors {
		all = append(all, one.(interceptor.WorkerInterceptor))
	}
	return all
}

// TestTheReplayCatchesAChangedOrder shows that the replay would not let a release through that breaks what runs: a journey
// that sets a timer before everything else.
func TestTheReplayCatchesAChangedOrder(t *testing.T) {
	files, err := filepath.Glob("testdata/*-waiting-*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded histories: %v", err)
	}
	changed := func(ctx workflow.Context, journey advisory.Journey) error {
		if err := workflow.Sleep(ctx, time.Hour); err != nil {
			return err
		}
		return workflows.Consultation(ctx, journey)
	}
	for _, file := range files {
		if strings.HasSuffix(file, string(advisory.AnswerFollowUp)+".json") {
			continue // another workflow, which was not changed
		}
		replayer := worker.NewWorkflowReplayer()
		replayer.RegisterWorkflowWithOptions(changed, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
		logger := log.NewStructuredLogger(slog.New(slog.DiscardHandler))
		if replayer.ReplayWorkflowHistoryFromJSONFile(logger, file) == nil {
			t.Errorf("%s replays although the order has changed", filepath.Base(file))
		}
	}
}
