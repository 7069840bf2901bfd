package store

import (
	"context"
	"time"
)

// CountAttempt notes one more attempt of a subject at an action and returns how many there were in this window of real
// time, and when the window ends. The subject is a hash; no address is stored.
func (s *Store) CountAttempt(ctx context.Context, action string, subject []byte, window time.Duration) (n int, ends time.Time, err error) {
	start := time.Now().Truncate(window)
	err = s.db.GetContext(ctx, &n, `
		INSERT INTO rate_limits (action, subject, window_start, count) VALUES ($1, $2, $3, 1)
		ON CONFLICT (action, subject, window_start) DO UPDATE SET count = rate_limits.count + 1
		RETURNING count`, action, subject, start)
	return n, start.Add(window), problem(err)
}
