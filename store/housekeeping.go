package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// RemoveExpired deletes what has outlived its use: sessions of browsers, links, uploads, counts of attempts, failures of steps that
// are written by now, previews of mails, and drafts that nobody has changed for a long time. Calling it often does no harm. now is business
// time.
func (s *Store) RemoveExpired(ctx context.Context, now time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		for _, statement := range []string{
			`DELETE FROM web_sessions WHERE expires_at < now()`,
			`DELETE FROM sign_in_links WHERE expires_at < now() - interval '1 day'`,
			`DELETE FROM address_links WHERE person_id IS NOT NULL AND expires_at < now() - interval '30 days'`,
			`DELETE FROM pool_uploads WHERE expires_at < now()`,
			`DELETE FROM rate_limits WHERE window_start < now() - interval '1 day'`,
			`DELETE FROM mail_template_previews WHERE created_at < now() - interval '7 days'`,
			`DELETE FROM step_failures i WHERE NOT (` + isUnwritten + `) OR ` + forgottenSteps,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE updated_at < $1`, now.Add(-DraftLife))
		return err
	})
}
