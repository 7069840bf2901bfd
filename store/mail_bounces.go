package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// Bounce says that a mail server refuses an address for good.
type Bounce struct {
	Mails          []string // the orders of the refused mail
	PersonID       string   // "" where only an address is known
	Address        string   // the one that was refused
	ConsultationID string   // "" for mails about none
	Failure        string   // what the server said, without address
	FirstTry       bool     // nothing of the letter can have arrived before; else it stays the same message for ever
	Now            time.Time
}

// RecordBounce notes that a mail has not arrived. From then on mails to the person are held back, and the engine is
// asked once to have the address clarified: the relay delivers that input. Mails about no consultation are only noted;
// nobody clarifies an address of the staff.
func (s *Store) RecordBounce(ctx context.Context, b Bounce) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE mails SET state = 'bounced', failure = $2, message_id = CASE WHEN $3 THEN '' ELSE message_id END
			WHERE id = ANY($1::uuid[]) AND state = 'queued'`, pq.Array(b.Mails), b.Failure, b.FirstTry); err != nil || b.ConsultationID == "" {
			return err
		}
		if b.PersonID == "" {
			return unconfirmedBounce(ctx, tx, b)
		}
		var role advisory.Role
		err := tx.GetContext(ctx, &role, `
			UPDATE persons SET bounced_at = $2 WHERE id = $1 AND email = $3 AND bounced_at IS NULL RETURNING role`,
			b.PersonID, b.Now, b.Address)
		switch {
		case errors.Is(err, sql.ErrNoRows): // noted before, or the address is another one by now
			return nil
		case err != nil || !IsHeldBack(role):
			return err
		}
		return journalBounce(ctx, tx, b)
	})
}

// unconfirmedBounce is about an address that somebody was to confirm: it has to be clarified again.
func unconfirmedBounce(ctx context.Context, tx *sqlx.Tx, b Bounce) error {
	err := tx.GetContext(ctx, &b.PersonID, `
		SELECT id FROM persons WHERE active AND (new_email = $2 OR email = $2 AND EXISTS (SELECT FROM contacts
			WHERE consultation_id = $1 AND person_id = id AND confirmed_at IS NULL AND left_at IS NULL))
		ORDER BY email = $2 DESC LIMIT 1`, b.ConsultationID, b.Address)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return journalBounce(ctx, tx, b)
}

// IsHeldBack tells whether mails wait until a refused address is clarified: where a task asks a coordinator to do so.
func IsHeldBack(role advisory.Role) bool {
	return role == advisory.Municipality || role == advisory.Advisor
}

// journalBounce says it in the consultation of the mail. Where that has ended, nobody listens any more: then in another
// one of the person.
func journalBounce(ctx context.Context, tx *sqlx.Tx, b Bounce) error {
	var listening string
	err := tx.GetContext(ctx, &listening, `
		SELECT id FROM consultations WHERE ended_at IS NULL AND outcome <> 'withdrawn' AND (id = $1
			OR id IN (SELECT consultation_id FROM contacts WHERE person_id = $2 AND confirmed_at IS NOT NULL AND left_at IS NULL)
			OR id IN (SELECT consultation_id FROM team WHERE advisor_id = $2 AND until IS NULL))
		ORDER BY outcome = '' DESC, id = $1 DESC, updated_at DESC, id LIMIT 1`, b.ConsultationID, b.PersonID)
	if errors.Is(err, sql.ErrNoRows) {
		return forgetBounce(ctx, tx, b.PersonID)
	}
	if err != nil {
		return err
	}
	return askToClarify(ctx, tx, listening, b.PersonID, b.Now)
}

// forgetBounce lets the next refused mail ask again, because nobody was asked this time.
func forgetBounce(ctx context.Context, tx *sqlx.Tx, personID string) error {
	_, err := tx.ExecContext(ctx, `UPDATE persons SET bounced_at = NULL WHERE id = $1`, asID(personID))
	return err
}

// HoldBackMail keeps a mail until the person's address is clarified.
func (s *Store) HoldBackMail(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `
		WITH refused AS (
			SELECT p.id FROM persons p JOIN mails m ON m.person_id = p.id WHERE m.id = $1 AND p.bounced_at IS NOT NULL FOR SHARE OF p)
		UPDATE mails SET state = 'held_back', attempts = 0
		WHERE id = $1 AND state = 'queued' AND person_id = (SELECT id FROM refused)`, id)
	return problem(err)
}

// addressIsReached lets mails go to an address again that has shown that it works.
func addressIsReached(ctx context.Context, tx *sqlx.Tx, personID string) error {
	var refused bool
	err := tx.GetContext(ctx, &refused, `SELECT bounced_at IS NOT NULL FROM persons WHERE id = $1`, personID)
	if err != nil || !refused {
		return err
	}
	return releaseHeldBack(ctx, tx, personID)
}

// releaseHeldBack lets mails go to a person's address again, because it works or is another one: what was held back or
// refused is queued anew, and the post office drops what is over by then. A link to sign in is of no use later.
func releaseHeldBack(ctx context.Context, tx *sqlx.Tx, personID string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE persons SET bounced_at = NULL WHERE id = $1`, personID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE mails SET state = CASE WHEN EXISTS (SELECT FROM consultations c WHERE c.id = consultation_id AND c.ended_at IS NOT NULL)
				THEN 'not_needed' ELSE 'queued' END,
			attempts = 0, next_attempt = now(), failure = ''
		WHERE person_id = $1 AND state IN ('held_back', 'bounced') AND template <> $2`, personID, advisory.MailSignInLink)
	return err
}
