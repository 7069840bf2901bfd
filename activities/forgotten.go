package activities

import (
	"context"
	"fmt"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"miglobe/advisory"
	"miglobe/store"
)

// forgot tells a workflow what the engine has forgotten, before the workflow is asked once more for this step. The signal is
// one, however often it is sent.
func (a *Activities) forgot(ctx context.Context, step advisory.Step, forgotten *store.Forgotten) error {
	if a.Log != nil {
		a.Log.WarnContext(ctx, "the engine has forgotten a step", "step", step.Number, "inputs", len(forgotten.Inputs))
	}
	info := activity.GetInfo(ctx)
	said, err := converter.GetDefaultDataConverter().ToPayloads(advisory.CatchUp{Inputs: forgotten.Inputs, Until: forgotten.Until})
	if err != nil {
		return fmt.Errorf("what was forgotten: %w", err)
	}
	_, err = a.Engine.WorkflowService().SignalWorkflowExecution(ctx, &workflowservice.SignalWorkflowExecutionRequest{
		Namespace: info.Namespace, SignalName: advisory.CatchUpSignal, Input: said, Identity: "activities",
		WorkflowExecution: &common.WorkflowExecution{WorkflowId: info.WorkflowExecution.ID, RunId: info.WorkflowExecution.RunID},
		RequestId:         fmt.Sprintf("%s-%d", step.ConsultationID, step.Number),
	})
	if err != nil {
		return fmt.Errorf("what was forgotten not told: %w", err)
	}
	return temporal.NewNonRetryableApplicationError("the engine has forgotten a step", advisory.ForgottenStep, nil)
}
