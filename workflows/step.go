package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/activities"
	"miglobe/advisory"
)

// add notes an entry for the next step. It is written before the journey waits again.
func (c *consultation) add(entry advisory.Entry) { c.pending = append(c.pending, entry) }

// tell enters in the history what an answer meant.
func (c *consultation) tell(kind advisory.HistoryKind, said answer) {
	c.add(advisory.Entry{History: kind, Task: said.task, Input: said.input})
}

// mail orders a mail to a group of persons; it may quote the answer's words.
func (c *consultation) mail(template advisory.Template, to advisory.Address, said answer) {
	c.add(advisory.Entry{Mail: template, To: to, Task: said.task, Input: said.input})
}

// mailAbout orders a mail about a session.
func (c *consultation) mailAbout(template advisory.Template, to advisory.Address, session int) {
	c.add(advisory.Entry{Mail: template, To: to, Session: &advisory.SessionStep{Number: session}})
}

// mailOf orders a mail about an appointment to everybody; it may quote the answer's words.
func (c *consultation) mailOf(template advisory.Template, s *meeting, said answer) {
	c.add(advisory.Entry{Mail: template, To: advisory.ToEverybody, Input: said.input, Session: &advisory.SessionStep{Number: s.number}})
}

// mailPersonsAbout orders a mail about a session to some persons.
func (c *consultation) mailPersonsAbout(template advisory.Template, session int, persons ...string) {
	if len(persons) > 0 {
		c.add(advisory.Entry{Mail: template, Persons: persons, Session: &advisory.SessionStep{Number: session}})
	}
}

// mailPersons orders a mail to some persons.
func (c *consultation) mailPersons(template advisory.Template, persons ...string) {
	if len(persons) > 0 {
		c.add(advisory.Entry{Mail: template, Persons: persons})
	}
}

// write writes what is pending as one numbered step and returns when it stands in the database. It outlives the
// cancellation of the journey: what was said is written.
func (c *consultation) write(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	c.await(ctx, func() bool { return !c.writing })
	if len(c.pending) == 0 {
		return
	}
	c.Steps++
	step := advisory.Step{ConsultationID: c.ConsultationID, Workflow: c.id, Number: c.Steps, Entries: c.pending}
	c.pending, c.writing = nil, true
	result := perform(ctx, step)
	c.writing = false
	c.learn(step, result)
}

// perform runs the activity locally, and where the database is away durably: then it returns when the database is back.
func perform(ctx workflow.Context, step advisory.Step) (result advisory.StepResult) {
	var a *activities.Activities
	local := workflow.ExecuteLocalActivity(workflow.WithLocalActivityOptions(ctx, activities.Locally), a.WriteStep, step)
	err := local.Get(ctx, &result)
	if err == nil {
		return result
	}
	if isForgotten(err) {
		panic(err) // the engine gives this task out anew, and before it what it has forgotten (catchup.go)
	}
	durable := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, activities.Durably), a.WriteStep, step)
	if err = durable.Get(ctx, &result); err != nil {
		panic(err) // retried for ever: only a defect ends here, and a blocked workflow waits for its mending
	}
	return result
}

// learn takes over the dates that a step brought and lets everybody go on who waits for their input to be written.
func (c *consultation) learn(step advisory.Step, result advisory.StepResult) {
	if result.Rules != nil {
		c.Rules = *result.Rules
	}
	for _, t := range c.tasks {
		if schedule, ok := result.Schedules[t.ID]; ok {
			t.schedule, t.pressed = schedule, 0
		}
	}
	c.Applied = c.Applied[max(len(c.Applied)-remembered, 0):]
	for _, entry := range step.Entries {
		if refusal := result.Refused[entry.Input]; refusal != "" {
			c.refused[entry.Input] = refusal
		}
		if entry.Input != "" && !slices.Contains(c.Applied, entry.Input) {
			c.Applied = append(c.Applied, entry.Input)
		}
		if entry.Session == nil || entry.Session.State != advisory.Scheduled {
			continue
		}
		if appointment, ok := result.Appointments[entry.Session.Number]; ok {
			c.appointments[entry.Session.Number] = &appointment
		}
	}
	c.thawing = slices.ContainsFunc(c.pending, func(entry advisory.Entry) bool { return entry.Rest != nil && !*entry.Rest })
	c.adopting = slices.ContainsFunc(c.pending, func(entry advisory.Entry) bool { return entry.Adopt != nil })
	c.learnPlans(result)
}

func (c *consultation) learnPlans(result advisory.StepResult) {
	if !result.FollowUpAt.IsZero() {
		c.followUpAt = result.FollowUpAt
	}
	if !result.UndoUntil.IsZero() {
		c.undoUntil = result.UndoUntil
	}
	if result.Rest != nil {
		c.restPlan = result.Rest
	}
	if result.Quiet != nil {
		c.quietPlan = result.Quiet
	}
}

const remembered = 20 // inputs before a step: redelivery happens within minutes, not after dozens of further decisions

// await waits for a condition in a context that nobody cancels.
func (c *consultation) await(ctx workflow.Context, condition func() bool) {
	if err := workflow.Await(ctx, condition); err != nil {
		panic(err) // only a cancelled context errs
	}
}
