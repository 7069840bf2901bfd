package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// alarm is a moment that something other than a task waits for.
type alarm struct {
	at   time.Time
	rang bool
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
			c.ring(ctx, next)
		}
	}
}

// nextMoment is the earliest of all moments ahead, zero where there is none. Tasks stand still while resting.
func (c *consultation) nextMoment() time.Time {
	var next time.Time
	earlier := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, t := range c.tasks {
		if t.state == advisory.Open && len(t.schedule) > 0 && !c.resting {
			earlier(t.schedule[0].At)
		}
	}
	for _, a := range c.alarms {
		earlier(a.at)
	}
	return next
}

// ring lets everything happen whose time it is.
func (c *consultation) ring(ctx workflow.Context, now time.Time) {
	for _, t := range slices.Clone(c.tasks) {
		for t.state == advisory.Open && !c.resting && len(t.schedule) > 0 && !t.schedule[0].At.After(now) {
			instant := t.schedule[0]
			t.schedule = t.schedule[1:]
			c.press(ctx, t, instant)
		}
	}
	c.alarms = slices.DeleteFunc(c.alarms, func(a *alarm) bool {
		a.rang = !a.at.After(now)
		return a.rang
	})
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
		c.call(ctx, t)
	case advisory.Lapse:
		t.state = advisory.Lapsed
	case advisory.GoToRest:
		c.rest()
	}
}

// sleepUntil waits for a moment. The error says that the journey ends.
func (c *consultation) sleepUntil(ctx workflow.Context, at time.Time) error {
	a := &alarm{at: at}
	c.alarms = append(c.alarms, a)
	c.write(ctx)
	err := workflow.Await(ctx, func() bool { return a.rang })
	c.alarms = slices.DeleteFunc(c.alarms, func(other *alarm) bool { return other == a })
	return err
}

// rest freezes every remaining time (journey.md, Rest).
func (c *consultation) rest() {
	if !c.resting {
		c.resting = true
		resting := true
		c.add(advisory.Entry{Rest: &resting, History: advisory.RestBegun})
		c.mail(advisory.MailResting, advisory.ToEverybody, answer{})
	}
}

// resume lets the remaining times run on: the step brings the moved dates of all open tasks.
func (c *consultation) resume(said answer) {
	if c.resting {
		c.resting = false
		resting := false
		c.add(advisory.Entry{Rest: &resting, History: advisory.RestEnded, Input: said.input})
	}
}

// call asks the coordinator to call because a task stays unsettled (journey.md, "coordinator calls"). The task itself
// stays open; the call is over when it is settled, by whoever.
func (c *consultation) call(ctx workflow.Context, t *task) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		for c.isOpen(t) {
			call := c.open(advisory.CallParticipants, c.coordinator(), concerning(t))
			c.write(ctx)
			settled := func() bool { return call.state != advisory.Open || !c.isOpen(t) }
			if workflow.Await(ctx, settled) != nil || !c.isOpen(call) {
				return
			}
			if call.state == advisory.Open {
				c.drop(call)
				return
			}
			said := c.take(call)
			c.tell(advisory.CallNoted, said)
			if said.Choice != advisory.NotReached {
				return
			}
		}
	})
}
