package worker

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/telemetry"
	"miglobe/texts"
)

const (
	officePause  = 500 * time.Millisecond // between two looks for new mails
	mostAttempts = 30                     // with pauses up to half an hour: about half a day

	mostClerks     = 3 // connections to the mail server at a time: more are refused by some
	lettersAtATime = 50
)

// PostOffice sends the mails that steps and pages have ordered. A mail is claimed, sent and marked; after a crash between
// the server's yes and the mark the same letter goes out again with the same Message-ID.
type PostOffice struct {
	Dependencies
	settings Settings
	wordings *mail.Wordings
}

// NewPostOffice makes a post office for a process that runs no engine worker.
func NewPostOffice(settings Settings, d Dependencies) *PostOffice {
	return &PostOffice{Dependencies: d, settings: settings, wordings: mail.NewWordings(d.Texts, d.Store, d.Log)}
}

// Open sends mails until ctx ends. A mail that is being sent then is sent and marked, if that does not take too long.
func (o *PostOffice) Open(ctx context.Context) error {
	sending, stop := drainAfter(ctx)
	defer stop()
	ticker := time.NewTicker(officePause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			var clerks sync.WaitGroup
			o.employ(sending, &clerks, mostClerks, func() bool { return ctx.Err() != nil })
			clerks.Wait()
		}
	}
}

// drainAfter returns a context that ends a while after ctx.
func drainAfter(ctx context.Context) (context.Context, context.CancelFunc) {
	drained, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(drain):
			cancel()
		case <-drained.Done():
		}
	})
	return drained, func() {
		stop()
		cancel()
	}
}

// employ lets a clerk work until nothing is due or the office closes. Where there is more than one takes at a time, another
// one helps.
func (o *PostOffice) employ(ctx context.Context, clerks *sync.WaitGroup, most int, closes func() bool) {
	clerks.Go(func() {
		c := o.clerk(closes)
		defer c.leave(ctx)
		for !closes() {
			claimed := c.claim(ctx)
			if len(claimed) == 0 {
				return
			}
			if len(claimed) >= lettersAtATime && most > 1 {
				o.employ(ctx, clerks, most-1, closes)
				most = 1
			}
			c.work(ctx, claimed)
		}
	})
}

// SendNext sends some of what is due. It tells whether there was anything to do.
func (o *PostOffice) SendNext(ctx context.Context) bool {
	c := o.clerk(func() bool { return ctx.Err() != nil })
	defer c.leave(ctx)
	claimed := c.claim(ctx)
	c.work(ctx, claimed)
	return len(claimed) > 0
}

// bundles makes one mail of what falls together; a mail with a calendar entry stays one of its own.
func bundles(due []store.QueuedMail) (all [][]store.QueuedMail) {
	var together []store.QueuedMail
	for _, m := range due {
		if hasCalendar(m.Template) {
			all = append(all, []store.QueuedMail{m})
		} else {
			together = append(together, m)
		}
	}
	if len(together) > 0 {
		all = append(all, together)
	}
	return all
}

var (
	// errDefective says that a mail cannot be composed: a defect of ours that trying again does not cure.
	errDefective = errors.New("mail cannot be composed")
	// errNotNeeded says that what a mail would be about is over.
	errNotNeeded = errors.New("mail is not needed any more")
)

// isOfOneMail tells whether an error says nothing about the other mails of a bundle.
func isOfOneMail(err error) bool { return errors.Is(err, errDefective) || errors.Is(err, errNotNeeded) }

// bounce notes that the mail server refuses the address for good.
func (o *PostOffice) bounce(ctx context.Context, bundle []store.QueuedMail, address string, refused *mail.Refused) error {
	head := bundle[0]
	ctx = telemetry.About(ctx, telemetry.ConsultationID, head.ConsultationID.String)
	o.Watch.MailFailed(telemetry.Bounced)
	o.Log.WarnContext(ctx, "mail refused for good", "mail", head.ID, "template", head.Template, "error", refused)
	return o.Store.RecordBounce(context.WithoutCancel(ctx), store.Bounce{
		Mails: ids(bundle), PersonID: head.PersonID.String, Address: address, ConsultationID: head.ConsultationID.String,
		Failure: refused.Error(), FirstTry: head.MessageID == "", Now: o.Clock.Now(),
	})
}

func ids(bundle []store.QueuedMail) (ids []string) {
	for _, m := range bundle {
		ids = append(ids, m.ID)
	}
	return ids
}

func (o *PostOffice) domain() string { return mail.Domain(o.settings.SiteURL) }

// putBack keeps mails for later and gives up after half a day.
func (o *PostOffice) putBack(ctx context.Context, bundle []store.QueuedMail, cause error) {
	ctx = context.WithoutCancel(ctx)
	for _, m := range bundle {
		ctx := telemetry.About(ctx, telemetry.ConsultationID, m.ConsultationID.String)
		var err error
		switch {
		case errors.Is(cause, errNotNeeded):
			err = o.Store.DropMail(ctx, m.ID, "not_needed", errNotNeeded.Error())
		case errors.Is(cause, errDefective), m.Attempts >= mostAttempts:
			o.Watch.MailFailed(telemetry.GivenUp)
			o.Log.ErrorContext(ctx, "mail given up", "mail", m.ID, "template", m.Template, "error", cause)
			err = o.Store.DropMail(ctx, m.ID, "given_up", failureOf(cause))
		default:
			o.Watch.MailFailed(telemetry.Temporary)
			o.Log.WarnContext(ctx, "mail not sent yet", "mail", m.ID, "template", m.Template, "error", cause)
			err = o.Store.RetryMail(ctx, m.ID, failureOf(cause), pause(m.Attempts))
		}
		if err != nil {
			o.Log.WarnContext(ctx, "mail not put back; it comes again when its lease ends", "mail", m.ID, "error", err)
		}
	}
}

// failureOf is why mails were not sent, for machines: a word, and what the mail server answered.
func failureOf(cause error) string {
	var deferred *mail.Deferred
	var known *advisory.Error
	switch {
	case errors.Is(cause, errDefective):
		return "defective"
	case errors.As(cause, &deferred):
		return strings.TrimSpace("deferred " + deferred.Code + " " + deferred.Enhanced)
	case errors.As(cause, &known):
		return string(known.Code)
	}
	return "mail_server"
}

// pause grows from seconds to half an hour.
func pause(attempts int) time.Duration {
	return min(5*time.Second<<min(max(attempts-1, 0), 10), 30*time.Minute)
}

func language(m store.QueuedMail) texts.Lang { return texts.ParseLang(m.Language) }
