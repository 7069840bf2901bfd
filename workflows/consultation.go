// Package workflows is the journey of a consultation as durable code. consultation.go reads like journey.md; every stage
// has a file of its own with its decisions; the plumbing is the human task of task.go and what it stands on.
//
// The code is deterministic and replayed against recorded histories: a change in the order of its commands needs a
// version. It holds ids, kinds, choices and dates, never a name or a word.
package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Consultation carries one consultation from its review to its closing (journey.md, Stages). Its workflow id is the
// consultation's id.
func Consultation(ctx workflow.Context, journey advisory.Journey) error {
	c, err := begin(ctx, journey)
	if err != nil {
		return err
	}
	return c.travel(ctx, []stage{
		{advisory.Review, c.review},         // ends when a coordinator accepts, refers or declines the request
		{advisory.Assessment, c.assessment}, // ends when the municipality has confirmed goal and need
		{advisory.Assignment, c.assignment}, // ends when advisors have accepted and the municipality agrees to them
		{advisory.Opening, c.opening},       // ends when the municipality decides on accompaniment
		{advisory.Dialogue, c.dialogue},     // ends when the participants say that the sessions are done
		{advisory.Options, c.options},       // ends when both sides have confirmed the same version
		{advisory.Evaluation, c.evaluation}, // ends when both sides answered, or the deadline passed
		{advisory.Closing, c.closing},       // ends when a coordinator closes it
	})
}

// FollowUp carries the follow-up of a completed consultation, months after its closing (journey.md, Stages). Its
// workflow id is that of advisory.FollowUpWorkflowID.
func FollowUp(ctx workflow.Context, journey advisory.Journey) error {
	c, err := begin(ctx, journey)
	if err != nil {
		return err
	}
	c.depart(ctx)
	c.ahead = true
	if err := c.sleepUntil(ctx, journey.OpensAt); err != nil {
		return err
	}
	c.ahead = false
	return c.travel(ctx, []stage{
		{advisory.FollowUp, c.followUp}, // ends when answered, or the deadline passed
	})
}
