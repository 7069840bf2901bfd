package matching

import (
	"cmp"
	"math/bits"
	"slices"
)

// Team are several advisors at once.
type Team struct {
	Members []Suggestion // in the order of their rank; the first is suggested to lead
	Covered []string     // topics of the need that somebody of the team, or somebody who is part of it anyway, knows
	Missing []string     // those that nobody knows
}

// SuggestTeam finds the size advisors who together know most topics of the need, beside those that are known already by
// whoever takes part anyway; of several such teams the one with more who accompanied the earlier consultation, with more
// points, with the better ranks. Ranked comes from Rank for the same need. False where there are too few advisors.
func SuggestTeam(need Need, ranked []Suggestion, known []string, size int) (Team, bool) {
	if size <= 0 || len(ranked) < size {
		return Team{}, false
	}
	search := teamSearch{pool: worthTrying(need, ranked, size), size: size, known: topicSet(need, known)}
	search.extend(0, nil)
	team := Team{}
	covered := search.known
	for _, p := range search.best {
		team.Members = append(team.Members, ranked[p.rank])
		covered |= p.topics
	}
	for i, topic := range need.Topics {
		if covered&(1<<i) != 0 {
			team.Covered = append(team.Covered, topic)
		} else {
			team.Missing = append(team.Missing, topic)
		}
	}
	return team, true
}

// prospect is somebody of the pool as the search sees one.
type prospect struct {
	rank   int
	topics uint64 // a bit for each topic of the need
	earlier,
	points int
}

func topicSet(need Need, topics []string) uint64 {
	var set uint64
	for i, topic := range need.Topics {
		if slices.Contains(topics, topic) {
			set |= 1 << i
		}
	}
	return set
}

// worthTrying leaves out whom no best team needs: of those who know the same topics only the first size, as each of them
// could take the place of any further one. So the search is complete and stays small, however large the pool is.
func worthTrying(need Need, ranked []Suggestion, size int) []prospect {
	var pool []prospect
	alike := map[uint64]int{}
	for rank, s := range ranked {
		topics := topicSet(need, s.Topics)
		if alike[topics]++; alike[topics] <= size {
			pool = append(pool, prospect{rank: rank, topics: topics, earlier: favour(s), points: s.Score.Total()})
		}
	}
	return pool
}

// teamSearch tries every team of a pool.
type teamSearch struct {
	pool  []prospect
	size  int
	known uint64
	best  []prospect
}

// extend tries every way to make a team complete with those from index next on.
func (s *teamSearch) extend(next int, team []prospect) {
	if len(team) == s.size {
		if s.best == nil || s.compare(team, s.best) > 0 {
			s.best = slices.Clone(team)
		}
		return
	}
	for i := next; i <= len(s.pool)-(s.size-len(team)); i++ {
		s.extend(i+1, append(team, s.pool[i]))
	}
}

// compare is positive where team a is the better one. Of equal ones the first that was tried has the better ranks.
func (s *teamSearch) compare(a, b []prospect) int {
	coversA, earlierA, pointsA := s.worth(a)
	coversB, earlierB, pointsB := s.worth(b)
	return cmp.Or(cmp.Compare(coversA, coversB), cmp.Compare(earlierA, earlierB), cmp.Compare(pointsA, pointsB))
}

func (s *teamSearch) worth(team []prospect) (covers, earlier, points int) {
	topics := s.known
	for _, p := range team {
		topics |= p.topics
		earlier += p.earlier
		points += p.points
	}
	return bits.OnesCount64(topics), earlier, points
}
