package workflows_test

import (
	"fmt"
	"slices"
	"time"

	"miglobe/advisory"
)

// The rules that hold for every journey, whatever is said in it and when. Every test watches them; the random driver looks
// for what breaks them.

func (w *world) fault(format string, args ...any) {
	w.broken = append(w.broken, w.now().In(advisory.Berlin).Format(time.DateTime)+": "+fmt.Sprintf(format, args...))
}

// watch looks at an entry before it is written.
func (w *world) watch(entry advisory.Entry) {
	switch {
	case w.ended():
		w.fault("written after the end: %+v", entry)
	case entry.Open != nil:
		w.watchOpening(*entry.Open)
	case entry.Close != "":
		w.watchClosing(entry)
	case entry.Remind > 0 || entry.Escalate > 0:
		w.watchPress(entry)
	case entry.HandOver != "":
		if t := w.task(entry.Task); t == nil || t.state != advisory.Open {
			w.fault("%s changes hands although it is closed", entry.Task)
		}
		w.watchOwner(entry.HandOver)
	case entry.Mail != "":
		w.watchMail(entry)
	case entry.Rest != nil && *entry.Rest && entry.Input == "":
		w.watchRestOfItself()
	}
}

func (w *world) watchOpening(opened advisory.OpenTask) {
	same := func(t *testTask) bool {
		one, other := t.OpenTask, opened
		one.ID, other.ID, one.Not, other.Not = "", "", "", ""
		return one == other && opened.Kind != advisory.CallParticipants || t.Kind == opened.Kind && t.About != "" && t.About == opened.About
	}
	switch {
	case w.task(opened.ID) != nil:
		w.fault("%s opened twice", opened.ID)
	case w.withdrawn:
		w.fault("%s opened while withdrawn", opened.Kind)
	case w.finished:
		w.fault("%s opened after the outcome", opened.Kind)
	case slices.ContainsFunc(w.open(), same):
		w.fault("%s opened beside the same: %s", opened.Kind, w.describe())
	}
	if opened.Kind != advisory.AnswerInvitation {
		w.watchOwner(opened.Owner.Person)
	}
	if opened.Kind != advisory.CallParticipants {
		return
	}
	concerned := w.task(opened.About)
	if concerned == nil || concerned.state != advisory.Open {
		w.fault("a call about %s, which is closed", opened.About)
		return
	}
	w.comeTrue(concerned, func(press advisory.Instant) bool {
		return press.Rule != nil && press.Rule.Then == advisory.Call && !press.At.After(w.now())
	})
}

// watchOwner: nobody who has left owes anything any more.
func (w *world) watchOwner(person string) {
	if person != "" && person != w.coordinator && slices.Contains(w.left, person) {
		w.fault("%s owes something after leaving", person)
	}
}

func (w *world) watchClosing(entry advisory.Entry) {
	t := w.task(entry.Close)
	if t != nil && t.Kind == advisory.CallParticipants {
		w.forgetCalls(w.task(t.About))
	}
	switch {
	case t == nil || t.state != advisory.Open:
		w.fault("%s closed although it is not open", entry.Close)
	case w.withdrawn && entry.State != advisory.Obsolete:
		w.fault("%s closed as %s while withdrawn", t.Kind, entry.State)
	case entry.State == advisory.Done && entry.Input == "":
		w.fault("%s done by nobody", t.Kind)
	case entry.State == advisory.Lapsed:
		w.press(t, func(press advisory.Instant) bool { return press.Rule != nil && press.Rule.Then == advisory.Lapse })
	}
}

// watchPress: a reminder or an escalation is about an open task whose times go on, and comes at its instant.
func (w *world) watchPress(entry advisory.Entry) {
	t := w.task(entry.Task)
	switch {
	case t == nil || t.state != advisory.Open:
		w.fault("%s pressed although it is closed", entry.Task)
	case w.withdrawn:
		w.fault("%s pressed while withdrawn", t.Kind)
	case w.resting && !t.Kind.RunsWhileResting():
		w.fault("%s pressed while resting", t.Kind)
	default:
		w.press(t, func(press advisory.Instant) bool {
			escalation := entry.Escalate > 0 && press.Rule != nil && press.Rule.After == entry.Escalate && press.Rule.To == entry.To
			return entry.Remind > 0 && press.Remind == entry.Remind || escalation
		})
	}
}

// forgetCalls: while somebody is asked to call already, the moment to ask for it passes in silence.
func (w *world) forgetCalls(t *testTask) {
	t.dates.Presses = slices.DeleteFunc(t.dates.Presses, func(press advisory.Instant) bool {
		return press.Rule != nil && press.Rule.Then == advisory.Call && !press.At.After(w.now())
	})
}

// press notes that something happened to a task because its time had come.
func (w *world) press(t *testTask, is func(advisory.Instant) bool) {
	i := slices.IndexFunc(t.dates.Presses, is)
	if i < 0 {
		w.fault("%s pressed without a plan", t.Kind)
		return
	}
	w.punctual(string(t.Kind), t.dates.Presses[i].At)
	t.dates.Presses = slices.Delete(t.dates.Presses, i, i+1)
}

func (w *world) comeTrue(t *testTask, is func(advisory.Instant) bool) {
	if slices.ContainsFunc(t.dates.Presses, is) {
		w.press(t, is)
	}
}

// punctual: what is planned happens at its instant, or when the database is back.
func (w *world) punctual(what string, at time.Time) {
	if now := w.now(); now.Before(at) || now.After(at.Add(10*w.latency)) && !w.late(at) {
		w.fault("%s at %v, planned for %v", what, now.In(advisory.Berlin), at.In(advisory.Berlin))
	}
}

// late tells whether something of that moment may have waited for the database.
func (w *world) late(at time.Time) bool { return w.lastOutage.Add(time.Minute).After(at) }

// watchRestOfItself: without anybody's word it rests only where a question stayed unanswered.
func (w *world) watchRestOfItself() {
	question := w.find(advisory.AnswerQuestion)
	if question == nil {
		w.fault("rests without a question")
		return
	}
	w.press(question, func(press advisory.Instant) bool { return press.Rule != nil && press.Rule.Then == advisory.GoToRest })
}

// farewell are the mails that somebody gets after leaving.
var farewell = []advisory.Template{advisory.MailAdvisorReleased, advisory.MailAppointmentCancelled, advisory.MailInvitationWithdrawn}

func (w *world) watchMail(entry advisory.Entry) {
	if w.withdrawn {
		w.fault("mail %s while withdrawn", entry.Mail)
	}
	for _, person := range entry.Persons {
		if slices.Contains(w.left, person) && person != w.coordinator && !slices.Contains(farewell, entry.Mail) {
			w.fault("mail %s to %s, who has left", entry.Mail, person)
		}
	}
	switch entry.Mail {
	case advisory.MailAppointmentReminder:
		w.watchAppointmentReminder(w.sessions[entry.Session.Number])
	case advisory.MailAppointmentConfirmed, advisory.MailAppointmentMoved:
		if s := w.sessions[entry.Session.Number]; s == nil || s.state != advisory.Scheduled {
			w.fault("mail %s about session %d, which has no date", entry.Mail, entry.Session.Number)
		}
	case advisory.MailSessionNudge:
		for number, s := range w.sessions {
			if w.resting || s.state == advisory.Scheduled {
				w.fault("nudge while resting (%t) or session %d is ahead", w.resting, number)
			}
		}
	}
}

// watchAppointmentReminder: everybody is reminded of the present date only, and not of one while it rests.
func (w *world) watchAppointmentReminder(s *testSession) {
	if w.resting || s == nil || s.state != advisory.Scheduled || len(s.date.Reminders) == 0 {
		w.fault("reminder of an appointment that is not ahead: resting %t, %+v", w.resting, s)
		return
	}
	w.punctual("reminder of an appointment", s.date.Reminders[0])
	s.date.Reminders = s.date.Reminders[1:]
}

// check looks at the whole world at a moment at which everything has been written.
func (w *world) check() {
	switch {
	case w.ended():
		for _, t := range w.open() {
			w.fault("%s open after the end", t.Kind)
		}
	case w.withdrawn:
		w.overdue("the end of the withdrawal", w.undoUntil)
		if len(w.open()) > 0 {
			w.fault("open while withdrawn: %s", w.describe())
		}
	default:
		w.checkAlive()
		w.checkTasks()
		w.checkSessions()
		w.checkRest()
	}
}

func (w *world) overdue(what string, at time.Time) {
	if at.Add(10*w.latency).Before(w.now()) && !w.late(at) {
		w.fault("%s has not happened: planned for %v", what, at.In(advisory.Berlin))
	}
}

func (w *world) checkTasks() {
	for _, t := range w.open() {
		w.watchOwner(t.Owner.Person)
		if w.resting && !t.Kind.RunsWhileResting() {
			continue
		}
		for _, press := range t.dates.Presses {
			if !w.silent(t, press) {
				w.overdue(fmt.Sprintf("%s %+v", t.Kind, press), press.At)
			}
		}
	}
}

func (w *world) checkSessions() {
	for number, s := range w.sessions {
		if s.state != advisory.Scheduled {
			continue
		}
		w.overdue(fmt.Sprintf("end of session %d", number), s.date.EndsAt)
		if !w.resting && len(s.date.Reminders) > 0 {
			w.overdue(fmt.Sprintf("reminder of session %d", number), s.date.Reminders[0])
		}
	}
}

func (w *world) checkRest() {
	asked := w.find(advisory.AnswerRestQuestion) != nil || w.find(advisory.DecideAfterRest) != nil
	if !w.resting || asked {
		return
	}
	w.overdue("the end of the rest", w.restPlan.ResumeAt)
	if !w.restAnswer {
		w.overdue("the question after the rest", w.restPlan.AskAt)
	}
}

// silent tells whether a press leaves no trace: a call that is under way already, a question that has come to the desk.
func (w *world) silent(t *testTask, press advisory.Instant) bool {
	if press.Rule == nil {
		return false
	}
	called := slices.ContainsFunc(w.open(), func(call *testTask) bool { return call.Kind == advisory.CallParticipants && call.About == t.ID })
	asked := w.find(advisory.DecideAfterRest) != nil
	return press.Rule.Then == advisory.Call && called || press.Rule.Then == advisory.AskDesk && asked
}

// checkAlive: somebody owes something, or a moment is waited for.
func (w *world) checkAlive() {
	ahead := slices.ContainsFunc(w.tasks, func(t *testTask) bool { return t.state == advisory.Open })
	for _, s := range w.sessions {
		ahead = ahead || s.state == advisory.Scheduled && !s.date.EndsAt.Before(w.now())
	}
	waiting := w.outcome() == advisory.Completed || w.resting
	if len(w.steps) > 0 && !ahead && !waiting {
		w.fault("nothing is open and nothing is waited for")
	}
}
