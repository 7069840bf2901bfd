package matching

import (
	"cmp"
	"slices"
	"time"

	"miglobe/advisory"
)

// Suggestion is a candidate with its score for one need.
type Suggestion struct {
	Candidate
	Score      Score
	ComesFirst bool // accompanied the earlier consultation, and the need favours that
}

// Rank orders candidates by their points; of equal ones the one who waited longest for an invitation comes first, and then
// the one who stood first before. Who accompanied the earlier consultation comes before all others where the need favours
// it.
func Rank(need Need, weights advisory.MatchingWeights, candidates []Candidate, now time.Time) []Suggestion {
	ranked := make([]Suggestion, 0, len(candidates))
	for _, candidate := range candidates {
		ranked = append(ranked, Suggestion{
			Candidate: candidate, Score: ScoreOf(need, weights, candidate, now),
			ComesFirst: need.FavoursEarlier && candidate.AccompaniedEarlier,
		})
	}
	slices.SortStableFunc(ranked, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(favour(b), favour(a)), cmp.Compare(b.Score.Total(), a.Score.Total()),
			advisory.CompareMoments(a.LastInvited, b.LastInvited))
	})
	return ranked
}

func favour(s Suggestion) int {
	if s.ComesFirst {
		return 1
	}
	return 0
}
