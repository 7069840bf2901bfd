package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// withTeam is a consultation that amina leads and joseph accompanies; cleo and dora are of the pool only.
func withTeam(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.advisors("cleo", "dora")
	d.write(advisory.Entry{Team: &advisory.Team{Advisors: []string{d.people["amina"], d.people["joseph"]}, Lead: d.people["amina"]}})
	return d
}

func (d *desk) owed(person string, hours int) int {
	d.Helper()
	_, total, err := d.store.TasksOfPerson(d.ctx, d.people[person], d.at(hours), 1)
	d.must(err)
	return total
}

func TestTasksGoToTheDeputyAndComeBack(t *testing.T) {
	d := withTeam(t)
	d.write(d.opens(1, advisory.WriteNote, advisory.Advisor, "amina"), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	d.away("amina", 10, 20, "joseph")
	d.away("joseph", 12, 14, "cleo")
	d.write(d.opens(3, advisory.DraftOptions, advisory.Advisor, "amina")) // opened while she is entered as absent
	for _, test := range []struct{ hours, amina, joseph, cleo int }{
		{9, 3, 0, 0}, {10, 3, 2, 0}, {12, 3, 0, 2}, {14, 3, 2, 0}, {20, 3, 0, 0},
	} {
		if a, j, c := d.owed("amina", test.hours), d.owed("joseph", test.hours), d.owed("cleo", test.hours); a != test.amina || j != test.joseph || c != test.cleo {
			t.Errorf("after %d hours: amina %d, joseph %d, cleo %d; want %+v", test.hours, a, j, c, test)
		}
	}
	if task := d.task(1); !task.OwnedBy(d.people["amina"]) {
		t.Error("the task has another owner now")
	}
}

func TestWhoMaySettleAsDeputy(t *testing.T) {
	d := withTeam(t)
	d.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, d.consultation, d.people["kim"])
	refusal := d.opens(4, advisory.ApproveRefusal, advisory.Coordinator, "kim")
	refusal.Open.Not = d.people["robin"]
	d.write(d.opens(1, advisory.WriteNote, advisory.Advisor, "amina"), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "dora"),
		d.opens(3, advisory.ProposeSlots, advisory.Advisor, "joseph"), refusal,
		advisory.Entry{Task: advisory.TaskID(d.consultation, 3), Escalate: 5, To: advisory.ToCoordinator})
	d.away("amina", 0, 10, "cleo")
	d.away("dora", 0, 10, "cleo")
	d.away("kim", 0, 10, "robin")
	for _, test := range []struct {
		n     int
		hours int
		may   []string
	}{
		{1, 5, []string{"amina", "cleo"}},
		{1, -1, []string{"amina"}},
		{1, 10, []string{"amina"}},
		{2, 5, []string{"dora"}},                          // nobody else knows whether she has time
		{3, 5, []string{"joseph", "kim", "lea", "robin"}}, // passed on to the coordinator, whose deputy is robin
		{3, 10, []string{"joseph", "kim", "lea"}},
		{4, 5, []string{"kim", "lea"}}, // robin has proposed the refusal
	} {
		var may []string
		for _, name := range []string{"amina", "cleo", "dora", "joseph", "kim", "lea", "robin", "toni"} {
			person, err := d.store.Person(d.ctx, d.people[name])
			d.must(err)
			allowed, err := d.store.MaySettle(d.ctx, d.task(test.n), person, d.at(test.hours))
			d.must(err)
			if allowed {
				may = append(may, name)
			}
		}
		if !slices.Equal(may, test.may) {
			t.Errorf("task %d after %d hours: %v may, want %v", test.n, test.hours, may, test.may)
		}
	}
	for person, want := range map[string]string{"cleo": d.people["amina"], "amina": "", "joseph": ""} {
		got, err := d.store.DeputyFor(d.ctx, d.task(1), d.people[person], d.at(5))
		d.must(err)
		if got != want {
			t.Errorf("%s settles it for %q, want %q", person, got, want)
		}
	}
}

func TestADeputySeesTheConsultationForThatTime(t *testing.T) {
	d := withTeam(t)
	d.away("amina", 10, 20, "cleo")
	d.away("cleo", 15, 16, "dora")
	for _, test := range []struct {
		person string
		hours  int
		want   store.Relation
	}{
		{"cleo", 9, store.Relation{}},
		{"cleo", 10, store.Relation{Advisor: true, Lead: true, DeputyOf: d.people["amina"]}},
		{"cleo", 15, store.Relation{}},
		{"dora", 15, store.Relation{Advisor: true, Lead: true, DeputyOf: d.people["amina"]}},
		{"dora", 16, store.Relation{}},
		{"cleo", 20, store.Relation{}},
		{"amina", 12, store.Relation{Advisor: true, Lead: true}},
		{"joseph", 12, store.Relation{Advisor: true}},
	} {
		got, err := d.store.Relation(d.ctx, d.consultation, d.people[test.person], d.at(test.hours))
		d.must(err)
		if got != test.want {
			t.Errorf("%s after %d hours: %+v, want %+v", test.person, test.hours, got, test.want)
		}
		_, total, err := d.store.ConsultationsOfPerson(d.ctx, d.people[test.person], d.at(test.hours), 1)
		d.must(err)
		if (total == 1) != got.Participates() {
			t.Errorf("%s after %d hours: %d consultations listed", test.person, test.hours, total)
		}
	}
}

func TestADeputyOfTheTeamKeepsTheOwnPart(t *testing.T) {
	d := withTeam(t)
	d.away("amina", 0, 10, "joseph")
	got, err := d.store.Relation(d.ctx, d.consultation, d.people["joseph"], d.at(5))
	d.must(err)
	if want := (store.Relation{Advisor: true, Lead: true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	d.exec(`UPDATE team SET until = now() WHERE advisor_id = $1`, d.people["amina"])
	got, err = d.store.Relation(d.ctx, d.consultation, d.people["joseph"], d.at(5))
	d.must(err)
	if want := (store.Relation{Advisor: true}); got != want {
		t.Errorf("after she has left: %+v, want %+v", got, want)
	}
}

func TestNobodyWithAConflictOfInterestIsADeputy(t *testing.T) {
	d := withTeam(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "cleo"), d.opens(2, advisory.WriteNote, advisory.Advisor, "amina"))
	d.write(d.said(1, advisory.ConflictOfInt, "cleo", advisory.Answers{}))
	d.away("amina", 0, 10, "cleo")
	relation, err := d.store.Relation(d.ctx, d.consultation, d.people["cleo"], d.at(5))
	d.must(err)
	cleo, err := d.store.Person(d.ctx, d.people["cleo"])
	d.must(err)
	may, err := d.store.MaySettle(d.ctx, d.task(2), cleo, d.at(5))
	d.must(err)
	_, listed, err := d.store.ConsultationsOfPerson(d.ctx, d.people["cleo"], d.at(5), 1)
	d.must(err)
	if relation.Participates() || may || listed != 0 || d.owed("cleo", 5) != 0 {
		t.Errorf("relation %+v, may %v, %d consultations, %d tasks", relation, may, listed, d.owed("cleo", 5))
	}
}

func TestTheWorkbenchOfADeputy(t *testing.T) {
	d := newWorkbench(t)
	d.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, d.consultation, d.people["kim"])
	kims := d.owes("kim", advisory.ReviewRequest, 1)
	d.write(d.opens(1, advisory.WriteNote, advisory.Advisor, "amina"))
	passedOn := advisory.TaskID(d.consultation, 1)
	d.exec(`UPDATE tasks SET passed_to = 'coordinator', due_on = '2026-03-12' WHERE id = $1`, passedOn)
	toLead := d.owes("kim", advisory.RecordAssessment, 30)
	d.exec(`UPDATE tasks SET passed_to = 'lead_coordinator' WHERE id = $1`, toLead)
	d.away("kim", 0, 10, "robin")
	d.away("lea", 20, 30, "robin")
	at := func(hours int) func(*store.WorkFilter) {
		return func(f *store.WorkFilter) { f.Now = d.at(hours) }
	}
	for _, test := range []struct {
		hours int
		want  []string
	}{
		{-1, nil},
		{5, []string{kims, passedOn, toLead}},
		{15, nil},
		{25, []string{toLead}},
	} {
		work := d.work(store.MyTasks, "robin", at(test.hours))
		if got := idsOf(work); !slices.Equal(got, test.want) || work.Total() != len(test.want) {
			t.Errorf("after %d hours: %v, want %v", test.hours, got, test.want)
		}
		robin, err := d.store.Person(d.ctx, d.people["robin"])
		d.must(err)
		counts, err := d.store.WorkCounts(d.ctx, robin, d.at(test.hours))
		d.must(err)
		if counts[store.MyTasks] != len(test.want) {
			t.Errorf("after %d hours: %d counted", test.hours, counts[store.MyTasks])
		}
	}
}

func TestHistoryNamesTheDeputy(t *testing.T) {
	d := withTeam(t)
	d.write(d.opens(1, advisory.Evaluate, advisory.Advisor, "amina"))
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: advisory.TaskID(d.consultation, 1), Choice: advisory.Submit, Actor: d.people["cleo"]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Answers: advisory.Answers{},
		EnteredAt: monday, DeputyFor: d.people["amina"]})
	d.must(err)
	d.write(advisory.Entry{Close: in.Task, State: advisory.Done, Choice: in.Choice, Input: in.ID},
		advisory.Entry{History: advisory.EvaluationAnswered, Task: in.Task, Input: in.ID})
	entries, err := d.store.History(d.ctx, d.consultation, 5, 0, advisory.EvaluationAnswered)
	d.must(err)
	if len(entries) != 1 || entries[0].ActorName != "cleo Muster" || entries[0].DeputyFor != "amina Muster" {
		t.Errorf("history %+v", entries)
	}
}
