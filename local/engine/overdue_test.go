package engine_test

import (
	"testing"
	"time"

	"miglobe/advisory"
)

// The histories of consultations in which nobody said anything for days, and of those that went other ways than straight
// on: a release must find its way through each of them.

// kept: the code goes the same way through a history that waits or has ended, and it is kept.
func (c *consultation) kept(state, workflowID string) {
	c.Helper()
	c.atRest(workflowID)
	c.historiesAreSilent(workflowID)
	c.historiesReplay(workflowID)
	c.record(state, workflowID)
}

// atRest waits until nothing of a workflow is on its way between engine and worker.
func (c *consultation) atRest(workflowID string) {
	c.Helper()
	c.eventually("rest of "+workflowID, func() bool {
		description, err := app.Engine.DescribeWorkflowExecution(c.ctx, workflowID, "")
		c.must(err)
		return description.PendingWorkflowTask == nil
	})
}

// happened waits for an entry in the consultation's history.
func (c *consultation) happened(kind advisory.HistoryKind, times int) {
	c.Helper()
	c.eventually(string(kind), func() bool {
		return c.count(`SELECT count(*) FROM history WHERE consultation_id = $1 AND kind = $2`, c.id, kind) == times
	})
}

func TestAQuestionThatNobodyAnswersReplays(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	h.during(c, func() { c.say(advisory.ReviewRequest, advisory.Ask, "kim", nil) })
	c.happened(advisory.RestBegun, 1)
	c.kept("overdue-answer_question", c.id)
	c.say(advisory.AnswerQuestion, advisory.Answer, "toni", nil)

	h.during(c, func() {
		c.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(1)}})
		c.open(advisory.AnswerRestQuestion)
	})
	c.open(advisory.DecideAfterRest)
	c.kept("waiting-decide_after_rest", c.id)
	c.say(advisory.DecideAfterRest, advisory.RestLonger, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(90)}})
	c.tell(advisory.EndRest, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Refer, "kim", advisory.Answers{"recommendation": {typedText}})
	c.kept("ended-referred", c.id)
}

func TestAWithdrawalThatNobodyTakesBackReplays(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(1)}})
	h.during(c, func() { c.say(advisory.AnswerRestQuestion, advisory.End, "toni", nil) })
	c.happened(advisory.WithdrawalFinal, 1)
	c.kept("ended-withdrawn", c.id)
}

func TestATeamThatNobodyAnswersForReplays(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	words := advisory.Answers{"goal": {typedText}, "need": {typedText}}
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	h.during(c, func() { c.say(advisory.RecordAssessment, advisory.Record, "kim", words) })
	c.open(advisory.CallParticipants)
	c.kept("overdue-confirm_need", c.id)
	c.say(advisory.CallParticipants, advisory.NotReached, "kim", nil)
	c.kept("waiting-call_participants", c.id)
	c.say(advisory.CallParticipants, advisory.Reached, "kim", nil)
	c.say(advisory.ConfirmNeed, advisory.Confirm, "toni", words)

	h.during(c, func() { c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil) })
	c.happened(advisory.InvitationLapsed, 2)
	c.kept("overdue-answer_invitation", c.id)
	c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil)
	c.say(advisory.AnswerInvitation, advisory.ConflictOfInt, "amina", nil)
	c.say(advisory.AnswerInvitation, advisory.Decline, "joseph", nil)
	c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "amina", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "joseph", nil)
	c.say(advisory.AgreeToAdvisors, advisory.AskForOthers, "toni", nil)
	c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "amina", nil)
	h.during(c, func() { c.say(advisory.AnswerInvitation, advisory.Accept, "joseph", nil) })
	c.open(advisory.CallParticipants)
	c.kept("overdue-agree_to_advisors", c.id)
	c.say(advisory.AgreeToAdvisors, advisory.Agree, "toni", nil)
}

func TestSessionsThatNobodyComesToReplay(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	c.untilAgreed()
	c.say(advisory.ProposeSlots, advisory.Propose, "amina", pastSlots())
	for _, side := range []string{"toni", "amina", "toni"} {
		c.say(advisory.ChooseSlot, advisory.CounterPropose, side, pastSlots())
	}
	c.open(advisory.CallParticipants)
	c.kept("after-slot_rounds", c.id)
	c.say(advisory.CallParticipants, advisory.EnteredOnBehalf, "kim", nil)
	c.say(advisory.ChooseSlot, advisory.Choose, "amina", advisory.Answers{"slot": {"1"}})
	c.say(advisory.RecordOutcome, advisory.NotKnown, "amina", nil)
	c.say(advisory.RecordOutcome, advisory.WasExcused, "kim", nil)
	for _, missed := range []advisory.Choice{advisory.MunicipalityAway, advisory.AdvisorAway} {
		c.say(advisory.ProposeSlots, advisory.Propose, "amina", pastSlots())
		c.say(advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}})
		c.say(advisory.RecordOutcome, missed, "amina", nil)
	}
	c.open(advisory.CallParticipants)
	c.kept("after-missed_sessions", c.id)
	c.say(advisory.ProposeSlots, advisory.Propose, "amina", pastSlots())
	c.say(advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}})
	c.say(advisory.RecordOutcome, advisory.WasHeld, "amina", nil)
	h.during(c, func() { c.say(advisory.WriteNote, advisory.Share, "amina", advisory.Answers{"topics": {typedText}}) })
	c.open(advisory.CallParticipants)
	c.kept("overdue-decide_accompaniment", c.id)
	c.say(advisory.DecideAccompaniment, advisory.EndHere, "toni", nil)
	c.kept("ended-not_accompanied", c.id)
}

func TestAQuietConsultationReplays(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	c.untilAccepted()
	h.during(c, func() { c.say(advisory.AgreeToAdvisors, advisory.Agree, "toni", nil) })
	c.happened(advisory.SessionNudged, 1)
	c.kept("waiting-quiet", c.id)
	c.open(advisory.DecideRest)
	c.say(advisory.DecideRest, advisory.GoOn, "kim", nil)
	h.during(c, func() {
		c.tell(advisory.ProposeGoal, "joseph", advisory.Answers{"goal": {typedText}, "need": {typedText}})
	})
	c.open(advisory.CallParticipants)
	c.kept("overdue-confirm_goal_change", c.id)
	c.say(advisory.ConfirmGoalChange, advisory.Confirm, "toni", nil)
}

func TestAnEvaluationAndAFollowUpThatLapseReplay(t *testing.T) {
	h, asleep, lapsed := hurried(t), newConsultation(t), newConsultation(t)
	for _, c := range []*consultation{asleep, lapsed} {
		c.untilOptions()
		h.during(c, func() { c.confirm(advisory.ConfirmOptions, advisory.Confirm) })
		c.open(advisory.CloseConsultation)
		c.happened(advisory.EvaluationClosed, 3)
	}
	asleep.kept("overdue-evaluate", asleep.id)
	asleep.say(advisory.CloseConsultation, advisory.Close, "kim", advisory.Answers{"summary": {typedText}, "follow_up_from": {inDays(180)}})
	asleep.began(advisory.FollowUpWorkflowID(asleep.id))
	asleep.kept("waiting-asleep", advisory.FollowUpWorkflowID(asleep.id))

	h.during(lapsed, func() {
		lapsed.say(advisory.CloseConsultation, advisory.Close, "kim",
			advisory.Answers{"summary": {typedText}, "follow_up_from": {time.Now().AddDate(0, 0, -3).Format(time.DateOnly)}})
		lapsed.happened(advisory.FollowUpClosed, 1)
	})
	lapsed.kept("overdue-follow_up", advisory.FollowUpWorkflowID(lapsed.id))
}

// began waits for a workflow that another one starts.
func (c *consultation) began(workflowID string) {
	c.Helper()
	c.eventually("the begin of "+workflowID, func() bool {
		_, err := app.Engine.DescribeWorkflowExecution(c.ctx, workflowID, "")
		return err == nil && len(c.events(workflowID).Events) > 3
	})
}
