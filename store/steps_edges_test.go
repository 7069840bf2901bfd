package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// tells journals an input that settles no task and returns its id.
func (d *desk) tells(kind advisory.InputKind, person string, answers advisory.Answers, refine ...func(*advisory.Input)) string {
	d.Helper()
	in := advisory.Input{ID: uuid.NewString(), Kind: kind, Actor: d.people[person]}
	for _, f := range refine {
		f(&in)
	}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Answers: answers, EnteredAt: monday})
	d.must(err)
	return in.ID
}

func boolean(b bool) *bool { return &b }

func days(n int) time.Time { return monday.AddDate(0, 0, n) }

func TestARestKeepsEveryRemainingTime(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""), d.opens(2, advisory.CheckAddress, advisory.Coordinator, "kim"))
	in := d.tells(advisory.BeginRest, "kim", advisory.Answers{"reason": {"municipal_break"}, "resume_on": {"2026-04-20"}})
	result := d.writeAt(days(2), advisory.Entry{Rest: boolean(true), History: advisory.RestBegun, Input: in})
	if want := time.Date(2026, 4, 20, 8, 0, 0, 0, advisory.Berlin); !near(result.Rest.ResumeAt, days(2), want) {
		t.Errorf("it goes on at %v", result.Rest.ResumeAt)
	}
	if want := time.Date(2026, 4, 13, 8, 0, 0, 0, advisory.Berlin); !near(result.Rest.AskAt, days(2), want) {
		t.Errorf("the question goes out at %v, 5 working days before 20 April", result.Rest.AskAt)
	}
	if got := d.read(`SELECT rest_until || ' ' || rest_reason FROM consultations`); got != "2026-04-20 municipal_break" {
		t.Errorf("rests until %s", got)
	}
	d.writeAt(days(3), d.opens(3, advisory.ProposeSlots, advisory.Advisor, "amina"))
	result = d.writeAt(days(14), advisory.Entry{Rest: boolean(false), History: advisory.RestEnded})
	// Eight of ten working days were left on Wednesday 4 March; from Monday 16 March that is Thursday 26 March.
	if got := d.read(`SELECT due_on FROM tasks WHERE kind = 'confirm_need'`); got[:10] != "2026-03-26" {
		t.Errorf("due on %s", got)
	}
	// What opened while it rested has all its five working days.
	if got := d.read(`SELECT due_on FROM tasks WHERE kind = 'propose_slots'`); got[:10] != "2026-03-23" {
		t.Errorf("what opened meanwhile is due on %s", got)
	}
	if _, moved := result.Schedules[advisory.TaskID(d.consultation, 2)]; moved {
		t.Error("what runs on while it rests was moved")
	}
	if got := d.read(`SELECT coalesce(rest_until::text, 'goes on') FROM consultations`); got != "goes on" {
		t.Errorf("rests until %s", got)
	}
}

// near compares an instant for a timer with business time, at the clock of a step written at a moment.
func near(real, at, want time.Time) bool {
	return showing(at).At(real).Sub(want).Abs() < time.Minute
}

func TestARestThatNobodyAskedForEndsAtTheLongest(t *testing.T) {
	d := newDesk(t)
	d.write(advisory.Entry{Rest: boolean(true), History: advisory.RestBegun})
	if got := d.read(`SELECT rest_until || ' ' || rest_reason FROM consultations`); got != "2026-09-02 question_open" {
		t.Errorf("rests until %s", got)
	}
}

func TestAWithdrawalCanBeTakenBack(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	in := d.tells(advisory.Withdraw, "toni", nil)
	result := d.write(advisory.Entry{History: advisory.ConsultationWithdrawn, Input: in},
		advisory.Entry{Close: advisory.TaskID(d.consultation, 1), State: advisory.Obsolete}, advisory.Entry{Outcome: advisory.Withdrawn})
	if want := time.Date(2026, 3, 17, 0, 0, 0, 0, advisory.Berlin); !near(result.UndoUntil, monday, want) {
		t.Errorf("can be undone until %v: the whole of the 14th day", result.UndoUntil)
	}
	if got := d.read(`SELECT outcome || ' ' || (ended_at IS NULL)::text FROM consultations`); got != "withdrawn true" {
		t.Errorf("consultation is %s", got)
	}
	d.write(advisory.Entry{Undone: true, History: advisory.WithdrawalUndone, Input: d.tells(advisory.UndoWithdrawal, "toni", nil)},
		d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	if got := d.read(`SELECT outcome || '/' || (closed_at IS NULL)::text || '/' || (undo_until IS NULL)::text FROM consultations`); got != "/true/true" {
		t.Errorf("after the undo: %s", got)
	}
	if got := d.read(`SELECT string_agg(state, ' ' ORDER BY task_id) FROM invitations`); got != "withdrawn open" {
		t.Errorf("invitations %s", got)
	}
	closed := days(20)
	d.writeAt(days(5), advisory.Entry{Outcome: advisory.Withdrawn})
	d.writeAt(closed, advisory.Entry{Outcome: advisory.Withdrawn, Ended: true})
	if got := d.read(`SELECT (ended_at::date - closed_at::date)::text FROM consultations`); got != "15" {
		t.Errorf("closed %s days before it ended", got)
	}
}

func TestWhoLeavesTheTeamHasNoAccessAnyMore(t *testing.T) {
	d := newDesk(t)
	team := func(lead string, names ...string) advisory.Entry {
		var ids []string
		for _, name := range names {
			ids = append(ids, d.people[name])
		}
		return advisory.Entry{Team: &advisory.Team{Advisors: ids, Lead: d.people[lead]}}
	}
	d.write(team("amina", "amina", "joseph"), advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsWanted}})
	d.exec(`UPDATE sessions SET state = 'scheduled', starts_at = $1, ends_at = $1`, days(9))
	in := d.tells(advisory.ReplaceAdvisor, "kim", advisory.Answers{"reason": {"long_absence"}, "handover_note": {"Alles gesagt"}},
		func(in *advisory.Input) { in.Person = d.people["amina"] })
	d.write(advisory.Entry{History: advisory.ReplacementBegun, Input: in}, team("", "joseph"))
	for name, want := range map[string]bool{"amina": false, "joseph": true} {
		relation, err := d.store.Relation(d.ctx, d.consultation, d.people[name], monday)
		d.must(err)
		if relation.Participates() != want {
			t.Errorf("%s takes part: %t", name, relation.Participates())
		}
	}
	if got := d.read(`SELECT sequence FROM sessions`); got != "1" {
		t.Errorf("sequence %s: the entry names others now", got)
	}
	if got := d.read(`SELECT advisor_id FROM replacements`); got != d.people["amina"] {
		t.Errorf("replaced is %s", got)
	}
}

func TestAMovedAppointmentKeepsWhatWasNotChanged(t *testing.T) {
	d := newDesk(t)
	d.write(advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsWanted}})
	d.exec(`UPDATE sessions SET state = 'scheduled', starts_at = $1::timestamptz, ends_at = $1::timestamptz + interval '90 minutes', place = 'Rathaus'`, days(20))
	move := func(answers advisory.Answers) advisory.StepResult {
		in := d.tells(advisory.MoveAppointment, "toni", answers, func(in *advisory.Input) { in.Session = 1 })
		return d.write(advisory.Entry{History: advisory.AppointmentMoved, Input: in,
			Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.Scheduled, Moved: true}})
	}
	// The day on which summer time begins lies between old and new date: the time of day is what people said.
	result := move(advisory.Answers{"date": {"2026-03-30"}, "start_time": {"14:00"}})
	if got := d.read(`SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'DD.MM. HH24:MI') || to_char(ends_at AT TIME ZONE 'Europe/Berlin', '-HH24:MI ') || place || sequence FROM sessions`); got != "30.03. 14:00-15:30 Rathaus1" {
		t.Errorf("moved to %s", got)
	}
	if n := len(result.Appointments[1].Reminders); n != 2 {
		t.Errorf("%d reminders of the new date", n)
	}
	move(advisory.Answers{"date": {"2026-03-30"}, "start_time": {"15:00"}, "duration": {"minutes_60"}, "place": {"https://video.example/1"}})
	if got := d.read(`SELECT to_char(ends_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI ') || place || sequence FROM sessions`); got != "16:00 https://video.example/12" {
		t.Errorf("moved again to %s", got)
	}
}

func TestAProposedGoalCountsOnceItIsConfirmed(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"), d.opens(2, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.write(d.said(1, advisory.Record, "kim", advisory.Answers{"goal": {"erstes"}, "need": {"Bedarf"}}))
	d.write(d.said(2, advisory.Confirm, "toni", nil))
	propose := func(n int, choice advisory.Choice, goal string) {
		in := d.tells(advisory.ProposeGoal, "amina", advisory.Answers{"goal": {goal}, "need": {"Bedarf"}})
		d.write(advisory.Entry{History: advisory.GoalChangeProposed, Input: in}, d.opens(n, advisory.ConfirmGoalChange, advisory.Municipality, ""))
		d.write(d.said(n, choice, "toni", nil))
	}
	propose(3, advisory.Keep, "abgelehntes")
	propose(4, advisory.Confirm, "zweites")
	d.write(advisory.Entry{History: advisory.GoalChanged, Input: d.tells(advisory.ProposeGoal, "toni", advisory.Answers{"goal": {"drittes"}, "need": {"Bedarf"}})})
	got := d.read(`SELECT string_agg(goal || CASE WHEN confirmed_at IS NOT NULL THEN '+' WHEN declined_at IS NOT NULL THEN '-' ELSE '?' END, ' ' ORDER BY version) FROM goal_versions`)
	if got != "erstes+ abgelehntes- zweites+ drittes+" {
		t.Errorf("versions: %s", got)
	}
}

func TestADeputyGetsTheMailAndNobodyAbsentIsReminded(t *testing.T) {
	d := newDesk(t)
	absent := func(name, deputy string) {
		d.exec(`INSERT INTO absences (id, person_id, from_at, until_at, deputy_id) VALUES ($1, $2, $3, $4, NULLIF($5, '')::uuid)`,
			uuid.NewString(), d.people[name], days(-1), days(3), d.people[deputy])
	}
	absent("kim", "robin")
	absent("amina", "")
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"), d.opens(2, advisory.ProposeSlots, advisory.Advisor, "amina"),
		d.opens(3, advisory.ClaimRequest, advisory.Coordinator, ""))
	d.write(advisory.Entry{Remind: 1, Task: advisory.TaskID(d.consultation, 1)}, advisory.Entry{Remind: 1, Task: advisory.TaskID(d.consultation, 2)})
	for name, want := range map[string][]string{
		"kim":   nil,
		"robin": {"staff_task_opened", "staff_task_opened", "staff_task_reminder"},
		"amina": {"propose_slots_opened"}, // waits until she is back; the reminder does not
	} {
		got := d.mailsTo(name)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s gets %v", name, got)
		}
	}
}

func TestRemindersOfAnAppointmentComeOnWorkingDays(t *testing.T) {
	d := newDesk(t)
	d.write(advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsWanted}})
	// Tuesday after Easter: the day before is Easter Monday, a week before is a Tuesday.
	d.exec(`UPDATE sessions SET starts_at = '2026-04-07 14:00+02', ends_at = '2026-04-07 15:00+02'`)
	result := d.write(advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.Scheduled}})
	want := []time.Time{time.Date(2026, 3, 31, 8, 0, 0, 0, advisory.Berlin), time.Date(2026, 4, 2, 8, 0, 0, 0, advisory.Berlin)}
	for i, at := range result.Appointments[1].Reminders {
		if !near(at, monday, want[i]) {
			t.Errorf("reminder %d at %v, not %v", i, showing(monday).At(at), want[i])
		}
	}
	if len(result.Appointments[1].Reminders) != 2 {
		t.Error("not two reminders")
	}
}
