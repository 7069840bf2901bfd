package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
)

// Cause is why a step could not be written, without a word of what was to be written: pages may show it, logs and the
// engine may hold it.
type Cause struct {
	Reason string // key of the sentence that people read: rule, value, missing, schema, read_only or defect
	Detail string // for machines: part of the step, SQLSTATE, table, column, rule; or the kind of error
}

// partError tells which part of a step could not be written.
type partError struct {
	part string
	err  error
}

func (e *partError) Error() string { return e.part + ": " + e.err.Error() }
func (e *partError) Unwrap() error { return e.err }

// CauseOf finds the cause of an error of WriteStep. What PostgreSQL says in words may quote values and stays behind.
func CauseOf(err error) Cause {
	cause := Cause{Reason: "defect"}
	var details []string
	var part *partError
	if errors.As(err, &part) {
		details = append(details, part.part)
	}
	var refused *pq.Error
	switch {
	case errors.As(err, &refused):
		cause.Reason = reasonOf(string(refused.Code.Class()))
		details = append(details, string(refused.Code), refused.Table, refused.Column, refused.Constraint)
	case errors.Is(err, sql.ErrNoRows):
		cause.Reason = "missing"
	default:
		details = append(details, fmt.Sprintf("%T", innermost(err)))
	}
	cause.Detail = strings.Join(strings.Fields(strings.Join(details, " ")), " ")
	return cause
}

func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

func reasonOf(class string) string {
	switch class {
	case "23", "44", "P0": // integrity, check option, raised by a trigger
		return "rule"
	case "22":
		return "value"
	case "42", "3F", "0A": // no such table, not allowed to; schema; not supported
		return "schema"
	case "25":
		return "read_only"
	}
	return "defect"
}

// FailedStep names a step and the activity of the engine that cannot write it.
type FailedStep struct {
	Workflow       string `db:"workflow_id"`
	Step           int    `db:"step"`
	ConsultationID string `db:"consultation_id"`
	Namespace      string `db:"namespace"` // of the engine
	ActivityID     string `db:"activity_id"`
}

// RecordStepFailure notes that a step could not be written, in a transaction of its own. It may be called for every
// attempt.
func (s *Store) RecordStepFailure(ctx context.Context, failed FailedStep, cause Cause) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO step_failures (workflow_id, step, consultation_id, namespace, activity_id, reason, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workflow_id, step) DO UPDATE SET namespace = EXCLUDED.namespace, activity_id = EXCLUDED.activity_id,
			reason = EXCLUDED.reason, detail = EXCLUDED.detail, attempts = step_failures.attempts + 1, last_at = now()`,
		failed.Workflow, failed.Step, failed.ConsultationID, failed.Namespace, failed.ActivityID, cause.Reason, cause.Detail)
	return problem(err)
}

// StepFailure is a step that keeps failing.
type StepFailure struct {
	Workflow  string    `db:"workflow_id"`
	Step      int       `db:"step"`
	Number    string    `db:"number"` // of the consultation; "" where there is no such one
	Reason    string    `db:"reason"`
	Detail    string    `db:"detail"`
	Attempts  int       `db:"attempts"`
	FirstAt   time.Time `db:"first_at"` // real time
	LastAt    time.Time `db:"last_at"`  // real time
	Retryable bool      `db:"retryable"`
}

const (
	// isUnwritten is the condition on step_failures i: the step has not been written meanwhile. It is looked up for each of
	// the few rows; as a join it might read all steps there are.
	isUnwritten = `(SELECT true FROM steps WHERE consultation_id = i.consultation_id AND number = i.step) IS NULL`
	// forgottenSteps: the engine tries every half minute, so what has not failed for so long is not tried any more.
	forgottenSteps = `last_at < now() - interval '30 days'`
)

func stepFailures() incidentList {
	return incidentList{
		from: `step_failures i WHERE ` + isUnwritten, retryable: `(i.retry_at IS NULL)`, order: `i.first_at, i.workflow_id`,
		columns: `i.workflow_id, i.step, ` + itsNumber + `, i.reason, i.detail, i.attempts, i.first_at, i.last_at`,
		values:  map[string]any{},
	}
}

// StepFailures reads a page of the steps that keep failing, oldest first.
func (s *Store) StepFailures(ctx context.Context, page int) (Incidents[StepFailure], error) {
	return readIncidents[StepFailure](ctx, s, stepFailures(), page)
}

// RetrySteps asks for a failing step to be tried at once, or for all of them where workflowID is "", and tells for how many
// nobody had asked yet. A worker tells the engine.
func (s *Store) RetrySteps(ctx context.Context, workflowID string, step int) (int, error) {
	return s.retry(ctx, `UPDATE step_failures i SET retry_at = now() WHERE i.retry_at IS NULL AND `+isUnwritten+`
		AND (:workflow = '' OR i.workflow_id = :workflow AND i.step = :step)`, map[string]any{"workflow": workflowID, "step": step})
}

// ClaimStepRetries takes steps that the engine is to try at once and leaves them to the caller for half a minute. Several
// workers share the work.
func (s *Store) ClaimStepRetries(ctx context.Context, limit int) ([]FailedStep, error) {
	var claimed []FailedStep
	err := s.db.SelectContext(ctx, &claimed, `
		UPDATE step_failures SET retry_at = now() + interval '30 seconds'
		WHERE (workflow_id, step) IN (SELECT workflow_id, step FROM step_failures WHERE retry_at <= now()
			ORDER BY retry_at LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING workflow_id, step, consultation_id, namespace, activity_id`, limit)
	return claimed, problem(err)
}

// StepRetried notes that the engine tries a step again: if it fails once more, it can be asked for once more.
func (s *Store) StepRetried(ctx context.Context, failed FailedStep) error {
	_, err := s.db.ExecContext(ctx, `UPDATE step_failures SET retry_at = NULL WHERE workflow_id = $1 AND step = $2`,
		failed.Workflow, failed.Step)
	return problem(err)
}

// ForgetStepFailure removes what the engine does not try any more: the step is written, or its workflow has ended.
func (s *Store) ForgetStepFailure(ctx context.Context, failed FailedStep) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM step_failures WHERE workflow_id = $1 AND step = $2`, failed.Workflow, failed.Step)
	return problem(err)
}
