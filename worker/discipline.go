package worker

import (
	"context"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// sort keeps the mails that may go now. What is over is dropped; reminders wait for the desk to open and for the next
// day where the person was written to today (journey.md, Rules for every reminder).
func (o *PostOffice) sort(ctx context.Context, claimed []store.QueuedMail) (due []store.QueuedMail, err error) {
	onlyReminders, today := true, advisory.Midnight(o.Clock.Now())
	for _, m := range claimed {
		if reason := isOver(m, today); reason != "" {
			if err := o.Store.DropMail(ctx, m.ID, "not_needed", reason); err != nil {
				return nil, err
			}
			continue
		}
		onlyReminders = onlyReminders && m.Reminder
		due = append(due, m)
	}
	if len(due) == 0 || !onlyReminders {
		return due, nil
	}
	return o.sortReminders(ctx, due)
}

// isOver says why a mail is not needed any more: what it presses for is settled, late, rests, or has gone to somebody
// else; or what it tells is no longer so.
func isOver(m store.QueuedMail, today time.Time) string {
	switch {
	case isAboutDraft(m.Template) && !m.DraftID.Valid:
		return "draft is deleted"
	case m.TaskID.Valid && m.TaskState.String != string(advisory.Open):
		return "task is closed"
	case m.Reminder && m.Resting:
		return "consultation rests"
	case m.Reminder && m.Template != advisory.MailStaffTaskEscalated && m.TaskOwnerID.Valid && m.TaskOwnerID != m.PersonID:
		return "task was handed over"
	case m.Reminder && isDueBefore(m, today):
		return "due date has passed"
	case m.Template == advisory.MailResting && !m.Resting:
		return "consultation goes on"
	case m.Template == advisory.MailAppointmentConfirmed && m.SessionState.String == string(advisory.Cancelled):
		return "appointment is cancelled"
	case m.Template == advisory.MailAppointmentReminder && m.SessionState.String != string(advisory.Scheduled):
		return "appointment is over or cancelled"
	}
	return ""
}

// isDueBefore tells whether a reminder would come after the due date. Escalations are about nothing else.
func isDueBefore(m store.QueuedMail, day time.Time) bool {
	return m.Template != advisory.MailStaffTaskEscalated && m.TaskDueOn != nil && day.After(berlinDay(*m.TaskDueOn))
}

func isAboutDraft(template advisory.Template) bool {
	return template == advisory.MailVerifyAddress || template == advisory.MailDraftSaved
}

func (o *PostOffice) sortReminders(ctx context.Context, due []store.QueuedMail) ([]store.QueuedMail, error) {
	head := due[0]
	facts, err := o.Store.MailFacts(ctx, head.ConsultationID.String)
	if err != nil {
		return nil, err
	}
	calendar := advisory.NewCalendar(facts.Land, facts.Programme.Closures...)
	now := o.Clock.Now()
	today := advisory.Midnight(now)
	written, err := o.Store.WasWrittenTo(ctx, head.PersonID.String, facts.ID, today)
	if err != nil {
		return nil, err
	}
	next := facts.Programme.NextDesk(calendar, now)
	if written {
		next = facts.Programme.NextDesk(calendar, today.AddDate(0, 0, 1))
	}
	if next.Equal(now) {
		return due, nil
	}
	return nil, o.postpone(ctx, due, next)
}

// postpone keeps reminders for the next desk. A reminder that would come after the due date is not sent at all.
func (o *PostOffice) postpone(ctx context.Context, due []store.QueuedMail, next time.Time) error {
	for _, m := range due {
		var err error
		if isDueBefore(m, advisory.Midnight(next)) {
			err = o.Store.DropMail(ctx, m.ID, "not_needed", "due date has passed")
		} else {
			err = o.Store.PostponeMail(ctx, m.ID, next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
