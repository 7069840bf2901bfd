package workflows

import (
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// deed is what an input brings about that settles no task.
type deed struct {
	refuse func(*consultation, advisory.Input) advisory.Refusal // "" where the state allows it
	do     func(*consultation, workflow.Context, advisory.Input)
}

// deeds are the edges of the journey (journey.md, Edges of real life), by the input that begins them.
var deeds = map[advisory.InputKind]deed{
	advisory.Withdraw:          {(*consultation).refuseWithdrawal, (*consultation).withdraw},
	advisory.UndoWithdrawal:    {(*consultation).refuseUndo, (*consultation).undoWithdrawal},
	advisory.BeginRest:         {(*consultation).refuseRest, (*consultation).beginRest},
	advisory.EndRest:           {(*consultation).refuseResume, (*consultation).endRest},
	advisory.AskForRest:        {(*consultation).refuseAskForRest, (*consultation).askForRest},
	advisory.PlanSession:       {(*consultation).refusePlan, (*consultation).planSession},
	advisory.MoveAppointment:   {(*consultation).refuseChangeOfDate, (*consultation).moveAppointment},
	advisory.CancelAppointment: {(*consultation).refuseChangeOfDate, (*consultation).cancelAppointment},
	advisory.CorrectNote:       {(*consultation).refuseCorrection, (*consultation).correctNote},
	advisory.ProposeGoal:       {(*consultation).refuseGoal, (*consultation).proposeGoal},
	advisory.ReplaceAdvisor:    {(*consultation).refuseReplacement, (*consultation).replaceAdvisor},
	advisory.ReopenAssignment:  {(*consultation).refuseReopening, (*consultation).reopenAssignment},
	advisory.ClarifyAddress:    {(*consultation).refuseClarification, (*consultation).clarifyAddress},
	advisory.AdoptProgramme:    {(*consultation).refuseAdoption, (*consultation).adoptProgramme},
	advisory.HandOver:          {(*consultation).refuseHandOver, (*consultation).handOver},
	advisory.TaskInput:         {(*consultation).refuseAnswer, (*consultation).settle},
}

// acceptInputs lets people's decisions in: an Update each, whose id is the input's. The validator refuses what the state
// does not allow and leaves no trace; the handler answers when the effect stands in the database.
func (c *consultation) acceptInputs(ctx workflow.Context) error {
	return workflow.SetUpdateHandlerWithOptions(ctx, advisory.InputUpdate, c.apply,
		workflow.UpdateHandlerOptions{Validator: c.validate})
}

func (c *consultation) apply(ctx workflow.Context, in advisory.Input) (advisory.InputResult, error) {
	// A withdrawal stops the journey, not the answer to what was said.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	c.await(ctx, c.letsIn)
	if c.watchful { // before, what was said at the same moment was written as one step
		// What was said before has its effect first, however little before: it may have changed what is allowed.
		c.await(ctx, c.caughtUp)
		if err := c.validate(in); err != nil {
			return advisory.InputResult{}, err
		}
	}
	if !c.wasApplied(in) {
		deeds[in.Kind].do(c, ctx, in)
	}
	c.await(ctx, func() bool { return c.wasApplied(in) })
	if refusal := c.refused[in.ID]; refusal != "" {
		return advisory.InputResult{}, refused(refusal)
	}
	return advisory.InputResult{Step: c.Steps}, nil
}

// caughtUp tells whether the journey has taken up all that was said.
func (c *consultation) caughtUp() bool {
	return c.starting == 0 && !slices.ContainsFunc(c.tasks, func(t *task) bool { return t.state != advisory.Open })
}

func (c *consultation) wasApplied(in advisory.Input) bool { return slices.Contains(c.Applied, in.ID) }

// validate decides whether an input fits the state. It changes nothing.
func (c *consultation) validate(in advisory.Input) error {
	if c.wasApplied(in) {
		return nil // delivered again after continue-as-new
	}
	if refusal := c.refusal(in); refusal != "" {
		return refused(refusal)
	}
	return nil
}

func refused(refusal advisory.Refusal) error {
	return temporal.NewNonRetryableApplicationError("input refused", advisory.RefusedInput, nil, refusal)
}

func (c *consultation) refusal(in advisory.Input) advisory.Refusal {
	wanted, known := deeds[in.Kind]
	switch {
	case !known:
		return advisory.NotNow
	case c.ended, c.final, c.withdrawn && in.Kind != advisory.UndoWithdrawal:
		return advisory.ConsultationEnded
	}
	return wanted.refuse(c, in)
}

// under tells whether the journey is under way, in one of the stages where some are given.
func (c *consultation) under(stages ...advisory.Stage) bool {
	return c.stop != nil && !c.ahead && (len(stages) == 0 || slices.Contains(stages, c.Stage))
}

func refuseUnless(allowed bool) advisory.Refusal {
	if allowed {
		return ""
	}
	return advisory.NotNow
}

// said is an input as an answer that belongs to no task.
func said(in advisory.Input) answer { return answer{Choice: in.Choice, Actor: in.Actor, input: in.ID} }

func (c *consultation) refuseAnswer(in advisory.Input) advisory.Refusal {
	t := c.find(in.Task)
	if t == nil || t.state != advisory.Open {
		return advisory.TaskIsSettled
	}
	rule, _ := advisory.DefaultProgramme().Rule(t.Kind)
	switch {
	case !rule.Offers(in.Choice):
		return advisory.ChoiceNotOffered
	case t.Not != "" && t.Not == in.Actor:
		return advisory.SecondPersonNeeded
	case t.Kind == advisory.ChooseAdvisors && !c.selection.offers(in):
		return advisory.LeadMissing
	}
	return ""
}

func (c *consultation) settle(_ workflow.Context, in advisory.Input) {
	t := c.find(in.Task)
	t.said, t.state = in, advisory.Done
}

func (c *consultation) refuseHandOver(in advisory.Input) advisory.Refusal {
	t := c.find(in.Task)
	if t == nil || t.state != advisory.Open {
		return advisory.TaskIsSettled
	}
	if in.Choice != advisory.Claim {
		return ""
	}
	switch {
	case t.Owner.Person != "":
		return advisory.TaskIsClaimed
	case t.Not != "" && t.Not == in.To:
		return advisory.SecondPersonNeeded
	}
	return ""
}

func (c *consultation) handOver(_ workflow.Context, in advisory.Input) {
	c.handTo(c.find(in.Task), in.To, in.ID)
}
