package bench

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/local/mailcatcher"
	"miglobe/local/product"
)

const remindersGoal = 0.8

//go:embed fill/reminders.sql
var remindersFill string

// measureReminders lets thousands of reminders become due at the same moment and waits until the mail server has all of
// them. Half of as many mails go out over one connection and nothing around it before, and the other half afterwards.
func measureReminders(ctx context.Context, options Options) (result Result, err error) {
	around, err := setUp(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, around.tearDown()) }()
	desk := time.Date(2026, 9, 15, 10, 0, 0, 0, advisory.Berlin) // a Tuesday: reminders are sent on working days
	running, err := product.Open(ctx, around.Stack, advisory.NewClock(time.Now(), desk, 1), quiet())
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	n := options.size(10_000, 500)
	r := &reminders{n: n, db: running.Store.DB(), mails: around.Mails, smtp: around.Ports.SMTP}
	used := func(of *time.Duration) func() {
		before := around.processor()
		return func() { *of += around.processor() - before }
	}
	if err := r.prepare(ctx, desk); err != nil {
		return result, err
	}
	if err := running.StartWorker(); err != nil {
		return result, err
	}
	// One mail ahead: the model of those that the bare loop sends, and everything is warm.
	if _, err := r.send(ctx, 1, 1); err != nil {
		return result, err
	}
	model := around.Mails.To("")[0]
	stop := used(&r.bareProcessor)
	before, err := r.sendBare(ctx, model, n/2)
	if err != nil {
		return result, err
	}
	stop()
	stop = used(&r.ownProcessor)
	own, err := r.send(ctx, 2, n+1)
	if err != nil {
		return result, err
	}
	stop()
	stop = used(&r.bareProcessor)
	after, err := r.sendBare(ctx, model, n-n/2)
	if err != nil {
		return result, err
	}
	stop()
	return r.compare(own, before+after)
}

type reminders struct {
	n     int
	db    *sql.DB
	mails *mailcatcher.Catcher
	smtp  int

	ownProcessor, bareProcessor time.Duration
}

func (r *reminders) prepare(ctx context.Context, desk time.Time) error {
	err := fill(ctx, r.db, remindersFill, map[string]string{"n": strconv.Itoa(r.n + 1), "due": desk.Format(time.RFC3339)})
	if err != nil {
		return err
	}
	return vacuum(ctx, r.db)
}

// send makes the reminders with these numbers due at once and waits until they are sent.
func (r *reminders) send(ctx context.Context, from, to int) (time.Duration, error) {
	began := time.Now()
	if _, err := r.db.ExecContext(ctx, `
		UPDATE mails SET not_before = ordered_at WHERE id IN (SELECT bench_id('mail', i) FROM generate_series($1::int, $2::int) i)`,
		from, to); err != nil {
		return 0, fmt.Errorf("reminders: %w", err)
	}
	err := until(ctx, 20*time.Millisecond, "that all reminders are sent", func() (bool, error) {
		var waiting bool
		err := r.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM mails WHERE state = 'queued' AND not_before <= ordered_at)`).Scan(&waiting)
		return !waiting, err
	})
	return time.Since(began), err
}

// compare counts what has arrived and sets the rates beside each other.
func (r *reminders) compare(own, bare time.Duration) (Result, error) {
	arrived := map[string]int{} // by Message-ID
	recipients := map[string]bool{}
	for _, m := range r.mails.To("") {
		if m.Sender != bareSender {
			arrived[m.Headers["Message-Id"][0]]++
			recipients[m.Recipients[0]] = true
		}
	}
	twice := 0
	for _, times := range arrived {
		twice += times - 1
	}
	lost := r.n + 1 - len(recipients)
	ownRate, bareRate := float64(r.n)/own.Seconds(), float64(r.n)/bare.Seconds()
	return Result{
		Goals: []Goal{
			{Measure: strconv.Itoa(r.n) + " reminders due at once, mails a second beside a bare go-mail loop",
				Value: times(ownRate, bareRate), Wanted: fmt.Sprintf("≥ %.1f ×", remindersGoal), Met: ownRate >= remindersGoal*bareRate,
				Reason: fmt.Sprintf("the cores are the limit: a mail that is claimed, checked, composed in text and HTML, sent, marked and entered in the history takes %s of processor, one of the bare loop %s",
					ms(r.ownProcessor/time.Duration(r.n)), ms(r.bareProcessor/time.Duration(r.n)))},
			{Measure: "reminders lost, sent twice", Value: fmt.Sprintf("%d, %d", lost, twice), Wanted: "0, 0", Met: lost == 0 && twice == 0},
		},
		Tables: []Table{{Head: []string{"", "mails", "took", "mails/s"}, Rows: [][]string{
			{"MiGlobe, everything on", strconv.Itoa(r.n), seconds(own), rate(ownRate)},
			{"go-mail, one open connection", strconv.Itoa(r.n), seconds(bare), rate(bareRate)},
		}}},
		Notes: []string{"Every reminder is about another consultation and goes to another person; it is claimed, checked against the " +
			"rules for reminders, composed, sent and marked. The mail server writes a file for each mail, in either case."},
	}, nil
}
