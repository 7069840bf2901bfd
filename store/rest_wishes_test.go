package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// asksForRest journals the wish for a rest and returns the input's id.
func (d *desk) asksForRest(who, comment string, at time.Time) string {
	d.Helper()
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.AskForRest, Actor: d.people[who]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Form: "ask_for_rest",
		Answers: advisory.Answers{"reason": {"workload"}, "comment": {comment}}, EnteredAt: at})
	d.must(err)
	return in.ID
}

func TestRestWishIsTheOneThatTheTaskIsAbout(t *testing.T) {
	d := newDesk(t)
	asks := func(day int, who, comment string) {
		in := d.asksForRest(who, comment, days(day))
		d.writeAt(days(day), advisory.Entry{History: advisory.RestAsked, Input: in})
	}
	wants := func(task int, want string) {
		t.Helper()
		said, err := d.store.RestWish(d.ctx, advisory.TaskID(d.consultation, task))
		if err != nil || said.Answers.Get("comment") != want {
			t.Errorf("task %d is about %q, want %q (%v)", task, said.Answers.Get("comment"), want, err)
		}
	}
	d.writeAt(days(0), d.opens(1, advisory.DecideRest, advisory.Coordinator, "kim"))
	wants(1, "")
	d.asksForRest("toni", "nicht angekommen", days(0))
	wants(1, "")
	asks(1, "amina", "Ferien")
	d.writeAt(days(2), d.opens(2, advisory.DecideRest, advisory.Coordinator, "kim"))
	wants(2, "Ferien")
	d.writeAt(days(3), advisory.Entry{History: advisory.RestRefused})
	d.writeAt(days(70), d.opens(3, advisory.DecideRest, advisory.Coordinator, "kim"))
	wants(3, "")
	asks(71, "toni", "Wahl")
	d.writeAt(days(72), d.opens(4, advisory.DecideRest, advisory.Coordinator, "kim"))
	wants(4, "Wahl")
	d.writeAt(days(80), advisory.Entry{History: advisory.OutcomeRecorded})
	d.writeAt(days(150), d.opens(5, advisory.DecideRest, advisory.Coordinator, "kim"))
	wants(5, "")
}

func TestWhatIsWithdrawnIsNoRunningConsultation(t *testing.T) {
	d := newDesk(t)
	running := func() (n int) {
		counts, err := d.store.StageCounts(d.ctx)
		d.must(err)
		for _, count := range counts {
			n += count.N
		}
		return n
	}
	if n := running(); n != 1 {
		t.Fatalf("%d running consultations", n)
	}
	d.write(advisory.Entry{Outcome: advisory.Withdrawn})
	c, err := d.store.ConsultationByID(d.ctx, d.consultation)
	d.must(err)
	if n := running(); n != 0 || c.IsRunning() {
		t.Errorf("%d running consultations while it can be taken up again", n)
	}
	last := c.LastUndoDay()
	if !c.CanBeTakenUp(last) || c.CanBeTakenUp(*c.UndoUntil) || c.CanBeTakenUp(last.AddDate(0, 0, 1)) {
		t.Errorf("can be taken up again until %v", c.UndoUntil)
	}
	d.write(advisory.Entry{Undone: true, History: advisory.WithdrawalUndone})
	if c, err = d.store.ConsultationByID(d.ctx, d.consultation); err != nil || running() != 1 || c.CanBeTakenUp(last) {
		t.Errorf("%d running consultations after it was taken up again", running())
	}
}
