package store

import (
	"database/sql"

	"miglobe/advisory"
)

// tell writes a line of the history. Who said it is known from the input; without one it was the program.
func (w *stepWriter) tell(entry advisory.Entry) error {
	if entry.History == advisory.RequestSent {
		if err := w.tx.GetContext(w.ctx, &entry.Input, `SELECT id FROM inputs WHERE consultation_id = $1 AND kind = $2`,
			w.step.ConsultationID, advisory.NewRequest); err != nil {
			return err
		}
	}
	var in input
	if entry.Input != "" {
		var err error
		if in, err = w.apply(entry.Input); err != nil {
			return err
		}
	}
	if err := w.consequence(entry, in); err != nil {
		return err
	}
	actor := sql.NullString{String: in.ActorID, Valid: in.ActorID != ""}
	return w.exec(`
		INSERT INTO history (consultation_id, step, at, kind, actor_id, on_behalf, task_id, input_id)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, ''), NULLIF($8, '')::uuid)`,
		w.step.ConsultationID, w.step.Number, w.now, entry.History, actor, in.OnBehalf, entry.Task, entry.Input)
}

// consequence is what something that happened changes beside the history: it carries the words of an input that settles
// no task to their place.
func (w *stepWriter) consequence(entry advisory.Entry, in input) error {
	switch entry.History {
	case advisory.OptionsConfirmed:
		return w.exec(`
			UPDATE option_versions SET confirmed_at = $2 WHERE consultation_id = $1
				AND version = (SELECT max(version) FROM option_versions WHERE consultation_id = $1)`,
			w.step.ConsultationID, w.now)
	case advisory.GoalChangeProposed:
		return w.recordGoal(in, false, true)
	case advisory.GoalChanged:
		if entry.Task == "" { // said by the municipality itself
			return w.recordGoal(in, true, true)
		}
	case advisory.NoteCorrected:
		return w.exec(`
			UPDATE notes SET correction_input_id = $3, corrected_at = $4 WHERE consultation_id = $1 AND session = $2`,
			w.step.ConsultationID, entry.Session.Number, in.ID, w.now)
	case advisory.ReplacementBegun:
		return w.exec(`
			INSERT INTO replacements (consultation_id, advisor_id, input_id, begun_at)
			SELECT $1, (message->>'person')::uuid, id, $3 FROM inputs WHERE id = $2 ON CONFLICT DO NOTHING`,
			w.step.ConsultationID, in.ID, w.now)
	}
	return nil
}
