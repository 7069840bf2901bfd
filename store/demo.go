package store

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// MarkDemo marks a consultation as invented, and the mail that would verify its address as not needed. Only the local
// demonstration calls it; real consultations never are.
func (s *Store) MarkDemo(ctx context.Context, consultationID string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE consultations SET demo = true WHERE id = $1`, consultationID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE mails SET state = 'not_needed' WHERE draft_id = $1 AND state = 'queued'`, consultationID)
		return err
	})
}
