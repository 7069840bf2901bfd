package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// AdoptedDates are the dates of an open task before and after its consultation adopts another version of the programme.
type AdoptedDates struct {
	Kind   advisory.TaskKind
	Before advisory.Dates // its presses are those that have not happened
	After  advisory.Dates
	Past   time.Time // the date that would move into the past; zero where none would
	taskID string
}

// follower is a consultation as it stands before another version of its programme.
type follower struct {
	ID               string           `db:"id"`
	Land             advisory.Land    `db:"land"`
	ProgrammeVersion int              `db:"programme_version"`
	Outcome          advisory.Outcome `db:"outcome"`
	RestingSince     *time.Time       `db:"resting_since"`
	EndedAt          *time.Time       `db:"ended_at"`

	tasks []standingTask
	rests []advisory.Period // those that are over
}

type standingTask struct {
	ConsultationID string            `db:"consultation_id"`
	ID             string            `db:"id"`
	Kind           advisory.TaskKind `db:"kind"`
	OpenedAt       time.Time         `db:"opened_at"`
	DueOn          time.Time         `db:"due_on"`
	Reminders      int               `db:"reminders"`
	PassedTo       advisory.Address  `db:"passed_to"`
	Presses        []byte            `db:"presses"`
}

// readFollowers reads consultations with their open tasks and rests, in the order of the ids; what is no consultation is
// left out.
func readFollowers(ctx context.Context, q sqlx.QueryerContext, ids ...string) ([]follower, error) {
	var followers []follower
	if err := sqlx.SelectContext(ctx, q, &followers, `
		SELECT c.id, c.land, c.programme_version, c.outcome, c.resting_since, c.ended_at
		FROM unnest($1::uuid[]) WITH ORDINALITY wanted (id, position) JOIN consultations c ON c.id = wanted.id
		ORDER BY wanted.position`, pq.Array(ids)); err != nil {
		return nil, err
	}
	byID := map[string]*follower{}
	for i := range followers {
		byID[followers[i].ID] = &followers[i]
	}
	var tasks []standingTask
	if err := sqlx.SelectContext(ctx, q, &tasks, `
		SELECT consultation_id, id, kind, opened_at, due_on, reminders, passed_to, presses FROM tasks
		WHERE consultation_id = ANY($1::uuid[]) AND state = 'open' ORDER BY opened_at, id`, pq.Array(ids)); err != nil {
		return nil, err
	}
	for _, t := range tasks {
		f := byID[t.ConsultationID]
		f.tasks = append(f.tasks, t)
	}
	var rests []struct {
		ConsultationID string               `db:"consultation_id"`
		Kind           advisory.HistoryKind `db:"kind"`
		At             time.Time            `db:"at"`
	}
	if err := sqlx.SelectContext(ctx, q, &rests, `
		SELECT consultation_id, kind, at FROM history WHERE consultation_id = ANY($1::uuid[]) AND kind IN ($2, $3) ORDER BY id`,
		pq.Array(ids), advisory.RestBegun, advisory.RestEnded); err != nil {
		return nil, err
	}
	began := map[string]time.Time{}
	for _, rest := range rests {
		if rest.Kind == advisory.RestBegun {
			began[rest.ConsultationID] = rest.At
			continue
		}
		f := byID[rest.ConsultationID]
		f.rests = append(f.rests, advisory.Period{From: began[rest.ConsultationID], Until: rest.At})
	}
	return followers, nil
}

// adopt says which dates all that is open gets by another version of the programme at a moment of business time, and why the
// consultation cannot follow it; "" where it can. pressed counts the presses that have happened; nil: those whose instant has
// come. It is asked by the step that changes them and by the page that shows what would change.
func (f follower) adopt(to, followed advisory.Programme, calendar advisory.Calendar, now time.Time,
	pressed map[string]int) (dates []AdoptedDates, refusal advisory.Refusal, err error) {
	switch {
	case f.EndedAt != nil, f.Outcome != "" && f.Outcome != advisory.Completed:
		return nil, advisory.ConsultationEnded, nil
	case f.ProgrammeVersion >= to.Version:
		return nil, advisory.AlreadyAdopted, nil
	}
	for _, t := range f.tasks {
		standing, err := f.standing(t, now, pressed)
		if err != nil {
			return nil, "", fmt.Errorf("task %s: %w", t.ID, err)
		}
		adopted := AdoptedDates{Kind: t.Kind, taskID: t.ID, Before: advisory.Dates{DueOn: t.DueOn, Presses: standing.Ahead}}
		adopted.After, adopted.Past = to.Adopted(calendar, followed, standing, f.rests)
		if !adopted.Past.IsZero() {
			refusal = advisory.DateInThePast
		}
		dates = append(dates, adopted)
	}
	return dates, refusal, nil
}

// standing: what is frozen stands as it stood when the rest began, and runs on from there at its end.
func (f follower) standing(t standingTask, now time.Time, pressed map[string]int) (advisory.Standing, error) {
	standing := advisory.Standing{Kind: t.Kind, OpenedAt: t.OpenedAt, DueOn: t.DueOn, Reminded: t.Reminders, PassedTo: t.PassedTo, From: now}
	if f.RestingSince != nil && !t.Kind.RunsWhileResting() {
		standing.From = *f.RestingSince
		if t.OpenedAt.After(standing.From) {
			standing.From = t.OpenedAt
		}
	}
	var presses advisory.Schedule
	if err := json.Unmarshal(t.Presses, &presses); err != nil {
		return standing, err
	}
	happened := 0
	for pressed == nil && happened < len(presses) && !presses[happened].At.After(standing.From) {
		happened++
	}
	standing.Ahead = presses[min(max(happened, pressed[t.ID]), len(presses)):]
	return standing, nil
}
