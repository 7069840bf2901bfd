package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// LinkedConsultation is a consultation as the page of another one names it.
type LinkedConsultation struct {
	ID      string `db:"id"`
	Number  string `db:"number"`
	Earlier bool   `db:"earlier"` // the other one follows it; else it follows the other one
	Running bool   `db:"running"`
}

// LinkedConsultations reads what a consultation follows and what follows it, in the order in which they were sent.
func (s *Store) LinkedConsultations(ctx context.Context, consultationID string) ([]LinkedConsultation, error) {
	var linked []LinkedConsultation
	err := s.db.SelectContext(ctx, &linked, `
		SELECT o.id, o.number, o.id = c.follows IS TRUE AS earlier, o.outcome = '' AS running
		FROM consultations c JOIN consultations o ON o.id = c.follows OR o.follows = c.id
		WHERE c.id = $1 ORDER BY o.sent_at, o.id`, consultationID)
	return linked, problem(err)
}

// FollowOnDraft begins the request of a follow-on consultation with the answers that are known already. Where one is being
// written, it stays as it is and begun is false. Code conflict while a follow-on consultation runs.
func (s *Store) FollowOnDraft(ctx context.Context, earlierID string, draft Draft, now time.Time) (found Draft, begun bool, err error) {
	draft.Follows = &earlierID
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever sends the draft just now is waited for.
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM consultations WHERE id = $1 FOR UPDATE`, earlierID); err != nil {
			return err
		}
		var running bool
		if err := tx.GetContext(ctx, &running, `SELECT EXISTS (SELECT FROM consultations WHERE follows = $1 AND outcome = '')`,
			earlierID); err != nil {
			return err
		}
		if running {
			return advisory.Errorf(advisory.Conflict, "consultation %s has a follow-on consultation", earlierID)
		}
		if begun, _, err = insertDraft(ctx, tx, draft, now); err != nil {
			return err
		}
		return tx.GetContext(ctx, &found, draftQuery+`WHERE d.follows = $1`, earlierID)
	})
	return found, begun, err
}
