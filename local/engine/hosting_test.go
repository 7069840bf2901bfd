package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
	"miglobe/workflows"
)

// register names the workflows of a release whose journey is given; all else is as it is today.
func register(registry interface {
	RegisterWorkflowWithOptions(w any, options workflow.RegisterOptions)
}, journey any) {
	registry.RegisterWorkflowWithOptions(journey, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
}

// daysInNoTime is how much faster days pass where they are hurried: a working day takes less than a twentieth of a second,
// and what is due on different days still happens one after the other.
const daysInNoTime = 2e6

// daysInSeconds leave time to do something before what is due in days.
const daysInSeconds = 43200

// hurry takes the place of the worker's clock: what the steps of some consultations make due is due in no time.
type hurry struct {
	mu            sync.Mutex
	consultations map[string]bool
	speed         float64
	stop          func() // ends the hosting before the test ends
}

// hurried hosts the journey with a clock that tests may hurry, instead of the usual worker, until the test ends.
func hurried(t *testing.T) *hurry {
	t.Helper()
	app.StopWorker()
	h := &hurry{consultations: map[string]bool{}, speed: daysInNoTime}
	host := worker.New(app.Engine, advisory.TaskQueue, worker.Options{})
	register(host, workflows.Consultation)
	host.RegisterActivityWithOptions(h.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	h.stop = sync.OnceFunc(host.Stop)
	t.Cleanup(func() {
		h.stop()
		if err := app.StartWorker(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// WriteStep writes a step as the worker does; only its dates may come sooner.
func (h *hurry) WriteStep(ctx context.Context, step advisory.Step) (advisory.StepResult, error) {
	clock := advisory.RealClock()
	if h.concerns(step.ConsultationID) {
		now := time.Now()
		clock = advisory.NewClock(now, now, h.speed)
	}
	return app.Store.WriteStep(ctx, clock, step)
}

func (h *hurry) concerns(consultationID string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.consultations[consultationID]
}

func (h *hurry) set(consultationID string, hurried bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.consultations[consultationID] = hurried
}

// during makes due in no time what becomes due by what is done.
func (h *hurry) during(c *consultation, do func()) {
	h.set(c.id, true)
	defer h.set(c.id, false)
	do()
}
