package store

import (
	"context"
	"time"
)

// AdvisorChoices are the choices of advisors that were made in a period and invited somebody.
type AdvisorChoices struct {
	Known int `db:"known"` // of which it is known whether the first suggestion was among the invited
	First int `db:"first"` // of those, where it was
}

// NotedReason is why a coordinator chose somebody else than the first suggestion.
type NotedReason struct {
	Number string    `db:"number"` // of the consultation
	At     time.Time `db:"entered_at"`
	Reason string    `db:"reason"`
}

// choices are the inputs i that chose advisors in a period ($1, $2).
const choices = ` FROM inputs i WHERE i.form = 'choose_advisors' AND i.state = 'applied' AND i.entered_at >= $1 AND i.entered_at < $2`

const (
	advisorChoicesQuery = `
		SELECT count(*) FILTER (WHERE i.answers ? 'first_suggestion') AS known,
			count(*) FILTER (WHERE i.answers->'first_suggestion'->>0 = 'invited') AS first` + choices
	notedReasonsQuery = `
		SELECT c.number, x.entered_at, x.reason FROM (
			SELECT i.consultation_id, i.entered_at, i.id, i.answers->'why_not_first'->>0 AS reason` + choices + `
				AND i.answers ? 'why_not_first' ORDER BY i.entered_at DESC, i.id LIMIT $3) x
		JOIN consultations c ON c.id = x.consultation_id WHERE c.anonymised_at IS NULL ORDER BY x.entered_at DESC, x.id`
)

// AdvisorChoices counts how often the first suggestion was invited in a period.
func (s *Store) AdvisorChoices(ctx context.Context, period Period) (AdvisorChoices, error) {
	var found AdvisorChoices
	err := s.db.GetContext(ctx, &found, advisorChoicesQuery, period.From, period.Until)
	return found, problem(err)
}

// NotedReasons reads the latest reasons of a period why somebody else than the first suggestion was chosen, at most limit.
func (s *Store) NotedReasons(ctx context.Context, period Period, limit int) ([]NotedReason, error) {
	var found []NotedReason
	err := s.db.SelectContext(ctx, &found, notedReasonsQuery, period.From, period.Until, limit)
	return found, problem(err)
}
