package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const bareQueue = "bench"

// activityKind is how the bare workflow runs its activity.
type activityKind string

const (
	localActivity   activityKind = "local"
	regularActivity activityKind = "regular"
)

// bareJourney takes Updates until there were as many as a journey has decisions, and runs one activity for each.
func bareJourney(ctx workflow.Context, kind activityKind) error {
	settled := 0
	err := workflow.SetUpdateHandler(ctx, "decide", func(ctx workflow.Context, id string) (int, error) {
		if err := bareActivity(ctx, kind, id); err != nil {
			return 0, err
		}
		settled++
		return settled, nil
	})
	if err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return settled == decisionsPerJourney })
}

func bareActivity(ctx workflow.Context, kind activityKind, id string) error {
	if kind == localActivity {
		ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 3 * time.Second})
		return workflow.ExecuteLocalActivity(ctx, doNothing, id).Get(ctx, nil)
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 30 * time.Second})
	return workflow.ExecuteActivity(ctx, doNothing, id).Get(ctx, nil)
}

func doNothing(context.Context, string) error { return nil }

// bareEngine hosts the bare workflow.
type bareEngine struct{ engine client.Client }

func startBare(engine client.Client) (bareEngine, func(), error) {
	w := worker.New(engine, bareQueue, worker.Options{})
	w.RegisterWorkflow(bareJourney)
	w.RegisterActivity(doNothing)
	if err := w.Start(); err != nil {
		return bareEngine{}, nil, fmt.Errorf("bare engine: %w", err)
	}
	return bareEngine{engine}, w.Stop, nil
}

func (b bareEngine) with(kind activityKind) *bareContender {
	return &bareContender{bareEngine: b, kind: kind}
}

// bareContender plays journeys on the bare engine.
type bareContender struct {
	bareEngine
	kind   activityKind
	places [sideBySide]struct {
		workflow string
		decided  int
	}
	mu     sync.Mutex
	played []string
}

func (b *bareContender) begin(ctx context.Context, place int) error {
	run, err := b.engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: uuid.NewString(), TaskQueue: bareQueue}, bareJourney, b.kind)
	if err != nil {
		return fmt.Errorf("bare engine: %w", err)
	}
	b.places[place].workflow, b.places[place].decided = run.GetID(), 0
	b.mu.Lock()
	defer b.mu.Unlock()
	b.played = append(b.played, run.GetID())
	return nil
}

func (b *bareContender) prepare(_ context.Context, place int) (func(context.Context) error, error) {
	at := &b.places[place]
	if at.decided == decisionsPerJourney {
		return nil, nil
	}
	at.decided++
	id := uuid.NewString()
	return func(ctx context.Context) error {
		handle, err := b.engine.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			UpdateID: id, WorkflowID: at.workflow, UpdateName: "decide", Args: []any{id}, WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err != nil {
			return err
		}
		return handle.Get(ctx, nil)
	}, nil
}

func (b *bareContender) workflows() []string { return b.played }
