package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// stands makes a consultation at a stage whose open task, if it has one, is due so many days from monday.
func (d *workbench) stands(stage advisory.Stage, outcome advisory.Outcome, due *int, change string) string {
	d.Helper()
	d.consultations++
	id, number := uuid.NewString(), fmt.Sprintf("MG-2026-%04d", 100+d.consultations)
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage, stage_since,
			outcome, coordinator_id, sent_at, updated_at) VALUES ($1, $2, 'Ort', 'NW', 'Anliegen', 1, '{}', 1, $3, $4, $5, $6, $4, $4)`,
		id, number, stage, monday, outcome, d.people["robin"])
	if due != nil {
		for n, days := range []int{*due, *due + 5} {
			d.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, opened_at, due_on)
				VALUES ($1, $2::uuid, $2, 'review_request', 'coordinator', $3, $4::date + $5::int)`,
				advisory.TaskID(id, n+1), id, monday, monday, days)
		}
	}
	if change != "" {
		d.exec(`UPDATE consultations SET `+change+` WHERE id = $1`, id)
	}
	return number
}

func (d *workbench) column(filter store.ConsultationFilter, stage advisory.Stage) (numbers []string, total int) {
	d.Helper()
	columns, err := d.store.Board(d.ctx, filter)
	d.must(err)
	for _, column := range columns {
		if column.Stage == stage {
			for _, card := range column.Cards {
				numbers = append(numbers, card.Number)
			}
			return numbers, column.Total
		}
	}
	d.Fatalf("no column %s", stage)
	return nil, 0
}

func TestBoardShowsWhatGoesOnByStage(t *testing.T) {
	d := newWorkbench(t)
	days := func(n int) *int { return &n }
	later, nothing := d.stands(advisory.Dialogue, "", days(9), ""), d.stands(advisory.Dialogue, "", nil, "")
	resting := d.stands(advisory.Dialogue, "", days(-9), "resting_since = now()")
	late := d.stands(advisory.Dialogue, "", days(-2), "land = 'SL'")
	closing := d.stands(advisory.Closing, "", days(1), "")
	awaits := d.stands(advisory.Closing, advisory.Completed, nil, "follow_up_from = '2027-01-11'")
	d.stands(advisory.Dialogue, advisory.Withdrawn, days(1), "")
	d.stands(advisory.FollowUp, advisory.Completed, nil, "ended_at = now()")

	for stage, want := range map[advisory.Stage][]string{
		advisory.Dialogue: {late, later, nothing, resting}, advisory.Closing: {closing}, advisory.FollowUp: {awaits}, advisory.Options: nil,
	} {
		if got, total := d.column(store.ConsultationFilter{}, stage); !slices.Equal(got, want) || total != len(want) {
			t.Errorf("%s: %v of %d, want %v", stage, got, total, want)
		}
	}
	if got, _ := d.column(store.ConsultationFilter{Land: "SL"}, advisory.Dialogue); !slices.Equal(got, []string{late}) {
		t.Errorf("of a Land: %v", got)
	}
	columns, err := d.store.Board(d.ctx, store.ConsultationFilter{Stage: advisory.FollowUp})
	d.must(err)
	if len(columns) != 1 || columns[0].Cards[0].FollowUpFrom == nil || columns[0].Cards[0].CoordinatorName != "robin Muster" {
		t.Errorf("one stage: %+v", columns)
	}
}

func TestBoardIsBounded(t *testing.T) {
	d := newWorkbench(t)
	for n := range store.CardsPerColumn + 3 {
		d.stands(advisory.Options, "", &n, "")
	}
	cards, total := d.column(store.ConsultationFilter{}, advisory.Options)
	if len(cards) != store.CardsPerColumn || total != store.CardsPerColumn+3 {
		t.Errorf("%d cards of %d", len(cards), total)
	}
}
