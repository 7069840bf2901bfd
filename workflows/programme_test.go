package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

func ofVersion(version int) func(*advisory.Input) {
	return func(in *advisory.Input) { in.Version = version }
}

// isReminder tells a reminder of the second task, which is confirm_need here, from those of the call that it may lead to.
func isReminder(entry advisory.Entry) bool {
	return entry.Remind > 0 && entry.Task == advisory.TaskID(consultationID, 2)
}

// confirming is a journey in which the municipality has been asked to confirm its need on Monday, 2 March. By version 1 it
// is reminded after 5 and 9 working days; by version 2, which gives 4 working days more for everything, after 9 and 13.
func confirming(t *testing.T) *journey {
	j := newJourney(t)
	j.world.pause = 90 * day
	j.at(time.Minute, func() { j.say(advisory.RecordAssessment, advisory.Record) })
	return j
}

func TestAnotherProgrammeMovesTheDatesOfWhatIsOpen(t *testing.T) {
	for name, c := range map[string]struct {
		adopts time.Time
		want   []string
	}{
		"before anything happened":              {berlin(2026, time.March, 4, 10), []string{"2026-03-13 08:00", "2026-03-19 08:00"}},
		"a reminder that was sent is not again": {berlin(2026, time.March, 10, 10), []string{"2026-03-09 08:00", "2026-03-19 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := confirming(t)
			var adopted, again *reply
			j.at(since(c.adopts), func() { adopted = j.do(advisory.AdoptProgramme, ofVersion(2)) })
			j.at(since(c.adopts)+time.Hour, func() { again = j.do(advisory.AdoptProgramme, ofVersion(2)) })
			j.runFrom(advisory.Assessment, 40*day)
			j.applied(adopted)
			j.refused(advisory.AlreadyAdopted, again)
			if got := j.world.moments(isReminder); !slices.Equal(got, c.want) {
				t.Errorf("reminded %v, want %v", got, c.want)
			}
			if due := j.world.find(advisory.ConfirmNeed).dates.DueOn; !due.Equal(northRhine.AddWorkdays(berlin(2026, time.March, 2, 10), 14)) {
				t.Errorf("due on %v", due)
			}
			if calls := j.world.moments(opensKind(advisory.CallParticipants)); !slices.Equal(calls, []string{"2026-03-23 08:00"}) {
				t.Errorf("called %v", calls) // 14 full working days after the task opened
			}
		})
	}
}

func TestNoOpenDateMovesIntoThePast(t *testing.T) {
	j := confirming(t)
	var later, refused *reply
	j.at(day, func() { later = j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.at(since(berlin(2026, time.March, 9, 8)), func() { refused = j.do(advisory.AdoptProgramme, ofVersion(3)) }) // the instant of version 3's reminder
	j.runFrom(advisory.Assessment, 20*day)
	j.applied(later)
	j.refused(advisory.DateInThePast, refused)
	if got := j.world.moments(isReminder); !slices.Equal(got, []string{"2026-03-13 08:00", "2026-03-19 08:00"}) {
		t.Errorf("reminded %v: a refusal changes nothing", got)
	}
}

func TestWhatIsOverdueMayFollowAnotherProgramme(t *testing.T) {
	j := confirming(t)
	j.world.version = func(version int) advisory.Programme {
		p := advisory.DefaultProgramme()
		p.Version = version
		return p
	}
	var adopted *reply
	j.at(30*day, func() { adopted = j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.runFrom(advisory.Assessment, 40*day)
	j.applied(adopted)
	task := j.world.find(advisory.ConfirmNeed)
	want := []string{"2026-03-09 08:00:00 reminder 1", "2026-03-13 08:00:00 reminder 2", "2026-03-17 08:00:00 call_participants"}
	if got := j.pressed(task); !slices.Equal(got, want) {
		t.Errorf("pressed %q", got)
	}
}

// The old instant comes while the new ones are awaited, behind another step: it is moved, and nothing happens twice.
func TestAReminderThatComesWhileTheProgrammeChanges(t *testing.T) {
	j := confirming(t)
	instant := since(berlin(2026, time.March, 9, 8))
	j.at(instant-time.Second, func() {
		j.world.latency = 2 * time.Second
		j.do(advisory.ClarifyAddress, ofPerson("toni"))
	})
	j.at(instant-time.Second/2, func() { j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.at(since(berlin(2026, time.March, 9, 9)), func() { j.world.latency = 0 })
	j.runFrom(advisory.Assessment, 20*day)
	if got := j.world.moments(isReminder); !slices.Equal(got, []string{"2026-03-13 08:00", "2026-03-19 08:00"}) {
		t.Errorf("reminded %v", got)
	}
}

// Version 2's reminders are 9 and 13 working days after the task opened. It had run for 3 when it began to rest on Thursday,
// 5 March; on Wednesday, 22 April it goes on, so that the first is 6 working days after that, and the second 10, beyond a public holiday.
func TestAnotherProgrammeAndARest(t *testing.T) {
	rested, resumed := since(berlin(2026, time.March, 5, 10)), since(berlin(2026, time.April, 22, 15))
	for name, adopts := range map[string]time.Duration{
		"during it":  rested + 20*day,
		"before it":  rested - time.Hour,
		"after it":   resumed + 2*time.Hour,
		"at its end": resumed,
	} {
		t.Run(name, func(t *testing.T) {
			j := confirming(t)
			var adopted *reply
			j.at(rested, func() { j.do(advisory.BeginRest) })
			j.at(resumed, func() { j.do(advisory.EndRest) })
			j.at(adopts, func() { adopted = j.do(advisory.AdoptProgramme, ofVersion(2)) })
			j.runFrom(advisory.Assessment, 90*day)
			j.applied(adopted)
			if got := j.world.moments(isReminder); !slices.Equal(got, []string{"2026-04-30 08:00", "2026-05-07 08:00"}) {
				t.Errorf("reminded %v", got)
			}
		})
	}
}

func TestWhatHasEndedFollowsNoOtherProgramme(t *testing.T) {
	j := confirming(t)
	var withdrawn, adopted *reply
	j.at(day, func() { j.do(advisory.Withdraw) })
	j.at(2*day, func() { withdrawn = j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.at(3*day, func() { j.do(advisory.UndoWithdrawal) })
	j.at(4*day, func() { adopted = j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.runFrom(advisory.Assessment, 5*day)
	j.refused(advisory.ConsultationEnded, withdrawn)
	j.applied(adopted)
}

// The counts that the journey turns on are the new version's.
func TestAnotherProgrammeCountsOtherwise(t *testing.T) {
	j := newJourney(t)
	j.world.version = func(version int) advisory.Programme {
		p := advisory.DefaultProgramme()
		p.Version, p.SlotRounds = version, 1
		return p
	}
	j.at(time.Hour, func() { j.do(advisory.AdoptProgramme, ofVersion(2)) })
	j.at(2*time.Hour, func() { j.say(advisory.ProposeSlots, advisory.Propose) })
	j.at(3*time.Hour, func() { j.say(advisory.ChooseSlot, advisory.CounterPropose) })
	j.runFrom(advisory.Opening, 5*time.Hour)
	if j.world.find(advisory.CallParticipants) == nil {
		t.Errorf("nobody calls after the only round; open %s", j.world.describe())
	}
}
