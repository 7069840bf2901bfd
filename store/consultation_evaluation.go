package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// Evaluation is how one of those who were asked has looked back at the consultation, or owes it.
type Evaluation struct {
	TaskID    string             `db:"task_id"`
	Role      advisory.Role      `db:"owner_role"` // municipality or advisor
	PersonID  *string            `db:"owner_id"`   // nil: the municipality
	Name      string             `db:"owner_name"`
	State     advisory.TaskState `db:"state"`
	Answers   advisory.Answers   `db:"answers"` // of evaluate_municipality or evaluate_advisor
	OnBehalf  bool               `db:"on_behalf"`
	ClosedAt  *time.Time         `db:"closed_at"`
	ActorName string             `db:"actor_name"` // who entered it; "" before

	ProgrammeVersion int `db:"programme_version"` // whose questions were answered; 0: those of the release
}

// EnteredBy names the coordinator who entered it for the municipality; "" where the municipality said it itself.
func (e Evaluation) EnteredBy() string {
	if e.OnBehalf {
		return e.ActorName
	}
	return ""
}

// Answered tells whether the questionnaire came back.
func (e Evaluation) Answered() bool { return e.State == advisory.Done }

// Evaluations reads who looks back at a consultation, the municipality first. The answers are blind: a page shows those
// of others only where Revealed says so.
func (s *Store) Evaluations(ctx context.Context, consultationID string) ([]Evaluation, error) {
	var evaluations []Evaluation
	err := s.db.SelectContext(ctx, &evaluations, `
		SELECT t.id AS task_id, t.owner_role, t.owner_id, t.state, t.closed_at,
			coalesce(trim(p.first_name || ' ' || p.last_name), '') AS owner_name,
			coalesce(i.answers, '{}') AS answers, coalesce(i.on_behalf, false) AS on_behalf,
			coalesce(i.programme_version, 0) AS programme_version,
			coalesce(trim(k.first_name || ' ' || k.last_name), '') AS actor_name
		FROM tasks t LEFT JOIN persons p ON p.id = t.owner_id LEFT JOIN inputs i ON i.id = t.input_id
			LEFT JOIN persons k ON k.id = i.actor_id
		WHERE t.consultation_id = $1 AND t.kind = 'evaluate' ORDER BY t.owner_id IS NOT NULL, t.opened_at, t.id`, consultationID)
	return evaluations, problem(err)
}

// Revealed tells whether everybody may read everybody's answers: both sides have answered, and nobody is still to answer
// who could be influenced (journey.md, Mirror).
func Revealed(evaluations []Evaluation) bool {
	answered := map[advisory.Role]bool{}
	for _, e := range evaluations {
		if e.State == advisory.Open {
			return false
		}
		answered[e.Role] = answered[e.Role] || e.Answered()
	}
	return answered[advisory.Municipality] && answered[advisory.Advisor]
}
