package chaos_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"miglobe/local/postgres"
)

// storm kills the parts of the house one after the other, in an order that the seed gives, and cuts their connections.
type storm struct {
	*house
	dice  *rand.Rand
	dealt map[string]int
}

func newStorm(h *house, seed uint64) *storm {
	return &storm{house: h, dice: rand.New(rand.NewPCG(seed, 1)), dealt: map[string]int{}}
}

// blow goes on until ctx ends. Between two blows the house has a moment to come up again, or not quite.
func (s *storm) blow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(1000+s.dice.IntN(4000)) * time.Millisecond):
		}
		s.strike()
	}
}

func (s *storm) strike() {
	blows := []struct {
		name  string
		parts int // how often, out of the sum
		deal  func()
	}{
		{"server killed", 5, s.server.kill},
		{"worker killed", 5, func() { s.workers[s.dice.IntN(len(s.workers))].kill() }},
		{"all workers killed", 2, func() {
			for _, w := range s.workers {
				w.kill()
			}
		}},
		{"engine killed", 3, s.engine.kill},
		{"PostgreSQL killed", 3, s.killPostgres},
		{"mail server killed", 3, s.mails.kill},
		{"connections to the database cut", 3, s.cutters["database"].cut},
		{"connections to the engine cut", 3, s.cutters["engine"].cut},
		{"connections to the mail server cut", 2, s.cutters["mails"].cut},
	}
	sum := 0
	for _, b := range blows {
		sum += b.parts
	}
	n := s.dice.IntN(sum)
	for _, b := range blows {
		if n -= b.parts; n < 0 {
			b.deal()
			s.dealt[b.name]++
			return
		}
	}
}

// killPostgres ends the database as a crash would, leaves it away for a moment and starts it again.
func (s *storm) killPostgres() {
	if err := s.postgres.Kill(); err != nil {
		s.Error(err)
	}
	time.Sleep(time.Duration(s.dice.IntN(3000)) * time.Millisecond)
	again, err := postgres.Start(context.Background(), s.settings)
	if err != nil {
		s.Errorf("PostgreSQL does not come back: %v", err)
		return
	}
	s.postgres = again
}

func (s *storm) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s.dealt)) {
		parts = append(parts, fmt.Sprintf("%s %d ×", name, s.dealt[name]))
	}
	return strings.Join(parts, ", ")
}
