package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// Task is a human task with what every page says about it.
type Task struct {
	ID               string               `db:"id"`
	ConsultationID   string               `db:"consultation_id"`
	Number           string               `db:"number"` // of the consultation
	Municipality     string               `db:"municipality"`
	Subject          string               `db:"subject"`
	Land             advisory.Land        `db:"land"`
	Kind             advisory.TaskKind    `db:"kind"`
	OwnerRole        advisory.Role        `db:"owner_role"`
	OwnerID          *string              `db:"owner_id"`        // nil: everybody of the role on this consultation
	OwnerName        string               `db:"owner_name"`      // "" without OwnerID
	NotID            *string              `db:"not_id"`          // who may not settle it
	Session          int                  `db:"session"`         // the session that it is about, 0 for none
	SessionKind      advisory.SessionKind `db:"session_kind"`    // "" for none
	SessionOrdinal   int                  `db:"session_ordinal"` // among the sessions of its kind, from 1
	Version          int                  `db:"version"`         // the version of the options that it is about, 0 for none
	About            string               `db:"about"`           // call_participants: the task that stays open
	State            advisory.TaskState   `db:"state"`
	Choice           advisory.Choice      `db:"choice"` // once settled
	OpenedAt         time.Time            `db:"opened_at"`
	DueOn            time.Time            `db:"due_on"`
	Reminders        int                  `db:"reminders"`  // sent so far
	PassedTo         string               `db:"passed_to"`  // an advisory.Address, of the last escalation
	ShownFrom        *time.Time           `db:"shown_from"` // bring-forward date
	BringForwardNote string               `db:"bring_forward_note"`
	ClosedAt         *time.Time           `db:"closed_at"`
	ClosedByName     string               `db:"closed_by_name"` // "" where time or another event closed it
	OnBehalf         bool                 `db:"on_behalf"`      // settled by a coordinator for the municipality
	Stage            advisory.Stage       `db:"stage"`          // of the consultation
	RestingSince     *time.Time           `db:"resting_since"`
	CoordinatorID    *string              `db:"coordinator_id"`
	ProgrammeVersion int                  `db:"programme_version"`
	Closures         pq.StringArray       `db:"closures"` // of the programme, for Calendar
}

// Calendar is the calendar that the task's days are counted by.
func (t Task) Calendar() advisory.Calendar { return advisory.NewCalendar(t.Land, t.Closures...) }

// IsOpen tells whether somebody still owes it.
func (t Task) IsOpen() bool { return t.State == advisory.Open }

// IsFrozen tells whether its times stand still because the consultation rests.
func (t Task) IsFrozen() bool { return t.RestingSince != nil && !t.Kind.RunsWhileResting() }

// OwnedBy tells whether the task is this one person's.
func (t Task) OwnedBy(personID string) bool { return t.OwnerID != nil && *t.OwnerID == personID }

// ActsForMunicipality tells whether the person would settle the task in the municipality's place (journey.md, Act on
// behalf): it is recorded as such.
func (t Task) ActsForMunicipality(person Person) bool {
	return t.OwnerRole == advisory.Municipality && person.Role.Coordinates()
}

// runningWhileResting are the kinds of task whose times never stand still, for statements.
var runningWhileResting = func() string {
	var running []string
	for _, rule := range advisory.DefaultProgramme().Tasks {
		if rule.Kind.RunsWhileResting() {
			running = append(running, "'"+string(rule.Kind)+"'")
		}
	}
	return strings.Join(running, ", ")
}()

// frozen is IsFrozen for tasks t of consultations c.
var frozen = `(c.resting_since IS NOT NULL AND t.kind NOT IN (` + runningWhileResting + `))`

const (
	taskColumns = `t.id, t.consultation_id, c.number, c.municipality, c.subject, c.land, t.kind, t.owner_role, t.owner_id,
		coalesce(trim(o.first_name || ' ' || o.last_name), '') AS owner_name, t.not_id, t.session, t.version, t.about,
		coalesce(m.kind, '') AS session_kind, (SELECT count(*) FROM sessions x
			WHERE x.consultation_id = m.consultation_id AND x.kind = m.kind AND x.number <= m.number) AS session_ordinal,
		t.state, t.choice, t.opened_at, t.due_on, t.reminders, t.passed_to, t.shown_from, t.bring_forward_note, t.closed_at,
		coalesce(trim(a.first_name || ' ' || a.last_name), '') AS closed_by_name, coalesce(i.on_behalf, false) AS on_behalf,
		c.stage, c.resting_since, c.coordinator_id, c.programme_version,
		ARRAY(SELECT jsonb_array_elements_text(
			CASE jsonb_typeof(p.rules->'closures') WHEN 'array' THEN p.rules->'closures' ELSE '[]' END)) AS closures`
	taskTables = `tasks t JOIN consultations c ON c.id = t.consultation_id JOIN programmes p ON p.version = c.programme_version
		LEFT JOIN persons o ON o.id = t.owner_id
		LEFT JOIN inputs i ON i.id = t.input_id LEFT JOIN persons a ON a.id = i.actor_id
		LEFT JOIN sessions m ON m.consultation_id = t.consultation_id AND m.number = t.session`
)

// Task reads one task. Code not_found where there is none.
func (s *Store) Task(ctx context.Context, id string) (Task, error) {
	var task Task
	err := s.db.GetContext(ctx, &task, `SELECT `+taskColumns+` FROM `+taskTables+` WHERE t.id = $1`, id)
	return task, problem(err)
}

// Tasks reads some tasks in the order of their ids. What is not there is left out.
func (s *Store) Tasks(ctx context.Context, ids []string) ([]Task, error) {
	var tasks []Task
	err := s.db.SelectContext(ctx, &tasks, `
		SELECT `+taskColumns+` FROM `+taskTables+` WHERE t.id = ANY($1) ORDER BY array_position($1, t.id)`, pq.StringArray(ids))
	return tasks, problem(err)
}

// TasksOf reads the tasks of a consultation: the open ones by due date, then the closed ones, latest first.
func (s *Store) TasksOf(ctx context.Context, consultationID string, onlyOpen bool) ([]Task, error) {
	var tasks []Task
	err := s.db.SelectContext(ctx, &tasks, `
		SELECT `+taskColumns+` FROM `+taskTables+`
		WHERE t.consultation_id = $1 AND (t.state = 'open' OR NOT $2)
		ORDER BY t.state = 'open' DESC, CASE t.state WHEN 'open' THEN t.due_on END, t.closed_at DESC NULLS FIRST,
			t.opened_at, t.id`, consultationID, onlyOpen)
	return tasks, problem(err)
}

// TasksPerPage is how many tasks a page of a list shows.
const TasksPerPage = 25

// TasksOfPerson reads a page, from 1, of the open tasks that this person owes, by due date, and how many there are: the
// person's own, those of absent persons for whom the person acts, and those of the municipalities whose confirmed contact
// the person is. What lies on a bring-forward date is left out until then.
func (s *Store) TasksOfPerson(ctx context.Context, personID string, now time.Time, page int) ([]Task, int, error) {
	owed := `t.state = 'open' AND (t.shown_from IS NULL OR t.shown_from <= $2::date)
		AND (t.owner_id = ANY($3::uuid[]) AND (t.owner_id = $1 OR t.kind <> ALL($4) AND NOT ` + biased(`t.consultation_id`, `$1`) + `)
			OR t.owner_id IS NULL AND t.owner_role = 'municipality' AND EXISTS (
				SELECT 1 FROM contacts k WHERE k.consultation_id = t.consultation_id AND k.person_id = $1
					AND k.confirmed_at IS NOT NULL))`
	owners, err := s.actsAs(ctx, personID, now)
	if err != nil {
		return nil, 0, err
	}
	values := []any{personID, day(now), pq.Array(owners), personalTasks}
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM tasks t WHERE `+owed, values...); err != nil {
		return nil, 0, problem(err)
	}
	var tasks []Task
	err = s.db.SelectContext(ctx, &tasks, `
		SELECT `+taskColumns+` FROM `+taskTables+` WHERE `+owed+`
		ORDER BY t.due_on, t.opened_at, t.id LIMIT $5 OFFSET $6`,
		append(values, TasksPerPage, TasksPerPage*(max(page, 1)-1))...)
	return tasks, total, problem(err)
}

// MaySettle tells whether the person has the right to settle the task at a moment, not whether it is still open: its
// owner; who acts for an owner who is absent; every confirmed contact of the municipality; coordinators for every task of
// the staff and, on behalf, of the municipality; and the consultation's coordinator for what an advisor owes once it was
// passed on, a call about it is open, or a call brought an answer to enter.
func (s *Store) MaySettle(ctx context.Context, task Task, person Person, moment time.Time) (bool, error) {
	switch {
	case task.NotID != nil && *task.NotID == person.ID:
		return false, nil
	case task.OwnedBy(person.ID):
		left, err := s.hasLeft(ctx, task, person.ID)
		return !left, err
	case task.OwnerRole == advisory.Municipality && person.Role == advisory.Municipality:
		return s.isContact(ctx, task.ConsultationID, person.ID)
	case person.Role.Coordinates() && (task.OwnerRole.Coordinates() || task.OwnerRole == advisory.Municipality):
		return true, nil
	}
	acts, err := s.actsFor(ctx, task, person.ID, moment)
	if err != nil || acts || !person.Role.Coordinates() {
		return acts, err
	}
	return s.hasComeToCoordinator(ctx, task, person, moment)
}

// hasComeToCoordinator tells whether a coordinator may settle what an advisor owes.
func (s *Store) hasComeToCoordinator(ctx context.Context, task Task, person Person, moment time.Time) (bool, error) {
	if person.Role != advisory.LeadCoordinator {
		coordinators, err := s.actsAs(ctx, person.ID, moment)
		if err != nil || task.CoordinatorID == nil || !slices.Contains(coordinators, *task.CoordinatorID) {
			return false, err
		}
	}
	if slices.Contains([]string{string(advisory.ToCoordinator), string(advisory.ToLead)}, task.PassedTo) {
		return true, nil
	}
	return s.isCalledAbout(ctx, task)
}

func (s *Store) isContact(ctx context.Context, consultationID, personID string) (bool, error) {
	var is bool
	err := s.db.GetContext(ctx, &is, `
		SELECT EXISTS (SELECT 1 FROM contacts WHERE consultation_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL)`,
		consultationID, personID)
	return is, problem(err)
}

func (s *Store) isCalledAbout(ctx context.Context, task Task) (bool, error) {
	var is bool
	err := s.db.GetContext(ctx, &is, `
		SELECT EXISTS (SELECT 1 FROM tasks WHERE consultation_id = $1 AND about = $2 AND (state = 'open' OR choice = $3))`,
		task.ConsultationID, task.ID, advisory.EnteredOnBehalf)
	return is, problem(err)
}

// BringForward hides an open task from its owner's list until a day; the due date stays. It touches nothing but the
// list, so the engine does not hear of it. Code conflict where the task is no longer open or somebody else's.
func (s *Store) BringForward(ctx context.Context, taskID, personID string, day time.Time, note string) error {
	result, err := s.db.ExecContext(ctx, `
		UPDATE tasks SET shown_from = $3, bring_forward_note = $4
		WHERE id = $1 AND state = 'open' AND (owner_id IS NULL OR owner_id = $2)`,
		taskID, personID, day.In(advisory.Berlin).Format(time.DateOnly), note)
	if err != nil {
		return problem(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return advisory.Errorf(advisory.Conflict, "task %s cannot be brought forward", taskID)
	}
	return nil
}
