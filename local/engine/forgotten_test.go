package engine_test

import (
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// forgetting brings a consultation to where the database knows more than the engine: the assessment is recorded, the worker was
// killed before the engine noted it, and the engine before it gave the same to another worker.
func forgetting(t *testing.T) *consultation {
	t.Helper()
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	task := c.open(advisory.RecordAssessment)
	app.StopWorker()
	restarted := false
	t.Cleanup(func() {
		if !restarted {
			c.must(app.StartWorker())
		}
	})
	_, died := startApart(t, diesAfterWriting+c.id)
	told := make(chan inbox.Result, 1)
	go func() {
		result, _ := app.Inbox.Submit(c.ctx, c.input(task, advisory.Record, "kim",
			advisory.Answers{"goal": {typedText}, "need": {typedText}, "situation": {typedText}}))
		told <- result
	}()
	<-died
	if err := around.StopTemporal(); err != nil {
		t.Fatal(err)
	}
	if result := <-told; result.Applied {
		t.Fatal("the engine has noted it")
	}
	if err := around.StartTemporal(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.open(advisory.ConfirmNeed) // the pages show what follows from it
	c.must(app.StartWorker())
	restarted = true
	return c
}

// TestTheEngineGoesThroughWhatItHasForgotten: whatever comes first afterwards, everything has its one effect, in the order in
// which it was said.
func TestTheEngineGoesThroughWhatItHasForgotten(t *testing.T) {
	t.Run("something else is said first", func(t *testing.T) {
		c := forgetting(t)
		message := advisory.Input{ID: uuid.NewString(), Kind: advisory.AskForRest, Actor: c.people["toni"]}
		_, err := app.Inbox.Submit(c.ctx, store.NewInput{ConsultationID: c.id, Message: message, Form: "ask_for_rest",
			Answers: advisory.Answers{"reason": {"workload"}}, EnteredAt: app.Clock.Now()})
		c.must(err) // at once or a little later: the engine may take its time to give a task out again
		c.say(advisory.DecideRest, advisory.GoOn, "kim", nil)
		c.say(advisory.ConfirmNeed, advisory.Confirm, "toni", advisory.Answers{"goal": {typedText}, "need": {typedText}})
		c.isWhole()
	})
	t.Run("somebody goes on from it", func(t *testing.T) {
		c := forgetting(t)
		_, err := app.Inbox.Submit(c.ctx, c.input(c.open(advisory.ConfirmNeed), advisory.Confirm, "toni",
			advisory.Answers{"goal": {typedText}, "need": {typedText}}))
		c.must(err) // it is saved; nobody is told that somebody else was faster
		c.open(advisory.ChooseAdvisors)
		c.isWhole()
	})
}

// isWhole: every input is applied once and known to the engine, every step is there, and the history replays.
func (c *consultation) isWhole() {
	c.Helper()
	c.eventually("the engine's confirmation of every input", func() bool {
		return c.count(`SELECT count(*) FROM inputs WHERE consultation_id = $1 AND (state <> 'applied' OR NOT confirmed)`, c.id) == 0
	})
	for what, query := range map[string]string{
		"entries of the history are there twice": `SELECT count(*) - count(DISTINCT (input_id, kind)) FROM history WHERE consultation_id = $1 AND input_id IS NOT NULL`,
		"steps are missing":                      `SELECT c.step - count(s.number) FROM consultations c JOIN steps s ON s.consultation_id = c.id WHERE c.id = $1 GROUP BY c.step`,
		"versions of the goal beside the first":  `SELECT count(*) - 1 FROM goal_versions WHERE consultation_id = $1`,
	} {
		if n := c.count(query, c.id); n != 0 {
			c.Errorf("%d %s", n, what)
		}
	}
	c.historiesReplay(advisory.WorkflowID(c.id))
	c.record("caught-up", advisory.WorkflowID(c.id))
}
