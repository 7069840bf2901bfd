package workflows

import (
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// acceptInputs lets people's decisions in: an Update each, whose id is the input's. The validator refuses what the state
// does not allow and leaves no trace; the handler answers when the effect stands in the database.
func (c *consultation) acceptInputs(ctx workflow.Context) error {
	return workflow.SetUpdateHandlerWithOptions(ctx, advisory.InputUpdate, c.apply,
		workflow.UpdateHandlerOptions{Validator: c.validate})
}

func (c *consultation) apply(ctx workflow.Context, in advisory.Input) (advisory.InputResult, error) {
	if !c.wasApplied(in) {
		switch in.Kind {
		case advisory.Withdraw:
			c.withdrawal = in.ID
			c.add(advisory.Entry{History: advisory.ConsultationWithdrawn, Input: in.ID})
			c.stop()
		case advisory.HandOver:
			c.handOver(in)
		default:
			t := c.find(in.Task)
			t.said, t.state = in, advisory.Done
		}
	}
	// A withdrawal stops the journey, not the answer to what was said.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	c.await(ctx, func() bool { return c.wasApplied(in) })
	return advisory.InputResult{Step: c.Steps}, nil
}

func (c *consultation) handOver(in advisory.Input) {
	t := c.find(in.Task)
	t.Owner.Person = in.To
	c.add(advisory.Entry{HandOver: in.To, Task: t.ID, Input: in.ID})
	c.add(advisory.Entry{History: advisory.TaskHandedOver, Task: t.ID, Input: in.ID})
}

func (c *consultation) wasApplied(in advisory.Input) bool { return slices.Contains(c.Applied, in.ID) }

// validate decides whether an input fits the state. It changes nothing.
func (c *consultation) validate(in advisory.Input) error {
	if c.wasApplied(in) {
		return nil // delivered again after continue-as-new
	}
	if refusal := c.refusal(in); refusal != "" {
		return temporal.NewNonRetryableApplicationError("input refused", advisory.RefusedInput, nil, refusal)
	}
	return nil
}

func (c *consultation) refusal(in advisory.Input) advisory.Refusal {
	if c.ended || c.withdrawal != "" {
		return advisory.ConsultationEnded
	}
	if in.Kind == advisory.Withdraw {
		if c.stop == nil || c.Stage == advisory.FollowUp {
			return advisory.ConsultationEnded
		}
		return ""
	}
	t := c.find(in.Task)
	if t == nil || t.state != advisory.Open {
		return advisory.TaskIsSettled
	}
	if in.Kind == advisory.HandOver {
		return ""
	}
	rule, _ := advisory.DefaultProgramme().Rule(t.Kind)
	switch {
	case !rule.Offers(in.Choice):
		return advisory.ChoiceNotOffered
	case t.Not != "" && t.Not == in.Actor:
		return advisory.SecondPersonNeeded
	case t.Kind == advisory.ChooseAdvisors && !c.invites(in):
		return advisory.LeadMissing
	}
	return ""
}

// invites tells whether a choice of advisors has exactly one lead among those who are asked now or were before.
func (c *consultation) invites(in advisory.Input) bool {
	asked := slices.Clone(in.Advisors)
	for _, i := range c.invited {
		asked = append(asked, i.advisor)
	}
	return in.Lead != "" && slices.Contains(asked, in.Lead)
}

// withdraw is the outcome of a journey that the municipality ended (journey.md, Withdrawal): timers end, appointments
// are cancelled, advisors are thanked.
func (c *consultation) withdraw() advisory.Outcome {
	c.cancelAppointment()
	said := answer{input: c.withdrawal}
	c.mail(advisory.MailWithdrawn, advisory.ToMunicipality, said)
	if len(c.Advisors) > 0 {
		c.mail(advisory.MailWithdrawnAdvisor, advisory.ToAdvisors, said)
	} else { // who is only invited may not see the consultation
		c.mailPersons(advisory.MailInvitationWithdrawn, c.asked()...)
	}
	return advisory.Withdrawn
}
