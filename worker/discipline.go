package worker

import (
	"context"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// sort keeps the mails that may go now. Reminders wait for the desk to open and for the next day where the person was
// written to today (journey.md, Rules for every reminder).
func (o *clerk) sort(ctx context.Context, claimed []store.QueuedMail) ([]store.QueuedMail, error) {
	due, err := o.sift(ctx, claimed)
	if err != nil || len(due) == 0 || slices.ContainsFunc(due, func(m store.QueuedMail) bool { return !isReminder(m) }) {
		return due, err
	}
	return o.sortReminders(ctx, due)
}

// sift drops what is over, holds back what cannot arrive, lets frozen things wait, and gives to the deputy what somebody
// absent would get.
func (o *clerk) sift(ctx context.Context, claimed []store.QueuedMail) (due []store.QueuedMail, err error) {
	now := o.Clock.Now()
	for _, m := range claimed {
		reason := isOver(m, now)
		to := addressee(m)
		switch {
		case reason == "" && m.PersonID.Valid && to == "" && isReminder(m):
			reason = "person is absent and nobody acts"
			fallthrough
		case reason != "":
			err = o.Store.DropMail(ctx, m.ID, "not_needed", reason)
		case m.Bounced && store.IsHeldBack(m.Role) && m.Template != advisory.MailSignInLink:
			err = o.Store.HoldBackMail(ctx, m.ID)
		case m.PersonID.Valid && to == "", isFrozen(m):
			err = o.Store.PostponeMail(ctx, m.ID, nextHalfDay(now))
		case to != m.PersonID.String:
			o.passOn(m, to)
			err = o.Store.ReaddressMail(ctx, m.ID, to)
		default:
			due = append(due, m)
		}
		if err != nil {
			return nil, err
		}
	}
	return due, nil
}

// addressee is who gets a mail now: the person it was ordered for, or who acts in the place of somebody absent. It is ""
// where nobody does. Only what asks for something goes to a deputy; everybody hears the news themselves.
func addressee(m store.QueuedMail) string {
	switch {
	case m.Template == advisory.MailStaffTaskEscalated, !m.TaskID.Valid && isReminder(m):
		return m.ActingID.String
	case !m.TaskID.Valid:
		return m.PersonID.String
	case m.TaskKind.ForPerson() && m.OwnerActingID != m.TaskOwnerID:
		return "" // nobody else can know
	case m.TaskOwnerID.Valid:
		return m.OwnerActingID.String
	}
	return m.ActingID.String
}

// isReminder tells whether a mail presses for something that its person knows already.
func isReminder(m store.QueuedMail) bool {
	switch m.Template {
	case advisory.MailStaffTaskEscalated:
		return false
	case advisory.MailAppointmentReminder, advisory.MailSessionNudge:
		return true
	}
	return m.Reminder
}

// isFrozen tells whether a mail is about a task whose time stands still.
func isFrozen(m store.QueuedMail) bool {
	return m.TaskID.Valid && m.Resting && !m.TaskKind.RunsWhileResting()
}

// nextHalfDay is when an absence can end.
func nextHalfDay(now time.Time) time.Time {
	if noon := advisory.Midnight(now).Add(12 * time.Hour); now.Before(noon) {
		return noon
	}
	return advisory.Midnight(advisory.Midnight(now).Add(30 * time.Hour)) // of the next day, also where the clock is changed
}

func (o *clerk) sortReminders(ctx context.Context, due []store.QueuedMail) ([]store.QueuedMail, error) {
	head := due[0]
	facts, err := o.facts(ctx, head.ConsultationID.String)
	if err != nil {
		return nil, err
	}
	calendar := advisory.NewCalendar(facts.Land, facts.Programme.Closures...)
	now := o.Clock.Now()
	today := advisory.Midnight(now)
	written := o.written[store.Correspondence{PersonID: head.PersonID.String, ConsultationID: facts.ID}]
	next := facts.Programme.NextDesk(calendar, now)
	if written {
		next = facts.Programme.NextDesk(calendar, today.AddDate(0, 0, 1))
	}
	if next.Equal(now) {
		return due, nil
	}
	return nil, o.postpone(ctx, due, next)
}

// postpone keeps mails for the next desk. A reminder that would come after the due date is not sent at all.
func (o *clerk) postpone(ctx context.Context, due []store.QueuedMail, next time.Time) error {
	for _, m := range due {
		var err error
		switch {
		case m.Reminder && isDueBefore(m, advisory.Midnight(next)):
			err = o.Store.DropMail(ctx, m.ID, "not_needed", "due date has passed")
		case m.Template == advisory.MailAppointmentReminder && m.SessionStart != nil && !next.Before(*m.SessionStart):
			err = o.Store.DropMail(ctx, m.ID, "not_needed", "appointment would be over")
		default:
			err = o.Store.PostponeMail(ctx, m.ID, next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
