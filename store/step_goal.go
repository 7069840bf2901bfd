package store

import (
	"time"

	"miglobe/advisory"
)

// recordGoal keeps a version of goal and need as the coordinator recorded it, or as the municipality changed it.
func (w *stepWriter) recordGoal(in input, confirmed, proposed bool) error {
	var confirmedAt *time.Time
	if confirmed {
		confirmedAt = &w.now
	}
	return w.exec(`
		INSERT INTO goal_versions (consultation_id, version, goal, need, input_id, written_at, confirmed_at, proposed)
		SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7 FROM goal_versions WHERE consultation_id = $1`,
		w.step.ConsultationID, in.Answers.Get("goal"), in.Answers.Get("need"), in.ID, w.now, confirmedAt, proposed)
}

func (w *stepWriter) confirmGoal() error {
	return w.exec(`
		UPDATE goal_versions SET confirmed_at = $2 WHERE consultation_id = $1 AND version = (
			SELECT max(version) FROM goal_versions WHERE consultation_id = $1 AND NOT proposed)`, w.step.ConsultationID, w.now)
}

// decideGoal ends the proposal that the municipality was asked about: it counts from now on, or it does not.
func (w *stepWriter) decideGoal(choice advisory.Choice) error {
	column := "declined_at"
	if choice == advisory.Confirm {
		column = "confirmed_at"
	}
	return w.exec(`
		UPDATE goal_versions SET `+column+` = $2
		WHERE consultation_id = $1 AND proposed AND confirmed_at IS NULL AND declined_at IS NULL`,
		w.step.ConsultationID, w.now)
}
