package engine_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// needTime are the tasks that open only when days have passed, for which nobody waits here.
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
}

func (c *consultation) questionAndRefusal() {
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Ask, "kim", nil)
	c.say(advisory.AnswerQuestion, advisory.Answer, "toni", nil)
	c.say(advisory.ReviewRequest, advisory.Decline, "kim", nil)
	c.say(advisory.ApproveRefusal, advisory.Approve, "robin", nil)
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
