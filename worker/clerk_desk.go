package worker

import (
	"context"

	"miglobe/advisory"
	"miglobe/store"
)

// read reads what the letters of a claim are about, and the texts that count now.
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
	if o.wording, err = o.wordings.Newest(ctx); err != nil {
		return err
	}
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
	if err := o.Store.ReturnLetters(context.WithoutCancel(ctx), due); err != nil {
		o.Log.Warn("mails not put back; they come again when their lease ends", "error", err)
	}
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
