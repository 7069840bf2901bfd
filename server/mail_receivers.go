package server

import (
	"strings"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// mailReceiver tells whether the mails about a consultation reached one person, and what helps where they did not.
type mailReceiver struct {
	Name   string
	Badge  *taskBadge
	Taken  string   // how many the mail server has taken, and when the last one; "" for none
	Advice []string // what to do
	Link   *consultationAction
}

func (s *Server) addReceivers(c *Context, page *staffConsultationPage) error {
	found, err := s.store.MailReceivers(c.Request().Context(), page.Consultation.ID)
	for _, receiver := range found {
		switch {
		case receiver.Waiting+receiver.Retried+receiver.Refused+receiver.GivenUp > 0, receiver.Accepted > 0 && !receiver.Role.Coordinates():
			page.Receivers = append(page.Receivers, c.mailReceiver(receiver, page))
		case receiver.Accepted > 0:
			page.StaffReceivers = append(page.StaffReceivers, c.mailReceiver(receiver, page))
		}
		if receiver.Refused+receiver.GivenUp > 0 {
			page.MailTrouble = badge("danger", c.T("mail_delivery.trouble"))
		}
	}
	return err
}

func (c *Context) mailReceiver(receiver store.MailReceiver, page *staffConsultationPage) mailReceiver {
	count := func(key string, n int) string { return c.server.texts.Count(c.Lang, "mail_delivery."+key, n) }
	row := mailReceiver{Name: receiver.Name}
	if receiver.LastTaken != nil {
		row.Taken = count("taken", receiver.Accepted) + " " + c.T("mail_delivery.last", "date", texts.Date(c.Lang, *receiver.LastTaken))
	}
	var states []string
	for _, state := range []struct {
		meaning, key string
		n            int
	}{
		{"danger", "refused", receiver.Refused}, {"danger", "given_up", receiver.GivenUp}, {"warning", "retried", receiver.Retried},
		{"info", "waiting", receiver.Waiting},
	} {
		if state.n == 0 {
			continue
		}
		states = append(states, count(state.key, state.n))
		if row.Badge == nil {
			row.Badge = badge(state.meaning, "")
		}
	}
	if row.Badge == nil {
		row.Badge = badge("success", c.T("mail_delivery.all_taken"))
		return row
	}
	row.Badge.Text = strings.Join(states, ", ")
	c.addAdvice(&row, receiver, page)
	return row
}

// addAdvice says what helps: a refused address is clarified, what was given up is sent anew by the administrators.
func (c *Context) addAdvice(row *mailReceiver, receiver store.MailReceiver, page *staffConsultationPage) {
	if receiver.Refused > 0 {
		row.Link = c.clarifies(receiver, page)
		if row.Link == nil {
			row.Advice = append(row.Advice, c.T("mail_delivery.staff_account"))
		} else {
			row.Advice = append(row.Advice, c.T("mail_delivery.clarify"))
		}
	}
	if receiver.GivenUp > 0 {
		row.Advice = append(row.Advice, c.T("mail_delivery.send_anew"))
	}
	if receiver.Retried > 0 {
		row.Advice = append(row.Advice, c.T("mail_delivery.nothing_to_do"))
	}
}

// clarifies is where the address of a person is clarified: the task that asks for it, or where the person is looked after.
// Nil for accounts of the staff.
func (c *Context) clarifies(receiver store.MailReceiver, page *staffConsultationPage) *consultationAction {
	for _, task := range page.Tasks {
		if task.Task.Kind == advisory.CheckAddress && task.Task.About == receiver.PersonID && receiver.PersonID != "" {
			return &consultationAction{c.T("tasks.check_address.title"), task.URL}
		}
	}
	switch receiver.Role {
	case advisory.Municipality, "":
		return &consultationAction{c.T("contact_pages.manage"), contactsOf(page.Consultation)}
	case advisory.Advisor:
		return &consultationAction{c.T("mail_delivery.see_advisor"), poolPath + "/" + receiver.PersonID}
	}
	return nil
}
