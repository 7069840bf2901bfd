// Package inbox brings what people say into the engine: journal it, deliver it, and deliver again what did not arrive.
// Every input has exactly one effect, however often it is delivered: its id is the Update's id, and the step that writes
// its effect marks it as applied.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/telemetry"
)

// patience is how long a person waits for the engine before the page says "saved, being processed".
const patience = 4 * time.Second

// Inbox is safe for concurrent use.
type Inbox struct {
	store  *store.Store
	engine client.Client
	log    *slog.Logger
	watch  *telemetry.Telemetry

	confirmations *confirmations
}

// New makes an inbox. The engine need not be there yet: a lazy client will do.
func New(st *store.Store, engine client.Client, log *slog.Logger, watch *telemetry.Telemetry) *Inbox {
	return &Inbox{store: st, engine: engine, log: log, watch: watch, confirmations: &confirmations{store: st, log: log}}
}

// Result tells how far an input has come.
type Result struct {
	Applied bool // its effect stands in the database; otherwise the relay sees to it
}

// Refused says that the state of the consultation did not allow an input: it changed in the meantime.
type Refused struct{ Reason advisory.Refusal }

func (r *Refused) Error() string { return "refused: " + string(r.Reason) }

// Submit journals an input and delivers it. It returns when the effect stands in the database, or after a few seconds
// with Applied false. Errors: conflict (a *Refused) where the state does not allow it, not_found where the task is not
// one of this consultation, unavailable where nothing could be journaled.
func (i *Inbox) Submit(ctx context.Context, in store.NewInput) (result Result, err error) {
	ctx = telemetry.About(ctx, telemetry.InputID, in.Message.ID, telemetry.ConsultationID, in.ConsultationID)
	ctx, answered := i.observe(ctx, "inbox submit", string(in.Message.Kind))
	defer func() { answered(result, err) }()
	workflowID, err := i.store.JournalInput(ctx, in)
	if err != nil {
		return Result{}, err
	}
	// Who closes the page does not take back what was said.
	waiting, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	return i.settle(waiting, in.Message, i.update(waiting, in.ConsultationID, workflowID, in.Message), i.store.RefuseInput)
}

// Start starts the workflow of a consultation whose request is journaled. The relay starts what was not started.
func (i *Inbox) Start(ctx context.Context, consultationID string) (result Result, err error) {
	ctx = telemetry.About(ctx, telemetry.ConsultationID, consultationID)
	ctx, answered := i.observe(ctx, "inbox start", string(advisory.NewRequest))
	defer func() { answered(result, err) }()
	waiting, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	if err := i.start(waiting, consultationID); err != nil {
		i.log.WarnContext(ctx, "consultation not started yet", "error", err)
		return Result{}, nil
	}
	return Result{Applied: i.awaitBegin(waiting, consultationID)}, nil
}

// awaitBegin waits for the first step of a started consultation, as long as ctx lasts.
func (i *Inbox) awaitBegin(ctx context.Context, consultationID string) bool {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		if begun, err := i.store.HasBegun(ctx, consultationID); err != nil || begun {
			return begun
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
}

// refuse notes a refusal. Who waits for it sees it on the page; who was told that the input is saved gets a mail.
type refuse func(ctx context.Context, id string, reason advisory.Refusal) error

// settle turns the answer of the engine into that for the person.
func (i *Inbox) settle(ctx context.Context, in advisory.Input, err error, refuse refuse) (Result, error) {
	var refused *Refused
	switch {
	case err == nil:
		i.confirmations.add(in.ID)
		return Result{Applied: true}, nil
	case errors.As(err, &refused):
		if state, readErr := i.store.InputState(ctx, in.ID); readErr == nil && state == "applied" {
			if refused.Reason == advisory.ConsultationEnded {
				i.confirmations.add(in.ID) // delivered again after its effect, and nobody listens any more
			}
			return Result{Applied: true}, nil
		}
		if i.isBehind(ctx, in) {
			return Result{}, nil
		}
		if err := refuse(context.WithoutCancel(ctx), in.ID, refused.Reason); err != nil {
			return Result{}, err
		}
		return Result{}, advisory.Errorf(advisory.Conflict, "input %s: %w", in.ID, err)
	default:
		i.log.WarnContext(ctx, "input not delivered yet", "error", err)
		return Result{}, nil
	}
}

// update delivers an input as an Update. The error is a *Refused where trying again is of no use.
func (i *Inbox) update(ctx context.Context, consultationID, workflowID string, in advisory.Input) error {
	handle, err := i.engine.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		UpdateID:     in.ID,
		WorkflowID:   workflowID,
		UpdateName:   advisory.InputUpdate,
		Args:         []any{in},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(ctx, nil)
	}
	return i.refusal(ctx, consultationID, err)
}

// refusal decides which answers of the engine are final: the validator's no, and a workflow that has ended. A workflow
// that has not started yet is not to be found either; the relay starts it.
func (i *Inbox) refusal(ctx context.Context, consultationID string, err error) error {
	var application *temporal.ApplicationError
	if errors.As(err, &application) && application.Type() == advisory.RefusedInput {
		reason := advisory.TaskIsSettled
		_ = application.Details(&reason)
		return &Refused{Reason: reason}
	}
	var notFound *serviceerror.NotFound
	if errors.As(err, &notFound) {
		if began, readErr := i.store.HasBegun(ctx, consultationID); readErr == nil && began {
			return &Refused{Reason: advisory.ConsultationEnded}
		}
	}
	return err
}

func (i *Inbox) start(ctx context.Context, consultationID string) error {
	_, err := i.engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       advisory.WorkflowID(consultationID),
		TaskQueue:                advisory.TaskQueue,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, advisory.ConsultationWorkflow, advisory.Journey{ConsultationID: consultationID})
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &started) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("start consultation: %w", err)
	}
	return nil
}
