package server

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

func (s *Server) inputSection(c *Context) (incidentSection, error) {
	found, err := s.store.UndeliveredInputs(c.Request().Context(), c.pageOf(inputIncidents.Path))
	return newIncidentSection(c, inputIncidents, found, []string{"input", "number", "since", "attempts", "next"},
		func(in store.UndeliveredInput) incidentRow {
			name := c.T("incidents.input_kinds." + string(in.Kind))
			if in.Task != "" {
				name = c.T("incidents.task_names." + string(in.Task))
			}
			return incidentRow{
				Cells: []incidentCell{{Text: name}, c.number(in.Number), c.moment(in.Since), {Text: strconv.Itoa(in.Deliveries)},
					c.nextAttempt(in.NextDelivery)},
				Retry: inputIncidents.retryPath("/" + in.ID), Label: name + ", " + in.Number,
			}
		}), err
}

func (s *Server) stepSection(c *Context) (incidentSection, error) {
	found, err := s.store.StepFailures(c.Request().Context(), c.pageOf(stepIncidents.Path))
	return newIncidentSection(c, stepIncidents, found, []string{"number", "step", "since", "last", "attempts", "reason"},
		func(failed store.StepFailure) incidentRow {
			row := incidentRow{
				Cells: []incidentCell{c.number(failed.Number), {Text: strconv.Itoa(failed.Step)}, c.moment(failed.FirstAt),
					c.moment(failed.LastAt), {Text: strconv.Itoa(failed.Attempts)},
					c.failure("incidents.steps.reasons."+failed.Reason, failed.Detail)},
				Label: fmt.Sprint(c.T("incidents.columns.step"), " ", failed.Step, ", ", failed.Number),
			}
			if failed.Retryable {
				row.Retry = stepIncidents.retryPath(fmt.Sprint("/", failed.Workflow, "/", failed.Step))
			} else {
				row.Note = c.T("incidents.steps.asked")
			}
			return row
		}), err
}

func (s *Server) mailSection(c *Context) (incidentSection, error) {
	found, err := s.store.FailedMails(c.Request().Context(), c.Now(), c.pageOf(mailIncidents.Path))
	return newIncidentSection(c, mailIncidents, found, []string{"mail", "number", "since", "attempts", "reason"}, c.mailIncident), err
}

func (c *Context) mailIncident(m store.FailedMail) incidentRow {
	name, to := c.mailName(m.Template), c.T("incidents.mails.to_address")
	if m.Role != "" {
		to = c.T("incidents.mails.to_role", "role", c.T("roles."+string(m.Role)+".name"))
	}
	row := incidentRow{
		Cells: []incidentCell{{Text: name, More: to}, c.number(m.Number), c.moment(m.OrderedAt), {Text: strconv.Itoa(m.Attempts)},
			c.mailFailure(m)},
		Label: strings.TrimSuffix(name+", "+m.Number, ", "),
	}
	switch {
	case m.Retryable:
		row.Retry = mailIncidents.retryPath("/" + m.ID)
	case m.Clarified:
		row.Note = c.T("incidents.mails.clarified")
	default:
		row.Note = c.T("incidents.mails.sign_in_link")
	}
	return row
}

// mailFailure says why a mail did not go out: what the mail server said, or what else the post office noted.
func (c *Context) mailFailure(m store.FailedMail) incidentCell {
	if m.State == "bounced" {
		said := c.T("contact_pages.failures." + failureOf(store.RefusedMail{State: m.State, Failure: m.Failure}))
		return incidentCell{Text: c.T("incidents.mails.refused", "reason", said), More: c.code(refusalCode(m.Failure))}
	}
	kind, _, _ := strings.Cut(m.Failure, " ")
	key := "incidents.mails.reasons." + kind
	if !c.server.texts.HasUI(c.Lang, key) {
		key = "incidents.mails.reasons.other"
	}
	state := c.T("incidents.mails.given_up")
	if m.State == "queued" {
		state = c.T("incidents.mails.goes_on", "when", c.nextAttempt(m.NextAttempt).Text)
	}
	failure := c.failure(key, m.Failure)
	failure.More = strings.TrimSuffix(state+" · "+failure.More, " · ")
	return failure
}

// refusalCode are the codes of what a mail server said, without our words before them.
func refusalCode(failure string) string {
	if i := strings.IndexAny(failure, "0123456789"); i >= 0 {
		return failure[i:]
	}
	return ""
}

func (c *Context) failure(key, code string) incidentCell {
	return incidentCell{Text: c.T(key), More: c.code(code)}
}

func (c *Context) code(code string) string {
	if code == "" {
		return ""
	}
	return c.T("incidents.code", "code", code)
}

func (c *Context) number(number string) incidentCell {
	if number == "" {
		number = "–"
	}
	return incidentCell{Text: number, Whole: true}
}

func (c *Context) moment(at time.Time) incidentCell {
	return incidentCell{Text: texts.DateTime(c.Lang, at)}
}

// nextAttempt is a moment of real time ahead.
func (c *Context) nextAttempt(at time.Time) incidentCell {
	if time.Until(at) <= 0 {
		return incidentCell{Text: c.T("incidents.at_once")}
	}
	return c.moment(at)
}

// mailName names a mail by the subject of the product's text, without what differs from one to the next.
func (c *Context) mailName(template advisory.Template) string {
	if template == advisory.MailTemplateTest {
		return c.T("settings_mails.test_mail")
	}
	mail, ok := c.server.texts.Mail(c.Lang, string(template))
	if !ok {
		return string(template)
	}
	return strings.NewReplacer(" ({{.Number}})", "", "{{.Due}}", "…", "{{.When}}", "…").Replace(mail.Subject)
}
