package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"miglobe/advisory"
	"miglobe/store"
)

// noteTimeout is what the note of a failure may take, also where the activity's own time is over.
const noteTimeout = 5 * time.Second

// failed turns an error of the store into one that the engine may keep, and notes a step that cannot be written although
// the database answers, for the people who run the program.
func (a *Activities) failed(ctx context.Context, step advisory.Step, err error) error {
	code := advisory.CodeOf(err)
	if code == advisory.Unavailable || ctx.Err() != nil { // passes without anybody's help, as does the end of a worker
		return temporal.NewApplicationError("step not written: database away or no time left", string(advisory.Unavailable))
	}
	cause := store.CauseOf(err)
	if activity.IsActivity(ctx) && !activity.GetInfo(ctx).IsLocalActivity { // the local one is only the first try
		a.note(ctx, step, cause)
	}
	return temporal.NewApplicationError("step not written: "+cause.Reason+" "+cause.Detail, string(code))
}

func (a *Activities) note(ctx context.Context, step advisory.Step, cause store.Cause) {
	info := activity.GetInfo(ctx)
	noting, stop := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer stop()
	err := a.Store.RecordStepFailure(noting, store.FailedStep{
		Workflow: info.WorkflowExecution.ID, Step: step.Number, ConsultationID: step.ConsultationID,
		Namespace: info.Namespace, ActivityID: info.ActivityID,
	}, cause)
	if err != nil {
		activity.GetLogger(ctx).Warn("failure of a step not noted", "step", step.Number, "error", err)
	}
}
