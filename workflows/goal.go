package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Goal sovereignty (journey.md): everybody proposes, only the municipality changes the goal. Every version is kept.

func (c *consultation) refuseGoal(in advisory.Input) advisory.Refusal {
	if c.goalProposed && in.Choice != advisory.Confirm {
		return advisory.UnderWay
	}
	return refuseUnless(c.under(advisory.Assignment, advisory.Opening, advisory.Dialogue, advisory.Options))
}

// proposeGoal asks the municipality about a new version; what it says itself counts at once.
func (c *consultation) proposeGoal(_ workflow.Context, in advisory.Input) {
	if in.Choice == advisory.Confirm {
		c.changeGoal(said(in))
		return
	}
	c.tell(advisory.GoalChangeProposed, said(in))
	c.goalProposed = true
	c.beside(func(ctx workflow.Context) error {
		decision, err := c.ask(ctx, advisory.ConfirmGoalChange, municipality)
		c.goalProposed = false
		switch {
		case err != nil:
		case decision.Choice == advisory.Confirm:
			c.changeGoal(decision)
		default:
			c.tell(advisory.GoalKept, decision)
		}
		return err
	})
}

func (c *consultation) changeGoal(said answer) {
	c.tell(advisory.GoalChanged, said)
	c.mail(advisory.MailNeedConfirmed, advisory.ToMunicipality, said)
}
