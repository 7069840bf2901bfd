package worker

import (
	"context"
	"errors"
	"net/url"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

const (
	officePause  = 500 * time.Millisecond // between two looks for new mails
	mostAttempts = 30                     // with pauses up to half an hour: about half a day
)

// PostOffice sends the mails that steps and pages have ordered. A mail is claimed, sent and marked; after a crash between
// the server's yes and the mark it goes out again with the same Message-ID.
type PostOffice struct {
	Dependencies
	settings Settings
}

// NewPostOffice makes a post office for a process that runs no engine worker.
func NewPostOffice(settings Settings, d Dependencies) *PostOffice {
	return &PostOffice{Dependencies: d, settings: settings}
}

// Open sends mails until ctx ends.
func (o *PostOffice) Open(ctx context.Context) error {
	ticker := time.NewTicker(officePause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			for ctx.Err() == nil && o.SendNext(ctx) {
			}
		}
	}
}

// SendNext sends what is due for one person about one consultation. It tells whether there was anything to do.
func (o *PostOffice) SendNext(ctx context.Context) bool {
	claimed, err := o.Store.ClaimMails(ctx, o.Clock.Now())
	if err != nil {
		if ctx.Err() == nil {
			o.Log.Warn("post office cannot read its orders", "error", err)
		}
		return false
	}
	due, err := o.sort(ctx, claimed)
	if err != nil {
		o.putBack(ctx, claimed, err)
		return true
	}
	for _, bundle := range bundles(due) {
		o.deliver(ctx, bundle)
	}
	return len(claimed) > 0
}

// deliver sends a bundle. Where one of its mails cannot be composed, the others go out without it.
func (o *PostOffice) deliver(ctx context.Context, bundle []store.QueuedMail) {
	err := o.send(ctx, bundle)
	switch {
	case err == nil:
	case errors.Is(err, errDefective) && len(bundle) > 1:
		for i := range bundle {
			o.deliver(ctx, bundle[i:i+1])
		}
	default:
		o.putBack(ctx, bundle, err)
	}
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

// errDefective says that a mail cannot be composed: a defect of ours that trying again does not cure.
var errDefective = errors.New("mail cannot be composed")

// send composes one mail, hands it to the mail server and marks it.
func (o *PostOffice) send(ctx context.Context, bundle []store.QueuedMail) error {
	letter, err := o.letter(ctx, bundle)
	if err != nil {
		return err
	}
	head := bundle[0]
	domain := o.domain()
	envelope := mail.Envelope{
		From: o.settings.From, ReplyTo: o.settings.ReplyTo, To: letter.to, Date: time.Now(),
		MessageID: mail.MessageID(head.Key, domain), Message: letter.message, Calendar: letter.calendar,
	}
	if head.ConsultationID.Valid {
		thread := mail.ThreadID(head.ConsultationID.String, domain)
		envelope.InReplyTo, envelope.References = thread, []string{thread}
	}
	if err := o.Mail.Send(ctx, envelope); err != nil {
		return err
	}
	sent := store.SentMail{Subject: letter.message.Subject, MessageID: envelope.MessageID, At: o.Clock.Now()}
	for _, m := range bundle {
		sent.IDs = append(sent.IDs, m.ID)
	}
	return o.Store.MarkSent(context.WithoutCancel(ctx), sent)
}

func (o *PostOffice) domain() string {
	if site, err := url.Parse(o.settings.SiteURL); err == nil && site.Hostname() != "" {
		return site.Hostname()
	}
	return "localhost"
}

// putBack keeps mails for later, gives up after half a day, and notes what the server refuses for good.
func (o *PostOffice) putBack(ctx context.Context, bundle []store.QueuedMail, cause error) {
	ctx = context.WithoutCancel(ctx)
	var refused *mail.Refused
	for _, m := range bundle {
		var err error
		switch {
		case errors.As(cause, &refused):
			o.Log.Warn("mail refused for good", "mail", m.ID, "template", m.Template, "error", cause)
			err = o.Store.DropMail(ctx, m.ID, "bounced", refused.Error())
		case errors.Is(cause, errDefective), m.Attempts >= mostAttempts:
			o.Log.Error("mail given up", "mail", m.ID, "template", m.Template, "error", cause)
			err = o.Store.DropMail(ctx, m.ID, "given_up", string(advisory.CodeOf(cause)))
		default:
			o.Log.Warn("mail not sent yet", "mail", m.ID, "template", m.Template, "error", cause)
			err = o.Store.RetryMail(ctx, m.ID, string(advisory.CodeOf(cause)), pause(m.Attempts))
		}
		if err != nil {
			o.Log.Warn("mail not put back; it comes again when its lease ends", "mail", m.ID, "error", err)
		}
	}
}

// pause grows from seconds to half an hour.
func pause(attempts int) time.Duration {
	return min(5*time.Second<<min(max(attempts-1, 0), 10), 30*time.Minute)
}

func language(m store.QueuedMail) texts.Lang { return texts.ParseLang(m.Language) }
