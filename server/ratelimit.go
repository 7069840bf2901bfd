package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// limit is how often one subject may try an action in a window of time.
type limit struct {
	action string
	max    int
	window time.Duration
}

// The limits. Whole town halls share one address of the internet, so those by client are wide.
var (
	signInByAddress  = limit{"sign_in_address", 10, 15 * time.Minute}
	signInByClient   = limit{"sign_in_client", 100, 15 * time.Minute}
	draftsByClient   = limit{"draft_client", 60, time.Hour}
	sendingByClient  = limit{"send_client", 60, time.Hour}
	mailsByAddress   = limit{"mail_address", 6, time.Hour}
	confirmsByClient = limit{"confirm_client", 100, 15 * time.Minute}
	feedsByClient    = limit{"feed_client", 600, 15 * time.Minute} // calendars of many readers ask from few addresses
)

// tooMany is the error of somebody who tries too often.
type tooMany struct{ until time.Time }

func (e *tooMany) Error() string { return fmt.Sprintf("too often, until %s", e.until) }

// limiter counts attempts in the database, so that all servers count together. Subjects are keyed hashes: nobody can
// tell from the table who tried.
type limiter struct {
	store *store.Store
	mu    sync.Mutex
	key   []byte
}

func (l *limiter) allow(ctx context.Context, rule limit, subject string) error {
	key, err := l.secret(ctx)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(subject))
	n, ends, err := l.store.CountAttempt(ctx, rule.action, mac.Sum(nil), rule.window)
	if err != nil {
		return err
	}
	if n > rule.max {
		return &advisory.Error{Code: advisory.TooMany, Err: &tooMany{until: ends}}
	}
	return nil
}

func (l *limiter) secret(ctx context.Context) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key == nil {
		key, err := l.store.Secret(ctx, "rate_limits")
		if err != nil {
			return nil, err
		}
		l.key = key
	}
	return l.key, nil
}

// limitClient counts against the client's network address.
func (c *Context) limitClient(rule limit) error {
	return c.server.limits.allow(c.Request().Context(), rule, c.RealIP())
}

// limitAddress counts against a mail address.
func (c *Context) limitAddress(rule limit, address string) error {
	return c.server.limits.allow(c.Request().Context(), rule, advisory.NormalEmail(address))
}
