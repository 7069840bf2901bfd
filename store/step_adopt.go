package store

import (
	"miglobe/advisory"
)

// adopt lets the consultation follow another version of the programme: all that is open gets its dates by it, and what opens
// later does anyhow. Where a date would move into the past, the input is refused and nothing changes.
func (w *stepWriter) adopt(entry advisory.Entry) error {
	to, err := w.store.programmeVersion(w.ctx, w.tx, entry.Adopt.Version)
	if advisory.CodeOf(err) == advisory.NotFound {
		return w.refuse(entry.Input, advisory.NotNow)
	}
	if err != nil {
		return err
	}
	found, err := readFollowers(w.ctx, w.tx, w.step.ConsultationID)
	if err != nil {
		return err
	}
	pressed := entry.Adopt.Pressed
	if pressed == nil {
		pressed = map[string]int{}
	}
	calendar := advisory.NewCalendar(w.consultation.Land, to.Closures...)
	adopted, refusal, err := found[0].adopt(to, w.programme, calendar, w.now, pressed)
	if err != nil {
		return err
	}
	if refusal != "" {
		return w.refuse(entry.Input, refusal)
	}
	for _, task := range adopted {
		if err := w.date(task.taskID, task.After); err != nil {
			return err
		}
	}
	w.programme, w.calendar = to, calendar
	w.result.Rules = &advisory.Rules{SlotRounds: to.SlotRounds, MissedSessions: to.MissedSessions}
	if err := w.exec(`UPDATE consultations SET programme_version = $2 WHERE id = $1`, w.step.ConsultationID, to.Version); err != nil {
		return err
	}
	return w.tell(advisory.Entry{History: advisory.ProgrammeAdopted, Input: entry.Input})
}

// refuse notes that an input has no effect, because of what only the database knows.
func (w *stepWriter) refuse(inputID string, refusal advisory.Refusal) error {
	if w.result.Refused == nil {
		w.result.Refused = map[string]advisory.Refusal{}
	}
	w.result.Refused[inputID] = refusal
	return w.exec(`UPDATE inputs SET state = 'refused', refusal = $2 WHERE id = $1`, inputID, refusal)
}
