package workflows_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"miglobe/activities"
	"miglobe/advisory"
	"miglobe/telemetry"
	"miglobe/telemetry/engine"
	"miglobe/workflows"
)

// recorded are the histories that were recorded on a real engine, by the name of their file (`make record` adds those of
// today; old ones stay).
func recorded(t *testing.T) map[string]*history.History {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded histories: %v", err)
	}
	histories := map[string]*history.History{}
	for _, file := range files {
		content, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if histories[filepath.Base(file)], err = client.HistoryFromJSON(content, client.HistoryJSONOptions{}); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return histories
}

// replay lets a release go the way of a history.
func replay(t *testing.T, h *history.History, consultation any, interceptors ...interceptor.WorkerInterceptor) error {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: interceptors})
	if err != nil {
		t.Fatal(err)
	}
	replayer.RegisterWorkflowWithOptions(consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	replayer.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	return replayer.ReplayWorkflowHistory(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), h)
}

// TestRecordedHistoriesReplay keeps running consultations alive over a release: the code must go the same way through
// all of them.
func TestRecordedHistoriesReplay(t *testing.T) {
	for name, h := range recorded(t) {
		t.Run(name, func(t *testing.T) {
			for way, interceptors := range map[string][]interceptor.WorkerInterceptor{"untraced": nil, "traced": tracing(t)} {
				if err := replay(t, h, workflows.Consultation, interceptors...); err != nil {
					t.Errorf("%s: %v", way, err)
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
	changed := func(ctx workflow.Context, journey advisory.Journey) error {
		if err := workflow.Sleep(ctx, time.Hour); err != nil {
			return err
		}
		return workflows.Consultation(ctx, journey)
	}
	for name, h := range recorded(t) {
		started := h.Events[0].GetWorkflowExecutionStartedEventAttributes()
		unchanged := started.WorkflowType.Name != advisory.ConsultationWorkflow
		if err := replay(t, h, changed); (err == nil) != unchanged {
			t.Errorf("%s, replayed in another order: %v", name, err)
		}
	}
}

// TestTheReplayCatchesAChangeInTheMiddle: a release that does one thing more after one decision breaks the consultations that
// have come so far, and no others.
func TestTheReplayCatchesAChangeInTheMiddle(t *testing.T) {
	for _, choice := range []advisory.Choice{advisory.Accept, advisory.Agree, advisory.Continue} {
		passed, before := 0, 0
		for name, h := range recorded(t) {
			decided := slices.ContainsFunc(inputs(t, h), func(in advisory.Input) bool { return in.Choice == choice })
			if err := replay(t, h, workflows.Consultation, &oneThingMore{after: choice}); (err == nil) == decided {
				t.Errorf("%s, changed after %s: %v", name, choice, err)
			}
			if decided {
				passed++
			} else {
				before++
			}
		}
		if passed == 0 || before == 0 {
			t.Errorf("%s was made in %d histories and not yet in %d", choice, passed, before)
		}
	}
}

// oneThingMore is a change of the journey: an activity after a decision.
type oneThingMore struct {
	interceptor.WorkerInterceptorBase
	interceptor.WorkflowInboundInterceptorBase
	after advisory.Choice
}

func (o *oneThingMore) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	changed := &oneThingMore{after: o.after}
	changed.WorkflowInboundInterceptorBase.Next = next
	return changed
}

func (o *oneThingMore) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	result, err := o.WorkflowInboundInterceptorBase.ExecuteUpdate(ctx, in)
	if input, ok := in.Args[0].(advisory.Input); ok && input.Choice == o.after {
		var a *activities.Activities
		workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, activities.Durably), a.WriteStep, advisory.Step{})
	}
	return result, err
}
