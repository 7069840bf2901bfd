package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"

	"miglobe/store"
)

const (
	retriesPause = time.Second // between two looks for steps that somebody wants tried again
	retriesBatch = 50
	retryTimeout = 5 * time.Second // for the engine to answer
)

// retrySteps asks the engine to try steps at once that somebody wants tried again, until ctx ends.
func retrySteps(ctx context.Context, d Dependencies) error {
	ticker := time.NewTicker(retriesPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			RetryStepsOnce(ctx, d)
		}
	}
}

// RetryStepsOnce asks the engine to try those steps at once that somebody wants tried again. Those that it cannot be asked
// about now come again.
func RetryStepsOnce(ctx context.Context, d Dependencies) {
	failed, err := d.Store.ClaimStepRetries(ctx, retriesBatch)
	if err != nil && ctx.Err() == nil {
		d.Log.Warn("steps to try again cannot be read", "error", err)
	}
	for _, step := range failed {
		if err := retryStep(ctx, d, step); err != nil && ctx.Err() == nil {
			d.Log.Warn("step not tried again yet", "consultation", step.ConsultationID, "step", step.Step, "error", err)
		}
	}
}

// retryStep ends the pause between two attempts. What the engine does not know any more is written, or has ended.
func retryStep(ctx context.Context, d Dependencies, step store.FailedStep) error {
	asking, stop := context.WithTimeout(ctx, retryTimeout)
	defer stop()
	_, err := d.Engine.WorkflowService().ResetActivity(asking, &workflowservice.ResetActivityRequest{
		Namespace: step.Namespace,
		Execution: &common.WorkflowExecution{WorkflowId: step.Workflow},
		Activity:  &workflowservice.ResetActivityRequest_Id{Id: step.ActivityID},
	})
	var gone *serviceerror.NotFound
	switch {
	case errors.As(err, &gone):
		return d.Store.ForgetStepFailure(ctx, step)
	case err != nil:
		return fmt.Errorf("reset activity: %w", err)
	}
	return d.Store.StepRetried(ctx, step)
}
