package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// stage is one station: it returns an outcome where the journey ends in it, and none where it goes on.
type stage struct {
	name advisory.Stage
	run  func(workflow.Context) (advisory.Outcome, error)
}

// consultation is the state of a running journey. Journey is what outlives continue-as-new; everything else is made
// anew from the history.
type consultation struct {
	advisory.Journey
	id           string           // of the workflow
	tasks        []*task          // the open tasks, in the order of their opening
	invited      []*invitation    // asked in this assignment and not refused
	alarms       []*alarm         // moments that something other than a task waits for
	pending      []advisory.Entry // what the next step writes
	writing      bool             // a step is on its way to the database
	resting      bool             // remaining times are frozen (journey.md, Rest)
	ended        bool             // the outcome is decided: nothing is accepted any more
	withdrawal   string           // the input by which the municipality withdrew
	stop         workflow.CancelFunc
	appointments map[int]advisory.Appointment // by the session's number
	met          *meeting                     // the session that has a date now
	followUpAt   time.Time                    // when the follow-up begins, in real time
}

// begin prepares a journey: first the handlers, then the clock, so that no input comes too early.
func begin(ctx workflow.Context, journey advisory.Journey) (*consultation, error) {
	c := &consultation{Journey: journey, appointments: map[int]advisory.Appointment{}, id: workflow.GetInfo(ctx).WorkflowExecution.ID}
	if err := c.acceptInputs(ctx); err != nil {
		return nil, err
	}
	workflow.Go(ctx, c.keepTime)
	return c, nil
}

// travel goes from stage to stage until one of them has an outcome.
func (c *consultation) travel(ctx workflow.Context, stages []stage) error {
	travelling, stop := workflow.WithCancel(ctx)
	c.stop = stop
	if i := slices.IndexFunc(stages, func(s stage) bool { return s.name == c.Stage }); i > 0 {
		stages = stages[i:]
	}
	for _, s := range stages {
		if err := c.continueAsNew(ctx, s.name); err != nil {
			return err
		}
		c.enter(s.name)
		outcome, err := s.run(travelling)
		if c.withdrawal != "" {
			return c.end(ctx, c.withdraw())
		}
		if err != nil {
			return err
		}
		if outcome != "" {
			return c.end(ctx, outcome)
		}
	}
	return c.end(ctx, "")
}

// enter begins a stage. Continuing as new within a stage does not begin it again.
func (c *consultation) enter(name advisory.Stage) {
	if c.Stage != name {
		c.Stage = name
		c.add(advisory.Entry{Stage: name})
	}
}

// end closes what is open, writes the last step and waits until everybody has got an answer.
func (c *consultation) end(ctx workflow.Context, outcome advisory.Outcome) error {
	c.ended = true
	for _, t := range slices.Clone(c.tasks) {
		c.drop(t)
	}
	c.add(advisory.Entry{Outcome: outcome, Ended: outcome != advisory.Completed})
	c.write(ctx)
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	if outcome == advisory.Completed {
		return c.startFollowUp(ctx)
	}
	return nil
}

// continueAsNew begins a new history before a stage where the old one has grown long. Between stages no task is open, so
// the Journey says everything.
func (c *consultation) continueAsNew(ctx workflow.Context, next advisory.Stage) error {
	if !workflow.GetInfo(ctx).GetContinueAsNewSuggested() || len(c.tasks) > 0 || c.Stage == "" {
		return nil
	}
	c.enter(next)
	c.write(ctx)
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	return workflow.NewContinueAsNewError(ctx, workflow.GetInfo(ctx).WorkflowType.Name, c.Journey)
}
