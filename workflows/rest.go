package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Rest and resume (journey.md, Edges of real life): either side asks, a coordinator sets reason and date. Every remaining
// time is frozen and runs on after resuming. Nobody is declined by a machine.

// refuseRest: what is closed does not rest; the follow-up has time enough.
func (c *consultation) refuseRest(advisory.Input) advisory.Refusal {
	return refuseUnless(c.under() && c.Stage != advisory.FollowUp)
}

// beginRest lets the consultation rest, or rest until another date where it rests already.
func (c *consultation) beginRest(ctx workflow.Context, in advisory.Input) { c.rest(ctx, said(in)) }

func (c *consultation) refuseResume(advisory.Input) advisory.Refusal {
	return refuseUnless(c.under() && c.resting)
}

func (c *consultation) endRest(ctx workflow.Context, in advisory.Input) { c.resume(ctx, said(in)) }

func (c *consultation) refuseAskForRest(advisory.Input) advisory.Refusal {
	if c.deciding {
		return advisory.UnderWay
	}
	return refuseUnless(c.under() && c.Stage != advisory.FollowUp && !c.resting)
}

func (c *consultation) askForRest(_ workflow.Context, in advisory.Input) {
	c.tell(advisory.RestAsked, said(in))
	c.deciding = true
	c.beside(c.decideRest)
}

// decideRest asks the coordinator whether the consultation rests or goes on.
func (c *consultation) decideRest(ctx workflow.Context) error {
	c.deciding = true
	decision, settled, err := c.askUnless(ctx, func() bool { return c.resting }, advisory.DecideRest, c.coordinator())
	c.deciding = false
	switch {
	case err != nil || !settled:
	case decision.Choice == advisory.Rest:
		c.rest(ctx, decision)
	default:
		c.tell(advisory.RestRefused, decision)
	}
	return err
}

// rest freezes every remaining time; said holds reason and date, and none of them after a question that nobody answered.
func (c *consultation) rest(ctx workflow.Context, said answer) {
	resting, kind := true, advisory.RestProlonged
	if !c.resting {
		c.resting, c.restingSince, kind = true, workflow.Now(ctx), advisory.RestBegun
	}
	c.restsForAnswer = said.input == ""
	c.add(advisory.Entry{Rest: &resting, History: kind, Task: said.task, Input: said.input})
	c.mail(advisory.MailResting, advisory.ToEverybody, said)
	if !c.restWatched {
		c.restWatched = true
		c.beside(c.untilResumed)
	}
}

// resume lets the remaining times run on: the step brings the moved dates of all open tasks.
func (c *consultation) resume(ctx workflow.Context, said answer) {
	if !c.resting {
		return
	}
	c.resting, c.thawing, c.restPlan = false, true, nil
	for _, a := range c.alarms {
		if a.freezes {
			a.at = a.at.Add(workflow.Now(ctx).Sub(later(c.restingSince, a.since)))
		}
	}
	resting := false
	c.add(advisory.Entry{Rest: &resting, History: advisory.RestEnded, Task: said.task, Input: said.input})
	c.mail(advisory.MailResumed, advisory.ToEverybody, said)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// untilResumed asks the municipality some days before the resume date how it goes on.
func (c *consultation) untilResumed(ctx workflow.Context) error {
	defer func() { c.restWatched = false }()
	for c.resting {
		c.write(ctx)
		plan := c.restPlan
		if plan == nil {
			return nil
		}
		changed := func() bool { return !c.resting || c.restPlan != plan }
		c.callOffBefore(plan.ResumeAt)
		if came, err := c.sleepUnless(ctx, changed, &alarm{at: plan.AskAt}); err != nil {
			return err
		} else if !came {
			continue
		}
		if err := c.endOfRest(ctx, plan.ResumeAt, changed); err != nil {
			return err
		}
	}
	return nil
}

// endOfRest is over with the municipality's answer, or the coordinator's decision where there is none.
func (c *consultation) endOfRest(ctx workflow.Context, resumeAt time.Time, changed func() bool) error {
	question := c.open(advisory.AnswerRestQuestion, municipality)
	open := []*task{question}
	unanswered := func() bool { return changed() || question.desk }
	said, settled, err := c.firstUnless(ctx, unanswered, func() []*task { return open })
	if err == nil && !settled && !changed() {
		open = append(open, c.open(advisory.DecideAfterRest, c.coordinator()))
		said, settled, err = c.firstUnless(ctx, changed, func() []*task { return open })
	}
	if err != nil {
		return err
	}
	for _, t := range open {
		c.drop(t)
	}
	if !settled {
		return nil
	}
	return c.afterRest(ctx, said, resumeAt, changed)
}

// afterRest does what was decided. Who was told until when it rests is not surprised by an earlier end.
func (c *consultation) afterRest(ctx workflow.Context, said answer, resumeAt time.Time, changed func() bool) error {
	switch said.Choice {
	case advisory.Resume:
		c.tell(advisory.RestAnswered, said)
		if said.Kind == advisory.AnswerRestQuestion {
			if came, err := c.sleepUnless(ctx, changed, &alarm{at: resumeAt}); err != nil || !came || c.withdrawn { // withdrawn at that moment, it is asked again after the undo
				return err
			}
		}
		c.resume(ctx, said)
	case advisory.RestLonger:
		c.rest(ctx, said)
	case advisory.End:
		if c.Stage == advisory.FollowUp {
			c.resume(ctx, said)
			c.closeFollowUp()
			return nil
		}
		c.suspend(ctx, said)
		return workflow.Await(ctx, func() bool { return !c.withdrawn }) // taken back, it rests as before and is asked again
	}
	return nil
}

// untilGoingOn waits as long as the consultation rests or is withdrawn: nothing new begins then.
func (c *consultation) untilGoingOn(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !c.resting && !c.withdrawn })
}
