package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"miglobe/store"
)

// The most points that each criterion gives.
const (
	topicPoints    = 40
	languagePoints = 20
	loadPoints     = 20
	rotationPoints = 20
	countryPoints  = 5 // on top, and only where the municipality named a country and the advisor agreed

	rotationDays = 180 // after so many days without an invitation somebody is as fresh as one who never had one
)

// score is how well an advisor fits a need, criterion by criterion (journey.md, explainable matching). It is a help for
// the order of a list and decides nothing.
type score struct {
	Topic, Language, Load, Rotation, Country int

	SharedTopics    []string // keys of the option list topics
	SharedLanguages []string // keys of the option list languages
}

// Total is the sum of all points.
func (s score) Total() int { return s.Topic + s.Language + s.Load + s.Rotation + s.Country }

// scoreOf computes the points of an advisor. It looks at nothing but its arguments.
func scoreOf(need store.Need, candidate store.Candidate, now time.Time) score {
	s := score{
		SharedTopics:    shared(need.Topics, candidate.Topics),
		SharedLanguages: sharedLanguages(need, candidate),
	}
	if len(need.Topics) > 0 {
		s.Topic = topicPoints * len(s.SharedTopics) / len(need.Topics)
	}
	if len(s.SharedLanguages) > 0 { // one common language is enough to talk
		s.Language = languagePoints
	}
	if candidate.HasRoom() {
		s.Load = loadPoints * (candidate.Capacity - candidate.Load) / candidate.Capacity
	}
	s.Rotation = rotation(candidate.LastInvitedAt, now)
	if candidate.FromPartnerCountry {
		s.Country = countryPoints
	}
	return s
}

// rotation favours whoever has not been asked for long.
func rotation(lastInvited *time.Time, now time.Time) int {
	if lastInvited == nil {
		return rotationPoints
	}
	days := int(now.Sub(*lastInvited).Hours() / 24)
	return rotationPoints * min(max(days, 0), rotationDays) / rotationDays
}

func shared(wanted, offered []string) []string {
	var both []string
	for _, key := range wanted {
		if slices.Contains(offered, key) {
			both = append(both, key)
		}
	}
	return both
}

// sharedLanguages are the languages that both sides speak. The one beside the list counts if it is the same word.
func sharedLanguages(need store.Need, candidate store.Candidate) []string {
	return slices.DeleteFunc(shared(need.Languages, candidate.Languages), func(key string) bool {
		return key == "other" && !strings.EqualFold(strings.TrimSpace(need.OtherLanguage), strings.TrimSpace(candidate.OtherLanguage))
	})
}

// suggestion is an advisor with the points for one need.
type suggestion struct {
	store.Candidate
	score
}

// suggest orders advisors by their points; of equal ones the one who waited longest for an invitation comes first. Who
// accompanied the earlier consultation comes before all others, unless the municipality wishes somebody else.
func suggest(need store.Need, candidates []store.Candidate, now time.Time) []suggestion {
	suggestions := make([]suggestion, 0, len(candidates))
	for _, candidate := range candidates {
		suggestions = append(suggestions, suggestion{candidate, scoreOf(need, candidate, now)})
	}
	slices.SortStableFunc(suggestions, func(a, b suggestion) int {
		return cmp.Or(earlierFirst(need, a, b), cmp.Compare(b.Total(), a.Total()), compareWaits(a.LastInvitedAt, b.LastInvitedAt))
	})
	return suggestions
}

func earlierFirst(need store.Need, a, b suggestion) int {
	switch {
	case !need.FavoursEarlierAdvisors() || a.AccompaniedEarlier == b.AccompaniedEarlier:
		return 0
	case a.AccompaniedEarlier:
		return -1
	default:
		return 1
	}
}

func compareWaits(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	default:
		return a.Compare(*b)
	}
}
