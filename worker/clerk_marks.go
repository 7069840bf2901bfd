package worker

import (
	"context"
	"time"

	"miglobe/store"
)

// A mail that is sent is marked with those after it: what a crash repeats stays within these bounds.
const (
	markAtATime = 25
	markWithin  = 100 * time.Millisecond
	markingTime = 2 * time.Minute // shorter than the lease
)

// leave hangs up and marks what was sent last. Where the database is away it waits for it, as long as nobody else may take
// the same mails.
func (o *clerk) leave(ctx context.Context) {
	o.line.Close()
	for o.mark(ctx); len(o.unmarked) > 0 && time.Since(o.since) < markingTime; o.mark(ctx) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(officePause):
		}
	}
}

// noteSent notes that the mail server has taken a letter.
func (o *clerk) noteSent(ctx context.Context, head store.QueuedMail, sent store.SentMail) {
	if len(o.unmarked) == 0 {
		o.since = time.Now()
	}
	o.Watch.MailSent()
	o.unmarked = append(o.unmarked, sent)
	o.written[store.Correspondence{PersonID: head.PersonID.String, ConsultationID: head.ConsultationID.String}] = true
	if len(o.unmarked) >= markAtATime || time.Since(o.since) > markWithin {
		o.mark(ctx)
	}
}

// mark notes in the database what the mail server has taken. What can never be noted is sent as the same message again when
// its lease ends.
func (o *clerk) mark(ctx context.Context) {
	if len(o.unmarked) == 0 {
		return
	}
	marking, stop := context.WithTimeout(context.WithoutCancel(ctx), drain) // also while the worker ends
	defer stop()
	if err := o.Store.MarkSent(marking, o.unmarked...); err != nil {
		o.Log.Warn("sent mails not marked yet", "letters", len(o.unmarked), "error", err)
		return
	}
	o.unmarked = nil
}
