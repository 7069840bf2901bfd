package store

import (
	"fmt"
	"time"

	"miglobe/advisory"
)

// proposeSlots keeps the dates that one side proposes, as the next round of the session.
func (w *stepWriter) proposeSlots(t taskRow, in input) error {
	var round int
	if err := w.tx.GetContext(w.ctx, &round, `
		SELECT coalesce(max(round), 0) + 1 FROM slots WHERE consultation_id = $1 AND session = $2`,
		w.step.ConsultationID, t.Session); err != nil {
		return err
	}
	for position := 1; ; position++ {
		start, end, err := slot(in.Answers, position)
		if err != nil || start.IsZero() {
			return err
		}
		if err := w.exec(`
			INSERT INTO slots (consultation_id, session, round, position, starts_at, ends_at, meeting_format, place, input_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, w.step.ConsultationID, t.Session, round, position, start, end,
			in.Answers.Get("meeting_format"), in.Answers.Get("place"), in.ID); err != nil {
			return err
		}
	}
}

// slot reads the n-th proposed date of a form; zero where there are no more.
func slot(answers advisory.Answers, n int) (start, end time.Time, err error) {
	field := func(key string) string { return answers.Get(fmt.Sprintf("slots.%d.%s", n, key)) }
	if field("date") == "" {
		return start, end, nil
	}
	start, err = time.ParseInLocation("2006-01-02 15:04", field("date")+" "+field("start_time"), advisory.Berlin)
	if err != nil {
		return start, end, fmt.Errorf("slot %d: %w", n, err)
	}
	return start, start.Add(advisory.SlotLength(field("duration"))), nil
}

// chooseSlot gives the session the chosen date of the latest round.
func (w *stepWriter) chooseSlot(t taskRow, in input) error {
	return w.exec(`
		UPDATE sessions s SET starts_at = c.starts_at, ends_at = c.ends_at, meeting_format = c.meeting_format, place = c.place,
			participants = concat_ws(', ', nullif(c.proposed_with, ''), nullif($4, '')),
			sequence = CASE WHEN s.starts_at IS NULL THEN 0 ELSE s.sequence + 1 END
		FROM (SELECT p.*, i.answers #>> '{participants,0}' AS proposed_with FROM slots p JOIN inputs i ON i.id = p.input_id
			WHERE p.consultation_id = $1 AND p.session = $2 AND p.position::text = $3 ORDER BY p.round DESC LIMIT 1) c
		WHERE s.consultation_id = $1 AND s.number = $2`,
		w.step.ConsultationID, t.Session, in.Answers.Get("slot"), in.Answers.Get("participants"))
}

// moveAppointment gives a session the date of an input of the form move_appointment; what the form leaves out stays.
func (w *stepWriter) moveAppointment(entry advisory.Entry) error {
	in, err := w.apply(entry.Input)
	if err != nil {
		return err
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", in.Answers.Get("date")+" "+in.Answers.Get("start_time"), advisory.Berlin)
	if err != nil {
		return fmt.Errorf("input %s: %w", in.ID, err)
	}
	length := 0.0
	if duration := in.Answers.Get("duration"); duration != "" {
		length = advisory.SlotLength(duration).Seconds()
	}
	_, placed := in.Answers["place"]
	return w.exec(`
		UPDATE sessions SET starts_at = $3::timestamptz,
			ends_at = $3::timestamptz + CASE WHEN $4 > 0 THEN $4 * interval '1 second' ELSE ends_at - starts_at END,
			meeting_format = coalesce(nullif($5, ''), meeting_format), place = CASE WHEN $7 THEN $6 ELSE place END,
			sequence = sequence + 1
		WHERE consultation_id = $1 AND number = $2`, w.step.ConsultationID, entry.Session.Number, start, length,
		in.Answers.Get("meeting_format"), in.Answers.Get("place"), placed)
}

// moveSession brings a session into a state. A scheduled one gives the workflow its dates.
func (w *stepWriter) moveSession(entry advisory.Entry) error {
	s := *entry.Session
	if s.Moved {
		if err := w.moveAppointment(entry); err != nil {
			return err
		}
	}
	if err := w.exec(`
		INSERT INTO sessions (consultation_id, number, kind, state) VALUES ($1, $2, $3, $4)
		ON CONFLICT (consultation_id, number) DO UPDATE SET state = EXCLUDED.state,
			sequence = sessions.sequence + CASE WHEN EXCLUDED.state = 'cancelled' THEN 1 ELSE 0 END`,
		w.step.ConsultationID, s.Number, s.Kind, s.State); err != nil {
		return err
	}
	if s.State != advisory.Scheduled {
		return nil
	}
	var dates struct {
		StartsAt time.Time `db:"starts_at"`
		EndsAt   time.Time `db:"ends_at"`
	}
	if err := w.tx.GetContext(w.ctx, &dates, `
		SELECT starts_at, ends_at FROM sessions WHERE consultation_id = $1 AND number = $2`,
		w.step.ConsultationID, s.Number); err != nil {
		return fmt.Errorf("session %d has no date: %w", s.Number, err)
	}
	w.result.Appointments[s.Number] = w.appointment(dates.StartsAt, dates.EndsAt)
	return nil
}

// appointment computes when everybody is reminded of a date: so many calendar days before, when the desk opens; on the
// last working day before where that day is none.
func (w *stepWriter) appointment(start, end time.Time) advisory.Appointment {
	appointment := advisory.Appointment{EndsAt: w.clock.Real(end)}
	for _, days := range w.programme.ReminderDays {
		day := start.In(advisory.Berlin).AddDate(0, 0, -days)
		if !w.calendar.IsWorkday(day) {
			day = w.calendar.SubtractWorkdays(day, 1)
		}
		at := time.Date(day.Year(), day.Month(), day.Day(), w.programme.DeskOpens, 0, 0, 0, advisory.Berlin)
		if at.After(w.now) {
			appointment.Reminders = append(appointment.Reminders, w.clock.Real(at))
		}
	}
	return appointment
}

func (w *stepWriter) shareNote(t taskRow, in input) error {
	until := w.calendar.AddWorkdays(w.now, w.programme.CorrectionDays)
	return w.exec(`
		INSERT INTO notes (consultation_id, session, input_id, shared_at, correct_until) VALUES ($1, $2, $3, $4, $5)`,
		w.step.ConsultationID, t.Session, in.ID, w.now, until.Format(time.DateOnly))
}
