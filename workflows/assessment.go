package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// assessment: the coordinator records situation, goal and need; the municipality confirms them, in its own words where
// it likes (journey.md, assessment). It alone sets the goal: its change is its confirmation.
func (c *consultation) assessment(ctx workflow.Context) (advisory.Outcome, error) {
	record, err := c.ask(ctx, advisory.RecordAssessment, c.coordinator())
	if err != nil {
		return "", err
	}
	c.tell(advisory.AssessmentRecorded, record)
	confirmation, err := c.ask(ctx, advisory.ConfirmNeed, municipality)
	if err != nil {
		return "", err
	}
	c.tell(advisory.NeedConfirmed, confirmation)
	c.mail(advisory.MailNeedConfirmed, advisory.ToMunicipality, confirmation)
	return "", nil
}
