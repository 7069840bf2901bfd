package server

import (
	"cmp"
	"time"

	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// mailRow is a mail about a consultation with how its delivery stands.
type mailRow struct {
	At                 time.Time
	Recipient, Subject string
	Delivery           *taskBadge
	Reason             string // why it was refused, in words
}

func (s *Server) addMails(c *Context, page *staffConsultationPage) error {
	limit := mailsShown
	if c.QueryParam(mailsQuery) != "" {
		limit = allMails
	}
	mails, total, err := s.store.MailsOf(c.Request().Context(), page.Consultation.ID, limit)
	for _, m := range mails {
		subject, err := c.mailSubject(m, page.Consultation)
		if err != nil {
			return err
		}
		row := mailRow{At: m.At, Recipient: m.Recipient, Subject: subject, Delivery: c.delivery(m)}
		if m.State == "bounced" {
			row.Reason = c.T("contact_pages.failures." + failureOf(store.RefusedMail{State: m.State, Failure: m.Failure}))
		}
		page.Mails = append(page.Mails, row)
	}
	if page.MailTotal = total; total > len(mails) {
		page.MailsMore = c.linkAt(consultationPath(page.Consultation.Number), mailsQuery, "alle") + "#mails"
	}
	if err != nil {
		return err
	}
	return s.addReceivers(c, page)
}

// mailSubject is the subject of a mail that is sent, or that of its text where it is still to be written.
func (c *Context) mailSubject(m store.ConsultationMail, consultation store.Consultation) (string, error) {
	if m.Subject != "" {
		return m.Subject, nil
	}
	wording, err := c.server.wordings.Newest(c.Request().Context())
	if err != nil {
		return "", err
	}
	known := mail.Data{Number: consultation.Number, Subject: consultation.Subject, Municipality: consultation.Municipality, Name: m.Recipient}
	if m.DueOn != nil {
		known.Due = texts.Date(c.Lang, *m.DueOn)
	}
	if m.StartsAt != nil {
		known.When = texts.DateTime(c.Lang, *m.StartsAt)
	}
	return cmp.Or(wording.SubjectOf(c.Lang, string(m.Template), known), string(m.Template)), nil
}

// deliveries say what each state of a mail means to the eye. The words are those of ui/mails.
var deliveries = map[string]string{
	"sent": "success", "combined": "success", "not_needed": "neutral", "held_back": "warning", "bounced": "danger",
	"given_up": "danger", "queued": "info", "planned": "info",
}

func (c *Context) delivery(m store.ConsultationMail) *taskBadge {
	state := m.State
	if state == "queued" && m.At.After(c.Now()) {
		state = "planned"
	}
	if state == "queued" && m.Attempts > 0 {
		return badge("warning", c.T("coordination_pages.mail_retrying"))
	}
	return badge(deliveries[state], c.T("mails."+state, "date", texts.Date(c.Lang, m.At)))
}
