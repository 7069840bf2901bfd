package server

import (
	"time"

	"miglobe/advisory"
	"miglobe/matching"
	"miglobe/store"
)

// suggestion is an advisor with the reasons for and against a choice.
type suggestion struct {
	store.Candidate
	fit matching.Score
}

// suggest orders advisors as the domain ranks them for a need.
func suggest(need store.Need, weights advisory.MatchingWeights, candidates []store.Candidate, now time.Time) []suggestion {
	byID := map[string]store.Candidate{}
	profiles := make([]matching.Candidate, 0, len(candidates))
	for _, candidate := range candidates {
		byID[candidate.ID] = candidate
		profiles = append(profiles, matchingCandidate(candidate))
	}
	suggestions := make([]suggestion, 0, len(candidates))
	for _, ranked := range matching.Rank(matchingNeed(need), weights, profiles, now) {
		suggestions = append(suggestions, suggestion{byID[ranked.ID], ranked.Score})
	}
	return suggestions
}

func matchingNeed(need store.Need) matching.Need {
	return matching.Need{
		Topics: need.Topics, Languages: need.Languages, OtherLanguage: need.OtherLanguage, Words: need.Words,
		Municipality: need.Municipality, Land: need.Land, FavoursEarlier: need.FavoursEarlierAdvisors(),
	}
}

func matchingCandidate(candidate store.Candidate) matching.Candidate {
	return matching.Candidate{
		ID: candidate.ID, Topics: candidate.Topics, Languages: candidate.Languages, OtherLanguage: candidate.OtherLanguage,
		Competences: candidate.Competences + "\n" + candidate.Networks, Home: candidate.Home,
		FurtherPlaces: candidate.FurtherPlaces, Capacity: candidate.Capacity, Load: candidate.Load,
		LastInvited: candidate.LastInvitedAt, FromPartnerCountry: candidate.FromPartnerCountry,
		AccompaniedEarlier: candidate.AccompaniedEarlier,
	}
}

// teamSizes are those of which the page suggests a team.
var teamSizes = []int{2, 3}

// teams are the best teams of those who are suggested, who complete whoever takes part whatever is chosen.
func (a assignment) teams() []matching.Team {
	need := matchingNeed(a.need)
	ranked := make([]matching.Suggestion, 0, len(a.suggestions))
	for _, found := range a.suggestions {
		ranked = append(ranked, matching.Suggestion{Candidate: matchingCandidate(found.Candidate), Score: found.fit,
			ComesFirst: need.FavoursEarlier && found.AccompaniedEarlier})
	}
	var known []string
	for _, found := range a.fixed() {
		known = append(known, found.Topics...)
	}
	var teams []matching.Team
	for _, size := range teamSizes {
		if team, ok := matching.SuggestTeam(need, ranked, known, size); ok {
			teams = append(teams, team)
		}
	}
	return teams
}
