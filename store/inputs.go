package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// NewInput is what a person said, with the words that the engine never sees.
type NewInput struct {
	ConsultationID string
	Message        advisory.Input // ids and choices for the engine; its ID is the row's
	Form           string         // name of the form in texts, "" for none
	FormVersion    int
	Answers        advisory.Answers
	OnBehalf       bool      // entered by a coordinator for the municipality
	DeputyFor      string    // the person in whose place a deputy entered it; "" where nobody is absent
	EnteredAt      time.Time // business time
}

// JournalInput keeps an input before anybody gets an answer. The relay leaves it alone for a while, because the caller
// delivers it at once. It tells the workflow that the input goes to.
func (s *Store) JournalInput(ctx context.Context, in NewInput) (workflowID string, err error) {
	workflowID, err = journalInput(ctx, s.db, in)
	return workflowID, problem(err)
}

// journalInput keeps an input for the workflow that listens: the one of its task, else the one that carries the
// consultation now. It is one statement, because a person waits for it.
func journalInput(ctx context.Context, q sqlx.QueryerContext, in NewInput) (workflowID string, err error) {
	message, err := json.Marshal(in.Message)
	if err != nil {
		return "", fmt.Errorf("input: %w", err)
	}
	err = sqlx.GetContext(ctx, q, &workflowID, `
		INSERT INTO inputs (id, consultation_id, workflow_id, task_id, kind, choice, actor_id, on_behalf, form, form_version,
			answers, message, deputy_for, entered_at, next_delivery, programme_version)
		SELECT $1, c.id, coalesce(t.workflow_id, CASE WHEN c.outcome = $13 THEN $15 ELSE $14 END), t.id, $4, $5,
			NULLIF($6, '')::uuid, $7, $8, $9, $10, $11, NULLIF($12, '')::uuid, $16, now() + interval '10 seconds', c.programme_version
		FROM consultations c LEFT JOIN tasks t ON t.id = $3 AND t.consultation_id = c.id
		WHERE c.id = $2 AND ($3 = '' OR t.id IS NOT NULL)
		RETURNING workflow_id`,
		in.Message.ID, in.ConsultationID, in.Message.Task, in.Message.Kind, in.Message.Choice, in.Message.Actor, in.OnBehalf,
		in.Form, in.FormVersion, in.Answers, message, in.DeputyFor, advisory.Completed, advisory.WorkflowID(in.ConsultationID),
		advisory.FollowUpWorkflowID(in.ConsultationID), in.EnteredAt)
	return workflowID, err
}

// askToClarify says to the engine that a person of a consultation cannot be reached. The program itself says it, so the
// relay delivers it at once.
func askToClarify(ctx context.Context, tx *sqlx.Tx, consultationID, personID string, now time.Time) error {
	message := advisory.Input{ID: newID(), Kind: advisory.ClarifyAddress, Person: personID}
	if _, err := journalInput(ctx, tx, NewInput{ConsultationID: consultationID, EnteredAt: now, Message: message}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE inputs SET next_delivery = now() WHERE id = $1`, message.ID)
	return err
}

// Delivery is an input on its way to the engine.
type Delivery struct {
	ID             string          `db:"id"`
	ConsultationID string          `db:"consultation_id"`
	WorkflowID     string          `db:"workflow_id"`
	Message        json.RawMessage `db:"message"`
	Deliveries     int             `db:"deliveries"`
}

// Input is the message for the engine.
func (d Delivery) Input() (in advisory.Input, err error) {
	if err := json.Unmarshal(d.Message, &in); err != nil {
		return in, fmt.Errorf("input %s: %w", d.ID, err)
	}
	return in, nil
}

// ClaimDeliveries takes inputs that the engine has not confirmed yet, those that wait longest first, and leaves them to the
// caller for a while: longer with every attempt, up to a minute. Several relays share the work. An input may be applied in the
// database already: an engine that was killed has to learn of it, too.
func (s *Store) ClaimDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	var found []Delivery
	err := s.db.SelectContext(ctx, &found, `
		UPDATE inputs SET deliveries = deliveries + 1,
			next_delivery = now() + least(60, 5 * (deliveries + 1)) * interval '1 second'
		WHERE id IN (SELECT id FROM inputs WHERE (state = 'journaled' OR state = 'applied' AND NOT confirmed)
				AND next_delivery <= now() ORDER BY next_delivery, id LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING id, consultation_id, workflow_id, message, deliveries`, limit)
	return found, problem(err)
}

// RefuseInput notes that the engine refused an input. What a step has applied stays applied.
func (s *Store) RefuseInput(ctx context.Context, id string, reason advisory.Refusal) error {
	_, err := s.db.ExecContext(ctx, `UPDATE inputs SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'journaled'`,
		id, reason)
	return problem(err)
}

// InputState tells how far an input is: journaled, applied or refused.
func (s *Store) InputState(ctx context.Context, id string) (state string, err error) {
	err = s.db.GetContext(ctx, &state, `SELECT state FROM inputs WHERE id = $1`, id)
	return state, problem(err)
}

// input is the row that a step applies.
type input struct {
	ID       string           `db:"id"`
	ActorID  string           `db:"actor_id"` // "" where the program itself says it
	OnBehalf bool             `db:"on_behalf"`
	Answers  advisory.Answers `db:"answers"`
	Message  json.RawMessage  `db:"message"`
}

// applyInput marks an input as applied and reads what was said.
func applyInput(ctx context.Context, tx *sqlx.Tx, id string) (in input, err error) {
	err = tx.GetContext(ctx, &in, `
		UPDATE inputs SET state = 'applied' WHERE id = $1
		RETURNING id, coalesce(actor_id::text, '') AS actor_id, on_behalf, answers, message`, id)
	if err != nil {
		return in, fmt.Errorf("input %s: %w", id, err)
	}
	return in, nil
}

// HasBegun tells whether the first step of a consultation is written.
func (s *Store) HasBegun(ctx context.Context, consultationID string) (begun bool, err error) {
	err = s.db.GetContext(ctx, &begun, `SELECT step > 0 FROM consultations WHERE id = $1`, consultationID)
	return begun, problem(err)
}
