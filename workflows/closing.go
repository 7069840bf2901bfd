package workflows

import (
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// evaluation: both sides look back; it closes with what is there (journey.md, evaluation).
func (c *consultation) evaluation(ctx workflow.Context) (advisory.Outcome, error) {
	_, err := c.askEach(ctx, advisory.Evaluate, c.bothSides(), func(said answer) bool {
		if said.lapsed {
			c.tell(advisory.EvaluationClosed, said)
		} else {
			c.tell(advisory.EvaluationAnswered, said)
		}
		return false
	})
	return "", err
}

// closing: a coordinator closes it (journey.md, closing).
func (c *consultation) closing(ctx workflow.Context) (advisory.Outcome, error) {
	closed, err := c.ask(ctx, advisory.CloseConsultation, c.coordinator())
	if err != nil {
		return "", err
	}
	c.tell(advisory.ConsultationClosed, closed)
	c.mail(advisory.MailConsultationClosed, advisory.ToEverybody, closed)
	return advisory.Completed, nil
}

// startFollowUp hands over to the follow-up, which outlives this workflow.
func (c *consultation) startFollowUp(ctx workflow.Context) error {
	journey := c.Journey
	journey.OpensAt = c.followUpAt
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            advisory.FollowUpWorkflowID(c.ConsultationID),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}), advisory.FollowUpWorkflow, journey)
	return child.GetChildWorkflowExecution().Get(ctx, nil)
}

// followUp: the municipality tells what has become of it, or the deadline passes (journey.md, follow-up).
func (c *consultation) followUp(ctx workflow.Context) (advisory.Outcome, error) {
	said, err := c.ask(ctx, advisory.AnswerFollowUp, municipality)
	if err != nil {
		return "", err
	}
	if said.input == "" {
		c.tell(advisory.FollowUpClosed, said)
		return "", nil
	}
	c.tell(advisory.FollowUpAnswered, said)
	c.mail(advisory.MailFollowUpThanks, advisory.ToMunicipality, said)
	return "", nil
}

// closeFollowUp ends the follow-up without an answer. Its consultation is completed: there is nothing to withdraw.
func (c *consultation) closeFollowUp() {
	for _, t := range c.tasks {
		if t.Kind == advisory.AnswerFollowUp && t.state == advisory.Open {
			t.state = advisory.Obsolete
		}
	}
}
