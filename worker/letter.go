package worker

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// letter is a composed mail with the person it goes to.
type letter struct {
	to       mail.Address
	message  mail.Message
	calendar *mail.CalendarFile
	thread   string // "" for a mail about no consultation
}

// letter composes one mail of all orders for the same person about the same consultation.
func (o *clerk) letter(ctx context.Context, bundle []store.QueuedMail) (letter, error) {
	head := bundle[0]
	w := writer{clerk: o, ctx: ctx, lang: language(head), to: mail.Address{Address: head.Address}}
	if head.PersonID.Valid {
		person, err := o.person(ctx, head.PersonID.String)
		if err != nil {
			return letter{}, err
		}
		w.person = &person
		w.to = mail.Address{Name: person.Name(), Address: person.Email}
	}
	if head.ConsultationID.Valid {
		facts, err := o.facts(ctx, head.ConsultationID.String)
		if err != nil {
			return letter{}, err
		}
		w.facts = &facts
	}
	if head.Template == advisory.MailTemplateTest {
		return w.test(head)
	}
	return w.compose(bundle)
}

// writer fills the fields of texts/mails/FIELDS.md for one person.
type writer struct {
	*clerk
	ctx    context.Context
	lang   texts.Lang
	to     mail.Address
	person *store.Person    // nil where only an address is known
	facts  *store.MailFacts // nil where the mail is about no consultation
}

func (w *writer) compose(bundle []store.QueuedMail) (letter, error) {
	var parts []mail.Part
	var calendar *mail.CalendarFile
	for _, m := range bundle {
		data, err := w.data(m)
		if err != nil {
			return letter{}, fmt.Errorf("mail %s: %w", m.Template, err)
		}
		parts = append(parts, mail.Part{Template: string(m.Template), Data: data})
		if hasCalendar(m.Template) {
			if calendar, err = w.calendar(m, data); err != nil {
				return letter{}, err
			}
		}
	}
	composed, err := w.finish(parts)
	composed.calendar = calendar
	if head := bundle[0]; head.ConsultationID.Valid {
		composed.thread = mail.ThreadID(head.ConsultationID.String, w.domain())
	}
	return composed, err
}

func (w *writer) finish(parts []mail.Part) (letter, error) {
	message, err := mail.Compose(w.wording, w.lang, parts, w.mailSettings())
	if err != nil {
		return letter{}, fmt.Errorf("%w: %w", errDefective, err)
	}
	return letter{to: w.to, message: message}, nil
}

// test writes a mail with invented data for whoever edits its text.
func (w *writer) test(m store.QueuedMail) (letter, error) {
	tested, err := w.Store.TestedMailText(w.ctx, m.ID)
	if err != nil {
		return letter{}, err
	}
	message, err := w.wording.ComposeSample(w.lang, tested.Name, tested.Text(), w.mailSettings())
	if err != nil {
		return letter{}, fmt.Errorf("%w: %w", errDefective, err)
	}
	message.Subject = w.Texts.UI(w.lang, "settings_mails.test_subject", "subject", message.Subject)
	return letter{to: w.to, message: message}, nil
}

func (w *writer) mailSettings() mail.Settings {
	return mail.Settings{SiteURL: w.settings.SiteURL, OperatorName: w.settings.OperatorName}
}

// data fills the fields that every mail may use, and then those of its own.
func (w *writer) data(m store.QueuedMail) (mail.Data, error) {
	data := mail.Data{Name: w.salutation(), Coordinator: w.coordinator()}
	if w.facts != nil {
		data.Municipality, data.Number, data.Subject = w.facts.Municipality, w.facts.Number, w.facts.Subject
		data.Advisors = w.advisors(w.facts.Advisors)
	}
	if err := w.link(m, &data); err != nil {
		return data, err
	}
	if m.TaskDueOn != nil {
		data.Due = texts.LongDate(w.lang, berlinDay(*m.TaskDueOn))
	}
	if strings.HasPrefix(string(m.Template), "staff_task_") {
		w.staffTask(m, &data)
	}
	if m.Session > 0 {
		if err := w.session(m, &data); err != nil {
			return data, err
		}
	}
	return data, w.ownFields(m, &data)
}

// salutation is how a person is addressed; without a form of address it is first and last name.
func (w *writer) salutation() string {
	if w.person == nil {
		return ""
	}
	if w.person.Salutation == "ms" || w.person.Salutation == "mr" {
		return w.Texts.OptionLabel(w.lang, "salutations", w.person.Salutation) + " " + w.person.LastName
	}
	return w.person.Name()
}

// coordinator is who helps: the coordinator of the consultation, or the general line.
func (w *writer) coordinator() string {
	if w.facts == nil || w.facts.Coordinator == nil {
		return w.generalLine()
	}
	phone := cmp.Or(w.facts.Coordinator.Phone, w.settings.Phone)
	if phone == "" {
		return w.facts.Coordinator.Name() + ", " + w.facts.Coordinator.Email
	}
	return fmt.Sprintf("%s, %s %s", w.facts.Coordinator.Name(), w.Texts.UI(w.lang, "tables.phone"), phone)
}

// generalLine is the telephone of the coordination team; without one, the address that answers go to.
func (w *writer) generalLine() string {
	return cmp.Or(w.settings.Phone, w.settings.ReplyTo.Address, w.settings.From.Address)
}

func (w *writer) advisors(team []store.TeamMember) []string {
	var names []string
	for _, member := range team {
		name := member.FirstName + " " + member.LastName
		if member.Lead {
			name += " (" + w.Texts.UI(w.lang, "team.lead") + ")"
		}
		names = append(names, name)
	}
	return names
}

// berlinDay reads a date of the database, which has no time zone.
func berlinDay(date time.Time) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, advisory.Berlin)
}
