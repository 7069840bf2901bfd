package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"miglobe/advisory"
)

// TaskDraft is what a person has entered for a task and not sent yet.
type TaskDraft struct {
	Answers     advisory.Answers `db:"answers"`
	FormVersion int              `db:"form_version"`
	UpdatedAt   time.Time        `db:"updated_at"` // real time; zero where nothing is saved
}

// TaskDraft reads what the person has saved for a task; a zero TaskDraft where there is nothing.
func (s *Store) TaskDraft(ctx context.Context, taskID, personID string) (TaskDraft, error) {
	var draft TaskDraft
	err := s.db.GetContext(ctx, &draft, `
		SELECT answers, form_version, updated_at FROM task_drafts WHERE task_id = $1 AND person_id = $2`, taskID, personID)
	if errors.Is(err, sql.ErrNoRows) {
		return TaskDraft{}, nil
	}
	return draft, problem(err)
}

// SaveTaskDraft keeps what a person has entered for an open task, in the place of what was saved before. It goes when
// the task closes. Code conflict where it is closed already.
func (s *Store) SaveTaskDraft(ctx context.Context, taskID, personID string, answers advisory.Answers, formVersion int) error {
	result, err := s.db.ExecContext(ctx, `
		INSERT INTO task_drafts (task_id, person_id, answers, form_version)
		SELECT id, $2, $3, $4 FROM tasks WHERE id = $1 AND state = 'open'
		ON CONFLICT (task_id, person_id) DO UPDATE SET answers = EXCLUDED.answers, form_version = EXCLUDED.form_version,
			updated_at = now()`, taskID, personID, answers, formVersion)
	if err != nil {
		return problem(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return advisory.Errorf(advisory.Conflict, "task %s is not open", taskID)
	}
	return nil
}
