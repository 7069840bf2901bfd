package worker

import (
	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// hasCalendar tells whether a mail carries a calendar entry (FIELDS.md).
func hasCalendar(template advisory.Template) bool {
	return template == advisory.MailAppointmentConfirmed || template == advisory.MailAppointmentCancelled
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
func (w *writer) calendar(m store.QueuedMail) (*mail.CalendarFile, error) {
	session, err := w.Store.MailSession(w.ctx, w.facts.ID, m.Session)
	if err != nil {
		return nil, err
	}
	participants, err := w.Store.Participants(w.ctx, w.facts.ID)
	if err != nil {
		return nil, err
	}
	page := w.settings.SiteURL + "/beratungen/" + w.facts.Number
	kind := w.Texts.UI(w.lang, "sessions."+string(session.Kind))
	event := mail.Event{
		UID: advisory.SessionUID(w.facts.ID, session.Number, w.domain()), Sequence: session.Sequence, Method: mail.Request,
		Stamp: m.OrderedAt, Start: *session.StartsAt, End: *session.EndsAt, Location: session.Place, URL: page,
		Summary: w.Texts.UI(w.lang, "calendar_entry.summary", "kind", kind, "subject", w.facts.Subject),
		Description: w.Texts.UI(w.lang, "calendar_entry.description", "number", w.facts.Number, "link", page,
			"coordinator", w.coordinator()),
		OrganizerName: w.settings.From.Name, OrganizerMail: w.settings.From.Address,
	}
	for _, person := range participants {
		event.Attendees = append(event.Attendees, mail.Address{Name: person.Name(), Address: person.Email})
	}
	if m.Template == advisory.MailAppointmentCancelled {
		event.Method = mail.Cancel
		event.Summary = w.Texts.UI(w.lang, "calendar_entry.cancelled", "summary", event.Summary)
	}
	return event.File(), nil
}
