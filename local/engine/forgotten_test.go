package engine_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// forgetting brings a consultation to where the database knows more than the engine: the assessment is recorded.
func forgetting(t *testing.T) *consultation {
	t.Helper()
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	recorded := c.input(c.open(advisory.RecordAssessment), advisory.Record, "kim",
		advisory.Answers{"goal": {typedText}, "need": {typedText}, "situation": {typedText}})
	c.forgets(t, recorded, func() { c.open(advisory.ConfirmNeed) }) // the pages show what follows from it
	return c
}

// forgets says something whose effect is written, while the worker is killed before the engine has noted it, and the engine
// before it has given the same to another worker.
func (c *consultation) forgets(t *testing.T, in store.NewInput, isWritten func()) {
	t.Helper()
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
		result, _ := app.Inbox.Submit(c.ctx, in)
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
	isWritten()
	c.must(app.StartWorker())
	restarted = true
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

// TestAnotherProgrammeIsNotForgotten: the step that moved the dates is gone through again before what comes next.
func TestAnotherProgrammeIsNotForgotten(t *testing.T) {
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	version := c.moreTimeFor(advisory.ReviewRequest)
	in := store.NewInput{ConsultationID: c.id, EnteredAt: app.Clock.Now(),
		Message: advisory.Input{ID: uuid.NewString(), Kind: advisory.AdoptProgramme, Actor: c.people["kim"], Version: version}}
	c.forgets(t, in, func() {
		c.eventually("the move", func() bool {
			return c.count(`SELECT programme_version FROM consultations WHERE id = $1`, c.id) == version
		})
	})
	_, err := app.Inbox.Submit(c.ctx, c.input(c.open(advisory.ReviewRequest), advisory.Accept, "kim", nil))
	c.must(err)
	c.say(advisory.RecordAssessment, advisory.Record, "kim",
		advisory.Answers{"goal": {typedText}, "need": {typedText}, "situation": {typedText}})
	c.isWhole()
}

// TestAMomentThatComesFirstWaitsForWhatTheEngineHasForgotten: a reminder falls due while the engine does not know yet that a
// change of the goal was proposed.
func TestAMomentThatComesFirstWaitsForWhatTheEngineHasForgotten(t *testing.T) {
	h, c := hurried(t), newConsultation(t)
	c.untilAgreed()
	h.speed = daysInSeconds
	h.during(c, func() { c.say(advisory.ProposeSlots, advisory.Propose, "amina", pastSlots()) })
	c.open(advisory.ChooseSlot)
	h.stop()
	_, died := startApart(t, diesAfterWriting+c.id)
	told := make(chan struct{})
	go func() {
		defer close(told)
		_, _ = app.Inbox.Submit(c.ctx, store.NewInput{ConsultationID: c.id, EnteredAt: app.Clock.Now(), Answers: advisory.Answers{"goal": {typedText}, "need": {typedText}},
			Message: advisory.Input{ID: uuid.NewString(), Kind: advisory.ProposeGoal, Actor: c.people["amina"]}})
	}()
	<-died
	if err := around.StopTemporal(); err != nil {
		t.Fatal(err)
	}
	<-told
	if err := around.StartTemporal(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.eventually("the moment of the reminder", func() bool {
		events := c.events(c.id).Events
		return slices.ContainsFunc(events[len(events)-3:], func(e *history.HistoryEvent) bool {
			return e.EventType == enums.EVENT_TYPE_TIMER_FIRED
		})
	})
	c.must(app.StartWorker())
	defer app.StopWorker()
	c.open(advisory.ConfirmGoalChange)
	c.eventually("the reminder", func() bool {
		return c.count(`SELECT count(*) FROM mails WHERE consultation_id = $1 AND reminder AND template = 'choose_slot_reminder'`, c.id) > 0
	})
	c.everythingOnce()
}

// isWhole: every input is applied once and known to the engine, every step is there, and the history replays.
func (c *consultation) isWhole() {
	c.Helper()
	c.everythingOnce()
	if n := c.count(`SELECT count(*) - 1 FROM goal_versions WHERE consultation_id = $1`, c.id); n != 0 {
		c.Errorf("%d versions of the goal beside the first", n)
	}
	c.record("caught-up", advisory.WorkflowID(c.id))
}

func (c *consultation) everythingOnce() {
	c.Helper()
	c.eventually("the engine's confirmation of every input", func() bool {
		return c.count(`SELECT count(*) FROM inputs WHERE consultation_id = $1 AND (state <> 'applied' OR NOT confirmed)`, c.id) == 0
	})
	for what, query := range map[string]string{
		"entries of the history are there twice": `SELECT count(*) - count(DISTINCT (input_id, kind)) FROM history WHERE consultation_id = $1 AND input_id IS NOT NULL`,
		"steps are missing":                      `SELECT c.step - count(s.number) FROM consultations c JOIN steps s ON s.consultation_id = c.id WHERE c.id = $1 GROUP BY c.step`,
	} {
		if n := c.count(query, c.id); n != 0 {
			c.Errorf("%d %s", n, what)
		}
	}
	c.historiesReplay(advisory.WorkflowID(c.id))
}
