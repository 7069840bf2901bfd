package engine_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// needTime are the tasks that open only when days have passed (overdue_test.go).
var needTime = []advisory.TaskKind{advisory.CallParticipants, advisory.DecideAfterRest}

// TestEveryWaitingStateReplays brings consultations before every decision of the journey and keeps their histories as they
// stand there: a release must find its way through a consultation that waits, wherever it waits.
func TestEveryWaitingStateReplays(t *testing.T) {
	var seen []advisory.TaskKind
	watched := func() *consultation {
		c := newConsultation(t)
		c.waiting = func(kind advisory.TaskKind, workflowID string) {
			if !slices.Contains(seen, kind) {
				seen = append(seen, kind)
				c.historiesReplay(workflowID)
				c.record("waiting-"+string(kind), workflowID)
			}
		}
		return c
	}
	watched().straightToTheEnd()
	watched().questionAndRefusal()
	watched().besideTheWay()
	watched().twoSessions()
	for _, rule := range advisory.DefaultProgramme().Tasks {
		if !slices.Contains(seen, rule.Kind) && !slices.Contains(needTime, rule.Kind) {
			t.Errorf("nobody waited for %s", rule.Kind)
		}
	}
}

func (c *consultation) straightToTheEnd() {
	c.untilClosing()
	c.say(advisory.CloseConsultation, advisory.Close, "kim",
		advisory.Answers{"summary": {typedText}, "follow_up_from": {time.Now().AddDate(0, 0, -3).Format(time.DateOnly)}})
	c.waiting(c.open(advisory.AnswerFollowUp).Kind, advisory.FollowUpWorkflowID(c.id))
	c.waiting = nil // it would look at the consultation
	c.say(advisory.AnswerFollowUp, advisory.Submit, "toni", nil)
	c.record("ended-follow_up", advisory.FollowUpWorkflowID(c.id))
}

func (c *consultation) questionAndRefusal() {
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Ask, "kim", nil)
	c.say(advisory.AnswerQuestion, advisory.Answer, "toni", nil)
	for _, check := range []advisory.Choice{advisory.Return, advisory.Approve} {
		c.say(advisory.ReviewRequest, advisory.Decline, "kim", advisory.Answers{"message": {typedText}})
		c.say(advisory.ApproveRefusal, check, "robin", nil)
	}
	c.record("ended-declined", c.id)
}

func (c *consultation) besideTheWay() {
	c.untilAgreed()
	c.appointment()
	c.record("waiting-appointment", c.id)
	c.tell(advisory.ProposeGoal, "joseph", advisory.Answers{"goal": {typedText}, "need": {typedText}})
	c.say(advisory.ConfirmGoalChange, advisory.Keep, "toni", nil)
	c.tell(advisory.ClarifyAddress, "kim", nil, func(in *advisory.Input) { in.Person = c.people["toni"] })
	c.say(advisory.CheckAddress, advisory.AddressWorks, "kim", nil)
	c.tell(advisory.AskForRest, "toni", advisory.Answers{"reason": {"workload"}})
	c.say(advisory.DecideRest, advisory.GoOn, "kim", nil)
	c.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(60)}})
	c.record("waiting-resting", c.id)
	// Five working days before tomorrow are over: the question goes out at once.
	c.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(1)}})
	c.say(advisory.AnswerRestQuestion, advisory.Resume, "toni", nil)
	c.tell(advisory.Withdraw, "toni", nil)
	c.record("waiting-withdrawn", c.id)
}

// twoSessions are under way at the same time, and others concern themselves with what they owe and whom they reach.
func (c *consultation) twoSessions() {
	c.untilAgreed()
	c.session()
	c.say(advisory.DecideAccompaniment, advisory.Continue, "toni", nil)
	c.tell(advisory.CorrectNote, "toni", advisory.Answers{"comment": {typedText}}, func(in *advisory.Input) { in.Session = 1 })
	c.tell(advisory.HandOver, "kim", nil, func(in *advisory.Input) {
		in.Task, in.To = c.open(advisory.ProposeSlots).ID, c.people["joseph"]
	})
	c.tell(advisory.PlanSession, "amina", nil)
	for _, found := range []advisory.Choice{advisory.CorrectAddress, advisory.NewContact} {
		c.tell(advisory.ClarifyAddress, "kim", nil, func(in *advisory.Input) { in.Person = c.people["toni"] })
		c.say(advisory.CheckAddress, found, "kim", advisory.Answers{
			"first_name": {firstName}, "last_name": {lastName}, "email": {string(found) + "-" + c.id + "@demo.example"}})
	}
	c.record("waiting-two_sessions", c.id)
}
