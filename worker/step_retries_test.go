package worker_test

import (
	"context"
	"log/slog"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"

	"miglobe/store"
	"miglobe/store/storetest"
	"miglobe/worker"
)

// engine has a service of which only one part is used.
type engine struct {
	client.Client
	service *engineService
}

func (e engine) WorkflowService() workflowservice.WorkflowServiceClient { return e.service }

// engineService answers every request to try an activity again with one error, and keeps the requests.
type engineService struct {
	workflowservice.WorkflowServiceClient
	answer error
	asked  []*workflowservice.ResetActivityRequest
}

func (e *engineService) ResetActivity(_ context.Context, request *workflowservice.ResetActivityRequest, _ ...grpc.CallOption) (*workflowservice.ResetActivityResponse, error) {
	e.asked = append(e.asked, request)
	return &workflowservice.ResetActivityResponse{}, e.answer
}

func TestTheEngineIsAskedOnceToTryAStepAgain(t *testing.T) {
	for name, test := range map[string]struct {
		answer error
		left   int // rows of step_failures
		again  int // how many can be asked for once more
		waits  int // how many the worker comes back to
	}{
		"it tries":                {nil, 1, 1, 0},
		"it does not know of it":  {serviceerror.NewNotFound("no such activity"), 0, 0, 0},
		"it is away for a moment": {serviceerror.NewUnavailable("away"), 1, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, st := t.Context(), storetest.Open(t)
			failed := store.FailedStep{Workflow: "w-1", Step: 4, ConsultationID: "00000000-0000-0000-0000-000000000001",
				Namespace: "miglobe", ActivityID: "17"}
			if err := st.RecordStepFailure(ctx, failed, store.Cause{Reason: "rule"}); err != nil {
				t.Fatal(err)
			}
			e := &engineService{answer: test.answer}
			d := worker.Dependencies{Store: st, Engine: engine{service: e}, Log: slog.New(slog.DiscardHandler)}
			worker.RetryStepsOnce(ctx, d)
			if len(e.asked) != 0 {
				t.Error("nobody asked for it")
			}
			if _, err := st.RetrySteps(ctx, "", 0); err != nil {
				t.Fatal(err)
			}
			worker.RetryStepsOnce(ctx, d)
			worker.RetryStepsOnce(ctx, d)
			if len(e.asked) != 1 || e.asked[0].GetId() != "17" || e.asked[0].GetExecution().GetWorkflowId() != "w-1" || e.asked[0].GetNamespace() != "miglobe" {
				t.Errorf("asked %v", e.asked)
			}
			var left, waits int
			if err := st.DB().QueryRow(`SELECT count(*), count(retry_at) FROM step_failures`).Scan(&left, &waits); err != nil {
				t.Fatal(err)
			}
			again, err := st.RetrySteps(ctx, "", 0)
			if err != nil || left != test.left || waits != test.waits || again != test.again {
				t.Errorf("%d rows, %d wait, %d again, %v", left, waits, again, err)
			}
		})
	}
}
