package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// workbench is a desk whose rows a test makes without steps.
type workbench struct {
	*desk
	tasks, consultations int // made so far
}

func newWorkbench(t *testing.T) *workbench {
	t.Helper()
	return &workbench{desk: newDesk(t)}
}

// owes opens a task of a person, "" for nobody, that is due so many days from monday.
func (d *workbench) owes(person string, kind advisory.TaskKind, days int) string {
	d.Helper()
	d.tasks++
	id := advisory.TaskID(d.consultation, 100+d.tasks)
	d.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, opened_at, due_on)
		VALUES ($1, $2::uuid, $2, $3, 'coordinator', NULLIF($4, '')::uuid, $5, $6)`,
		id, d.consultation, kind, d.people[person], monday, monday.AddDate(0, 0, days).Format(time.DateOnly))
	return id
}

func (d *workbench) work(list store.WorkList, person string, change ...func(*store.WorkFilter)) store.Work {
	d.Helper()
	who, err := d.store.Person(d.ctx, d.people[person])
	d.must(err)
	filter := store.WorkFilter{List: list, Person: who, Now: monday}
	for _, c := range change {
		c(&filter)
	}
	work, err := d.store.Work(d.ctx, filter)
	d.must(err)
	return work
}

func idsOf(work store.Work) (ids []string) {
	for _, task := range work.Tasks {
		ids = append(ids, task.ID)
	}
	return ids
}

func TestWorkIsGroupedByDueDate(t *testing.T) {
	d := newWorkbench(t)
	late, today := d.owes("kim", advisory.ReviewRequest, -3), d.owes("kim", advisory.RecordAssessment, 0)
	week, later := d.owes("kim", advisory.ChooseAdvisors, 6), d.owes("kim", advisory.CloseConsultation, 7)
	d.owes("robin", advisory.ReviewRequest, 0)
	work := d.work(store.MyTasks, "kim")
	if got, want := idsOf(work), []string{late, today, week, later}; !slices.Equal(got, want) {
		t.Errorf("mine: %v, want %v", got, want)
	}
	for _, group := range store.DueGroups {
		if work.Groups[group] != 1 {
			t.Errorf("%s: %d, want 1", group, work.Groups[group])
		}
	}
	for i, group := range store.DueGroups {
		if got := work.Tasks[i].DueGroup(monday); got != group {
			t.Errorf("task %d falls into %s, want %s", i, got, group)
		}
	}
	overdue := d.work(store.MyTasks, "kim", func(f *store.WorkFilter) { f.Due = store.Overdue })
	if got := idsOf(overdue); !slices.Equal(got, []string{late}) {
		t.Errorf("overdue: %v", got)
	}
}

func TestWhatRestsIsNotOverdue(t *testing.T) {
	d := newWorkbench(t)
	d.owes("kim", advisory.ReviewRequest, -3)
	d.exec(`UPDATE consultations SET resting_since = $1`, monday)
	work := d.work(store.MyTasks, "kim")
	if work.Groups[store.Overdue] != 0 || work.Groups[store.DueLater] != 1 || work.Tasks[0].DueGroup(monday) != store.DueLater {
		t.Errorf("groups %v", work.Groups)
	}
}

func TestSundayEndsTheWeek(t *testing.T) {
	sunday := time.Date(2026, 3, 8, 23, 30, 0, 0, advisory.Berlin)
	if got := store.DueGroupOf(sunday.AddDate(0, 0, 1), sunday); got != store.DueLater {
		t.Errorf("on Sunday, Monday is %s", got)
	}
	if got := store.DueGroupOf(sunday, monday); got != store.DueThisWeek {
		t.Errorf("on Monday, Sunday is %s", got)
	}
}

func TestEachListHasItsTasks(t *testing.T) {
	d := newWorkbench(t)
	mine, robins, nobodys := d.owes("kim", advisory.ReviewRequest, 1), d.owes("robin", advisory.ReviewRequest, 2), d.owes("", advisory.ClaimRequest, 3)
	second := d.owes("", advisory.ApproveRefusal, 4)
	d.exec(`UPDATE tasks SET not_id = $2 WHERE id = $1`, second, d.people["kim"])
	for list, want := range map[store.WorkList][]string{
		store.MyTasks:        {mine},
		store.TeamTasks:      {mine, robins, nobodys, second},
		store.UnclaimedTasks: {nobodys}, // kim proposed the refusal and cannot approve it
	} {
		if got := idsOf(d.work(list, "kim")); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", list, got, want)
		}
	}
	kim, err := d.store.Person(d.ctx, d.people["kim"])
	d.must(err)
	counts, err := d.store.WorkCounts(d.ctx, kim, monday)
	d.must(err)
	if counts[store.MyTasks] != 1 || counts[store.TeamTasks] != 4 || counts[store.UnclaimedTasks] != 1 {
		t.Errorf("counts %v", counts)
	}
}

func TestBroughtForwardTasksAreHiddenUntilTheirDay(t *testing.T) {
	d := newWorkbench(t)
	id := d.owes("kim", advisory.ReviewRequest, 5)
	d.must(d.store.BringForward(d.ctx, id, d.people["kim"], monday.AddDate(0, 0, 2), "Rückruf"))
	if got := idsOf(d.work(store.MyTasks, "kim")); len(got) != 0 {
		t.Errorf("mine before the day: %v", got)
	}
	if got := d.work(store.TeamTasks, "kim"); len(got.Tasks) != 1 || got.Tasks[0].BringForwardNote != "Rückruf" {
		t.Errorf("the team sees it all the same: %+v", got.Tasks)
	}
	onTheDay := func(f *store.WorkFilter) { f.Now = monday.AddDate(0, 0, 2) }
	if got := idsOf(d.work(store.MyTasks, "kim", onTheDay)); !slices.Equal(got, []string{id}) {
		t.Errorf("mine on the day: %v", got)
	}
}

func TestPassedOnTasksShowWhereTheyWent(t *testing.T) {
	d := newWorkbench(t)
	d.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, d.consultation, d.people["kim"])
	d.exec(`UPDATE persons SET deputy_id = $2 WHERE id = $1`, d.people["robin"], d.people["kim"])
	toLead, toDeputy := d.owes("kim", advisory.ReviewRequest, -9), d.owes("robin", advisory.RecordAssessment, -8)
	d.exec(`UPDATE tasks SET passed_to = 'lead_coordinator' WHERE id = $1`, toLead)
	d.exec(`UPDATE tasks SET passed_to = 'deputy' WHERE id = $1`, toDeputy)
	d.write(d.opens(1, advisory.WriteNote, advisory.Advisor, "amina"), d.opens(2, advisory.DraftOptions, advisory.Advisor, "amina"))
	toCoordinator := advisory.TaskID(d.consultation, 1)
	d.exec(`UPDATE tasks SET passed_to = 'coordinator' WHERE id = $1`, toCoordinator)
	for person, want := range map[string][]string{
		"lea":   {toLead},
		"kim":   {toLead, toDeputy, toCoordinator},
		"robin": {toDeputy},
	} {
		if got := idsOf(d.work(store.MyTasks, person)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", person, got, want)
		}
	}
	if got := idsOf(d.work(store.TeamTasks, "lea")); !slices.Equal(got, []string{toLead, toDeputy, toCoordinator}) {
		t.Errorf("team: %v; what an advisor owes is not the team's before it is passed on", got)
	}
}

// addConsultations adds consultations beside the desk's own.
func (d *workbench) addConsultations(n int, municipality string, stage advisory.Stage, outcome advisory.Outcome) {
	d.Helper()
	for range n {
		d.consultations++
		d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, outcome, ended_at, sent_at, updated_at)
			VALUES ($1, $2, $3, 'NW', 'Anliegen', 1, '{}', 1, $4, $5, $6, CASE WHEN $6 NOT IN ('', 'completed') THEN $5::timestamptz END, $5, $7)`,
			uuid.NewString(), fmt.Sprintf("MG-2025-%04d", d.consultations), municipality, stage, monday, outcome,
			monday.Add(-time.Duration(d.consultations)*time.Hour))
	}
}

func TestConsultationsAreFoundByNumberAndMunicipality(t *testing.T) {
	d := newWorkbench(t)
	d.addConsultations(1, "Köln", advisory.Dialogue, "")
	d.addConsultations(1, "Kreis Köln-Land", advisory.Review, advisory.Declined)
	d.addConsultations(1, "100 % fair_e Stadt", advisory.Dialogue, "")
	d.must(d.store.RefreshSearch(d.ctx))
	for words, want := range map[string][]string{
		"köln":            {"MG-2025-0001", "MG-2025-0002"},
		"KÖLN kreis":      {"MG-2025-0002"},
		"mg-2025-0001":    {"MG-2025-0001"},
		"2026":            {"MG-2026-0001"},
		"2025-0003 köln":  nil,
		"%":               nil,
		"100 %":           {"MG-2025-0003"},
		"fairxe":          nil,
		"'; DROP TABLE x": nil,
	} {
		list, err := d.store.ConsultationList(d.ctx, store.ConsultationFilter{Words: words})
		d.must(err)
		var got []string
		for _, found := range list.Consultations {
			got = append(got, found.Number)
		}
		if slices.Sort(got); !slices.Equal(got, want) || list.Total != len(want) {
			t.Errorf("%q finds %v (%d), want %v", words, got, list.Total, want)
		}
	}
}

func TestConsultationsAreFilteredAndPaged(t *testing.T) {
	d := newWorkbench(t)
	d.addConsultations(30, "Musterau", advisory.Dialogue, "")
	d.addConsultations(2, "Musterau", advisory.Review, advisory.Declined)
	d.addConsultations(1, "Musterau", advisory.Closing, advisory.Completed)
	for name, test := range map[string]struct {
		filter store.ConsultationFilter
		total  int
		rows   int
		more   bool
	}{
		"all":         {store.ConsultationFilter{}, 34, 25, true},
		"second page": {store.ConsultationFilter{Page: 2}, 34, 9, false},
		"beyond":      {store.ConsultationFilter{Page: 9}, 34, 0, false},
		"stage":       {store.ConsultationFilter{Stage: advisory.Dialogue}, 30, 25, true},
		"outcome":     {store.ConsultationFilter{Outcome: advisory.Declined}, 2, 2, false},
		"running":     {store.ConsultationFilter{Running: true}, 31, 25, true},
		"follow-up":   {store.ConsultationFilter{Stage: advisory.FollowUp}, 1, 1, false},
		"closing":     {store.ConsultationFilter{Stage: advisory.Closing}, 0, 0, false},
	} {
		list, err := d.store.ConsultationList(d.ctx, test.filter)
		d.must(err)
		if list.Total != test.total || len(list.Consultations) != test.rows || list.More != test.more || list.Uncounted {
			t.Errorf("%s: %d of %d, more %v; want %+v", name, len(list.Consultations), list.Total, list.More, test)
		}
	}
	counts, err := d.store.StageCounts(d.ctx)
	d.must(err)
	got := map[advisory.Stage]int{}
	for _, count := range counts {
		got[count.Stage] = count.N
	}
	if len(counts) != 9 || got[advisory.Review] != 1 || got[advisory.Dialogue] != 30 || got[advisory.FollowUp] != 1 || got[advisory.Closing] != 0 {
		t.Errorf("stages %v", counts)
	}
}
