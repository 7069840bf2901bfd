package worker

import (
	"fmt"
	"slices"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// hasCalendar tells whether a mail carries a calendar entry (FIELDS.md).
func hasCalendar(template advisory.Template) bool {
	switch template {
	case advisory.MailAppointmentConfirmed, advisory.MailAppointmentMoved, advisory.MailAppointmentCancelled:
		return true
	}
	return false
}

// session fills When, Where and the last day for corrections of a note.
func (w *writer) session(m store.QueuedMail, data *mail.Data) error {
	session, err := w.Store.MailSession(w.ctx, w.facts.ID, m.Session)
	if err != nil {
		return err
	}
	if session.StartsAt != nil {
		data.When = texts.LongDateTimeRange(w.lang, *session.StartsAt, *session.EndsAt)
	}
	data.Where = session.Place
	if data.Where == "" {
		data.Where = w.Texts.UI(w.lang, "worker.place_to_be_announced")
	}
	if m.Template == advisory.MailNoteShared && session.CorrectUntil != nil {
		data.Due = texts.LongDate(w.lang, berlinDay(*session.CorrectUntil))
	}
	return nil
}

// calendar makes the calendar entry of a session: one UID for its whole life, so that calendars replace what they have.
// An advisor who has left the team has the entry taken out, while it stands for everybody else.
func (w *writer) calendar(m store.QueuedMail, data mail.Data) (*mail.CalendarFile, error) {
	session, err := w.Store.MailSession(w.ctx, w.facts.ID, m.Session)
	if err != nil {
		return nil, err
	}
	if session.StartsAt == nil {
		return nil, fmt.Errorf("%w: session %d has no date", errDefective, m.Session)
	}
	participants, err := w.Store.Participants(w.ctx, w.facts.ID)
	if err != nil {
		return nil, err
	}
	cancelled := m.Template == advisory.MailAppointmentCancelled
	if cancelled && !slices.ContainsFunc(participants, func(p store.Person) bool { return p.ID == w.person.ID }) {
		participants = []store.Person{*w.person}
	}
	page := w.settings.SiteURL + "/beratungen/" + w.facts.Number
	kind := w.Texts.UI(w.lang, "sessions."+string(session.Kind))
	event := mail.Event{
		UID: advisory.SessionUID(w.facts.ID, session.Number, w.domain()), Sequence: session.Sequence, Method: mail.Request,
		Stamp: m.OrderedAt, Start: *session.StartsAt, End: *session.EndsAt, Location: session.Place, URL: page,
		Summary: w.Texts.UI(w.lang, "calendar_entry.summary", "kind", kind, "subject", w.facts.Subject),
		Description: w.Texts.UI(w.lang, "calendar_entry.description", "number", w.facts.Number, "link", page,
			"coordinator", w.coordinator()),
		Comment: data.Reason, OrganizerName: w.settings.From.Name, OrganizerMail: w.settings.From.Address,
	}
	for _, person := range participants {
		event.Attendees = append(event.Attendees, mail.Address{Name: person.Name(), Address: person.Email})
	}
	if cancelled {
		event.Method = mail.Cancel
		event.Summary = w.Texts.UI(w.lang, "calendar_entry.cancelled", "summary", event.Summary)
	}
	return event.File(), nil
}
