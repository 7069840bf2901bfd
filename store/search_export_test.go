package store

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// RefreshSearch makes all consultations found by what their rows say, for tests that write rows past the store.
func (s *Store) RefreshSearch(ctx context.Context) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var ids []string
		if err := tx.SelectContext(ctx, &ids, `SELECT id FROM consultations`); err != nil {
			return err
		}
		return refreshSearch(ctx, tx, ids...)
	})
}
