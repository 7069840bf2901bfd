package worker

import (
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// ownFields fills what only some mails have (FIELDS.md, columns Due and Reason).
func (w *writer) ownFields(m store.QueuedMail, data *mail.Data) error {
	switch m.Template {
	case advisory.MailVerifyAddress:
		data.Number = "" // nothing of the consultation before the address is confirmed
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
		if w.facts.UndoUntil != nil {
			data.Due = texts.LongDate(w.lang, w.facts.UndoUntil.Add(-time.Second)) // it ends with its last day
		}
	case advisory.MailResting:
		w.rest(data)
		if w.facts.RestReason != "" {
			data.Reason = w.Texts.OptionLabel(w.lang, "rest_reasons", w.facts.RestReason)
		}
	case advisory.MailRestEnding:
		w.rest(data)
	case advisory.MailSessionNudge:
		if len(w.facts.Programme.QuietDays) > 0 {
			data.Days = w.facts.Programme.QuietDays[0]
		}
	case advisory.MailAppointmentMoved, advisory.MailAppointmentCancelled:
		return w.occasion(m, data)
	case advisory.MailInputNotAdopted:
		return w.topic(m, data)
	case advisory.MailDraftReminder:
		return w.draftEnds(m, data)
	case agreeOpened, agreeReminder:
		return w.proposedAdvisors(data)
	}
	return nil
}

const (
	agreeOpened   = advisory.Template(advisory.AgreeToAdvisors + "_opened")
	agreeReminder = advisory.Template(advisory.AgreeToAdvisors + "_reminder")
)

// rest tells until when a consultation rests.
func (w *writer) rest(data *mail.Data) {
	if w.facts.RestUntil != nil {
		data.Due = texts.LongDate(w.lang, berlinDay(*w.facts.RestUntil))
	}
}

// quote puts the words that a coordinator wrote for the municipality into the mail.
func (w *writer) quote(m store.QueuedMail, field string, data *mail.Data) error {
	in, err := w.Store.MailInput(w.ctx, m.InputID.String)
	if err == nil {
		data.Reason = in.Answers.Get(field)
	}
	return err
}

// occasion is why an appointment was moved or called off, where somebody wrote it for everybody. The reason of a
// withdrawal is not for everybody.
func (w *writer) occasion(m store.QueuedMail, data *mail.Data) error {
	if !m.InputID.Valid {
		return nil
	}
	in, err := w.Store.MailInput(w.ctx, m.InputID.String)
	if err == nil && (in.Kind == advisory.MoveAppointment || in.Kind == advisory.CancelAppointment) {
		data.Reason = in.Answers.Get("reason")
	}
	return err
}

// topic tells what an input was about that was not adopted.
func (w *writer) topic(m store.QueuedMail, data *mail.Data) error {
	in, err := w.Store.MailInput(w.ctx, m.InputID.String)
	if err != nil {
		return err
	}
	if f, ok := w.Texts.Form(w.lang, in.Form); ok {
		data.Reason = f.Title
	} else if in.TaskKind != "" {
		data.Reason = w.taskTitle(in.TaskKind)
	}
	return nil
}

// draftEnds tells how many days a draft is still kept.
func (w *writer) draftEnds(m store.QueuedMail, data *mail.Data) error {
	draft, err := w.Store.Draft(w.ctx, m.DraftID.String)
	if err == nil {
		data.Days = max(2, int(draft.Expires().Sub(w.Clock.Now()).Hours()/24))
	}
	return err
}

// proposedAdvisors lists whom the municipality is asked to agree to: those who stay and those who are new.
func (w *writer) proposedAdvisors(data *mail.Data) error {
	team, err := w.Store.ProposedTeam(w.ctx, w.facts.ID)
	if err != nil {
		return err
	}
	var members []store.TeamMember
	for _, advisor := range team.Advisors {
		members = append(members, store.TeamMember{FirstName: advisor.FirstName, LastName: advisor.LastName, Lead: advisor.Lead})
	}
	data.Advisors = w.advisors(members)
	return nil
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
