package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// alarm is a moment that something other than a task waits for.
type alarm struct {
	at       time.Time
	since    time.Time // when it was set
	rang     bool
	freezes  bool // stands still while the consultation rests
	outlives bool // a withdrawal; all others stand still until it is taken back
}

// keepTime is the one timer of a consultation. It sleeps until the next moment at which something happens, presses the
// tasks whose time it is, and writes what nobody else has written.
func (c *consultation) keepTime(ctx workflow.Context) {
	for {
		c.write(ctx)
		next := c.nextMoment()
		moved := func() bool { return !c.writing && (len(c.pending) > 0 || !c.nextMoment().Equal(next)) }
		if next.IsZero() {
			if workflow.Await(ctx, moved) != nil {
				return
			}
			continue
		}
		sleeping, wake := workflow.WithCancel(ctx)
		timer := workflow.NewTimer(sleeping, max(next.Sub(workflow.Now(ctx)), 0))
		err := workflow.Await(ctx, func() bool { return timer.IsReady() || moved() })
		rang := timer.IsReady() // before it is cancelled: a cancelled timer is ready, too
		wake()
		if err != nil {
			return
		}
		if rang {
			c.writeWhatWasForgotten(ctx)
			c.ring(ctx, next)
		}
	}
}

// writeWhatWasForgotten writes, while the journey goes through what the engine has forgotten, step by step as it was written
// then: a step that held more would be another one.
func (c *consultation) writeWhatWasForgotten(ctx workflow.Context) {
	for {
		c.await(ctx, func() bool { return c.isUpToDate() || !c.writing && len(c.pending) > 0 })
		if c.isUpToDate() {
			return
		}
		c.write(ctx)
	}
}

// nextMoment is the earliest of all moments ahead, zero where there is none.
func (c *consultation) nextMoment() time.Time {
	var next time.Time
	earlier := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, t := range c.tasks {
		if c.runs(t) && len(t.schedule) > 0 {
			earlier(t.schedule[0].At)
		}
	}
	for _, a := range c.alarms {
		if c.goes(a) {
			earlier(a.at)
		}
	}
	return next
}

// runs tells whether a task's times go on: not while it waits to be taken or for other dates, the consultation rests or is
// withdrawn.
func (c *consultation) runs(t *task) bool {
	return t.state == advisory.Open && !c.withdrawn && !c.adopting && (!c.resting && !c.thawing || t.Kind.RunsWhileResting())
}

func (c *consultation) goes(a *alarm) bool {
	return !a.rang && (!c.withdrawn || a.outlives) && (!c.resting || !a.freezes)
}

// ring lets everything happen whose time it is.
func (c *consultation) ring(ctx workflow.Context, now time.Time) {
	for _, t := range slices.Clone(c.tasks) {
		for c.runs(t) && len(t.schedule) > 0 && !t.schedule[0].At.After(now) {
			instant := t.schedule[0]
			t.schedule, t.pressed = t.schedule[1:], t.pressed+1
			c.press(ctx, t, instant)
		}
	}
	for _, a := range c.alarms {
		if c.goes(a) && !a.at.After(now) {
			a.rang = true
		}
	}
}

// press reminds of a task, or lets an escalation take its course (journey.md, Human tasks).
func (c *consultation) press(ctx workflow.Context, t *task, instant advisory.Instant) {
	if instant.Remind > 0 {
		c.add(advisory.Entry{Remind: instant.Remind, Task: t.ID})
		return
	}
	switch instant.Rule.Then {
	case advisory.PassOn:
		c.add(advisory.Entry{Escalate: instant.Rule.After, To: instant.Rule.To, Task: t.ID})
		c.add(advisory.Entry{History: advisory.TaskEscalated, Task: t.ID})
	case advisory.Call:
		if !c.called(t) {
			c.call(ctx, t)
		}
	case advisory.Lapse:
		t.state = advisory.Lapsed
	case advisory.GoToRest:
		c.rest(ctx, answer{})
	case advisory.AskDesk:
		t.desk = true
	}
}

// sleepUntil waits for a moment. The error says that the journey ends.
func (c *consultation) sleepUntil(ctx workflow.Context, at time.Time) error {
	_, err := c.sleepUnless(ctx, func() bool { return false }, &alarm{at: at})
	return err
}

// sleepUnless waits for a moment, or until it is over otherwise: then it has not come.
func (c *consultation) sleepUnless(ctx workflow.Context, over func() bool, a *alarm) (came bool, err error) {
	a.since = workflow.Now(ctx)
	c.alarms = append(c.alarms, a)
	c.write(ctx)
	err = workflow.Await(ctx, func() bool { return a.rang || over() })
	c.alarms = slices.DeleteFunc(c.alarms, func(other *alarm) bool { return other == a })
	return a.rang && !over(), err
}

// called tells whether somebody is asked to call about a task already. One who was asked before a withdrawal still is.
func (c *consultation) called(t *task) bool {
	return slices.ContainsFunc(c.tasks, func(call *task) bool { return call.concerns == t })
}

// call asks the coordinator to call because a task stays unsettled (journey.md, "coordinator calls"). The task itself
// stays open; the call is over when it is settled, by whoever.
func (c *consultation) call(ctx workflow.Context, t *task) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		for c.isOpen(t) {
			said, settled, err := c.askUnless(ctx, func() bool { return !c.isOpen(t) }, advisory.CallParticipants,
				c.coordinator(), concerning(t))
			if err != nil || !settled {
				return
			}
			c.tell(advisory.CallNoted, said)
			if said.Choice != advisory.NotReached {
				return
			}
		}
	})
}
