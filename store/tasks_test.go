package store_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// colleagues adds a second coordinator, the lead coordinator and a contact whose address is not confirmed.
func (d *desk) colleagues() {
	d.Helper()
	for name, role := range map[string]advisory.Role{
		"robin": advisory.Coordinator, "lea": advisory.LeadCoordinator, "unconfirmed": advisory.Municipality, "stranger": advisory.Municipality,
	} {
		if d.people[name] != "" {
			continue
		}
		id, err := d.store.SavePerson(d.ctx, store.Person{
			Role: role, Email: name + "@colleague.example", FirstName: name, LastName: "Muster", Active: true})
		d.must(err)
		d.people[name] = id
	}
	d.exec(`INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)`, d.consultation, d.people["unconfirmed"])
	d.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, d.consultation, d.people["kim"])
}

func (d *desk) task(n int) store.Task {
	d.Helper()
	task, err := d.store.Task(d.ctx, advisory.TaskID(d.consultation, n))
	d.must(err)
	return task
}

func TestTaskTellsAboutItselfAndItsConsultation(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.Evaluate, advisory.Advisor, "amina"))
	task := d.task(1)
	if task.Number != "MG-2026-0001" || task.Kind != advisory.Evaluate || !task.OwnedBy(d.people["amina"]) || !task.IsOpen() ||
		task.OwnerName == "" || task.ClosedByName != "" || task.Land != "NW" {
		t.Errorf("open: %+v", task)
	}
	if want := task.Calendar().AddWorkdays(task.OpenedAt, 20); !advisory.Midnight(task.DueOn).Equal(want) {
		t.Errorf("due on %s, want %s", task.DueOn, want)
	}
	d.write(d.said(1, advisory.Submit, "kim", advisory.Answers{}))
	task = d.task(1)
	if task.State != advisory.Done || task.Choice != advisory.Submit || task.ClosedAt == nil || task.ClosedByName == "" || task.OnBehalf {
		t.Errorf("closed: %+v", task)
	}
	d.exec(`UPDATE inputs SET on_behalf = true`)
	if !d.task(1).OnBehalf {
		t.Error("what was entered on behalf does not say so")
	}
	if _, err := d.store.Task(d.ctx, "no-such-task"); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("unknown task: %v", err)
	}
}

func TestClosuresOfTheProgrammeAreNoWorkdays(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.WriteNote, advisory.Advisor, "amina"))
	monday := time.Date(2026, 11, 23, 12, 0, 0, 0, advisory.Berlin)
	if !d.task(1).Calendar().IsWorkday(monday) {
		t.Fatal("an ordinary Monday is a working day")
	}
	d.exec(`UPDATE programmes SET rules = jsonb_set(rules, '{closures}', '["2026-11-23"]')`)
	if d.task(1).Calendar().IsWorkday(monday) {
		t.Error("the office is closed, but it counts as a working day")
	}
}

func TestTasksOfAConsultation(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"), d.opens(2, advisory.DraftOptions, advisory.Advisor, "amina"),
		d.opens(3, advisory.RecordOutcome, advisory.Advisor, "amina"))
	d.write(d.said(1, advisory.Accept, "kim", advisory.Answers{}))
	kinds := func(onlyOpen bool) (found []advisory.TaskKind) {
		tasks, err := d.store.TasksOf(d.ctx, d.consultation, onlyOpen)
		d.must(err)
		for _, task := range tasks {
			found = append(found, task.Kind)
		}
		return found
	}
	open := []advisory.TaskKind{advisory.RecordOutcome, advisory.DraftOptions} // by due date
	if got := kinds(true); !slices.Equal(got, open) {
		t.Errorf("open: %v, want %v", got, open)
	}
	if got, want := kinds(false), append(open, advisory.ReviewRequest); !slices.Equal(got, want) {
		t.Errorf("all: %v, want %v", got, want)
	}
}

func TestWhatAPersonOwes(t *testing.T) {
	d := newDesk(t)
	d.colleagues()
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""), d.opens(2, advisory.WriteNote, advisory.Advisor, "amina"),
		d.opens(3, advisory.ClaimRequest, advisory.Coordinator, ""), d.opens(4, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	for name, want := range map[string]int{"toni": 1, "amina": 1, "kim": 1, "robin": 0, "unconfirmed": 0, "stranger": 0} {
		tasks, total, err := d.store.TasksOfPerson(d.ctx, d.people[name], time.Now(), 1)
		d.must(err)
		if len(tasks) != want || total != want {
			t.Errorf("%s owes %d of %d, want %d", name, len(tasks), total, want)
		}
	}
	if tasks, total, err := d.store.TasksOfPerson(d.ctx, d.people["toni"], time.Now(), 2); err != nil || len(tasks) != 0 || total != 1 {
		t.Errorf("second page: %d of %d, %v", len(tasks), total, err)
	}
}

func TestBringForwardHidesATaskUntilItsDay(t *testing.T) {
	d := newDesk(t)
	d.colleagues()
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	id, now := advisory.TaskID(d.consultation, 1), time.Date(2026, 11, 23, 9, 0, 0, 0, advisory.Berlin)
	owed := func(at time.Time) int {
		_, total, err := d.store.TasksOfPerson(d.ctx, d.people["kim"], at, 1)
		d.must(err)
		return total
	}
	due := d.task(1).DueOn
	d.must(d.store.BringForward(d.ctx, id, d.people["kim"], now.AddDate(0, 0, 2), "Rückruf"))
	if owed(now) != 0 || owed(now.AddDate(0, 0, 1)) != 0 || owed(now.AddDate(0, 0, 2)) != 1 {
		t.Error("it is not hidden until its day exactly")
	}
	if task := d.task(1); task.BringForwardNote != "Rückruf" || !task.DueOn.Equal(due) || !task.IsOpen() {
		t.Errorf("after bringing forward: %+v", task)
	}
	if err := d.store.BringForward(d.ctx, id, d.people["robin"], now, ""); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("somebody else's task: %v", err)
	}
	d.write(d.said(1, advisory.Accept, "kim", advisory.Answers{}))
	if err := d.store.BringForward(d.ctx, id, d.people["kim"], now, ""); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("closed task: %v", err)
	}
}

func TestWhoMaySettleATask(t *testing.T) {
	d := newDesk(t)
	d.colleagues()
	escalate := func(n int, to advisory.Address) advisory.Entry {
		return advisory.Entry{Task: advisory.TaskID(d.consultation, n), Escalate: 5, To: to}
	}
	approve := d.opens(3, advisory.ApproveRefusal, advisory.Coordinator, "")
	approve.Open.Not = d.people["kim"]
	call := d.opens(7, advisory.CallParticipants, advisory.Coordinator, "kim")
	call.Open.About = advisory.TaskID(d.consultation, 6)
	called := d.opens(9, advisory.CallParticipants, advisory.Coordinator, "kim")
	called.Open.About = advisory.TaskID(d.consultation, 8)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""), d.opens(2, advisory.ReviewRequest, advisory.Coordinator, "kim"), approve,
		d.opens(4, advisory.WriteNote, advisory.Advisor, "amina"), d.opens(5, advisory.WriteNote, advisory.Advisor, "amina"),
		d.opens(6, advisory.ProposeSlots, advisory.Advisor, "amina"), call, escalate(5, advisory.ToCoordinator), d.opens(8, advisory.ChooseSlot, advisory.Advisor, "amina"), called)
	d.write(d.said(9, advisory.EnteredOnBehalf, "kim", advisory.Answers{}))
	staff := []string{"kim", "lea", "robin"}
	for n, want := range map[int][]string{
		1: {"kim", "lea", "robin", "toni"}, // on behalf
		2: staff,
		3: {"lea", "robin"}, // the second person
		4: {"amina"},
		5: {"amina", "kim", "lea"}, // passed on
		6: {"amina", "kim", "lea"}, // a call is open
		7: staff,
		8: {"amina", "kim", "lea"}, // the call brought an answer to enter
	} {
		task := d.task(n)
		var may []string
		for _, name := range []string{"amina", "joseph", "kim", "lea", "robin", "stranger", "toni", "unconfirmed"} {
			person, err := d.store.Person(d.ctx, d.people[name])
			d.must(err)
			allowed, err := d.store.MaySettle(d.ctx, task, person, monday)
			d.must(err)
			if allowed {
				may = append(may, name)
			}
			behalf := task.OwnerRole == advisory.Municipality && slices.Contains(staff, name)
			if task.ActsForMunicipality(person) != behalf {
				t.Errorf("%s: %s acts for the municipality: %v", task.Kind, name, !behalf)
			}
		}
		if !slices.Equal(may, want) {
			t.Errorf("%d %s: %v may, want %v", n, task.Kind, may, want)
		}
	}
}

func TestTaskDraftsAreOnePersonsAndGoWithTheTask(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.Evaluate, advisory.Advisor, "amina"))
	id, amina := advisory.TaskID(d.consultation, 1), d.people["amina"]
	d.must(d.store.SaveTaskDraft(d.ctx, id, amina, advisory.Answers{"topics": {"eins"}}, 1))
	d.must(d.store.SaveTaskDraft(d.ctx, id, amina, advisory.Answers{"topics": {"zwei"}}, 1))
	draft, err := d.store.TaskDraft(d.ctx, id, amina)
	d.must(err)
	if draft.Answers.Get("topics") != "zwei" || draft.UpdatedAt.IsZero() {
		t.Errorf("draft %+v", draft)
	}
	if other, err := d.store.TaskDraft(d.ctx, id, d.people["kim"]); err != nil || other.Answers != nil {
		t.Errorf("somebody else's draft: %+v, %v", other, err)
	}
	d.write(d.said(1, advisory.Submit, "amina", advisory.Answers{}))
	if left, err := d.store.TaskDraft(d.ctx, id, amina); err != nil || left.Answers != nil {
		t.Errorf("after closing: %+v, %v", left, err)
	}
	if err := d.store.SaveTaskDraft(d.ctx, id, amina, advisory.Answers{}, 1); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("saving for a closed task: %v", err)
	}
}

func TestLastSaidIsTheLatestThatHadItsEffect(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"), d.opens(2, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	if said, err := d.store.LastSaid(d.ctx, d.consultation, "ask_question"); err != nil || said.Form != "" {
		t.Errorf("before anybody said anything: %+v, %v", said, err)
	}
	d.write(d.saidWith("ask_question", 1, advisory.Ask, "kim", advisory.Answers{"question": {"Warum?"}}))
	d.saidWith("ask_question", 2, advisory.Ask, "kim", advisory.Answers{"question": {"nicht angewandt"}}) // journaled only
	said, err := d.store.LastSaid(d.ctx, d.consultation, "ask_question")
	d.must(err)
	if said.Answers.Get("question") != "Warum?" || said.ActorID != d.people["kim"] || said.Choice != advisory.Ask {
		t.Errorf("said %+v", said)
	}
}

func TestInvitationSaysWhyThisAdvisorIsAsked(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ChooseAdvisors, advisory.Coordinator, "kim"))
	choice := d.said(1, advisory.Choose, "kim", advisory.Answers{"why": {"Wegen der Netzwerke."}})
	d.exec(`UPDATE inputs SET message = jsonb_build_object('advisors', jsonb_build_array($1::text), 'lead', $1::text)`, d.people["amina"])
	d.write(choice, d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "amina"), d.opens(3, advisory.AnswerInvitation, advisory.Advisor, "joseph"))
	for n, want := range map[int]store.InvitedTo{2: {Lead: true, Why: "Wegen der Netzwerke.", Others: 1}, 3: {Others: 1}} {
		got, err := d.store.InvitedTo(d.ctx, advisory.TaskID(d.consultation, n))
		d.must(err)
		if got != want {
			t.Errorf("invitation %d: %+v, want %+v", n, got, want)
		}
	}
	if team, err := d.store.ProposedTeam(d.ctx, d.consultation); err != nil || len(team.Advisors) != 0 {
		t.Errorf("nobody has accepted: %v, %v", team, err)
	}
	d.write(d.said(2, advisory.Accept, "amina", advisory.Answers{}))
	team, err := d.store.ProposedTeam(d.ctx, d.consultation)
	d.must(err)
	if len(team.Advisors) != 1 || team.Advisors[0].PersonID != d.people["amina"] || !team.Advisors[0].Lead || team.IsChange() {
		t.Errorf("proposed: %+v", team)
	}
}
