package server

import (
	"strings"
	"text/template"
	"time"

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
		row := mailRow{At: m.At, Recipient: m.Recipient, Subject: c.mailSubject(m, page.Consultation), Delivery: c.delivery(m)}
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
func (c *Context) mailSubject(m store.ConsultationMail, consultation store.Consultation) string {
	if m.Subject != "" {
		return m.Subject
	}
	mail, ok := c.server.texts.Mail(c.Lang, string(m.Template))
	if !ok {
		return string(m.Template)
	}
	parsed, err := template.New("").Parse(mail.Subject)
	if err != nil {
		return mail.Subject
	}
	due := ""
	if m.DueOn != nil {
		due = texts.Date(c.Lang, *m.DueOn)
	}
	when := ""
	if m.StartsAt != nil {
		when = texts.DateTime(c.Lang, *m.StartsAt)
	}
	var subject strings.Builder
	if parsed.Execute(&subject, map[string]string{"Number": consultation.Number, "Due": due, "When": when}) != nil {
		return mail.Subject
	}
	return subject.String()
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
