package server

import (
	"slices"
	"testing"
	"time"

	"miglobe/store"
)

var scoredAt = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// candidate is somebody who fits a need for fair trade in German in every way, changed by the test.
func candidate(name string, change func(*store.Candidate)) store.Candidate {
	c := store.Candidate{PoolAdvisor: store.PoolAdvisor{
		Person: store.Person{ID: name, FirstName: name}, Topics: []string{"fair_trade"}, Languages: []string{"german"}, Capacity: 2,
	}}
	if change != nil {
		change(&c)
	}
	return c
}

func invited(days int) func(*store.Candidate) {
	at := scoredAt.AddDate(0, 0, -days)
	return func(c *store.Candidate) { c.LastInvitedAt = &at }
}

func TestScore(t *testing.T) {
	need := store.Need{Topics: []string{"fair_trade"}, Languages: []string{"german"}}
	for name, test := range map[string]struct {
		need      store.Need
		candidate store.Candidate
		want      score
	}{
		"fits in every way": {need, candidate("a", nil), score{Topic: 40, Language: 20, Load: 20, Rotation: 20}},
		"half of the topics": {
			store.Need{Topics: []string{"fair_trade", "education"}, Languages: need.Languages}, candidate("a", nil),
			score{Topic: 20, Language: 20, Load: 20, Rotation: 20},
		},
		"no topic, no language": {
			store.Need{Topics: []string{"education"}, Languages: []string{"french"}}, candidate("a", nil),
			score{Load: 20, Rotation: 20},
		},
		"one of two languages is enough": {
			store.Need{Topics: need.Topics, Languages: []string{"french", "german"}}, candidate("a", nil),
			score{Topic: 40, Language: 20, Load: 20, Rotation: 20},
		},
		"the same other language": {
			store.Need{Topics: need.Topics, Languages: []string{"other"}, OtherLanguage: "Twi "},
			candidate("a", func(c *store.Candidate) { c.Languages, c.OtherLanguage = []string{"other"}, "twi" }),
			score{Topic: 40, Language: 20, Load: 20, Rotation: 20},
		},
		"different other languages": {
			store.Need{Topics: need.Topics, Languages: []string{"other"}, OtherLanguage: "Twi"},
			candidate("a", func(c *store.Candidate) { c.Languages, c.OtherLanguage = []string{"other"}, "Wolof" }),
			score{Topic: 40, Load: 20, Rotation: 20},
		},
		"half the capacity is taken": {need, candidate("a", func(c *store.Candidate) { c.Load = 1 }),
			score{Topic: 40, Language: 20, Load: 10, Rotation: 20}},
		"no capacity":         {need, candidate("a", func(c *store.Candidate) { c.Capacity = 0 }), score{Topic: 40, Language: 20, Rotation: 20}},
		"invited today":       {need, candidate("a", invited(0)), score{Topic: 40, Language: 20, Load: 20}},
		"invited 90 days ago": {need, candidate("a", invited(90)), score{Topic: 40, Language: 20, Load: 20, Rotation: 10}},
		"invited a year ago":  {need, candidate("a", invited(365)), score{Topic: 40, Language: 20, Load: 20, Rotation: 20}},
		"agreed to the partner country": {need, candidate("a", func(c *store.Candidate) { c.FromPartnerCountry = true }),
			score{Topic: 40, Language: 20, Load: 20, Rotation: 20, Country: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			got := scoreOf(test.need, test.candidate, scoredAt)
			got.SharedTopics, got.SharedLanguages = nil, nil
			if got.Topic != test.want.Topic || got.Language != test.want.Language || got.Load != test.want.Load ||
				got.Rotation != test.want.Rotation || got.Country != test.want.Country {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

func TestSuggestionsAreOrderedByPointsAndThenByPatience(t *testing.T) {
	need := store.Need{Topics: []string{"fair_trade", "education"}, Languages: []string{"german"}}
	both := func(c *store.Candidate) { c.Topics = []string{"fair_trade", "education"} }
	var order []string
	for _, s := range suggest(need, []store.Candidate{
		candidate("year", invited(365)), candidate("both", both), candidate("longer", invited(700)), candidate("never", nil),
		candidate("week", invited(7)),
	}, scoredAt) {
		order = append(order, s.ID)
	}
	if want := []string{"both", "never", "longer", "year", "week"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
}
