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

// endConsultation notes the outcome, and that nothing more will happen where no follow-up comes. A withdrawal can be taken
// back for some days.
func (w *stepWriter) endConsultation(entry advisory.Entry) error {
	if entry.Outcome != "" {
		if err := w.exec(`UPDATE consultations SET outcome = $2, closed_at = coalesce(closed_at, $3) WHERE id = $1`,
			w.step.ConsultationID, entry.Outcome, w.now); err != nil {
			return err
		}
	}
	if entry.Outcome == advisory.Withdrawn && !entry.Ended {
		until := advisory.Midnight(w.now.In(advisory.Berlin).AddDate(0, 0, w.programme.UndoDays+1)) // the whole last day
		w.result.UndoUntil = w.clock.Real(until)
		return w.exec(`UPDATE consultations SET undo_until = $2 WHERE id = $1`, w.step.ConsultationID, until)
	}
	if entry.Ended {
		return w.exec(`
			UPDATE consultations SET ended_at = $2, undo_until = NULL, resting_since = NULL, rest_until = NULL WHERE id = $1`,
			w.step.ConsultationID, w.now)
	}
	return nil
}

// undo takes a withdrawal back: the consultation stands where it stood.
func (w *stepWriter) undo(advisory.Entry) error {
	return w.exec(`UPDATE consultations SET outcome = '', closed_at = NULL, undo_until = NULL WHERE id = $1`, w.step.ConsultationID)
}

func (w *stepWriter) assignCoordinator(entry advisory.Entry) error {
	w.consultation.CoordinatorID = sql.NullString{String: entry.Coordinator, Valid: true}
	return w.exec(`UPDATE consultations SET coordinator_id = $2 WHERE id = $1`, w.step.ConsultationID, entry.Coordinator)
}

// assignTeam says who accompanies from now on. Whoever does not any more has no access from this moment; a calendar entry
// that names others than before is a new version of it.
func (w *stepWriter) assignTeam(entry advisory.Entry) error {
	if err := w.exec(`
		UPDATE team SET until = $3 WHERE consultation_id = $1 AND until IS NULL AND NOT advisor_id = ANY($2::uuid[])`,
		w.step.ConsultationID, pq.Array(entry.Team.Advisors), w.now); err != nil {
		return err
	}
	if err := w.exec(`UPDATE sessions SET sequence = sequence + 1 WHERE consultation_id = $1 AND state = 'scheduled'`,
		w.step.ConsultationID); err != nil {
		return err
	}
	return w.exec(`
		INSERT INTO team (consultation_id, advisor_id, lead, since)
		SELECT $1, person, person::text = $3, $4 FROM unnest($2::uuid[]) person
		ON CONFLICT (consultation_id, advisor_id) DO UPDATE SET lead = EXCLUDED.lead, until = NULL,
			since = CASE WHEN team.until IS NULL THEN team.since ELSE EXCLUDED.since END`,
		w.step.ConsultationID, pq.Array(entry.Team.Advisors), entry.Team.Lead, w.now)
}
