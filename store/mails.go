package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// QueuedMail is an order that waits for the post office, with what decides whether it may go.
type QueuedMail struct {
	ID             string            `db:"id"`
	Key            string            `db:"key"`
	ConsultationID sql.NullString    `db:"consultation_id"`
	TaskID         sql.NullString    `db:"task_id"`
	Session        int               `db:"session"`
	InputID        sql.NullString    `db:"input_id"`
	DraftID        sql.NullString    `db:"draft_id"`
	PersonID       sql.NullString    `db:"person_id"`
	Address        string            `db:"address"`
	Template       advisory.Template `db:"template"`
	Language       string            `db:"language"`
	Link           string            `db:"link"`
	Reminder       bool              `db:"reminder"`
	OrderedAt      time.Time         `db:"ordered_at"`
	Attempts       int               `db:"attempts"`
	TaskState      sql.NullString    `db:"task_state"`
	TaskKind       advisory.TaskKind `db:"task_kind"`
	TaskDueOn      *time.Time        `db:"task_due_on"`
	TaskOpenedAt   *time.Time        `db:"task_opened_at"`
	TaskOwnerID    sql.NullString    `db:"task_owner_id"`
	Resting        bool              `db:"resting"`
	SessionState   sql.NullString    `db:"session_state"`
}

const queuedMailColumns = `m.id, m.key, m.consultation_id, m.task_id, m.session, m.input_id, m.draft_id, m.person_id, m.address,
	m.template, m.language, m.link, m.reminder, m.ordered_at, m.attempts, t.state AS task_state,
	coalesce(t.kind, '') AS task_kind, t.due_on AS task_due_on, t.opened_at AS task_opened_at, t.owner_id AS task_owner_id,
	c.resting_since IS NOT NULL AS resting, s.state AS session_state`

// lease is how long a mail belongs to the post office that took it: longer than any attempt to send it.
const lease = "3 minutes"

// ClaimMails takes the mails that are due for one person about one consultation: what falls together is one mail. It
// returns none where nothing is due. now is business time.
func (s *Store) ClaimMails(ctx context.Context, now time.Time) ([]QueuedMail, error) {
	var claimed []QueuedMail
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var head string
		if err := tx.GetContext(ctx, &head, `
			SELECT id FROM mails WHERE state = 'queued' AND next_attempt <= now() AND not_before <= $1
			ORDER BY next_attempt LIMIT 1 FOR UPDATE SKIP LOCKED`, now); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &claimed, `
			WITH head AS (SELECT person_id, consultation_id FROM mails WHERE id = $1),
			due AS (
				SELECT id FROM mails WHERE state = 'queued' AND next_attempt <= now() AND not_before <= $2
					AND (id = $1 OR (person_id, consultation_id) = (SELECT person_id, consultation_id FROM head))
				FOR UPDATE SKIP LOCKED),
			m AS (
				UPDATE mails SET attempts = attempts + 1, next_attempt = now() + interval '`+lease+`'
				WHERE id IN (SELECT id FROM due) RETURNING *)
			SELECT `+queuedMailColumns+` FROM m LEFT JOIN tasks t ON t.id = m.task_id
				LEFT JOIN consultations c ON c.id = m.consultation_id
				LEFT JOIN sessions s ON s.consultation_id = m.consultation_id AND s.number = m.session
			ORDER BY m.task_id IS NULL, t.due_on, m.ordered_at, m.id`, head, now)
	})
	if advisory.CodeOf(err) == advisory.NotFound {
		return nil, nil
	}
	return claimed, err
}

// SentMail is what the post office knows of a mail that the server has taken.
type SentMail struct {
	IDs       []string // the first gave the subject, the others are combined into it
	Subject   string
	MessageID string
	At        time.Time // business time
}

// MarkSent notes that the mail server has taken a mail; reminders stand in the history from then on.
func (s *Store) MarkSent(ctx context.Context, sent SentMail) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		for i, id := range sent.IDs {
			state, into := "sent", sql.NullString{}
			if i > 0 {
				state, into = "combined", sql.NullString{String: sent.IDs[0], Valid: true}
			}
			if _, err := tx.ExecContext(ctx, `
				UPDATE mails SET state = $2, combined_into = $3, subject = $4, message_id = $5, sent_at = $6, failure = ''
				WHERE id = $1`, id, state, into, sent.Subject, sent.MessageID, sent.At); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO history (consultation_id, step, at, kind, task_id)
				SELECT m.consultation_id, c.step, $2, 'reminder_sent', m.task_id
				FROM mails m JOIN consultations c ON c.id = m.consultation_id
				WHERE m.id = $1 AND m.reminder AND m.template NOT LIKE '%_escalated'`, id, sent.At); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropMail notes that a mail is not needed any more, or will never arrive: state not_needed, bounced or given_up.
func (s *Store) DropMail(ctx context.Context, id, state, failure string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE mails SET state = $2, failure = $3 WHERE id = $1 AND state = 'queued'`,
		id, state, failure)
	return problem(err)
}

// RetryMail puts a mail back for another attempt after a real-time pause.
func (s *Store) RetryMail(ctx context.Context, id, failure string, pause time.Duration) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails SET failure = $2, next_attempt = now() + $3 * interval '1 second' WHERE id = $1 AND state = 'queued'`,
		id, failure, pause.Seconds())
	return problem(err)
}

// PostponeMail puts a mail back until a moment of business time; it does not count as an attempt.
func (s *Store) PostponeMail(ctx context.Context, id string, until time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails SET not_before = $2, next_attempt = now(), attempts = attempts - 1 WHERE id = $1 AND state = 'queued'`,
		id, until)
	return problem(err)
}

// WasWrittenTo tells whether a person got a mail about a consultation since a moment of business time.
func (s *Store) WasWrittenTo(ctx context.Context, personID, consultationID string, since time.Time) (bool, error) {
	var written bool
	err := s.db.GetContext(ctx, &written, `
		SELECT EXISTS (SELECT FROM mails WHERE person_id = $1 AND consultation_id = $2 AND state = 'sent' AND sent_at >= $3)`,
		personID, consultationID, since)
	return written, problem(err)
}
