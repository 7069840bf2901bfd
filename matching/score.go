package matching

import (
	"slices"
	"strings"
	"time"

	"miglobe/advisory"
)

// Need is what a consultation looks for.
type Need struct {
	Topics        []string // keys of the option list topics
	Languages     []string // keys of the option list languages; one that both sides speak is enough
	OtherLanguage string   // the language that the key "other" stands for
	Words         string   // in which the municipality and the coordination team describe it; competences are looked for there
	Municipality  string   // name of the town
	Land          advisory.Land

	FavoursEarlier bool // who accompanied the earlier consultation comes before all others
}

// Candidate is an advisor with what the matching may look at. Who is not available is no candidate: absences, conflicts and
// a full capacity are no minus points.
type Candidate struct {
	ID            string
	Topics        []string
	Languages     []string
	OtherLanguage string
	Competences   string   // a list in the advisor's words
	Home          string   // name of the town
	FurtherPlaces []string // names of towns that the way may begin in as well
	Capacity      int      // consultations at a time
	Load          int      // running consultations
	LastInvited   *time.Time

	// FromPartnerCountry is to be true only where the municipality named a partner country, the advisor comes from there and
	// agreed to this use. The country itself is not told here.
	FromPartnerCountry bool

	AccompaniedEarlier bool // the consultation that this one follows
}

// Score is how well an advisor fits a need, criterion by criterion, in points and with the reason for them.
type Score struct {
	Topic, Competence, Language, Distance, Load, Rotation, PartnerCountry int

	SharedTopics    []string // in the order of the need
	SharedLanguages []string
	Competences     []string // that the need speaks of, as the advisor wrote them
	Way             Way
}

// Total is the sum of all points.
func (s Score) Total() int {
	return s.Topic + s.Competence + s.Language + s.Distance + s.Load + s.Rotation + s.PartnerCountry
}

// ScoreOf computes the points of an advisor at a moment of business time.
func ScoreOf(need Need, weights advisory.MatchingWeights, candidate Candidate, now time.Time) Score {
	s := Score{
		SharedTopics:    shared(need.Topics, candidate.Topics),
		SharedLanguages: sharedLanguages(need, candidate),
		Competences:     fittingCompetences(candidate.Competences, need.Words),
		Way:             shortestWay(candidate, need, weights),
	}
	s.Topic = share(weights.Topic, len(s.SharedTopics), len(need.Topics))
	s.Competence = share(weights.Competence, len(s.Competences), enoughCompetences)
	if len(s.SharedLanguages) > 0 {
		s.Language = weights.Language
	}
	s.Distance = s.Way.points(weights.Distance, weights.FarKM)
	s.Load = share(weights.Load, candidate.Capacity-candidate.Load, candidate.Capacity)
	s.Rotation = rotation(weights, candidate.LastInvited, now)
	if candidate.FromPartnerCountry {
		s.PartnerCountry = weights.PartnerCountry
	}
	return s
}

// share is that part of the points which has of whole is; never less than nothing or more than all of them.
func share(points, has, whole int) int {
	if whole <= 0 {
		return 0
	}
	return points * min(max(has, 0), whole) / whole
}

// rotation favours whoever has not been asked for long.
func rotation(weights advisory.MatchingWeights, lastInvited *time.Time, now time.Time) int {
	if lastInvited == nil {
		return weights.Rotation
	}
	return share(weights.Rotation, int(now.Sub(*lastInvited).Hours()/24), weights.RotationDays)
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

const otherLanguage = "other" // the key of a language beside the list

// sharedLanguages are the languages that both sides speak. The one beside the list counts if it is the same word.
func sharedLanguages(need Need, candidate Candidate) []string {
	return slices.DeleteFunc(shared(need.Languages, candidate.Languages), func(key string) bool {
		return key == otherLanguage && !strings.EqualFold(strings.TrimSpace(need.OtherLanguage), strings.TrimSpace(candidate.OtherLanguage))
	})
}
