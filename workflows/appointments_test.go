package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// dated begins a dialogue whose first session has a date that ends after so long.
func dated(t *testing.T, length time.Duration) *journey {
	j := newJourney(t)
	j.at(time.Hour-time.Minute, func() { j.agree(1, length) }) // chosen at 11:00
	return j
}

func TestRemindersOfAnAppointment(t *testing.T) {
	for name, c := range map[string]struct {
		length time.Duration
		want   []string
	}{
		"7 days and 1 day before":         {10 * day, []string{"2026-03-05 11:00", "2026-03-11 11:00"}},
		"1 day before a date within days": {4 * day, []string{"2026-03-05 11:00"}},
		"none of a date within hours":     {5 * time.Hour, nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := dated(t, c.length)
			j.runFrom(advisory.Dialogue, 12*day)
			if got := j.world.moments(isMail(advisory.MailAppointmentReminder)); !slices.Equal(got, c.want) {
				t.Errorf("reminded %v, want %v", got, c.want)
			}
			if j.world.find(advisory.RecordOutcome) == nil {
				t.Errorf("after the end: %s", j.world.describe())
			}
		})
	}
}

func TestAMovedAppointmentIsRemindedOfByItsNewDateOnly(t *testing.T) {
	for name, c := range map[string]struct {
		moved time.Duration // when
		want  []string
	}{
		"before the first reminder":  {day, []string{"2026-03-16 10:00", "2026-03-22 10:00"}},
		"between them":               {5 * day, []string{"2026-03-05 11:00", "2026-03-20 10:00", "2026-03-26 10:00"}},
		"at the very instant of one": {3*day + time.Hour, []string{"2026-03-05 11:00", "2026-03-18 11:00", "2026-03-24 11:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := dated(t, 10*day)
			var moved *reply
			j.at(c.moved, func() {
				j.world.meeting = 20 * day
				moved = j.do(advisory.MoveAppointment, ofSession(1))
			})
			j.runFrom(advisory.Dialogue, 27*day)
			j.applied(moved)
			got := j.world.moments(isMail(advisory.MailAppointmentReminder))
			if name == "at the very instant of one" && len(got) == 2 {
				got = slices.Insert(got, 0, c.want[0]) // whichever came first
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("reminded %v, want %v", got, c.want)
			}
			if j.world.mailed(advisory.MailAppointmentMoved) != 1 || j.world.told(advisory.AppointmentMoved) != 1 {
				t.Errorf("mails %v", j.world.mails())
			}
			if asked := len(j.world.moments(opensKind(advisory.RecordOutcome))); asked != 1 {
				t.Errorf("asked for the outcome %d times", asked)
			}
		})
	}
}

// The new date comes with a step; while it waits for another one, nobody is reminded of the old date.
func TestTheOldDateIsOverAsSoonAsItIsMoved(t *testing.T) {
	j := dated(t, 10*day)
	reminder := 3*day + time.Hour
	j.at(2*time.Hour, func() { j.do(advisory.PlanSession) })
	j.at(reminder-2*time.Minute, func() {
		j.world.away = j.world.now().Add(time.Hour)
		j.settle(j.ofSession(advisory.ProposeSlots, 2), advisory.Propose)
	})
	j.at(reminder-time.Minute, func() {
		j.world.meeting = 20 * day
		j.do(advisory.MoveAppointment, ofSession(1))
	})
	j.runFrom(advisory.Dialogue, 5*day)
	if got := j.world.mailed(advisory.MailAppointmentReminder); got != 0 {
		t.Errorf("%d reminders of the old date", got)
	}
}

func TestACancelledAppointmentBringsNewSlots(t *testing.T) {
	j := dated(t, 10*day)
	var cancelled, again *reply
	j.at(2*day, func() { cancelled = j.do(advisory.CancelAppointment, ofSession(1)) })
	j.at(3*day, func() {
		again = j.do(advisory.CancelAppointment, ofSession(1))
		j.agree(1, 20*day)
	})
	j.runFrom(advisory.Dialogue, 12*day)
	j.applied(cancelled)
	j.refused(advisory.NotNow, again)
	if got := j.world.moments(isMail(advisory.MailAppointmentReminder)); len(got) != 0 {
		t.Errorf("reminded of the cancelled date: %v", got)
	}
	if j.world.mailed(advisory.MailAppointmentCancelled) != 1 || j.world.sessions[1].state != advisory.Scheduled {
		t.Errorf("mails %v, session %q", j.world.mails(), j.world.sessions[1].state)
	}
}

func TestOnlyADateAheadIsMovedOrCancelled(t *testing.T) {
	j := dated(t, 5*day)
	var before, foreign, after []*reply
	both := func(number int) []*reply {
		return []*reply{j.do(advisory.MoveAppointment, ofSession(number)), j.do(advisory.CancelAppointment, ofSession(number))}
	}
	j.at(30*time.Minute, func() { before = both(1) })
	j.at(day, func() { foreign = both(2) })
	j.at(6*day, func() { after = both(1) })
	j.runFrom(advisory.Dialogue, 7*day)
	j.refused(advisory.NotNow, slices.Concat(before, foreign, after)...)
}
