package matching

import (
	"slices"
	"testing"
)

func TestCompareTellsFromWhichPlaceToWhich(t *testing.T) {
	got := Compare([]string{"a", "b", "c", "d"}, []string{"d", "a", "c", "b"})
	if want := []Move{{"d", 4, 1}, {"a", 1, 2}, {"c", 3, 3}, {"b", 2, 4}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOtherWeightsCanLetAnotherAdvisorComeFirst(t *testing.T) {
	need := needing(func(n *Need) { n.Topics = []string{"fair_trade", "education"} })
	pool := []Candidate{
		candidate("knows", func(c *Candidate) { c.Topics, c.Home = []string{"fair_trade", "education"}, "Aachen" }),
		candidate("near"),
	}
	near := weights
	near.Topic, near.Distance = 5, 60
	moves := Compare(idsOf(Rank(need, weights, pool, scoredAt)), idsOf(Rank(need, near, pool, scoredAt)))
	if want := []Move{{"near", 2, 1}, {"knows", 1, 2}}; !slices.Equal(moves, want) {
		t.Errorf("%v, want %v", moves, want)
	}
}
