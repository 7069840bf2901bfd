package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"miglobe/mail"
	"miglobe/store"
)

// handlingTime is how long after a claim a letter may be begun: what was read with the claim is still so, and the lease is
// longer by far. What the mail server is too slow for is put back.
const handlingTime = 3 * time.Second

// clerk takes some letters at a time and sends them over one connection to the mail server. It is for one goroutine.
type clerk struct {
	*PostOffice
	line     *mail.Line
	closes   func() bool // the office: nothing is begun any more, what is under way is ended
	unmarked []store.SentMail
	since    time.Time // when the first of them was sent

	// What is read and written for all letters of a claim at once.
	wording       *mail.Wording
	consultations map[string]store.MailFacts
	persons       map[string]store.Person
	written       map[store.Correspondence]bool // today
	links         map[string]string             // tokens, by mail
	begun         map[string]bool               // letters, by Message-ID
	passedOn      map[store.Correspondence]bool // to whom something of the claim goes now; no consultation: the mail of the day
}

func (o *PostOffice) clerk(closes func() bool) *clerk {
	return &clerk{PostOffice: o, line: o.Mail.Line(), closes: closes}
}

func (o *clerk) claim(ctx context.Context) [][]store.QueuedMail {
	claimed, err := o.Store.ClaimMails(ctx, o.Clock.Now(), lettersAtATime)
	if err != nil && ctx.Err() == nil {
		o.Log.Warn("post office cannot read its orders", "error", err)
	}
	return claimed
}

// work sends what was claimed, as far as it may go now.
func (o *clerk) work(ctx context.Context, claimed [][]store.QueuedMail) {
	if len(claimed) == 0 {
		return
	}
	began := time.Now()
	if err := o.read(ctx, claimed); err != nil {
		for _, together := range claimed {
			o.putBack(ctx, together, err)
		}
		return
	}
	var due [][]store.QueuedMail
	for _, together := range claimed {
		if together[0].Digest {
			due = append(due, together)
			continue
		}
		sorted, err := o.sort(ctx, together)
		if err != nil {
			o.putBack(ctx, together, err)
			continue
		}
		due = append(due, bundles(sorted)...)
	}
	due = o.waitForOthers(ctx, due)
	if err := o.begin(ctx, due); err != nil {
		for _, together := range due {
			o.putBack(ctx, together, err)
		}
		return
	}
	for i, together := range due {
		if o.closes() || time.Since(began) > handlingTime || len(o.unmarked) >= markAtATime {
			o.giveBack(ctx, due[i:])
			return
		}
		o.settle(ctx, together)
	}
	o.mark(ctx)
}

// settle sends one letter.
func (o *clerk) settle(ctx context.Context, together []store.QueuedMail) {
	if !together[0].Digest {
		o.deliver(ctx, together)
		return
	}
	o.mark(ctx) // whether the person had the mail of the day is asked of the database
	if err := o.sendDigest(ctx, together); err != nil {
		o.putBack(ctx, together, err)
	}
}

// deliver sends a bundle. Where one of its mails cannot be composed, the others go out without it.
func (o *clerk) deliver(ctx context.Context, bundle []store.QueuedMail) {
	letter, err := o.letter(ctx, bundle)
	if err == nil {
		err = o.send(ctx, bundle, letter, bundle[0].Key)
	}
	switch {
	case err == nil:
	case isOfOneMail(err) && len(bundle) > 1:
		for i := range bundle {
			o.deliver(ctx, bundle[i:i+1])
		}
	default:
		o.putBack(ctx, bundle, err)
	}
}

// send hands a composed mail to the mail server and notes it to be marked. Its Message-ID is derived from the occasion and
// stands in the database before the first byte is sent.
func (o *clerk) send(ctx context.Context, bundle []store.QueuedMail, letter letter, occasion string) error {
	messageID := o.messageID(bundle, occasion)
	if !o.begun[messageID] {
		if err := o.Store.BeginLetters(ctx, []store.SentMail{{IDs: ids(bundle), MessageID: messageID}}); err != nil {
			return err
		}
	}
	envelope := mail.Envelope{
		From: o.settings.From, ReplyTo: o.settings.ReplyTo, To: letter.to, Date: time.Now(),
		MessageID: messageID, Message: letter.message, Calendar: letter.calendar,
	}
	if letter.thread != "" {
		envelope.InReplyTo, envelope.References = letter.thread, []string{letter.thread}
	}
	if err := o.line.Send(ctx, envelope); err != nil {
		var refused *mail.Refused
		if errors.As(err, &refused) {
			return o.bounce(ctx, bundle, letter.to.Address, refused)
		}
		return err
	}
	o.noteSent(ctx, bundle[0], store.SentMail{
		Subject: letter.message.Subject, MessageID: messageID, At: o.Clock.Now(), IDs: ids(bundle),
	})
	return nil
}

// messageID is that of the letter that was begun before, or a new one's.
func (o *clerk) messageID(bundle []store.QueuedMail, occasion string) string {
	return cmp.Or(bundle[0].MessageID, mail.MessageID(occasion, o.domain()))
}
