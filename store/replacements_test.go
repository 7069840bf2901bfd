package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// teamDesk is a desk whose consultation amina leads and joseph accompanies since monday; nina and omar are in the pool.
type teamDesk struct {
	*desk
	tasks int
}

func newTeamDesk(t *testing.T) *teamDesk {
	t.Helper()
	d := &teamDesk{desk: newDesk(t)}
	for _, name := range []string{"nina", "omar"} {
		id, err := d.store.SavePerson(d.ctx, store.Person{
			Email: name + "@demo.example", Role: advisory.Advisor, FirstName: name, LastName: "Muster", Active: true})
		d.must(err)
		d.people[name] = id
		d.exec(`INSERT INTO advisors (person_id, capacity) VALUES ($1, 2)`, id)
	}
	d.exec(`UPDATE advisors SET capacity = 2`)
	d.invited(monday, "amina", advisory.Accept)
	d.invited(monday, "joseph", advisory.Accept)
	d.agreed(days(1), "amina", "amina", "joseph")
	return d
}

// invited asks an advisor, who answers an hour later; without a choice the invitation stays open.
func (d *teamDesk) invited(at time.Time, name string, choice advisory.Choice) {
	d.Helper()
	d.tasks++
	n := d.tasks
	d.writeAt(at, d.opens(n, advisory.AnswerInvitation, advisory.Advisor, name))
	switch choice {
	case "":
	case "lapse":
		d.writeAt(at.Add(time.Hour), advisory.Entry{Close: advisory.TaskID(d.consultation, n), State: advisory.Lapsed})
	default:
		d.writeAt(at.Add(time.Hour), d.said(n, choice, name, advisory.Answers{}))
	}
}

func (d *teamDesk) team(lead string, names ...string) advisory.Entry {
	ids := []string{}
	for _, name := range names {
		ids = append(ids, d.people[name])
	}
	return advisory.Entry{Team: &advisory.Team{Advisors: ids, Lead: d.people[lead]}}
}

// agreed is the municipality's agreement to a team.
func (d *teamDesk) agreed(at time.Time, lead string, names ...string) {
	d.Helper()
	d.writeAt(at, d.team(lead, names...), advisory.Entry{History: advisory.AdvisorReplaced})
}

// leaves is the replacement of an advisor, with whoever stays.
func (d *teamDesk) leaves(at time.Time, name, note, lead string, stays ...string) {
	d.Helper()
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.ReplaceAdvisor, Person: d.people[name], Actor: d.people["kim"]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Form: "replace_advisor",
		Answers: advisory.Answers{"advisor": {d.people[name]}, "reason": {"long_absence"}, "handover_note": {note}}, EnteredAt: at})
	d.must(err)
	d.writeAt(at, advisory.Entry{History: advisory.ReplacementBegun, Input: in.ID}, d.team(lead, stays...))
}

// chosen is a choice of the coordinator that asks somebody to lead.
func (d *teamDesk) chosen(at time.Time, lead string) {
	d.Helper()
	d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, message, state, entered_at)
		VALUES ($1, $2::uuid, $2, 'task', $3, 'choose_advisors', jsonb_build_object('lead', $4::text), 'applied', $5)`,
		uuid.NewString(), d.consultation, d.people["kim"], d.people[lead], at)
}

func (d *teamDesk) candidate(name string, at time.Time) store.Candidate {
	d.Helper()
	candidates, err := d.store.Candidates(d.ctx, d.consultation, store.Need{}, at)
	d.must(err)
	i := slices.IndexFunc(candidates, func(c store.Candidate) bool { return c.ID == d.people[name] })
	if i < 0 {
		d.Fatalf("%s is no candidate", name)
	}
	return candidates[i]
}

func TestProposedTeamInAReplacement(t *testing.T) {
	d := newTeamDesk(t)
	d.leaves(days(2), "amina", "Lieber morgens anrufen", "", "joseph")
	d.chosen(days(2), "joseph")
	d.invited(days(2), "nina", advisory.Accept)
	team, err := d.store.ProposedTeam(d.ctx, d.consultation)
	d.must(err)
	type row struct {
		name        string
		lead, stays bool
	}
	var got []row
	for _, advisor := range team.Advisors {
		got = append(got, row{advisor.FirstName, advisor.Lead, advisor.Stays})
	}
	if want := []row{{"joseph", true, true}, {"nina", false, false}}; !slices.Equal(got, want) || !team.IsChange() {
		t.Errorf("proposed %v, want %v", got, want)
	}
	if len(team.Leaving) != 1 || team.Leaving[0].FirstName != "amina" || !team.Leaving[0].Lead {
		t.Errorf("leaving %+v", team.Leaving)
	}
	d.agreed(days(4), "joseph", "joseph", "nina")
	team, err = d.store.ProposedTeam(d.ctx, d.consultation)
	d.must(err)
	if len(team.Leaving) != 0 || len(team.Advisors) != 2 {
		t.Errorf("after the agreement: %+v", team)
	}
}

func TestHandoverIsForWhoComes(t *testing.T) {
	d := newTeamDesk(t)
	d.leaves(days(2), "amina", "Lieber morgens anrufen", "", "joseph")
	d.invited(days(2), "nina", advisory.Accept)
	notes := func(name string) (notes []string) {
		found, err := d.store.HandoversTo(d.ctx, d.consultation, d.people[name])
		d.must(err)
		for _, handover := range found {
			notes = append(notes, handover.HandoverNote)
		}
		return notes
	}
	if awaits, err := d.store.HandoverAwaits(d.ctx, d.consultation); err != nil || !awaits {
		t.Errorf("a hand-over waits: %v, %v", awaits, err)
	}
	if got := notes("nina"); got != nil {
		t.Errorf("before the municipality has agreed: %v", got)
	}
	d.agreed(days(4), "nina", "nina", "joseph")
	d.leaves(days(9), "joseph", "Zweite Übergabe", "nina", "nina")
	d.invited(days(9), "omar", advisory.Accept)
	d.agreed(days(11), "nina", "nina", "omar")
	for name, want := range map[string][]string{
		"nina": {"Lieber morgens anrufen"}, "omar": {"Zweite Übergabe"}, "amina": nil, "joseph": nil,
	} {
		if got := notes(name); !slices.Equal(got, want) {
			t.Errorf("%s reads %v, want %v", name, got, want)
		}
	}
	if awaits, err := d.store.HandoverAwaits(d.ctx, d.consultation); err != nil || awaits {
		t.Errorf("nothing waits any more: %v, %v", awaits, err)
	}
	all, err := d.store.Replacements(d.ctx, d.consultation)
	d.must(err)
	if len(all) != 2 || all[0].AdvisorName != "joseph Muster" || all[0].Reason != "long_absence" || !all[0].Agreed || !all[1].Lead {
		t.Errorf("replacements %+v", all)
	}
}

func TestCandidatesInAReplacement(t *testing.T) {
	d := newTeamDesk(t)
	d.leaves(days(2), "amina", "Übergabe", "", "joseph")
	d.invited(days(2), "nina", "lapse")
	amina, joseph, nina := d.candidate("amina", days(9)), d.candidate("joseph", days(9)), d.candidate("nina", days(9))
	if amina.InTeam || amina.LeftAt == nil || amina.LeftReason != "long_absence" || amina.Invitation != "" {
		t.Errorf("who left: %+v", amina)
	}
	if !joseph.InTeam || joseph.Invitation != "" || joseph.AskedLead || joseph.LeftAt != nil {
		t.Errorf("who stays: %+v", joseph)
	}
	if nina.Invitation != "lapsed" || nina.AnsweredAt == nil || nina.InTeam {
		t.Errorf("who did not answer: %+v", nina)
	}
	d.chosen(days(9), "joseph")
	if !d.candidate("joseph", days(9)).AskedLead {
		t.Error("who stays may become the lead")
	}
	d.invited(days(10), "amina", "") // comes back
	if amina = d.candidate("amina", days(10)); amina.Invitation != "open" || amina.LeftAt != nil {
		t.Errorf("asked again: %+v", amina)
	}
	d.writeAt(days(11), d.said(d.tasks, advisory.Accept, "amina", advisory.Answers{}))
	if amina = d.candidate("amina", days(11)); amina.Invitation != "accepted" || amina.Load != 1 {
		t.Errorf("accepted again: %+v", amina)
	}
}

func TestWhoIsAwayNowIsMarkedSo(t *testing.T) {
	d := newTeamDesk(t)
	d.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES ($1, $2, $3, $4)`, uuid.NewString(), d.people["omar"], days(3), days(7))
	for n, want := range map[int]bool{2: false, 3: true, 6: true, 7: false} {
		if got := d.candidate("omar", days(n)).AbsentUntil; (got != nil) != want {
			t.Errorf("day %d: absent until %v", n, got)
		}
	}
}

func TestWhoLeftSeesTheOwnTasksNoMore(t *testing.T) {
	d := newTeamDesk(t)
	d.tasks++
	slots := advisory.TaskID(d.consultation, d.tasks)
	d.writeAt(days(1), d.opens(d.tasks, advisory.ProposeSlots, advisory.Advisor, "amina"))
	amina, err := d.store.Person(d.ctx, d.people["amina"])
	d.must(err)
	may := func(id string) bool {
		task, err := d.store.Task(d.ctx, id)
		d.must(err)
		may, err := d.store.MaySettle(d.ctx, task, amina, days(3))
		d.must(err)
		return may
	}
	if !may(slots) {
		t.Error("the lead may propose slots")
	}
	d.leaves(days(2), "amina", "Übergabe", "", "joseph")
	if may(slots) || may(advisory.TaskID(d.consultation, 1)) {
		t.Error("who left still has the task and the old invitation")
	}
	d.invited(days(3), "amina", "")
	if !may(advisory.TaskID(d.consultation, d.tasks)) {
		t.Error("a new invitation is open to whoever left")
	}
}

func TestLeavingThePool(t *testing.T) {
	d := newTeamDesk(t)
	if err := d.store.CloseAdvisor(d.ctx, d.people["joseph"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("closed without a hand-over: %v", err)
	}
	d.must(d.store.BeginLeaving(d.ctx, d.people["joseph"], days(2)))
	d.must(d.store.BeginLeaving(d.ctx, d.people["joseph"], days(5)))
	if leaving := d.candidate("joseph", days(5)).LeavingAt; leaving == nil || !leaving.Equal(days(2)) {
		t.Errorf("leaving since %v", leaving)
	}
	parts, err := d.store.OpenParts(d.ctx, d.people["joseph"])
	d.must(err)
	if len(parts) != 1 || !parts[0].InTeam || parts[0].Lead || parts[0].Number != "MG-2026-0001" {
		t.Errorf("parts %+v", parts)
	}
	var rule store.AccountRule
	if err := d.store.CloseAdvisor(d.ctx, d.people["joseph"]); !errors.As(err, &rule) || rule != store.StillAccompanies {
		t.Errorf("closed too early: %v", err)
	}
	d.leaves(days(3), "joseph", "Übergabe", "amina", "amina")
	handed, err := d.store.HandedOver(d.ctx, d.people["joseph"], days(2))
	d.must(err)
	if len(handed) != 1 || handed[0].Agreed {
		t.Errorf("handed over %+v", handed)
	}
	d.must(d.store.CloseAdvisor(d.ctx, d.people["joseph"]))
	if got := d.read(`SELECT active::text FROM persons WHERE id = '` + d.people["joseph"] + `'`); got != "false" {
		t.Errorf("active: %s", got)
	}
	if err := d.store.StayInPool(d.ctx, d.people["joseph"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("stays though closed: %v", err)
	}
}

func TestAnInvitationKeepsAnAccountOpen(t *testing.T) {
	d := newTeamDesk(t)
	d.leaves(days(2), "amina", "Übergabe", "", "joseph")
	d.invited(days(2), "nina", "")
	d.must(d.store.BeginLeaving(d.ctx, d.people["nina"], days(3)))
	parts, err := d.store.OpenParts(d.ctx, d.people["nina"])
	d.must(err)
	if len(parts) != 1 || parts[0].InTeam || parts[0].Invitation != "open" {
		t.Errorf("parts %+v", parts)
	}
	if err := d.store.CloseAdvisor(d.ctx, d.people["nina"]); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("closed with an open invitation: %v", err)
	}
	current, err := d.store.CurrentAdvisors(d.ctx, d.consultation)
	d.must(err)
	if len(current) != 2 || current[0].FirstName != "joseph" || current[1].Invited != "open" || !current[1].IsLeaving {
		t.Errorf("current %+v", current)
	}
	d.must(d.store.StayInPool(d.ctx, d.people["nina"]))
	if d.candidate("nina", days(3)).IsLeaving() {
		t.Error("still leaving")
	}
}
