package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

const quietConsultation = "quiet consultation" // before it, nobody asked about a consultation without a session or a plan

// watchQuiet nudges the lead advisor where no session is held or planned for long, and then lets the coordinator decide
// (journey.md, Sessions). It watches one stage, and counts from its beginning.
func (c *consultation) watchQuiet(stage advisory.Stage) {
	if !c.watchful {
		return
	}
	over := func() bool {
		planned := slices.ContainsFunc(c.meetings, func(s *meeting) bool { return s.dated })
		return planned || len(c.meetings) == 0 || c.withdrawn || c.Stage != stage
	}
	c.add(advisory.Entry{Quiet: true})
	c.beside(func(ctx workflow.Context) error {
		for first := true; ; first = false {
			if err := workflow.Await(ctx, func() bool { return !over() || c.Stage != stage }); err != nil || c.Stage != stage {
				return err
			}
			if !first {
				c.add(advisory.Entry{Quiet: true}) // counts anew from here
			}
			if err := c.quiet(ctx, over); err != nil {
				return err
			}
		}
	})
}

// quiet is a time without a session or a plan for one.
func (c *consultation) quiet(ctx workflow.Context, over func() bool) error {
	c.write(ctx)
	plan := c.quietPlan
	if plan == nil {
		return workflow.Await(ctx, over)
	}
	nudge := &alarm{at: plan.NudgeAt, freezes: true}
	if came, err := c.sleepUnless(ctx, over, nudge); err != nil || !came {
		return err
	}
	c.add(advisory.Entry{History: advisory.SessionNudged})
	c.mailPersons(advisory.MailSessionNudge, c.lead().Person)
	decision := &alarm{at: nudge.at.Add(plan.DecideAt.Sub(plan.NudgeAt)), freezes: true} // later where it rested meanwhile
	if came, err := c.sleepUnless(ctx, over, decision); err != nil || !came || c.deciding {
		return err
	}
	return c.decideRest(ctx)
}
