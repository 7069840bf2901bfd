package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// accompanied is a desk whose consultation has amina as lead and joseph in the team.
func accompanied(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.write(advisory.Entry{Team: &advisory.Team{Advisors: []string{d.people["amina"], d.people["joseph"]}, Lead: d.people["amina"]}})
	return d
}

// saidWith is said, with the form that the answers were entered in.
func (d *desk) saidWith(form string, n int, choice advisory.Choice, person string, answers advisory.Answers) advisory.Entry {
	d.Helper()
	entry := d.said(n, choice, person, answers)
	d.exec(`UPDATE inputs SET form = $2 WHERE id = $1`, entry.Input, form)
	return entry
}

func TestConsultationIsFoundByNumberAndID(t *testing.T) {
	d := newDesk(t)
	byNumber, err := d.store.ConsultationByNumber(d.ctx, " mg-2026-0001 ")
	d.must(err)
	byID, err := d.store.ConsultationByID(d.ctx, d.consultation)
	d.must(err)
	if byNumber.ID != d.consultation || byID.Number != "MG-2026-0001" || !byID.IsRunning() || byID.IsResting() {
		t.Errorf("found %+v and %+v", byNumber, byID)
	}
	for _, wrong := range []string{"MG-2026-9999", "", "x"} {
		if _, err := d.store.ConsultationByNumber(d.ctx, wrong); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("number %q: %v, want not_found", wrong, err)
		}
		if _, err := d.store.ConsultationByID(d.ctx, wrong); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("id %q: %v, want not_found", wrong, err)
		}
	}
}

func TestRelation(t *testing.T) {
	d := newDesk(t)
	person := func(name string) string {
		d.people[name] = savePerson(t, d.store, store.Person{
			Role: advisory.Advisor, Email: name + "@demo.example", FirstName: name, LastName: "Muster", Active: true})
		d.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, d.people[name])
		return d.people[name]
	}
	person("former")
	person("invited")
	person("declined")
	d.people["second"] = savePerson(t, d.store, store.Person{
		Role: advisory.Municipality, Email: "second@demo.example", FirstName: "Sam", LastName: "Muster", Active: true})
	d.exec(`INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)`, d.consultation, d.people["second"])
	d.write(advisory.Entry{Team: &advisory.Team{Advisors: []string{d.people["amina"], d.people["former"]}, Lead: d.people["amina"]}},
		d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "invited"), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "declined"))
	d.write(d.said(2, advisory.Decline, "declined", advisory.Answers{}))
	d.exec(`UPDATE team SET until = now() WHERE advisor_id = $1`, d.people["former"])
	for name, want := range map[string]store.Relation{
		"toni":     {Contact: true},
		"second":   {},
		"amina":    {Advisor: true, Lead: true},
		"former":   {FormerAdvisor: true},
		"invited":  {Invited: true},
		"declined": {},
		"joseph":   {},
		"kim":      {},
	} {
		got, err := d.store.Relation(d.ctx, d.consultation, d.people[name], monday)
		d.must(err)
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if sees := name == "toni" || name == "amina"; got.Participates() != sees {
			t.Errorf("%s participates: %v", name, got.Participates())
		}
		_, total, err := d.store.ConsultationsOfPerson(d.ctx, d.people[name], monday, 1)
		d.must(err)
		if (total == 1) != got.Participates() {
			t.Errorf("%s: %d consultations listed", name, total)
		}
	}
}

// fill adds consultations of which toni is the contact of the first few.
func (d *desk) fill(consultations, ofToni int) {
	d.Helper()
	d.exec(`
		INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, sent_at, updated_at, outcome)
		SELECT gen_random_uuid(), 'MG-2027-' || n, 'Ort ' || n, 'NW', 'Anliegen ' || n, 1, '{}', 1, 'review', $1, $1,
			$1::timestamptz + n * interval '1 minute', CASE WHEN n % 2 = 0 THEN 'completed' ELSE '' END
		FROM generate_series(1, $2::int) n`, monday, consultations)
	d.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at)
		SELECT id, $1, now() FROM consultations WHERE number LIKE 'MG-2027-%' ORDER BY updated_at LIMIT $2`, d.people["toni"], ofToni)
	d.exec(`ANALYZE`)
}

func TestListOfConsultationsHasPagesAndShowsWhatRunsFirst(t *testing.T) {
	d := newDesk(t)
	d.fill(60, 29)
	first, total, err := d.store.ConsultationsOfPerson(d.ctx, d.people["toni"], monday, 1)
	d.must(err)
	second, _, err := d.store.ConsultationsOfPerson(d.ctx, d.people["toni"], monday, 2)
	d.must(err)
	if total != 30 || len(first) != store.ConsultationsPerPage || len(second) != 5 {
		t.Fatalf("%d in all, %d and %d on the pages", total, len(first), len(second))
	}
	all := append(first, second...)
	if !slices.IsSortedFunc(all, func(a, b store.Consultation) int {
		if a.IsRunning() != b.IsRunning() {
			return map[bool]int{true: -1, false: 1}[a.IsRunning()]
		}
		return b.UpdatedAt.Compare(a.UpdatedAt)
	}) {
		t.Error("running ones do not come first, or not the latest change first")
	}
	if empty, _, err := d.store.ConsultationsOfPerson(d.ctx, d.people["toni"], monday, 9); err != nil || len(empty) != 0 {
		t.Errorf("a page behind the last: %d, %v", len(empty), err)
	}
}

// The lists of a person must not become slower with every consultation of somebody else.
func TestListsOfAPersonReadNoWholeTable(t *testing.T) {
	d := newDesk(t)
	d.fill(20_000, 30)
	d.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at)
		SELECT id, $1, now() FROM consultations ON CONFLICT DO NOTHING`, d.people["kim"])
	d.exec(`ANALYZE`)
	rows, err := d.store.DB().Query(`EXPLAIN SELECT c.number FROM (
		SELECT consultation_id FROM contacts WHERE person_id = $1 AND confirmed_at IS NOT NULL
		UNION SELECT consultation_id FROM team WHERE advisor_id = $1 AND until IS NULL) mine
		JOIN consultations c ON c.id = mine.consultation_id
		ORDER BY c.outcome = '' DESC, c.updated_at DESC, c.id LIMIT 25`, d.people["toni"])
	d.must(err)
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var line string
		d.must(rows.Scan(&line))
		plan = append(plan, line)
	}
	for _, table := range []string{"consultations", "contacts"} {
		if text := strings.Join(plan, "\n"); strings.Contains(text, "Seq Scan on "+table) {
			t.Errorf("reads all of %s:\n%s", table, text)
		}
	}
}

func TestStageDates(t *testing.T) {
	d := newDesk(t)
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	d.writeAt(day(1), advisory.Entry{History: advisory.RequestAccepted}, advisory.Entry{Stage: advisory.Assessment})
	d.writeAt(day(8), advisory.Entry{History: advisory.NeedConfirmed}, advisory.Entry{Stage: advisory.Assignment})
	d.writeAt(day(9), advisory.Entry{History: advisory.InvitationAccepted})
	d.writeAt(day(14), advisory.Entry{History: advisory.AdvisorsAgreed}, advisory.Entry{Stage: advisory.Opening})
	dates, err := d.store.StageDates(d.ctx, d.consultation)
	d.must(err)
	want := map[advisory.Stage]time.Time{
		advisory.Review: monday, advisory.Assessment: day(1), advisory.Assignment: day(8), advisory.Opening: day(14),
	}
	if len(dates) != len(want) {
		t.Errorf("stages %v", dates)
	}
	for stage, at := range want {
		if !dates[stage].Truncate(time.Minute).Equal(at) {
			t.Errorf("%s began %s, want %s", stage, dates[stage], at)
		}
	}
}

func TestOpenTasksOfSeveralConsultations(t *testing.T) {
	d := newDesk(t)
	other := uuid.NewString()
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""), d.opens(2, advisory.ProposeSlots, advisory.Advisor, "amina"),
		d.opens(3, advisory.RecordOutcome, advisory.Advisor, "amina"))
	d.write(d.said(3, advisory.WasHeld, "amina", advisory.Answers{}))
	open, err := d.store.OpenTasks(d.ctx, []string{d.consultation, other})
	d.must(err)
	if len(open[d.consultation]) != 2 || len(open[other]) != 0 || open[d.consultation][0].Kind != advisory.ProposeSlots {
		t.Errorf("open: %+v", open)
	}
	if none, err := d.store.OpenTasks(d.ctx, nil); err != nil || len(none) != 0 {
		t.Errorf("of no consultation: %v, %v", none, err)
	}
}

func TestHistoryIsReadInPartsAndByKind(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	closing := d.saidWith("answer_invitation", 1, advisory.Decline, "amina", advisory.Answers{"decline_reason": {"no_time"}})
	d.write(closing, advisory.Entry{History: advisory.InvitationDeclined, Task: closing.Close, Input: closing.Input})
	for range 3 {
		d.write(advisory.Entry{History: advisory.NoteShared})
	}
	newest, err := d.store.History(d.ctx, d.consultation, 2, 0)
	d.must(err)
	older, err := d.store.History(d.ctx, d.consultation, 10, newest[1].ID)
	d.must(err)
	if len(newest) != 2 || len(older) != 2 || older[0].ID >= newest[1].ID {
		t.Fatalf("%d and %d entries", len(newest), len(older))
	}
	declined := older[1]
	if declined.Kind != advisory.InvitationDeclined || declined.ActorName != "amina Muster" || declined.ActorRole != advisory.Advisor ||
		declined.TaskKind != advisory.AnswerInvitation || declined.Choice != advisory.Decline || declined.Answers.Get("decline_reason") != "no_time" {
		t.Errorf("entry %+v", declined)
	}
	if newest[0].ActorID != nil || newest[0].ActorName != "" {
		t.Errorf("nobody said it, but %+v", newest[0])
	}
	shared, err := d.store.History(d.ctx, d.consultation, 10, 0, advisory.NoteShared)
	d.must(err)
	if len(shared) != 3 {
		t.Errorf("%d notes in the history", len(shared))
	}
}

func TestPeopleOfAConsultation(t *testing.T) {
	d := accompanied(t)
	second := savePerson(t, d.store, store.Person{Role: advisory.Municipality, Email: "a@demo.example", FirstName: "Ada", LastName: "Aa", Active: true})
	d.exec(`INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)`, d.consultation, second)
	contacts, err := d.store.Contacts(d.ctx, d.consultation)
	d.must(err)
	if len(contacts) != 2 || contacts[0].ID != d.people["toni"] || contacts[0].ConfirmedAt == nil || contacts[1].ConfirmedAt != nil {
		t.Errorf("contacts %+v", contacts)
	}
	d.exec(`UPDATE advisors SET topics = '{education}', home = 'Bonn' WHERE person_id = $1`, d.people["amina"])
	d.exec(`UPDATE team SET until = now() WHERE advisor_id = $1`, d.people["joseph"])
	team, err := d.store.Team(d.ctx, d.consultation)
	d.must(err)
	if len(team) != 2 || !team[0].Lead || team[0].Home != "Bonn" || !slices.Equal(team[0].Topics, []string{"education"}) ||
		team[0].Until != nil || team[1].Until == nil {
		t.Errorf("team %+v", team)
	}
}

func TestInvitationsTellTheirAnswers(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "joseph"))
	d.write(d.said(2, advisory.ConflictOfInt, "joseph", advisory.Answers{"conflict_exists": {"possible"}}))
	invitations, err := d.store.Invitations(d.ctx, d.consultation)
	d.must(err)
	got := ""
	for _, i := range invitations {
		got += fmt.Sprintf("%s %s %v; ", i.AdvisorName, i.State, i.AnsweredAt != nil)
	}
	if got != "amina Muster open false; joseph Muster conflict_of_interest true; " || invitations[1].Answers.Get("conflict_exists") != "possible" {
		t.Errorf("invitations: %s %v", got, invitations)
	}
}

func TestAppointmentsAheadOfAPerson(t *testing.T) {
	d := accompanied(t)
	for number, at := range []time.Time{monday.AddDate(0, 0, -2), monday.AddDate(0, 0, 9), monday.AddDate(0, 0, 3)} {
		d.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at) VALUES ($1, $2, 'dialogue', 'scheduled', $3, $4)`,
			d.consultation, number+1, at, at.Add(time.Hour))
	}
	for name, want := range map[string][]int{"toni": {3, 2}, "joseph": {3, 2}, "kim": nil} {
		found, err := d.store.AppointmentsOfPerson(d.ctx, d.people[name], monday, 5)
		d.must(err)
		var got []int
		for _, a := range found {
			got = append(got, a.Session)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: sessions %v, want %v", name, got, want)
		}
	}
}
