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
	id         string // of the workflow
	travelling workflow.Context
	stop       workflow.CancelFunc

	// What is under way.
	tasks     []*task    // the open tasks, in the order of their opening
	alarms    []*alarm   // moments that something other than a task waits for
	meetings  []*meeting // the sessions
	selection *selection // the search for advisors; nil where nobody is looked for
	round     *round     // the question that both sides answer; nil where there is none
	starting  int        // deeds beside the stage that have not begun yet

	// The step that comes next.
	pending []advisory.Entry
	writing bool // the one before is on its way to the database

	// What the engine has forgotten and goes through again.
	forgotten workflow.ReceiveChannel
	behind    bool
	until     int // the step that the database is at

	// Rest.
	resting        bool // remaining times are frozen (journey.md, Rest)
	restingSince   time.Time
	restsForAnswer bool // nobody asked for it: it began because a question was not answered
	restWatched    bool // untilResumed is on its way
	thawing        bool // the times after it are not known yet
	deciding       bool // decide_rest is open

	// Another version of the programme.
	adopting bool                        // the dates by it are not known yet
	refused  map[string]advisory.Refusal // inputs that the dates do not allow

	// Withdrawal and end.
	withdrawn bool // everything stands still until the withdrawal is taken back or final
	final     bool // it can be taken back no more
	ended     bool // the outcome is decided: nothing is accepted any more
	ahead     bool // the follow-up has not begun

	// Sessions and goal.
	enough       bool // the participants said that the sessions are done
	goalProposed bool // confirm_goal_change is open
	watchful     bool // it began when quiet consultations were watched already

	// What the steps brought, in real time.
	appointments map[int]*advisory.Appointment // by the session's number
	restPlan     *advisory.RestPlan
	quietPlan    *advisory.QuietPlan
	undoUntil    time.Time
	followUpAt   time.Time // when the follow-up begins
}

// begin prepares a journey: first the handlers, then the clock, so that no input comes too early.
func begin(ctx workflow.Context, journey advisory.Journey) (*consultation, error) {
	c := &consultation{Journey: journey, appointments: map[int]*advisory.Appointment{},
		refused: map[string]advisory.Refusal{}, id: workflow.GetInfo(ctx).WorkflowExecution.ID}
	c.forgotten = workflow.GetSignalChannel(ctx, advisory.CatchUpSignal)
	if err := c.acceptInputs(ctx); err != nil {
		return nil, err
	}
	c.watchful = workflow.GetVersion(ctx, quietConsultation, workflow.DefaultVersion, 1) > workflow.DefaultVersion
	workflow.Go(ctx, c.catchUp) // before the clock: what was forgotten was before its next moment
	workflow.Go(ctx, c.keepTime)
	return c, nil
}

// travel goes from stage to stage until one of them has an outcome.
func (c *consultation) travel(ctx workflow.Context, stages []stage) error {
	c.depart(ctx)
	if i := slices.IndexFunc(stages, func(s stage) bool { return s.name == c.Stage }); i > 0 {
		stages = stages[i:]
	}
	for _, s := range stages {
		if err := c.continueAsNew(ctx, s.name); err != nil {
			return err
		}
		c.enter(s.name)
		outcome, err := s.run(c.travelling)
		if c.final {
			return c.end(ctx, advisory.Withdrawn)
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

// depart makes the journey one that can be stopped.
func (c *consultation) depart(ctx workflow.Context) {
	if c.stop == nil {
		c.travelling, c.stop = workflow.WithCancel(ctx)
	}
}

// beside does something beside the stage. It ends with the journey.
func (c *consultation) beside(do func(workflow.Context) error) {
	c.starting++
	workflow.Go(c.travelling, func(ctx workflow.Context) {
		c.starting--
		_ = do(ctx) // the error only says that the journey ends
	})
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
	c.stop() // nothing beside the journey outlives it
	for _, t := range slices.Clone(c.tasks) {
		c.drop(t)
	}
	if outcome != advisory.Withdrawn { // then they know
		c.mailPersons(advisory.MailInvitationWithdrawn, c.selection.persons()...)
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

// saysEverything tells whether the Journey is all there is: nothing is open, waited for or on its way.
func (c *consultation) saysEverything() bool {
	return len(c.tasks)+len(c.alarms)+c.starting == 0 && !c.resting && !c.withdrawn && !c.final && c.selection == nil
}

// continueAsNew begins a new history before a stage where the old one has grown long. Where nothing is open or waited for,
// the Journey says everything.
func (c *consultation) continueAsNew(ctx workflow.Context, next advisory.Stage) error {
	if !workflow.GetInfo(ctx).GetContinueAsNewSuggested() || c.Stage == "" || !c.saysEverything() {
		return nil
	}
	c.enter(next)
	c.write(ctx)
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	if len(c.pending) > 0 || !c.saysEverything() {
		return nil // somebody has begun something while the step was written
	}
	return workflow.NewContinueAsNewError(ctx, workflow.GetInfo(ctx).WorkflowType.Name, c.Journey)
}
