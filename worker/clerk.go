package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
)

// A mail that is sent is marked with those after it: what a crash repeats stays within these bounds.
const (
	markAtATime = 25
	markWithin  = 100 * time.Millisecond
	markingTime = 2 * time.Minute // shorter than the lease
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

// read reads what the letters of a claim are about.
func (o *clerk) read(ctx context.Context, claimed [][]store.QueuedMail) (err error) {
	var heads []store.QueuedMail
	var consultations, persons []string
	for _, together := range claimed {
		head := together[0]
		heads = append(heads, head)
		if head.ConsultationID.Valid {
			consultations = append(consultations, head.ConsultationID.String)
		}
		if head.PersonID.Valid {
			persons = append(persons, head.PersonID.String)
		}
	}
	o.links, o.begun, o.passedOn = map[string]string{}, map[string]bool{}, map[store.Correspondence]bool{}
	if o.consultations, err = o.Store.MailFacts(ctx, consultations...); err != nil {
		return err
	}
	if o.persons, err = o.Store.Persons(ctx, persons...); err != nil {
		return err
	}
	o.written, err = o.Store.WrittenTo(ctx, heads, advisory.Midnight(o.Clock.Now()))
	return err
}

// begin makes the links to the tasks that letters are about, and notes the letters as begun.
func (o *clerk) begin(ctx context.Context, due [][]store.QueuedMail) error {
	var links []store.TaskLink
	var linked []string
	var letters []store.SentMail
	for _, together := range due {
		if together[0].Digest {
			continue // settles when it goes which tasks it is about
		}
		letters = append(letters, store.SentMail{IDs: ids(together), MessageID: o.messageID(together, together[0].Key)})
		for _, m := range together {
			if leadsToTask(m) {
				links = append(links, store.TaskLink{TaskID: m.TaskID.String, PersonID: m.PersonID.String})
				linked = append(linked, m.ID)
			}
		}
	}
	if len(letters) == 0 {
		return nil
	}
	if err := o.issue(ctx, links, linked); err != nil {
		return err
	}
	if err := o.Store.BeginLetters(ctx, letters); err != nil {
		return err
	}
	for _, letter := range letters {
		o.begun[letter.MessageID] = true
	}
	return nil
}

func (o *clerk) issue(ctx context.Context, links []store.TaskLink, mails []string) error {
	if len(links) == 0 {
		return nil
	}
	tokens, err := o.Store.IssueTaskLinks(ctx, links)
	for i, token := range tokens {
		o.links[mails[i]] = token
	}
	return err
}

// passOn notes that a mail of the claim goes to somebody who acts in another's place.
func (o *clerk) passOn(m store.QueuedMail, to string) {
	o.passedOn[store.Correspondence{PersonID: to, ConsultationID: m.ConsultationID.String}] = true
	o.passedOn[store.Correspondence{PersonID: to}] = true
}

// waitForOthers puts back what falls together with a mail that was just passed on to the same person: the next claim has
// both.
func (o *clerk) waitForOthers(ctx context.Context, due [][]store.QueuedMail) (now [][]store.QueuedMail) {
	var later [][]store.QueuedMail
	for _, together := range due {
		head := together[0]
		correspondence := store.Correspondence{PersonID: head.PersonID.String, ConsultationID: head.ConsultationID.String}
		if head.Digest {
			correspondence.ConsultationID = ""
		}
		if o.passedOn[correspondence] && head.MessageID == "" {
			later = append(later, together)
		} else {
			now = append(now, together)
		}
	}
	if len(later) > 0 {
		o.giveBack(ctx, later)
	}
	return now
}

// giveBack leaves letters that were not handed to the mail server to whoever comes next.
func (o *clerk) giveBack(ctx context.Context, due [][]store.QueuedMail) {
	o.mark(ctx)
	var letters []store.SentMail
	for _, together := range due {
		letters = append(letters, store.SentMail{IDs: ids(together)})
	}
	if err := o.Store.ReturnLetters(context.WithoutCancel(ctx), letters); err != nil {
		o.Log.Warn("mails not put back; they come again when their lease ends", "error", err)
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

// facts is what mails tell about a consultation.
func (o *clerk) facts(ctx context.Context, consultationID string) (store.MailFacts, error) {
	if known, ok := o.consultations[consultationID]; ok {
		return known, nil
	}
	found, err := o.Store.MailFacts(ctx, consultationID)
	if err != nil {
		return store.MailFacts{}, err
	}
	facts, ok := found[consultationID]
	if !ok {
		return facts, advisory.Errorf(advisory.NotFound, "no consultation %s", consultationID)
	}
	return facts, nil
}

func (o *clerk) person(ctx context.Context, id string) (store.Person, error) {
	if known, ok := o.persons[id]; ok {
		return known, nil
	}
	return o.Store.Person(ctx, id)
}
