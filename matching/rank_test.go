package matching

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"miglobe/advisory"
)

func idsOf(suggestions []Suggestion) []string {
	var ids []string
	for _, s := range suggestions {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestRankGoesByPointsAndThenByPatience(t *testing.T) {
	need := needing(func(n *Need) { n.Topics = []string{"fair_trade", "education"} })
	both := func(c *Candidate) { c.Topics = []string{"fair_trade", "education"} }
	got := idsOf(Rank(need, weights, []Candidate{
		candidate("year", invited(365)), candidate("both", both), candidate("longer", invited(700)), candidate("never"),
		candidate("never too"), candidate("week", invited(7)),
	}, scoredAt))
	if want := []string{"both", "never", "never too", "longer", "year", "week"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestWhoAccompaniedTheEarlierConsultationComesFirstWhereThatIsWishedAndKeepsThePoints(t *testing.T) {
	pool := []Candidate{candidate("new"), candidate("earlier", invited(1), func(c *Candidate) { c.AccompaniedEarlier = true })}
	for favours, first := range map[bool]string{true: "earlier", false: "new"} {
		need := needing(func(n *Need) { n.FavoursEarlier = favours })
		ranked := Rank(need, weights, pool, scoredAt)
		if ranked[0].ID != first {
			t.Errorf("favoured %v: order %v", favours, idsOf(ranked))
		}
		for _, s := range ranked {
			if want := map[string]int{"new": 100, "earlier": 90}[s.ID]; s.Score.Total() != want {
				t.Errorf("favoured %v: %s has %d points, want %d", favours, s.ID, s.Score.Total(), want)
			}
		}
	}
}

func TestThePartnerCountryAloneMakesTheDifferenceWhereItCounts(t *testing.T) {
	order := func(fromThere bool) []string {
		return idsOf(Rank(procures, weights, []Candidate{
			candidate("a"), candidate("b", func(c *Candidate) { c.FromPartnerCountry = fromThere }),
		}, scoredAt))
	}
	if without, with := order(false), order(true); without[0] != "a" || with[0] != "b" {
		t.Errorf("without %v, with %v", without, with)
	}
}

var (
	someTopics    = []string{"partnerships", "fair_trade", "education", "global_sustainability", "participation"}
	someLanguages = []string{"german", "english", "french"}
	someHomes     = []string{"Köln", "Bonn", "Hamm", "Aachen", "Nirgendwo"}
)

// some picks each of the values with even chances.
func some(r *rand.Rand, values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(string) bool { return r.IntN(2) == 0 })
}

func randomNeed(r *rand.Rand) Need {
	return Need{
		Topics: some(r, someTopics), Languages: some(r, someLanguages), Municipality: someHomes[r.IntN(len(someHomes))], Land: "NW",
		Words: procures.Words, FavoursEarlier: r.IntN(2) == 0,
	}
}

func randomCandidate(r *rand.Rand, id string) Candidate {
	c := candidate(id)
	c.Topics, c.Languages, c.Home = some(r, someTopics), some(r, someLanguages), someHomes[r.IntN(len(someHomes))]
	c.Capacity = 1 + r.IntN(3)
	c.Load, c.AccompaniedEarlier = r.IntN(c.Capacity), r.IntN(4) == 0
	c.Competences = []string{"", "Siegel", "Siegel, Theater", "Beschaffung, Vereine"}[r.IntN(4)]
	if r.IntN(2) == 0 {
		invited(r.IntN(400))(&c)
	}
	return c
}

func randomWeights(r *rand.Rand) advisory.MatchingWeights {
	return advisory.MatchingWeights{Topic: r.IntN(50), Competence: r.IntN(50), Language: r.IntN(50), Distance: r.IntN(50), Load: r.IntN(50),
		Rotation: r.IntN(50), PartnerCountry: r.IntN(10), FarKM: 1 + r.IntN(300), RotationDays: 1 + r.IntN(300)}
}

// more are the ways in which an advisor can fit a need better, all else equal.
var more = map[string]func(*rand.Rand, Need, *Candidate){
	"a topic of the need": func(r *rand.Rand, n Need, c *Candidate) {
		if len(n.Topics) > 0 {
			c.Topics = append(slices.Clone(c.Topics), n.Topics[r.IntN(len(n.Topics))])
		}
	},
	"a topic beside the need": func(_ *rand.Rand, _ Need, c *Candidate) { c.Topics = append(slices.Clone(c.Topics), "beside") },
	"a language of the need": func(r *rand.Rand, n Need, c *Candidate) {
		if len(n.Languages) > 0 {
			c.Languages = append(slices.Clone(c.Languages), n.Languages[r.IntN(len(n.Languages))])
		}
	},
	"a competence that the need speaks of": func(_ *rand.Rand, _ Need, c *Candidate) { c.Competences += ", Textilien" },
	"living there": func(_ *rand.Rand, n Need, c *Candidate) {
		if n.Municipality != "Nirgendwo" {
			c.Home = n.Municipality
		}
	},
	"coming to a further place": func(r *rand.Rand, _ Need, c *Candidate) {
		c.FurtherPlaces = append(slices.Clone(c.FurtherPlaces), someHomes[r.IntN(len(someHomes))])
	},
	"less load":      func(_ *rand.Rand, _ Need, c *Candidate) { c.Load = max(0, c.Load-1) },
	"more capacity":  func(_ *rand.Rand, _ Need, c *Candidate) { c.Capacity++ },
	"a longer wait":  func(_ *rand.Rand, _ Need, c *Candidate) { c.LastInvited = nil },
	"agreed country": func(_ *rand.Rand, _ Need, c *Candidate) { c.FromPartnerCountry = true },
}

func TestMoreOverlapNeverRanksLower(t *testing.T) {
	for name, improve := range more {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for round := range 300 {
				need, w := randomNeed(r), randomWeights(r)
				var pool []Candidate
				for i := range 2 + r.IntN(6) {
					pool = append(pool, randomCandidate(r, fmt.Sprint(i)))
				}
				chosen := r.IntN(len(pool))
				before := slices.Index(idsOf(Rank(need, w, pool, scoredAt)), pool[chosen].ID)
				better := slices.Clone(pool)
				improve(r, need, &better[chosen])
				after := slices.Index(idsOf(Rank(need, w, better, scoredAt)), pool[chosen].ID)
				if after > before {
					t.Fatalf("round %d: from place %d to %d\nneed %+v\nweights %+v\nbefore %+v\nafter %+v", round, before, after, need, w,
						pool[chosen], better[chosen])
				}
			}
		})
	}
}
