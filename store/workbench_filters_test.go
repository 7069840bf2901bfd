package store_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// owed opens a task of a role, due so many days from monday.
func (d *workbench) owed(role advisory.Role, person string, kind advisory.TaskKind, days int) string {
	d.Helper()
	id := d.owes(person, kind, days)
	d.exec(`UPDATE tasks SET owner_role = $2 WHERE id = $1`, id, role)
	return id
}

func TestWhatOthersOweWaitsUntilItRests(t *testing.T) {
	d := newWorkbench(t)
	municipality := d.owed(advisory.Municipality, "", advisory.ConfirmNeed, 5)
	late, resting := d.owed(advisory.Advisor, "amina", advisory.ProposeSlots, -2), d.owed(advisory.Municipality, "", advisory.AnswerRestQuestion, 9)
	d.owed(advisory.Advisor, "kim", advisory.RecordOutcome, 1) // has come to a coordinator
	staff := d.owes("kim", advisory.ReviewRequest, 0)
	if got, want := idsOf(d.work(store.WaitingTasks, "robin")), []string{late, municipality, resting}; !slices.Equal(got, want) {
		t.Errorf("waiting: %v, want %v", got, want)
	}
	if got := idsOf(d.work(store.RestingTasks, "robin")); len(got) != 0 {
		t.Errorf("resting: %v", got)
	}
	d.exec(`UPDATE consultations SET resting_since = $1`, monday)
	if got := idsOf(d.work(store.WaitingTasks, "robin")); !slices.Equal(got, []string{resting}) {
		t.Errorf("waiting for an answer to the question about the rest: %v", got)
	}
	work := d.work(store.RestingTasks, "robin")
	if got := idsOf(work); len(got) != 4 || got[0] != late || got[1] != staff || work.Total() != 4 || work.Groups[store.Overdue] != 0 {
		t.Errorf("resting: %v, %v", got, work.Groups)
	}
}

func TestFiltersOfTasksCombine(t *testing.T) {
	d := newWorkbench(t)
	d.exec(`UPDATE consultations SET request = '{"topics": ["partnerships"]}', coordinator_id = $1, sent_at = $2`, d.people["kim"], monday.AddDate(0, -4, 0))
	d.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $3)`, d.consultation, d.people["amina"], monday)
	d.must(d.store.RefreshSearch(d.ctx))
	review := d.owes("kim", advisory.ReviewRequest, 1)
	invitation := d.owed(advisory.Advisor, "joseph", advisory.AnswerInvitation, 3)
	friday, threeMonths := monday.AddDate(0, 0, 4), monday.AddDate(0, -3, 0)
	for name, test := range map[string]struct {
		list   store.WorkList
		filter store.WorkFilter
		want   string // the task that is found
	}{
		"kind":                    {store.TeamTasks, store.WorkFilter{Kind: advisory.ReviewRequest}, review},
		"another kind":            {store.TeamTasks, store.WorkFilter{Kind: advisory.Evaluate}, ""},
		"Land":                    {store.TeamTasks, store.WorkFilter{Land: "NW"}, review},
		"another Land":            {store.TeamTasks, store.WorkFilter{Land: "SL"}, ""},
		"topic":                   {store.TeamTasks, store.WorkFilter{Topic: "partnerships"}, review},
		"another topic":           {store.TeamTasks, store.WorkFilter{Topic: "education"}, ""},
		"coordinator":             {store.TeamTasks, store.WorkFilter{Coordinator: d.people["kim"]}, review},
		"another coordinator":     {store.TeamTasks, store.WorkFilter{Coordinator: d.people["robin"]}, ""},
		"no coordinator":          {store.TeamTasks, store.WorkFilter{Coordinator: store.Unclaimed}, ""},
		"advisor of the team":     {store.TeamTasks, store.WorkFilter{Advisor: d.people["amina"]}, review},
		"advisor of no team":      {store.TeamTasks, store.WorkFilter{Advisor: d.people["joseph"]}, ""},
		"advisor who owes":        {store.WaitingTasks, store.WorkFilter{Advisor: d.people["joseph"]}, invitation},
		"advisor who is none":     {store.TeamTasks, store.WorkFilter{Advisor: "nonsense"}, ""},
		"due by":                  {store.TeamTasks, store.WorkFilter{DueBy: &friday}, review},
		"due earlier":             {store.TeamTasks, store.WorkFilter{DueBy: &monday}, ""},
		"old":                     {store.TeamTasks, store.WorkFilter{SentBefore: &threeMonths}, review},
		"stage":                   {store.TeamTasks, store.WorkFilter{Stage: advisory.Review}, review},
		"words":                   {store.TeamTasks, store.WorkFilter{Words: "vereinen"}, review},
		"everything":              {store.TeamTasks, store.WorkFilter{Kind: advisory.ReviewRequest, Land: "NW", Topic: "partnerships", Coordinator: d.people["kim"], Advisor: d.people["amina"], DueBy: &friday, SentBefore: &threeMonths, Stage: advisory.Review, Due: store.DueThisWeek, Words: "Verein"}, review},
		"everything but the Land": {store.TeamTasks, store.WorkFilter{Kind: advisory.ReviewRequest, Land: "BY", Topic: "partnerships", Stage: advisory.Review}, ""},
	} {
		work := d.work(test.list, "kim", func(f *store.WorkFilter) {
			list, person, now := f.List, f.Person, f.Now
			*f = test.filter
			f.List, f.Person, f.Now = list, person, now
		})
		want := []string{test.want}
		if test.want == "" {
			want = nil
		}
		if got := idsOf(work); !slices.Equal(got, want) || work.Total() != len(want) {
			t.Errorf("%s: %v (%d), want %v", name, got, work.Total(), want)
		}
	}
	d.exec(`UPDATE consultations SET resting_since = $1`, monday)
	if work := d.work(store.TeamTasks, "kim", func(f *store.WorkFilter) { f.DueBy = &friday }); work.Total() != 0 {
		t.Error("what rests is due")
	}
}

func TestChosenTasksAreReadInTheirOrder(t *testing.T) {
	d := newWorkbench(t)
	first, second := d.owes("kim", advisory.ReviewRequest, 1), d.owes("robin", advisory.RecordAssessment, 2)
	tasks, err := d.store.Tasks(d.ctx, []string{second, "nothing", first})
	d.must(err)
	if len(tasks) != 2 || tasks[0].ID != second || tasks[1].ID != first {
		t.Errorf("%+v", tasks)
	}
}

func TestSavedFiltersOfListsAreKeptApart(t *testing.T) {
	d := newDesk(t)
	for _, list := range []store.SavedList{store.ConsultationFilters, store.TaskFilters} {
		d.must(d.store.SaveFilter(d.ctx, store.SavedFilter{OwnerID: d.people["kim"], List: list, Name: "Meine", Query: string(list), Shared: true}))
	}
	for _, person := range []string{"kim", "robin"} {
		found, err := d.store.SavedFilters(d.ctx, store.TaskFilters, d.people[person])
		d.must(err)
		if len(found) != 1 || found[0].Query != "tasks" || found[0].CreatedAt.After(time.Now()) {
			t.Errorf("%s: %+v", person, found)
		}
	}
}
