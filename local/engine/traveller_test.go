package engine_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"

	"miglobe/advisory"
)

// said is one decision of a journey.
type said struct {
	kind    advisory.TaskKind
	choice  advisory.Choice
	actor   string
	answers advisory.Answers
}

// straightOn is a journey without detours, decision by decision.
func straightOn() []said {
	session := []said{
		{advisory.ProposeSlots, advisory.Propose, "amina", pastSlots()},
		{advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}}},
		{advisory.RecordOutcome, advisory.WasHeld, "amina", nil},
		{advisory.WriteNote, advisory.Share, "amina", advisory.Answers{"topics": {typedText}}},
	}
	words := advisory.Answers{"goal": {typedText}, "need": {typedText}}
	way := []said{
		{advisory.ClaimRequest, advisory.Claim, "kim", nil}, {advisory.ReviewRequest, advisory.Accept, "kim", nil},
		{advisory.RecordAssessment, advisory.Record, "kim", words}, {advisory.ConfirmNeed, advisory.Confirm, "toni", words},
		{advisory.ChooseAdvisors, advisory.Choose, "kim", nil}, {advisory.AnswerInvitation, advisory.Accept, "amina", nil},
		{advisory.AnswerInvitation, advisory.Accept, "joseph", nil}, {advisory.AgreeToAdvisors, advisory.Agree, "toni", nil},
	}
	way = append(append(way, session...), said{advisory.DecideAccompaniment, advisory.Continue, "toni", nil})
	way = append(append(way, session...), said{advisory.DraftOptions, advisory.Share, "amina", advisory.Answers{"options.1.title": {typedText}}})
	for _, both := range []said{{kind: advisory.ConfirmOptions, choice: advisory.Confirm}, {kind: advisory.Evaluate, choice: advisory.Submit}} {
		for _, both.actor = range []string{"amina", "joseph", "toni"} {
			way = append(way, both)
		}
	}
	return append(way, said{advisory.CloseConsultation, advisory.Close, "kim", advisory.Answers{"summary": {typedText}}})
}

// traveller is a consultation that is some decisions on its way.
type traveller struct {
	*consultation
	decided int
	slowest time.Duration // of its decisions, from saying it to its effect
}

func setOut(t *testing.T, n int) (travellers []*traveller) {
	t.Helper()
	for range n {
		c := newConsultation(t)
		c.patient = true
		travellers = append(travellers, &traveller{consultation: c})
	}
	return travellers
}

// goOn lets all of them make some decisions at the same time, those who have not arrived.
func goOn(travellers []*traveller, decisions int) {
	var wg sync.WaitGroup
	for _, c := range travellers {
		wg.Go(func() {
			for range decisions {
				c.decide()
			}
		})
	}
	wg.Wait()
}

func (c *traveller) decide() {
	way := straightOn()
	if c.decided == len(way) || c.Failed() {
		return
	}
	next := way[c.decided]
	c.open(next.kind)
	began := time.Now()
	c.say(next.kind, next.choice, next.actor, next.answers)
	c.decided++
	c.slowest = max(c.slowest, time.Since(began))
}

// tookNewBranch tells whether a history has the marker, and what is ordered behind it.
func (c *traveller) tookNewBranch() bool {
	c.atRest(c.id)
	marked, ordered := false, false
	for _, event := range c.events(c.id).Events {
		text := event.String()
		marked = marked || event.EventType == enums.EVENT_TYPE_MARKER_RECORDED && strings.Contains(text, rehearsal)
		timer := event.GetTimerStartedEventAttributes()
		ordered = ordered || timer != nil && timer.StartToFireTimeout.AsDuration() == 24*time.Hour
	}
	if marked != ordered {
		c.Errorf("%s: marked %t, ordered %t", c.id, marked, ordered)
	}
	return marked
}

// failedTasks counts how often a worker could not go the way of the history.
func (c *traveller) failedTasks() (n int) {
	for _, event := range c.events(c.id).Events {
		if event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_FAILED || event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT {
			n++
		}
	}
	return n
}
