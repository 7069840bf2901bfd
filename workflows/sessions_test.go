package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// agree brings the session that looks for a date to one, which ends after so long.
func (j *journey) agree(number int, length time.Duration) {
	j.Helper()
	j.world.meeting = length
	j.settle(j.ofSession(advisory.ProposeSlots, number), advisory.Propose)
	j.at(time.Minute, func() { j.settle(j.ofSession(advisory.ChooseSlot, number), advisory.Choose) })
}

// ofSession is the open task of a kind about a session.
func (j *journey) ofSession(kind advisory.TaskKind, number int) *testTask {
	j.Helper()
	i := slices.IndexFunc(j.world.open(), func(t *testTask) bool { return t.Kind == kind && t.Session == number })
	if i < 0 {
		j.Fatalf("no open %s of session %d: %s", kind, number, j.world.describe())
	}
	return j.world.open()[i]
}

func TestSessionsOfOneConsultationOverlap(t *testing.T) {
	j := newJourney(t)
	var planned *reply
	j.at(time.Hour, func() { planned = j.do(advisory.PlanSession) })
	j.at(2*time.Hour, func() { j.agree(2, 5*day) })
	j.at(3*time.Hour, func() { j.agree(1, 10*day) })
	j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 2), advisory.WasHeld) })
	j.at(7*day, func() { j.settle(j.ofSession(advisory.WriteNote, 2), advisory.Share) })
	j.at(8*day, func() {
		if j.world.sessions[1].state != advisory.Scheduled || j.world.stage != advisory.Dialogue {
			t.Errorf("session 1 is %q in %q while its date is ahead", j.world.sessions[1].state, j.world.stage)
		}
	})
	j.at(11*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.WasHeld) })
	j.at(12*day, func() { j.settle(j.ofSession(advisory.WriteNote, 1), advisory.Share, enough) })
	j.runFrom(advisory.Dialogue, 13*day)
	j.applied(planned)
	if j.world.stage != advisory.Options || j.world.told(advisory.SessionsDone) != 1 {
		t.Errorf("stage %q, %d times done", j.world.stage, j.world.told(advisory.SessionsDone))
	}
	reminders := j.world.moments(isMail(advisory.MailAppointmentReminder))
	slices.Sort(reminders)
	if want := []string{"2026-03-05 13:01", "2026-03-06 12:01", "2026-03-11 13:01"}; !slices.Equal(reminders, want) {
		t.Errorf("reminders of both sessions %v, want %v", reminders, want)
	}
}

func TestASessionIsPlannedInTheDialogueOnly(t *testing.T) {
	for _, stage := range []advisory.Stage{advisory.Assignment, advisory.Opening, advisory.Options, advisory.Closing} {
		j := newJourney(t)
		var planned *reply
		j.at(time.Hour, func() { planned = j.do(advisory.PlanSession) })
		j.runFrom(stage, 2*time.Hour)
		j.refused(advisory.NotNow, planned)
	}
}

func TestEnoughWhileAnotherSessionHasADate(t *testing.T) {
	for name, c := range map[string]struct {
		last  func(*advisory.Input)
		stage advisory.Stage
	}{
		"the last note agrees":        {enough, advisory.Options},
		"the last note wants another": {func(*advisory.Input) {}, advisory.Dialogue},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t)
			var late *reply
			j.at(time.Hour, func() { j.do(advisory.PlanSession) })
			j.at(2*time.Hour, func() { j.agree(1, 5*day) })
			j.at(3*time.Hour, func() { j.agree(2, 10*day) })
			j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.WasHeld) })
			j.at(7*day, func() { j.settle(j.ofSession(advisory.WriteNote, 1), advisory.Share, enough) })
			j.at(8*day, func() {
				late = j.do(advisory.PlanSession)
				if j.world.stage != advisory.Dialogue || j.world.sessions[2].state != advisory.Scheduled {
					t.Errorf("in %q, session 2 %q", j.world.stage, j.world.sessions[2].state)
				}
			})
			j.at(11*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 2), advisory.WasHeld) })
			j.at(12*day, func() { j.settle(j.ofSession(advisory.WriteNote, 2), advisory.Share, c.last) })
			j.runFrom(advisory.Dialogue, 13*day)
			j.refused(advisory.NotNow, late)
			if j.world.stage != c.stage {
				t.Errorf("stage %q, want %q", j.world.stage, c.stage)
			}
		})
	}
}

func TestEnoughDropsASessionWithoutADate(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.PlanSession) })
	j.at(2*time.Hour, func() { j.agree(1, 5*day) })
	j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.WasHeld) })
	j.at(7*day, func() { j.settle(j.ofSession(advisory.WriteNote, 1), advisory.Share, enough) })
	j.runFrom(advisory.Dialogue, 8*day)
	if j.world.stage != advisory.Options || j.world.told(advisory.SessionDropped) != 1 || j.world.sessions[2].state != advisory.Cancelled {
		t.Errorf("stage %q, session 2 %q, history %v", j.world.stage, j.world.sessions[2].state, j.world.history())
	}
}

// What was called off after the sessions were said to be done is not dated again.
func TestEnoughAndThenTheLastDateIsCancelled(t *testing.T) {
	j := newJourney(t)
	var cancelled *reply
	j.at(time.Hour, func() { j.do(advisory.PlanSession) })
	j.at(2*time.Hour, func() { j.agree(1, 5*day) })
	j.at(3*time.Hour, func() { j.agree(2, 20*day) })
	j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.WasHeld) })
	j.at(7*day, func() { j.settle(j.ofSession(advisory.WriteNote, 1), advisory.Share, enough) })
	j.at(8*day, func() { cancelled = j.do(advisory.CancelAppointment, ofSession(2)) })
	j.runFrom(advisory.Dialogue, 9*day)
	j.applied(cancelled)
	if j.world.stage != advisory.Options {
		t.Errorf("stage %q, open %s", j.world.stage, j.world.describe())
	}
}

func TestTheMunicipalityCorrectsANote(t *testing.T) {
	j := newJourney(t)
	var corrected, foreign *reply
	j.at(time.Hour, func() { j.agree(1, 5*day) })
	j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.WasHeld) })
	j.at(7*day, func() { j.settle(j.ofSession(advisory.WriteNote, 1), advisory.Share) })
	j.at(8*day, func() {
		corrected = j.do(advisory.CorrectNote, ofSession(1))
		foreign = j.do(advisory.CorrectNote, ofSession(7))
	})
	j.runFrom(advisory.Opening, 9*day)
	j.applied(corrected)
	j.refused(advisory.NotNow, foreign)
	if j.world.told(advisory.NoteCorrected) != 1 {
		t.Errorf("history %v", j.world.history())
	}
}

func TestANoShowBringsANeutralMailAndNewSlots(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.agree(1, 5*day) })
	j.at(6*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.MunicipalityAway) })
	j.at(7*day, func() {
		if j.world.find(advisory.CallParticipants) != nil {
			t.Error("a call after the first no-show")
		}
		j.agree(1, 5*day)
	})
	j.at(13*day, func() { j.settle(j.ofSession(advisory.RecordOutcome, 1), advisory.AdvisorAway) })
	j.runFrom(advisory.Opening, 14*day)
	slots, call := j.ofSession(advisory.ProposeSlots, 1), j.world.find(advisory.CallParticipants)
	if call == nil || call.About != slots.ID || j.world.mailed(advisory.MailSessionMissed) != 2 {
		t.Errorf("%d mails, open %s", j.world.mailed(advisory.MailSessionMissed), j.world.describe())
	}
}
