package matching

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func knowing(id string, topics ...string) Candidate {
	return candidate(id, func(c *Candidate) { c.Topics = topics })
}

func TestATeamCoversTheTopicsRatherThanAddingUpTheBest(t *testing.T) {
	need := needing(func(n *Need) { n.Topics = []string{"fair_trade", "education", "participation"} })
	ranked := Rank(need, weights, []Candidate{
		knowing("first", "fair_trade", "education"), knowing("second", "fair_trade", "education"), knowing("third", "participation"),
	}, scoredAt)
	for name, test := range map[string]struct {
		known            []string
		size             int
		members, missing string
	}{
		"two":                           {nil, 2, "first third", ""},
		"one":                           {nil, 1, "first", "participation"},
		"three":                         {nil, 3, "first second third", ""},
		"what is known needs nobody":    {[]string{"participation"}, 2, "first second", ""},
		"what is known is no reason":    {[]string{"fair_trade", "education"}, 1, "third", ""},
		"topics that nobody looks for":  {[]string{"partnerships"}, 2, "first third", ""},
		"more than there are":           {nil, 4, "none", ""},
		"a team of nobody is no answer": {nil, 0, "none", ""},
	} {
		team, ok := SuggestTeam(need, ranked, test.known, test.size)
		members := "none"
		if ok {
			members = strings.Join(idsOf(team.Members), " ")
		}
		if members != test.members || strings.Join(team.Missing, " ") != test.missing {
			t.Errorf("%s: %s without %v, want %s without %q", name, members, team.Missing, test.members, test.missing)
		}
	}
}

// exhaustive compares every team that there is, in the plainest way.
func exhaustive(need Need, ranked []Suggestion, known []string, size int) []string {
	var best []Suggestion
	worth := func(team []Suggestion) (covers, earlier, points int) {
		topics := slices.Clone(known)
		for _, member := range team {
			topics = append(topics, member.Topics...)
			points += member.Score.Total()
			if member.ComesFirst {
				earlier++
			}
		}
		return len(shared(need.Topics, topics)), earlier, points
	}
	for set := range 1 << len(ranked) {
		var team []Suggestion
		for i, s := range ranked {
			if set&(1<<i) != 0 {
				team = append(team, s)
			}
		}
		if len(team) != size {
			continue
		}
		c, e, p := worth(team)
		bc, be, bp := worth(best)
		better := cmp.Or(cmp.Compare(c, bc), cmp.Compare(e, be), cmp.Compare(p, bp))
		if best == nil || better > 0 || better == 0 && slices.Compare(ranks(ranked, team), ranks(ranked, best)) < 0 {
			best = team
		}
	}
	return idsOf(best)
}

func ranks(ranked, team []Suggestion) []int {
	var places []int
	for _, member := range team {
		places = append(places, slices.Index(idsOf(ranked), member.ID))
	}
	return places
}

func TestTheTeamIsTheOneThatExhaustiveSearchFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 200 {
		need := randomNeed(r)
		var pool []Candidate
		for i := range 3 + r.IntN(8) {
			pool = append(pool, randomCandidate(r, fmt.Sprint(i)))
		}
		ranked, known := Rank(need, randomWeights(r), pool, scoredAt), some(r, someTopics[:2])
		for size := 1; size <= 3; size++ {
			team, ok := SuggestTeam(need, ranked, known, size)
			if want := exhaustive(need, ranked, known, size); !ok || !slices.Equal(idsOf(team.Members), want) {
				t.Fatalf("round %d, %d of %d: %v, want %v", round, size, len(pool), idsOf(team.Members), want)
			}
		}
	}
}
