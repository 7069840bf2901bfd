package store

import (
	"database/sql"

	"github.com/lib/pq"

	"miglobe/advisory"
)

func (w *stepWriter) enterStage(entry advisory.Entry) error {
	return w.exec(`UPDATE consultations SET stage = $2, stage_since = $3 WHERE id = $1`,
		w.step.ConsultationID, entry.Stage, w.now)
}

// endConsultation notes the outcome, and that nothing more will happen where no follow-up comes.
func (w *stepWriter) endConsultation(entry advisory.Entry) error {
	if entry.Outcome != "" {
		if err := w.exec(`UPDATE consultations SET outcome = $2, closed_at = $3, resting_since = NULL WHERE id = $1`,
			w.step.ConsultationID, entry.Outcome, w.now); err != nil {
			return err
		}
	}
	if entry.Ended {
		return w.exec(`UPDATE consultations SET ended_at = $2 WHERE id = $1`, w.step.ConsultationID, w.now)
	}
	return nil
}

func (w *stepWriter) assignCoordinator(entry advisory.Entry) error {
	w.consultation.CoordinatorID = sql.NullString{String: entry.Coordinator, Valid: true}
	return w.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, w.step.ConsultationID, entry.Coordinator)
}

func (w *stepWriter) assignTeam(entry advisory.Entry) error {
	return w.exec(`
		INSERT INTO team (consultation_id, advisor_id, lead, since)
		SELECT $1, person, person = $3, $4 FROM unnest($2::uuid[]) person
		ON CONFLICT (consultation_id, advisor_id) DO UPDATE SET lead = EXCLUDED.lead, since = EXCLUDED.since, until = NULL`,
		w.step.ConsultationID, pq.Array(entry.Team.Advisors), entry.Team.Lead, w.now)
}

// tell writes a line of the history. Who said it is known from the input; without one it was the program.
func (w *stepWriter) tell(entry advisory.Entry) error {
	if entry.History == advisory.OptionsConfirmed {
		if err := w.exec(`
			UPDATE option_versions SET confirmed_at = $2 WHERE consultation_id = $1
				AND version = (SELECT max(version) FROM option_versions WHERE consultation_id = $1)`,
			w.step.ConsultationID, w.now); err != nil {
			return err
		}
	}
	if entry.History == advisory.RequestSent {
		if err := w.tx.GetContext(w.ctx, &entry.Input, `SELECT id FROM inputs WHERE consultation_id = $1 AND kind = $2`,
			w.step.ConsultationID, advisory.NewRequest); err != nil {
			return err
		}
	}
	var actor sql.NullString
	var onBehalf bool
	if entry.Input != "" {
		in, err := w.apply(entry.Input)
		if err != nil {
			return err
		}
		actor, onBehalf = sql.NullString{String: in.ActorID, Valid: true}, in.OnBehalf
	}
	return w.exec(`
		INSERT INTO history (consultation_id, step, at, kind, actor_id, on_behalf, task_id, input_id)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, ''), NULLIF($8, '')::uuid)`,
		w.step.ConsultationID, w.step.Number, w.now, entry.History, actor, onBehalf, entry.Task, entry.Input)
}
