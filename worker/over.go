package worker

import (
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// isOver says why a mail is not needed any more: what it presses for is settled, late, rests, or has gone to somebody
// else; what it tells is no longer so; or the person has nothing to do with it any more. It is "" where the mail may go.
func isOver(m store.QueuedMail, now time.Time) string {
	for _, reason := range []string{draftIsOver(m), partIsOver(m), taskIsOver(m, now), newsIsOver(m, now), appointmentIsOver(m, now)} {
		if reason != "" {
			return reason
		}
	}
	return ""
}

// draftIsOver is about a draft that is deleted, or has become a request meanwhile.
func draftIsOver(m store.QueuedMail) string {
	switch m.Template {
	case advisory.MailVerifyAddress:
		if m.ConsultationID.Valid {
			return "" // of somebody who is to become a contact
		}
	case advisory.MailDraftReminder:
		if m.DraftMoved {
			return "draft was changed"
		}
	case advisory.MailDraftSaved:
	default:
		return ""
	}
	if m.DraftGone {
		return "draft is deleted or sent"
	}
	return ""
}

// partIsOver is about who has left: a contact, or an advisor of the team. They only hear that it is so.
func partIsOver(m store.QueuedMail) string {
	switch m.Template {
	case advisory.MailAdvisorReleased:
		if m.TakesPart {
			return "person takes part again"
		}
		return ""
	case advisory.MailInvitationWithdrawn, advisory.MailInvitationLapsed:
		if m.IsInvited && m.Outcome != advisory.Withdrawn { // what is withdrawn can be taken up again as it was
			return "person is invited again"
		}
		return ""
	case advisory.MailInputNotAdopted: // who was told that it is saved hears that it is not
		return ""
	case advisory.MailAppointmentCancelled:
		if m.Role == advisory.Advisor {
			return ""
		}
	}
	switch {
	case !m.Active:
		return "account is blocked"
	case m.HasLeft && m.TaskKind != advisory.AnswerInvitation: // who is invited takes no part yet
		return "person takes no part any more"
	}
	return ""
}

// taskIsOver is about what somebody is asked or reminded to do.
func taskIsOver(m store.QueuedMail, now time.Time) string {
	escalated := m.Template == advisory.MailStaffTaskEscalated
	switch {
	case !m.TaskID.Valid:
		return ""
	case m.TaskState.String != string(advisory.Open):
		return "task is closed"
	case m.Outcome == advisory.Withdrawn:
		return "consultation is withdrawn"
	case !escalated && m.TaskOwnerID.Valid && !m.ForOwner && m.OwnerActingID != m.PersonID:
		return "task was handed over"
	case !escalated && m.Reminder && isFrozen(m):
		return "consultation rests"
	case m.Reminder && isDueBefore(m, advisory.Midnight(now)):
		return "due date has passed"
	}
	return ""
}

// isDueBefore tells whether a reminder would come after the due date. Escalations are about nothing else.
func isDueBefore(m store.QueuedMail, day time.Time) bool {
	return m.Template != advisory.MailStaffTaskEscalated && m.TaskDueOn != nil && day.After(berlinDay(*m.TaskDueOn))
}

// newsIsOver is about what a mail tells of the consultation.
func newsIsOver(m store.QueuedMail, now time.Time) string {
	withdrawn := m.Outcome == advisory.Withdrawn
	switch m.Template {
	case advisory.MailWithdrawn, advisory.MailWithdrawnAdvisor:
		switch {
		case !withdrawn:
			return "withdrawal was taken back"
		case m.UndoUntil == nil || !now.Before(*m.UndoUntil):
			return "withdrawal cannot be taken back any more"
		}
	case advisory.MailAppointmentCancelled, advisory.MailInvitationWithdrawn, advisory.MailAdvisorReleased,
		advisory.MailInputNotAdopted, advisory.MailVerifyAddress, advisory.MailSignInLink, advisory.MailNoteMention:
		return ""
	case advisory.MailResting:
		if !m.Resting || m.Outcome != "" {
			return "consultation goes on"
		}
	case advisory.MailResumed:
		if m.Resting || m.Outcome != "" {
			return "consultation rests again or has ended"
		}
	case advisory.MailSessionNudge:
		if m.Resting || m.Outcome != "" || m.IsPlanned || m.Stage != advisory.Opening && m.Stage != advisory.Dialogue {
			return "consultation is not quiet any more"
		}
	case advisory.MailNoteShared:
		if m.CorrectUntil != nil && advisory.Midnight(now).After(berlinDay(*m.CorrectUntil)) {
			return "time for corrections has passed"
		}
	}
	switch {
	case withdrawn && m.Template != advisory.MailWithdrawn && m.Template != advisory.MailWithdrawnAdvisor:
		return "consultation is withdrawn"
	case m.Superseded:
		return "a later mail tells how it is now"
	}
	return ""
}

// appointmentIsOver is about a date that is not the present one any more: a later mail to the same person tells which
// is. Who has left gets no later one.
func appointmentIsOver(m store.QueuedMail, now time.Time) string {
	switch m.Template {
	case advisory.MailAppointmentConfirmed, advisory.MailAppointmentMoved, advisory.MailAppointmentReminder:
		if m.SessionState.String != string(advisory.Scheduled) || m.SessionStart == nil || now.After(*m.SessionStart) {
			return "appointment is over or cancelled"
		}
	case advisory.MailAppointmentCancelled:
		if m.SessionStart != nil && now.After(*m.SessionStart) {
			return "date has passed"
		}
	default:
		return ""
	}
	if m.Superseded {
		return "appointment was changed since"
	}
	return ""
}
