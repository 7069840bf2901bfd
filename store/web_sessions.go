package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// WebSessions keeps the sessions of browsers in the table web_sessions. It has the methods that the session library scs
// expects of a store; the tokens that it gets are hashes already.
type WebSessions struct{ store *Store }

// WebSessions is the store of the browsers' sessions.
func (s *Store) WebSessions() WebSessions { return WebSessions{s} }

// FindCtx returns the data of a session that has not expired.
func (w WebSessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := w.store.db.GetContext(ctx, &data, `SELECT data FROM web_sessions WHERE token = $1 AND expires_at > now()`, token)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, problem(err)
}

// CommitCtx writes a session. Every page does it, because every page puts its end off, so nobody waits for the disk: what a
// power cut takes is the message of the last page, or a sign-in of that moment.
func (w WebSessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := w.store.db.ExecContext(ctx, `
		WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true))
		INSERT INTO web_sessions (token, data, expires_at) SELECT $1, $2::bytea, $3::timestamptz FROM unhurried
		ON CONFLICT (token) DO UPDATE SET (data, expires_at) = (EXCLUDED.data, EXCLUDED.expires_at)`, token, data, expiry)
	return problem(err)
}

// DeleteCtx ends a session.
func (w WebSessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := w.store.db.ExecContext(ctx, `DELETE FROM web_sessions WHERE token = $1`, token)
	return problem(err)
}

// Find is FindCtx without a deadline.
func (w WebSessions) Find(token string) ([]byte, bool, error) {
	return w.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a deadline.
func (w WebSessions) Commit(token string, data []byte, expiry time.Time) error {
	return w.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a deadline.
func (w WebSessions) Delete(token string) error { return w.DeleteCtx(context.Background(), token) }
