package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// review: a coordinator claims the request and accepts, refers or declines it (journey.md, review).
func (c *consultation) review(ctx workflow.Context) (advisory.Outcome, error) {
	c.tell(advisory.RequestSent, answer{})
	c.mail(advisory.MailRequestReceived, advisory.ToMunicipality, answer{})
	claim, err := c.ask(ctx, advisory.ClaimRequest, coordinators)
	if err != nil {
		return "", err
	}
	c.Coordinator = claim.Actor
	c.add(advisory.Entry{Coordinator: claim.Actor})
	c.tell(advisory.RequestClaimed, claim)
	for {
		decision, err := c.ask(ctx, advisory.ReviewRequest, c.coordinator())
		if err != nil {
			return "", err
		}
		switch decision.Choice {
		case advisory.Accept:
			c.tell(advisory.RequestAccepted, decision)
			c.mail(advisory.MailRequestAccepted, advisory.ToMunicipality, decision)
			return "", nil
		case advisory.Refer:
			c.tell(advisory.RequestReferred, decision)
			c.mail(advisory.MailRequestReferred, advisory.ToMunicipality, decision)
			return advisory.Referred, nil
		case advisory.Ask:
			if err := c.question(ctx, decision); err != nil {
				return "", err
			}
		case advisory.Decline:
			approved, err := c.approval(ctx, decision)
			if approved || err != nil {
				return advisory.Declined, err
			}
		}
	}
}

// question waits for the municipality's answer; a consultation that rested for want of it goes on.
func (c *consultation) question(ctx workflow.Context, question answer) error {
	c.tell(advisory.QuestionAsked, question)
	reply, err := c.ask(ctx, advisory.AnswerQuestion, municipality)
	if err != nil {
		return err
	}
	c.tell(advisory.QuestionAnswered, reply)
	if c.restsForAnswer {
		c.resume(ctx, reply)
	}
	return nil
}

// approval lets a second person check a refusal before the municipality hears of it.
func (c *consultation) approval(ctx workflow.Context, proposal answer) (approved bool, err error) {
	c.tell(advisory.RefusalProposed, proposal)
	check, err := c.ask(ctx, advisory.ApproveRefusal, coordinators, not(proposal.Actor))
	if err != nil {
		return false, err
	}
	if check.Choice == advisory.Return {
		c.tell(advisory.RefusalReturned, check)
		return false, nil
	}
	c.tell(advisory.RequestDeclined, check)
	c.mail(advisory.MailRequestDeclined, advisory.ToMunicipality, proposal)
	return true, nil
}
