package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Withdrawal by the municipality (journey.md, Edges of real life): timers end, appointments are cancelled, advisors are
// thanked. Until it is final everything stands as it stood, so that it can be taken back.

const undoOfWithdrawal = "undo of a withdrawal" // before it, a withdrawal ended the journey at once

func (c *consultation) refuseWithdrawal(advisory.Input) advisory.Refusal {
	if !c.under() || c.Stage == advisory.FollowUp {
		return advisory.ConsultationEnded
	}
	return ""
}

func (c *consultation) withdraw(ctx workflow.Context, in advisory.Input) { c.suspend(ctx, said(in)) }

// suspend ends everything that others see of the consultation, and keeps it for the days of the undo.
func (c *consultation) suspend(ctx workflow.Context, said answer) {
	c.tell(advisory.ConsultationWithdrawn, said)
	for _, m := range c.meetings {
		c.callOff(m, said)
	}
	c.mail(advisory.MailWithdrawn, advisory.ToMunicipality, said)
	if len(c.Advisors) > 0 {
		c.mail(advisory.MailWithdrawnAdvisor, advisory.ToAdvisors, said)
	}
	c.mailPersons(advisory.MailInvitationWithdrawn, c.selection.persons()...) // they may not see the consultation
	if workflow.GetVersion(ctx, undoOfWithdrawal, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		c.final = true
		c.stop()
		return
	}
	for _, t := range c.tasks {
		if t.state == advisory.Open && t.announced {
			t.announced, t.schedule, t.pressed = false, nil, 0
			c.add(advisory.Entry{Close: t.ID, State: advisory.Obsolete})
		}
	}
	c.add(advisory.Entry{Outcome: advisory.Withdrawn})
	c.withdrawn = true
	c.beside(c.untilFinal)
}

// untilFinal ends the journey where nobody takes the withdrawal back.
func (c *consultation) untilFinal(ctx workflow.Context) error {
	c.write(ctx)
	until := c.undoUntil
	takenBack := func() bool { return !c.withdrawn || !c.undoUntil.Equal(until) }
	if came, err := c.sleepUnless(ctx, takenBack, &alarm{at: until, outlives: true}); err != nil || !came {
		return err
	}
	c.add(advisory.Entry{History: advisory.WithdrawalFinal})
	c.final = true
	c.stop()
	return nil
}

func (c *consultation) refuseUndo(advisory.Input) advisory.Refusal { return refuseUnless(c.withdrawn) }

// undoWithdrawal lets the consultation stand where it stood: what was open is open with fresh dates, whoever had an
// appointment looks for a new one. Who had accepted an invitation hears that it counts again.
func (c *consultation) undoWithdrawal(_ workflow.Context, in advisory.Input) {
	c.withdrawn = false
	c.add(advisory.Entry{Undone: true, History: advisory.WithdrawalUndone, Input: in.ID})
	for _, t := range c.tasks {
		if t.state == advisory.Open && !t.announced {
			c.announce(t)
		}
	}
	c.mail(advisory.MailResumed, advisory.ToEverybody, said(in))
	c.mailPersons(advisory.MailResumed, c.selection.acceptances()...)
}
