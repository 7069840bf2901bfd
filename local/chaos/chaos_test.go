// Package chaos_test rehearses that any process may be killed at any time: server, workers, engine, PostgreSQL and mail
// server are killed and their connections cut while people of all roles work over the pages. Then it holds the house to
// its promises. `make chaos` plays the long form, every `go test` a short one.
package chaos_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/local/mailcatcher"
	"miglobe/local/postgres"
)

var (
	seed   = flag.Uint64("seed", 0, "order of the blows and choices; 0 draws one")
	inputs = flag.Int("inputs", 120, "how many inputs people send during the storm")
)

const (
	// speed lets a day pass in four seconds: what lapses and what is reminded of happens during the storm.
	speed = 20000
	// hands is how many things people do at a time.
	hands = 6
	// stormLimit and calmLimit bound a rehearsal in time, whatever happens.
	stormLimit = 15 * time.Minute
	calmLimit  = 8 * time.Minute
)

func TestMain(m *testing.M) {
	if description := os.Getenv(partVariable); description != "" {
		if err := runPart(description); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestEverythingKeepsItsPromisesWhateverIsKilled(t *testing.T) {
	if _, err := postgres.FindBinaries(); err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d, %d inputs", *seed, *inputs)
	h := openHouse(t, beforeTheClocksChange(*seed), speed)
	c := newCrowd(h, *inputs, max(8, *inputs/60))
	s := newStorm(h, *seed)
	c.playStorm(s)
	c.playCalm()
	found := c.check(t.Context())
	t.Logf("seed %d: %d inputs sent: %s", *seed, c.sent.Load(), c.ledger.counts())
	t.Logf("blows: %s", s)
	t.Logf("%s", c.summary())
	if trouble := c.troubles.String(); trouble != "" {
		t.Logf("pages that did not take what was typed:%s", trouble)
	}
	for _, b := range found {
		t.Error(b)
	}
	if t.Failed() {
		t.Logf("to play it again: make chaos SEED=%d N=%d", *seed, *inputs)
	}
}

// beforeTheClocksChange begins on the Friday before summer time begins, or ends.
func beforeTheClocksChange(seed uint64) time.Time {
	if seed%2 == 0 {
		return time.Date(2026, time.October, 23, 9, 0, 0, 0, advisory.Berlin)
	}
	return time.Date(2027, time.March, 26, 9, 0, 0, 0, advisory.Berlin)
}

// playStorm lets people work and blows until enough was sent.
func (c *crowd) playStorm(s *storm) {
	ctx, cancel := context.WithTimeout(c.Context(), stormLimit)
	defer cancel()
	blowing, calm := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.blow(blowing)
	}()
	c.work(ctx, *seed, hands, func() bool { return c.sent.Load() >= c.goal })
	calm()
	<-ended
	if c.sent.Load() < c.goal {
		c.Errorf("only %d of %d inputs could be sent in time", c.sent.Load(), c.goal)
	}
}

// playCalm lets everything come to its end undisturbed.
func (c *crowd) playCalm() {
	ctx, cancel := context.WithTimeout(c.Context(), calmLimit)
	defer cancel()
	c.calm, c.choices = true, inTheCalm()
	c.mails.stop()
	quiet := c.mails.part
	quiet.Moody = false
	c.mails = startProcess(c.T, quiet, 2)
	c.work(ctx, *seed, hands, func() bool { return c.isQuiet(ctx) })
}

// isQuiet tells whether nothing is left to do. Mails that were put back for later are tried at once, as an operator can ask for.
func (c *crowd) isQuiet(ctx context.Context) bool {
	var open, journaled, queued int
	err := c.store.DB().QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM consultations WHERE ended_at IS NULL), (SELECT count(*) FROM inputs WHERE state = 'journaled' OR NOT confirmed AND state = 'applied'),
			(SELECT count(*) FROM mails WHERE state = 'queued')`).Scan(&open, &journaled, &queued)
	if err != nil || open+journaled > 0 {
		return false
	}
	if queued > 0 {
		_, _ = c.store.DB().ExecContext(ctx, `UPDATE mails SET next_attempt = now() WHERE state = 'queued' AND next_attempt > now() + interval '4 minutes'`)
	}
	return queued == 0
}

func (c *crowd) caughtMails() []*mailcatcher.Mail {
	c.Helper()
	catcher, err := mailcatcher.Open(filepath.Join(c.folder, "mails"))
	c.must(err)
	return catcher.To("")
}

func (c *crowd) summary() string {
	var consultations, applied, refused, done, lapsed, reminders int
	c.must(c.store.DB().QueryRow(`
		SELECT (SELECT count(*) FROM consultations), (SELECT count(*) FROM inputs WHERE state = 'applied'),
			(SELECT count(*) FROM inputs WHERE state = 'refused'), (SELECT count(*) FROM tasks WHERE state = 'done'),
			(SELECT count(*) FROM tasks WHERE state = 'lapsed'), (SELECT coalesce(sum(reminders), 0) FROM tasks)`).
		Scan(&consultations, &applied, &refused, &done, &lapsed, &reminders))
	return fmt.Sprintf("%d consultations; inputs: %d applied, %d refused; tasks: %d done, %d lapsed, %d reminders; %d mails caught, %d of them repeats; business time %s",
		consultations, applied, refused, done, lapsed, reminders, c.caught.all, c.caught.repeated, c.now().Format("02.01.2006 15:04"))
}
