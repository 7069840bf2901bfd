package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/workflows"
)

// events reads the whole history of a workflow.
func (c *consultation) events(workflowID string) *history.History {
	c.Helper()
	all := &history.History{}
	for iterator := app.Engine.GetWorkflowHistory(c.ctx, workflowID, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); iterator.HasNext(); {
		event, err := iterator.Next()
		c.must(err)
		all.Events = append(all.Events, event)
	}
	return all
}

func TestTheWholeJourneyOnTheRealEngine(t *testing.T) {
	c := newConsultation(t)
	c.untilClosing()
	c.say(advisory.CloseConsultation, advisory.Close, "kim",
		advisory.Answers{"summary": {typedText}, "follow_up_from": {time.Now().AddDate(0, 0, -3).Format(time.DateOnly)}})
	followUp := advisory.FollowUpWorkflowID(c.id)
	c.began(followUp)
	consultation, err := app.Store.ConsultationByID(c.ctx, c.id)
	c.must(err)
	if consultation.Outcome != advisory.Completed {
		t.Errorf("outcome %q, open: %s", consultation.Outcome, c.kinds())
	}
	if n := c.count(`SELECT count(*) FROM mails WHERE consultation_id = $1 AND reminder`, c.id); n != 0 {
		t.Errorf("%d reminders although everybody answered at once", n)
	}
	c.historiesAreSilent(advisory.WorkflowID(c.id), followUp)
	c.historiesReplay(advisory.WorkflowID(c.id), followUp)
	c.record("ended-completed", advisory.WorkflowID(c.id))
	c.record("follow_up", followUp)
}

// historiesAreSilent: a history read by a stranger tells nothing about a person.
func (c *consultation) historiesAreSilent(workflowIDs ...string) {
	c.Helper()
	for _, id := range workflowIDs {
		var text strings.Builder
		for _, event := range c.events(id).Events {
			text.WriteString(event.String()) // shows what payloads hold; only letters beyond ASCII are escaped
		}
		for _, word := range personal {
			if strings.Contains(text.String(), word) {
				c.Errorf("the history of %s contains %q", id, word)
			}
		}
	}
}

// historiesReplay: the code as it is now goes the same way through what was recorded.
func (c *consultation) historiesReplay(workflowIDs ...string) {
	c.Helper()
	c.replay(workflows.Consultation, workflowIDs...)
}

// replay lets a release, whose journey is given, go the way of the histories.
func (c *consultation) replay(journey any, workflowIDs ...string) {
	c.Helper()
	for _, id := range workflowIDs {
		replayer := worker.NewWorkflowReplayer()
		register(replayer, journey)
		if err := replayer.ReplayWorkflowHistory(nil, c.events(id)); err != nil {
			c.Errorf("replay of %s: %v", id, err)
		}
	}
}

func TestADecisionCostsAtMostEightEvents(t *testing.T) {
	c := newConsultation(t)
	words := advisory.Answers{"goal": {"g"}, "need": {"n"}}
	for _, decision := range []struct {
		kind   advisory.TaskKind
		choice advisory.Choice
		actor  string
	}{
		{advisory.ClaimRequest, advisory.Claim, "kim"},
		{advisory.ReviewRequest, advisory.Accept, "kim"},
		{advisory.RecordAssessment, advisory.Record, "kim"},
		{advisory.ConfirmNeed, advisory.Confirm, "toni"},
		{advisory.ChooseAdvisors, advisory.Choose, "kim"},
		{advisory.AnswerInvitation, advisory.Accept, "amina"},
		{advisory.AnswerInvitation, advisory.Accept, "joseph"},
		{advisory.AgreeToAdvisors, advisory.Agree, "toni"},
	} {
		before := len(c.events(c.id).Events)
		c.say(decision.kind, decision.choice, decision.actor, words)
		if cost := len(c.events(c.id).Events) - before; cost > 8 {
			t.Errorf("%s cost %d events", decision.kind, cost)
		}
	}
}

func TestDecisionsMadeWhileTheWorkerIsAwayAreAppliedOnce(t *testing.T) {
	c := newConsultation(t)
	claim := c.open(advisory.ClaimRequest)
	app.StopWorker()
	restarted := false
	defer func() {
		if !restarted {
			c.must(app.StartWorker())
		}
	}()
	result, err := app.Inbox.Submit(c.ctx, c.input(claim, advisory.Claim, "kim", nil))
	c.must(err)
	if result.Applied {
		t.Fatal("nobody is there to apply it")
	}
	c.must(app.StartWorker())
	restarted = true
	c.open(advisory.ReviewRequest)
	if n := c.applied(claim.ID); n != 1 {
		t.Errorf("applied %d times", n)
	}
	if n := c.count(`SELECT count(*) FROM history WHERE consultation_id = $1 AND kind = 'request_claimed'`, c.id); n != 1 {
		t.Errorf("%d entries in the history", n)
	}
}

func TestARequestFiledWhileTheEngineIsAwayIsStartedByTheRelay(t *testing.T) {
	c := draftedConsultation(t) // nobody calls Start
	c.open(advisory.ClaimRequest)
	if n := c.count(`SELECT count(*) FROM inputs WHERE consultation_id = $1 AND kind = 'request' AND state = 'applied'`, c.id); n != 1 {
		t.Errorf("the request was applied %d times", n)
	}
}

func TestOfTwoCoordinatorsWhoDecideAtOnceOneIsRefused(t *testing.T) {
	c := newConsultation(t)
	claim := c.open(advisory.ClaimRequest)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, actor := range []string{"kim", "robin"} {
		in := c.input(claim, advisory.Claim, actor, nil)
		wg.Go(func() { _, errs[i] = app.Inbox.Submit(c.ctx, in) })
	}
	wg.Wait()
	var refused *inbox.Refused
	if (errs[0] == nil) == (errs[1] == nil) || !errors.As(errors.Join(errs...), &refused) {
		t.Errorf("told %v and %v", errs[0], errs[1])
	}
	if refused.Reason != advisory.TaskIsSettled {
		t.Errorf("reason %q", refused.Reason)
	}
	if n := c.count(`SELECT count(*) FROM inputs WHERE task_id = $1 AND state = 'refused'`, claim.ID); n != 1 {
		t.Errorf("%d refused inputs", n)
	}
}

func TestAWithdrawalClosesEverything(t *testing.T) {
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	task := c.open(advisory.ReviewRequest)
	in := c.input(task, "", "toni", nil)
	in.Message.Kind, in.Message.Task = advisory.Withdraw, ""
	result, err := app.Inbox.Submit(c.ctx, in)
	c.must(err)
	if !result.Applied {
		t.Fatal("not applied")
	}
	if open := c.kinds(); open != "" {
		t.Errorf("open: %s", open)
	}
	c.record("withdrawn", c.id)
	_, err = app.Inbox.Submit(c.ctx, c.input(task, advisory.Accept, "kim", nil))
	var refused *inbox.Refused
	if !errors.As(err, &refused) || refused.Reason != advisory.ConsultationEnded {
		t.Errorf("a decision after the end: %v", err)
	}
}

func (c *consultation) applied(task string) int {
	return c.count(`SELECT count(*) FROM inputs WHERE task_id = $1 AND state = 'applied'`, task)
}

func (c *consultation) count(query string, args ...any) (n int) {
	c.Helper()
	c.must(app.Store.DB().QueryRowContext(context.Background(), query, args...).Scan(&n))
	return n
}
