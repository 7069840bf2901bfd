package store

import (
	"encoding/json"
	"slices"
	"time"

	"miglobe/advisory"
)

// rest freezes or thaws the remaining times of all open tasks (journey.md, Rest).
func (w *stepWriter) rest(entry advisory.Entry) error {
	if *entry.Rest {
		return w.beginRest(entry)
	}
	var open []taskRow
	if err := w.tx.SelectContext(w.ctx, &open, `
		SELECT `+taskRowColumns+` FROM tasks WHERE consultation_id = $1 AND state = 'open' ORDER BY opened_at, id`,
		w.step.ConsultationID); err != nil {
		return err
	}
	for _, t := range open {
		if err := w.thaw(t); err != nil {
			return err
		}
	}
	return w.exec(`UPDATE consultations SET resting_since = NULL, rest_until = NULL, rest_reason = '' WHERE id = $1`,
		w.step.ConsultationID)
}

// questionOpen is the reason of a rest that nobody asked for: a question was not answered.
const questionOpen = "question_open"

// beginRest notes until when it rests and why; said by nobody, as long as a rest may be. A rest that is prolonged began
// when it began.
func (w *stepWriter) beginRest(entry advisory.Entry) error {
	until, reason := w.now.AddDate(0, w.programme.RestMonths, 0), questionOpen
	if entry.Input != "" {
		in, err := w.apply(entry.Input)
		if err != nil {
			return err
		}
		reason = in.Answers.Get("reason")
		for _, field := range []string{"resume_on", "rest_until"} { // of the forms rest and answer_rest_question
			if day, err := time.ParseInLocation(time.DateOnly, in.Answers.Get(field), advisory.Berlin); err == nil {
				until = day
			}
		}
	}
	w.result.Rest = w.restPlan(advisory.Midnight(until))
	return w.exec(`
		UPDATE consultations SET resting_since = coalesce(resting_since, $2), rest_until = $3,
			rest_reason = coalesce(nullif($4, ''), rest_reason) WHERE id = $1`,
		w.step.ConsultationID, w.now, advisory.Midnight(until).Format(time.DateOnly), reason)
}

// restPlan: the question goes out so many working days before the end, when the desk opens; on its day, it goes on.
func (w *stepWriter) restPlan(until time.Time) *advisory.RestPlan {
	asked := w.calendar.SubtractWorkdays(until, w.programme.RestQuestion)
	return &advisory.RestPlan{
		AskAt:    w.clock.Real(w.programme.NextDesk(w.calendar, asked)),
		ResumeAt: w.clock.Real(w.programme.NextDesk(w.calendar, until)),
	}
}

// thaw lets a task's times run on from where they stood. A task that opened while it rested has not run at all.
func (w *stepWriter) thaw(t taskRow) error {
	if w.consultation.RestingSince == nil || t.Kind.RunsWhileResting() {
		return nil
	}
	frozen := *w.consultation.RestingSince
	if t.OpenedAt.After(frozen) {
		frozen = t.OpenedAt
	}
	var presses advisory.Schedule
	if err := json.Unmarshal(t.Presses, &presses); err != nil {
		return err
	}
	ahead := slices.DeleteFunc(presses, func(press advisory.Instant) bool { return !press.At.After(frozen) })
	return w.date(t.ID, advisory.Dates{DueOn: t.DueOn, Presses: ahead}.Thawed(w.calendar, frozen, w.now))
}

// date gives an open task other dates.
func (w *stepWriter) date(taskID string, dates advisory.Dates) error {
	w.result.Schedules[taskID] = dates.Pressing(w.clock)
	presses, err := json.Marshal(dates.Presses)
	if err != nil {
		return err
	}
	return w.exec(`UPDATE tasks SET due_on = $2, presses = $3 WHERE id = $1`, taskID, dates.DueOn.Format(time.DateOnly), presses)
}

// planQuiet says when a consultation without a session or a plan is nudged and decided about.
func (w *stepWriter) planQuiet(advisory.Entry) error {
	after := func(i int) time.Time {
		days := w.programme.QuietDays[min(i, len(w.programme.QuietDays)-1)]
		return w.clock.Real(w.programme.NextDesk(w.calendar, w.now.AddDate(0, 0, days)))
	}
	w.result.Quiet = &advisory.QuietPlan{NudgeAt: after(0), DecideAt: after(1)}
	return nil
}
