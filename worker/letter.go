package worker

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
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
}

// letter composes one mail of all orders for the same person about the same consultation.
func (o *PostOffice) letter(ctx context.Context, bundle []store.QueuedMail) (letter, error) {
	head := bundle[0]
	w := writer{PostOffice: o, ctx: ctx, lang: language(head), to: mail.Address{Address: head.Address}}
	if head.PersonID.Valid {
		person, err := o.Store.Person(ctx, head.PersonID.String)
		if err != nil {
			return letter{}, err
		}
		w.person = &person
		w.to = mail.Address{Name: person.Name(), Address: person.Email}
	}
	if head.ConsultationID.Valid {
		facts, err := o.Store.MailFacts(ctx, head.ConsultationID.String)
		if err != nil {
			return letter{}, err
		}
		w.facts = &facts
	}
	return w.compose(bundle)
}

// writer fills the fields of texts/mails/FIELDS.md for one person.
type writer struct {
	*PostOffice
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
			if calendar, err = w.calendar(m); err != nil {
				return letter{}, err
			}
		}
	}
	settings := mail.Settings{SiteURL: w.settings.SiteURL, OperatorName: w.settings.OperatorName}
	message, err := mail.Compose(w.Texts, w.lang, parts, settings)
	if err != nil {
		return letter{}, fmt.Errorf("%w: %w", errDefective, err)
	}
	return letter{to: w.to, message: message, calendar: calendar}, nil
}

// data fills the fields that every mail may use, and then those of its own.
func (w *writer) data(m store.QueuedMail) (mail.Data, error) {
	data := mail.Data{Name: w.salutation(), Coordinator: w.coordinator()}
	if w.facts != nil {
		data.Municipality, data.Number, data.Subject = w.facts.Municipality, w.facts.Number, w.facts.Subject
		data.Advisors = w.advisors()
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

// ownFields fills what only some mails have (FIELDS.md, columns Due and Reason).
func (w *writer) ownFields(m store.QueuedMail, data *mail.Data) error {
	switch m.Template {
	case advisory.MailRequestReceived:
		rule, _ := w.facts.Programme.Rule(advisory.ClaimRequest)
		calendar := advisory.NewCalendar(w.facts.Land, w.facts.Programme.Closures...)
		data.Due = texts.LongDate(w.lang, calendar.AddWorkdays(w.facts.SentAt, rule.Due))
	case advisory.MailRequestDeclined:
		return w.quote(m, "message", data)
	case advisory.MailRequestReferred:
		return w.quote(m, "recommendation", data)
	case advisory.MailConsultationClosed:
		if w.facts.FollowUpFrom != nil {
			data.Due = texts.LongDate(w.lang, berlinDay(*w.facts.FollowUpFrom))
		}
	case advisory.MailWithdrawn, advisory.MailWithdrawnAdvisor:
		data.Days = w.facts.Programme.UndoDays
		if w.facts.ClosedAt != nil {
			data.Due = texts.LongDate(w.lang, w.facts.ClosedAt.AddDate(0, 0, data.Days))
		}
	case advisory.MailResting:
		if w.facts.RestingSince != nil {
			data.Due = texts.LongDate(w.lang, w.facts.RestingSince.AddDate(0, w.facts.Programme.RestMonths, 0))
		}
		data.Reason = w.Texts.OptionLabel(w.lang, "rest_reasons", "question_open")
	}
	return nil
}

// quote puts the words that a coordinator wrote for the municipality into the mail.
func (w *writer) quote(m store.QueuedMail, field string, data *mail.Data) error {
	answers, err := w.Store.InputAnswers(w.ctx, m.InputID.String)
	if err == nil {
		data.Reason = answers.Get(field)
	}
	return err
}

func (w *writer) staffTask(m store.QueuedMail, data *mail.Data) {
	data.Reason = w.taskTitle(m.TaskKind)
	if m.TaskOpenedAt != nil {
		calendar := advisory.NewCalendar(w.facts.Land, w.facts.Programme.Closures...)
		data.Days = max(2, calendar.WorkdaysBetween(*m.TaskOpenedAt, w.Clock.Now()))
	}
}

func (w *writer) taskTitle(kind advisory.TaskKind) string {
	if key := "tasks." + string(kind) + ".title"; w.Texts.HasUI(w.lang, key) {
		return w.Texts.UI(w.lang, key)
	}
	return w.Texts.UI(w.lang, "additional_tasks."+string(kind)+".title")
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

func (w *writer) advisors() []string {
	var names []string
	for _, member := range w.facts.Advisors {
		name := member.FirstName + " " + member.LastName
		if member.Lead {
			name += " (" + w.Texts.UI(w.lang, "team.lead") + ")"
		}
		names = append(names, name)
	}
	return names
}

// link makes the address of the one page that the mail is about. Links with a token are made here, because only their
// hash is stored.
func (w *writer) link(m store.QueuedMail, data *mail.Data) error {
	path, err := m.Link, error(nil)
	switch {
	case path != "":
	case m.Template == advisory.MailSignInLink:
		path, err = w.signInLink(m, data)
	case m.Template == advisory.MailVerifyAddress:
		path, err = w.addressLink(m, data)
	case m.DraftID.Valid:
		path, err = w.draftLink(m, data)
	case m.Template == advisory.MailInvitationLapsed:
		path = "/profil" // who did not answer takes no part in the consultation
	case m.TaskID.Valid:
		var token string
		token, err = w.Store.IssueTaskLink(w.ctx, m.TaskID.String, m.PersonID.String)
		path = "/a/" + token
	case w.facts != nil:
		path = "/beratungen/" + url.PathEscape(w.facts.Number)
	}
	if err != nil {
		return err
	}
	if w.lang == texts.English {
		path = "/en" + path
	}
	data.Link = w.settings.SiteURL + path
	return nil
}

func (w *writer) signInLink(m store.QueuedMail, data *mail.Data) (string, error) {
	token, expires, err := w.Store.IssueSignInLink(w.ctx, m.PersonID.String, store.SignInLinkLife)
	data.Due = texts.LongDateTime(w.lang, expires)
	return "/anmelden/" + token, err
}

func (w *writer) addressLink(m store.QueuedMail, data *mail.Data) (string, error) {
	token, expires, err := w.Store.IssueAddressLink(w.ctx, m.DraftID.String, m.Address)
	data.Due = texts.LongDateTime(w.lang, expires)
	return "/bestaetigen/" + token, err
}

// draftLink leads back to a draft. It stays the same as long as the draft lives.
func (w *writer) draftLink(m store.QueuedMail, data *mail.Data) (string, error) {
	draft, err := w.Store.Draft(w.ctx, m.DraftID.String)
	if err != nil {
		return "", err
	}
	token, err := w.Store.DraftToken(w.ctx, draft.ID)
	data.Due = texts.LongDate(w.lang, draft.Expires())
	return "/anfrage/" + token, err
}

// berlinDay reads a date of the database, which has no time zone.
func berlinDay(date time.Time) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, advisory.Berlin)
}
