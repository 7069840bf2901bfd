package store

import (
	"context"

	"miglobe/advisory"
)

// FiguresVersion counts the definitions of the figures: it rises whenever one of them counts something else.
//
// Version 1: by stage counts the consultations that are not at their end, resting ones included, those that wait for
// their follow-up at the follow-up. By outcome counts all consultations that have one.
const FiguresVersion = 1

// OutcomeCount is how many consultations had an outcome.
type OutcomeCount struct {
	Outcome advisory.Outcome `db:"outcome"`
	N       int              `db:"n"`
}

// OutcomeCounts counts the consultations with an outcome, also the outcomes that none had.
func (s *Store) OutcomeCounts(ctx context.Context) ([]OutcomeCount, error) {
	var found []OutcomeCount
	if err := s.db.SelectContext(ctx, &found, `
		SELECT outcome, count(*) AS n FROM consultations WHERE outcome <> '' GROUP BY outcome`); err != nil {
		return nil, problem(err)
	}
	byOutcome := map[advisory.Outcome]int{}
	for _, count := range found {
		byOutcome[count.Outcome] = count.N
	}
	var counts []OutcomeCount
	for _, outcome := range advisory.Outcomes {
		counts = append(counts, OutcomeCount{Outcome: outcome, N: byOutcome[outcome]})
	}
	return counts, nil
}
