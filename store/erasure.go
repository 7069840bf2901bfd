package store

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// WithoutWords returns the answers of a form without what somebody wrote: choices and dates stay.
type WithoutWords func(form string, answers advisory.Answers) advisory.Answers

// IsAnonymised tells whether the persons of the consultation were anonymised and their words erased.
func (c Consultation) IsAnonymised() bool { return c.Subject == advisory.Erased }

const (
	consultationsAtOnce = 100
	mailsAtOnce         = 1000
)

// Anonymise makes unrecognisable whose period of retention is over (journey.md, Erasure): everybody in the consultations
// that ended so long ago, the advisors who left the pool so long ago, and the addressees of old mails. What figures count
// stays as it is. Each consultation is one transaction, calling it often does no harm, and the engine hears nothing of it:
// it never knew a word. Code invalid where the periods would erase what has only just ended. now is business time.
func (s *Store) Anonymise(ctx context.Context, retention advisory.Retention, now time.Time, words WithoutWords) error {
	if err := retention.Check(); err != nil {
		return err
	}
	return errors.Join(
		s.anonymiseConsultations(ctx, retention, now, words),
		s.anonymiseFormerAdvisors(ctx, retention.Closed(now)),
		s.clearMails(ctx, retention.Mails(now)),
	)
}

// anonymiseConsultations goes on where one consultation fails: the others need not wait for it.
func (s *Store) anonymiseConsultations(ctx context.Context, retention advisory.Retention, now time.Time, words WithoutWords) error {
	for {
		ids, err := s.consultationsToAnonymise(ctx, retention, now)
		if err != nil {
			return err
		}
		var failures []error
		for _, id := range ids {
			failures = append(failures, s.inTx(ctx, func(tx *sqlx.Tx) error { return anonymiseConsultation(ctx, tx, id, now, words) }))
		}
		if err := errors.Join(failures...); err != nil || len(ids) < consultationsAtOnce {
			return err
		}
	}
}

func (s *Store) consultationsToAnonymise(ctx context.Context, retention advisory.Retention, now time.Time) (ids []string, err error) {
	err = s.db.SelectContext(ctx, &ids, `
		SELECT id FROM consultations WHERE ended_at IS NOT NULL AND anonymised_at IS NULL AND (
			outcome IN ('completed', 'not_accompanied') AND ended_at < $1
			OR outcome IN ('declined', 'referred', 'withdrawn') AND ended_at < $2)
		ORDER BY ended_at LIMIT $3`, retention.Closed(now), retention.Declined(now), consultationsAtOnce)
	return ids, problem(err)
}

func anonymiseConsultation(ctx context.Context, tx *sqlx.Tx, id string, now time.Time, words WithoutWords) error {
	var request []advisory.Answers
	if err := tx.SelectContext(ctx, &request, `
		UPDATE consultations SET anonymised_at = $2 WHERE id = $1 AND anonymised_at IS NULL RETURNING request`, id, now); err != nil {
		return err
	}
	if len(request) == 0 { // another worker was faster
		return nil
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE consultations SET request = $2, subject = $3, unit = CASE WHEN unit = '' THEN '' ELSE $3 END WHERE id = $1`,
		id, words("request", request[0]), advisory.Erased); err != nil {
		return err
	}
	if err := eraseAnswers(ctx, tx, id, words); err != nil {
		return err
	}
	if err := eraseWords(ctx, tx, id); err != nil {
		return err
	}
	var contacts []string
	if err := tx.SelectContext(ctx, &contacts, `SELECT person_id FROM contacts WHERE consultation_id = $1`, id); err != nil {
		return err
	}
	if err := anonymisePersons(ctx, tx, contacts); err != nil {
		return err
	}
	return refreshSearch(ctx, tx, id)
}

// eraseAnswers keeps of everything that was said what figures count.
func eraseAnswers(ctx context.Context, tx *sqlx.Tx, consultationID string, words WithoutWords) error {
	var inputs []struct {
		ID      string           `db:"id"`
		Form    string           `db:"form"`
		Answers advisory.Answers `db:"answers"`
	}
	if err := tx.SelectContext(ctx, &inputs, `
		SELECT id, form, answers FROM inputs WHERE consultation_id = $1 AND answers <> '{}'`, consultationID); err != nil {
		return err
	}
	for _, in := range inputs {
		if _, err := tx.ExecContext(ctx, `UPDATE inputs SET answers = $2 WHERE id = $1`, in.ID, words(in.Form, in.Answers)); err != nil {
			return err
		}
	}
	return nil
}

// eraseWords takes the words out of everything else that belongs to a consultation, and notes it in the history.
func eraseWords(ctx context.Context, tx *sqlx.Tx, consultationID string) error {
	for _, statement := range []string{
		`UPDATE goal_versions SET goal = :erased, need = :erased WHERE consultation_id = :id`,
		`UPDATE sessions SET place = CASE WHEN place = '' THEN '' ELSE :erased END,
			participants = CASE WHEN participants = '' THEN '' ELSE :erased END WHERE consultation_id = :id`,
		`UPDATE slots SET place = :erased WHERE consultation_id = :id AND place <> ''`,
		`DELETE FROM note_mentions WHERE note_id IN (SELECT id FROM internal_notes WHERE consultation_id = :id)`,
		`UPDATE internal_notes SET note = :erased WHERE consultation_id = :id`,
		`UPDATE tasks SET bring_forward_note = '' WHERE consultation_id = :id AND bring_forward_note <> ''`,
		`DELETE FROM task_drafts WHERE task_id IN (SELECT id FROM tasks WHERE consultation_id = :id)`,
		`DELETE FROM task_links WHERE task_id IN (SELECT id FROM tasks WHERE consultation_id = :id)`,
		`DELETE FROM address_links WHERE consultation_id = :id OR draft_id = :id`,
		`UPDATE mails SET state = 'not_needed' WHERE consultation_id = :id AND state IN ` + unsent,
		`UPDATE mails SET address = '', subject = '', failure = '' WHERE consultation_id = :id`,
		`INSERT INTO history (consultation_id, step, at, kind)
			SELECT id, step, anonymised_at, :told FROM consultations WHERE id = :id`,
	} {
		if _, err := tx.NamedExecContext(ctx, statement, map[string]any{
			"id": consultationID, "erased": advisory.Erased, "told": advisory.PersonAnonymised,
		}); err != nil {
			return err
		}
	}
	return nil
}

// unsent are the states of mails that may still go.
const unsent = `('planned', 'queued', 'held_back')`

// clearMails forgets to whom the mails ordered before a moment went, what they were about and why they did not arrive.
func (s *Store) clearMails(ctx context.Context, before time.Time) error {
	for {
		result, err := s.db.ExecContext(ctx, `
			UPDATE mails SET address = '', subject = '', failure = '' WHERE id IN (
				SELECT id FROM mails WHERE ordered_at < $1 AND state NOT IN `+unsent+`
					AND (address <> '' OR subject <> '' OR failure <> '') LIMIT $2)`, before, mailsAtOnce)
		if err != nil {
			return problem(err)
		}
		if n, err := result.RowsAffected(); err != nil || n < mailsAtOnce {
			return problem(err)
		}
	}
}
