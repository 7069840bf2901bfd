// Package activities is what a workflow asks of the world: write a step, and with it learn the dates that the calendar
// gives. Every activity is idempotent and is called with options from the one file that names them.
package activities

import (
	"context"
	"errors"
	"log/slog"

	"go.temporal.io/sdk/client"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/telemetry"
)

// WriteStep is the name of the activity in the engine's contract and in the metrics.
const WriteStep = "WriteStep"

// Activities carries what the activities need. The zero value serves workflows, which only name the methods.
type Activities struct {
	Store *store.Store
	Clock advisory.Clock
	Log   *slog.Logger         // may be nil
	Watch *telemetry.Telemetry // may be nil
	// Engine tells workflows what they have forgotten.
	Engine client.Client
}

// WriteStep writes a step of a consultation in one transaction and returns the dates it brought. Writing the same step
// again changes nothing and returns the same dates. Its errors hold no word of what was to be written: the engine keeps
// them.
func (a *Activities) WriteStep(ctx context.Context, step advisory.Step) (advisory.StepResult, error) {
	ctx = telemetry.About(ctx, telemetry.ConsultationID, step.ConsultationID, telemetry.InputID, inputOf(step))
	result, err := a.Store.WriteStep(ctx, a.Clock, step)
	if err == nil {
		return result, nil
	}
	var forgotten *store.Forgotten
	if errors.As(err, &forgotten) {
		return result, a.forgot(ctx, step, forgotten)
	}
	a.Watch.ActivityFailed(WriteStep)
	failure := a.failed(ctx, step, err)
	if a.Log != nil {
		a.Log.WarnContext(ctx, "step not written", "step", step.Number, "error", failure)
	}
	return result, failure
}

// inputOf is what somebody said that brought a step about; "" where time alone did.
func inputOf(step advisory.Step) string {
	for _, entry := range step.Entries {
		if entry.Input != "" {
			return entry.Input
		}
	}
	return ""
}
