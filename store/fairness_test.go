package store_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// invited writes an invitation of somebody as it stands in the database, answered after some hours where they are not 0.
func (d *desk) invited(person, state string, at time.Time, answerHours int) {
	d.Helper()
	d.steps++
	id := advisory.TaskID(d.consultation, 100+d.steps)
	d.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, opened_at, due_on)
		VALUES ($1, $2::uuid, $2::text, 'answer_invitation', 'advisor', $3, $4::timestamptz, $4::timestamptz)`, id, d.consultation, d.people[person], at)
	d.exec(`INSERT INTO invitations (task_id, consultation_id, advisor_id, state, invited_at, answered_at)
		VALUES ($1, $2, $3, $4, $5::timestamptz, CASE WHEN $6::int > 0 THEN $5::timestamptz + $6 * interval '1 hour' END)`,
		id, d.consultation, d.people[person], state, at, answerHours)
}

func berlin(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, advisory.Berlin)
}

// spring is the second quarter of 2026, in a database whose accounts are older.
func spring(t *testing.T) (*desk, store.Period) {
	d := newDesk(t)
	d.exec(`UPDATE persons SET created_at = '2025-01-01'`)
	return d, store.Period{From: berlin(2026, time.April, 1, 0), Until: berlin(2026, time.July, 1, 0)}
}

func (d *desk) invitationsOf(person string, period store.Period) store.AdvisorInvitations {
	d.Helper()
	found, err := d.store.AdvisorInvitations(d.ctx, period)
	d.must(err)
	i := slices.IndexFunc(found, func(a store.AdvisorInvitations) bool { return a.PersonID == d.people[person] })
	if i < 0 {
		d.Fatalf("%s is missing", person)
	}
	return found[i]
}

func TestInvitationsAreCountedByWhatBecameOfThem(t *testing.T) {
	d, period := spring(t)
	d.invited("amina", "accepted", berlin(2026, time.April, 1, 0), 24)
	d.invited("amina", "declined", berlin(2026, time.April, 20, 9), 48)
	d.invited("amina", "conflict_of_interest", berlin(2026, time.May, 4, 9), 12)
	d.invited("amina", "lapsed", berlin(2026, time.May, 5, 9), 120)
	d.invited("amina", "withdrawn", berlin(2026, time.May, 6, 9), 1)
	d.invited("amina", "open", berlin(2026, time.June, 30, 23), 0)
	d.invited("amina", "accepted", berlin(2026, time.March, 31, 23), 1) // before
	d.invited("amina", "accepted", berlin(2026, time.July, 1, 0), 1)    // after
	got := d.invitationsOf("amina", period)
	want := store.InvitationCounts{Invited: 6, Accepted: 1, Declined: 1, Conflicts: 1, Lapsed: 1, Withdrawn: 1, Open: 1, Answered: 3, AnswerHours: 84}
	if got.InvitationCounts != want || got.AverageAnswer() != 28*time.Hour {
		t.Errorf("%+v, answered after %v", got.InvitationCounts, got.AverageAnswer())
	}
	if none := d.invitationsOf("joseph", period); none.InvitationCounts != (store.InvitationCounts{}) || none.AverageAnswer() != 0 {
		t.Errorf("who was not asked: %+v", none.InvitationCounts)
	}
}

func TestAbsencesCountAsFarAsTheyLieInThePeriod(t *testing.T) {
	d, period := spring(t)
	for _, days := range [][2]time.Time{
		{berlin(2026, time.March, 30, 0), berlin(2026, time.April, 3, 0)},    // two days of it
		{berlin(2026, time.May, 4, 12), berlin(2026, time.May, 6, 0)},        // a day and a half
		{berlin(2026, time.June, 30, 0), berlin(2026, time.July, 20, 0)},     // one day of it
		{berlin(2026, time.August, 1, 0), berlin(2026, time.August, 20, 0)},  // none
		{berlin(2026, time.January, 1, 0), berlin(2026, time.January, 9, 0)}, // none
	} {
		d.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES (gen_random_uuid(), $1, $2, $3)`, d.people["amina"], days[0], days[1])
	}
	if got := d.invitationsOf("amina", period).AbsentDays; got != 4.5 {
		t.Errorf("%v days", got)
	}
}

func TestWhoCountsAsPartOfThePool(t *testing.T) {
	d, period := spring(t)
	d.invited("amina", "accepted", berlin(2026, time.April, 8, 9), 5)
	d.exec(`UPDATE persons SET active = false, last_name = $2, first_name = '' WHERE id = $1`, d.people["amina"], advisory.Erased)
	d.exec(`UPDATE persons SET created_at = '2026-09-01' WHERE id = $1`, d.people["joseph"])
	found, err := d.store.AdvisorInvitations(d.ctx, period)
	d.must(err)
	if len(found) != 1 || !found[0].IsErased() || found[0].Accepted != 1 {
		t.Errorf("%+v, want only who was erased, as joseph came later", found)
	}
	later := store.Period{From: period.Until, Until: berlin(2027, time.January, 1, 0)}
	if found, err = d.store.AdvisorInvitations(d.ctx, later); err != nil || len(found) != 1 || found[0].PersonID != d.people["joseph"] {
		t.Errorf("later: %+v (%v)", found, err)
	}
}

func TestInvitationsOverTime(t *testing.T) {
	d, period := spring(t)
	d.invited("amina", "accepted", berlin(2026, time.April, 1, 0), 24) // still March in UTC
	d.invited("joseph", "declined", berlin(2026, time.April, 20, 9), 24)
	d.invited("amina", "open", berlin(2026, time.June, 30, 23), 0)
	told := func(unit store.PeriodUnit, person string) []string {
		parts, err := d.store.InvitationsOverTime(d.ctx, period, unit, d.people[person])
		d.must(err)
		var lines []string
		for _, part := range parts {
			lines = append(lines, part.Begins+" "+string(rune('0'+part.Invited))+" "+string(rune('0'+part.Accepted)))
		}
		return lines
	}
	if got := told(store.Monthly, ""); !slices.Equal(got, []string{"2026-04-01 2 1", "2026-06-01 1 0"}) {
		t.Errorf("by month: %q", got)
	}
	if got := told(store.Quarterly, ""); !slices.Equal(got, []string{"2026-04-01 3 1"}) {
		t.Errorf("by quarter: %q", got)
	}
	if got := told(store.Monthly, "amina"); !slices.Equal(got, []string{"2026-04-01 1 1", "2026-06-01 1 0"}) {
		t.Errorf("of one: %q", got)
	}
}

func TestChoicesTellWhetherTheFirstSuggestionWasInvited(t *testing.T) {
	d, period := spring(t)
	choose := func(at time.Time, answers advisory.Answers) {
		in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Actor: d.people["kim"]}
		_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Form: "choose_advisors",
			Answers: answers, EnteredAt: at})
		d.must(err)
		d.exec(`UPDATE inputs SET state = 'applied' WHERE id = $1`, in.ID)
	}
	choose(berlin(2026, time.April, 2, 9), advisory.Answers{"first_suggestion": {"invited"}})
	choose(berlin(2026, time.April, 3, 9), advisory.Answers{"first_suggestion": {"not_invited"}, "why_not_first": {"Kennt den Rat nicht."}})
	choose(berlin(2026, time.April, 4, 9), advisory.Answers{}) // the lead changed, or it was before this was noted
	choose(berlin(2026, time.July, 4, 9), advisory.Answers{"first_suggestion": {"invited"}, "why_not_first": {"Später."}})
	found, err := d.store.AdvisorChoices(d.ctx, period)
	d.must(err)
	if found != (store.AdvisorChoices{Known: 2, First: 1}) {
		t.Errorf("%+v", found)
	}
	reasons, err := d.store.NotedReasons(d.ctx, period, 10)
	d.must(err)
	if len(reasons) != 1 || reasons[0].Reason != "Kennt den Rat nicht." || reasons[0].Number != "MG-2026-0001" {
		t.Errorf("%+v", reasons)
	}
	d.exec(`UPDATE consultations SET anonymised_at = now()`)
	if reasons, err = d.store.NotedReasons(d.ctx, period, 10); err != nil || len(reasons) != 0 {
		t.Errorf("after the erasure: %+v (%v)", reasons, err)
	}
}

func TestOpenAssignmentsComeByDueDate(t *testing.T) {
	d := newDesk(t)
	for n := range 3 {
		d.write(d.opens(n+1, advisory.ChooseAdvisors, advisory.Coordinator, "kim"))
		d.exec(`UPDATE tasks SET due_on = $2 WHERE id = $1`, advisory.TaskID(d.consultation, n+1), days(9-n))
	}
	d.write(d.opens(4, advisory.WriteNote, advisory.Advisor, "amina"))
	d.exec(`UPDATE tasks SET state = 'done' WHERE id = $1`, advisory.TaskID(d.consultation, 1))
	tasks, total, err := d.store.OpenAssignments(d.ctx, 1)
	d.must(err)
	if total != 2 || len(tasks) != 1 || tasks[0].ID != advisory.TaskID(d.consultation, 3) {
		t.Errorf("%d, %+v", total, tasks)
	}
}

var wholeFairnessTable = regexp.MustCompile(`Seq Scan on (invitations|tasks|inputs|consultations|absences)`)

// The statements of the page go by indexes where there are years of invitations.
func TestFairnessIsCarriedByIndexes(t *testing.T) {
	d, period := spring(t)
	d.fillYears()
	d.exec(`INSERT INTO persons (id, email, role, first_name, last_name) SELECT gen_random_uuid(), n || '@pool.example', 'advisor', 'A', 'Muster' || n
		FROM generate_series(1, 20) n`)
	d.exec(`INSERT INTO advisors (person_id) SELECT id FROM persons WHERE email LIKE '%@pool.example'`)
	d.exec(`WITH pool AS (SELECT array_agg(id) AS ids FROM persons WHERE email LIKE '%@pool.example')
		INSERT INTO invitations (task_id, consultation_id, advisor_id, state, invited_at, answered_at)
		SELECT id, consultation_id, ids[1 + (random() * 19)::int], 'accepted', at, at + interval '2 days'
		FROM (SELECT t.id, consultation_id, timestamptz '2006-01-01' + random() * interval '21 years' AS at FROM tasks t) t, pool`)
	d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, answers, message, state, entered_at)
		SELECT gen_random_uuid(), id, id, 'task', $1, CASE WHEN random() < 0.1 THEN 'choose_advisors' ELSE 'note' END, '{}', '{}', 'applied',
			timestamptz '2006-01-01' + random() * interval '21 years' FROM consultations`, d.people["kim"])
	d.exec(`INSERT INTO absences (id, person_id, from_at, until_at) SELECT gen_random_uuid(), p.id, at, at + interval '3 days'
		FROM persons p, generate_series(1, 200) n, LATERAL (SELECT timestamptz '2006-01-01' + n * interval '30 days' AS at) x
		WHERE email LIKE '%@pool.example'`)
	for _, table := range []string{"invitations", "inputs", "absences"} {
		d.exec(`VACUUM ANALYZE ` + table)
	}
	for name, statement := range store.FairnessStatements(period, d.people["amina"]) {
		text, args := statement()
		if plan := d.plan(text, args...); wholeFairnessTable.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}
