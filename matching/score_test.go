package matching

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

var (
	scoredAt = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	weights  = advisory.DefaultMatchingWeights()
	procures = Need{
		Topics: []string{"fair_trade"}, Languages: []string{"german"}, Municipality: "Köln", Land: "NW",
		Words: "Wir möchten Textilien fair beschaffen, mit Siegeln und mit den Vereinen der Stadt.",
	}
)

// candidate is somebody who fits procures in every way, changed by the test.
func candidate(id string, changes ...func(*Candidate)) Candidate {
	c := Candidate{
		ID: id, Topics: []string{"fair_trade"}, Languages: []string{"german"}, Home: "Köln", Capacity: 2,
		Competences: "Beschaffung, Siegel, Vereinsarbeit",
	}
	for _, change := range changes {
		change(&c)
	}
	return c
}

func invited(days int) func(*Candidate) {
	at := scoredAt.AddDate(0, 0, -days)
	return func(c *Candidate) { c.LastInvited = &at }
}

func needing(change func(*Need)) Need {
	need := procures
	change(&need)
	return need
}

func TestEveryPartOfAScore(t *testing.T) {
	full := Score{Topic: 30, Competence: 15, Language: 15, Distance: 15, Load: 15, Rotation: 10}
	home := func(town string) func(*Candidate) { return func(c *Candidate) { c.Home = town } }
	for name, test := range map[string]struct {
		need      Need
		candidate Candidate
		change    func(*Score)
	}{
		"fits in every way": {procures, candidate("a"), func(*Score) {}},
		"half of the topics": {needing(func(n *Need) { n.Topics = []string{"fair_trade", "education"} }), candidate("a"),
			func(s *Score) { s.Topic = 15 }},
		"no topic":           {needing(func(n *Need) { n.Topics = []string{"education"} }), candidate("a"), func(s *Score) { s.Topic = 0 }},
		"no topic is wanted": {needing(func(n *Need) { n.Topics = nil }), candidate("a"), func(s *Score) { s.Topic = 0 }},
		"one competence": {procures, candidate("a", func(c *Candidate) { c.Competences = "Siegel, Theater" }),
			func(s *Score) { s.Competence = 5 }},
		"more competences than are needed": {needing(func(n *Need) { n.Words += " Auch Lieferketten und Baumwolle." }),
			candidate("a", func(c *Candidate) { c.Competences += ", Lieferketten, Baumwolle" }), func(*Score) {}},
		"no competence": {procures, candidate("a", func(c *Candidate) { c.Competences = "" }), func(s *Score) { s.Competence = 0 }},
		"one of two languages is enough": {needing(func(n *Need) { n.Languages = []string{"french", "german"} }), candidate("a"),
			func(*Score) {}},
		"no language": {needing(func(n *Need) { n.Languages = []string{"french"} }), candidate("a"), func(s *Score) { s.Language = 0 }},
		"the same other language": {needing(func(n *Need) { n.Languages, n.OtherLanguage = []string{"other"}, "Twi " }),
			candidate("a", func(c *Candidate) { c.Languages, c.OtherLanguage = []string{"other"}, "twi" }), func(*Score) {}},
		"different other languages": {needing(func(n *Need) { n.Languages, n.OtherLanguage = []string{"other"}, "Twi" }),
			candidate("a", func(c *Candidate) { c.Languages, c.OtherLanguage = []string{"other"}, "Wolof" }),
			func(s *Score) { s.Language = 0 }},
		"24 km away":            {procures, candidate("a", home("Bonn")), func(s *Score) { s.Distance = 12 }},
		"farther than counts":   {needing(func(n *Need) { n.Municipality = "Aachen" }), candidate("a", home("Münster")), func(s *Score) { s.Distance = 0 }},
		"town unknown, Land":    {needing(func(n *Need) { n.Municipality = "Nirgendwo" }), candidate("a"), func(s *Score) { s.Distance = 7 }},
		"town and Land differ":  {needing(func(n *Need) { n.Municipality, n.Land = "Nirgendwo", "SH" }), candidate("a"), func(s *Score) { s.Distance = 0 }},
		"home unknown":          {procures, candidate("a", home("Nirgendwo")), func(s *Score) { s.Distance = 7 }},
		"half the capacity":     {procures, candidate("a", func(c *Candidate) { c.Load = 1 }), func(s *Score) { s.Load = 7 }},
		"no room":               {procures, candidate("a", func(c *Candidate) { c.Load = 3 }), func(s *Score) { s.Load = 0 }},
		"no capacity":           {procures, candidate("a", func(c *Candidate) { c.Capacity = 0 }), func(s *Score) { s.Load = 0 }},
		"invited today":         {procures, candidate("a", invited(0)), func(s *Score) { s.Rotation = 0 }},
		"invited 90 days ago":   {procures, candidate("a", invited(90)), func(s *Score) { s.Rotation = 5 }},
		"invited a year ago":    {procures, candidate("a", invited(365)), func(*Score) {}},
		"invited in the future": {procures, candidate("a", invited(-3)), func(s *Score) { s.Rotation = 0 }},
		"agreed to the partner country": {procures, candidate("a", func(c *Candidate) { c.FromPartnerCountry = true }),
			func(s *Score) { s.PartnerCountry = 5 }},
	} {
		t.Run(name, func(t *testing.T) {
			want, got := full, ScoreOf(test.need, weights, test.candidate, scoredAt)
			test.change(&want)
			for _, part := range []struct {
				name      string
				got, want int
			}{
				{"topic", got.Topic, want.Topic}, {"competence", got.Competence, want.Competence}, {"language", got.Language, want.Language},
				{"distance", got.Distance, want.Distance}, {"load", got.Load, want.Load}, {"rotation", got.Rotation, want.Rotation},
				{"partner country", got.PartnerCountry, want.PartnerCountry}, {"total", got.Total(), want.Total()},
			} {
				if part.got != part.want {
					t.Errorf("%s: %d points, want %d", part.name, part.got, part.want)
				}
			}
		})
	}
}

func TestWaysSayHowWellTheyAreKnown(t *testing.T) {
	for name, test := range map[string]struct {
		home, municipality string
		land               advisory.Land
		want               Way
	}{
		"both known":               {"Bonn", "Stadt Köln", "NW", Way{Kind: Kilometres, KM: 24}},
		"namesake in another Land": {"Köln", "Münster", "SL", Way{Kind: OtherLand}},
		"namesake in its Land":     {"Köln", "Münster", "HE", Way{Kind: Kilometres, KM: 177}},
		"same Land":                {"Köln", "Nirgendwo", "NW", Way{Kind: SameLand}},
		"home not known":           {"Nirgendwo", "Köln", "NW", Way{Kind: NotKnown}},
		"no home":                  {"", "Nirgendwo", "NW", Way{Kind: NotKnown}},
	} {
		if got := wayBetween(test.home, test.municipality, test.land); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

func TestTheWayBeginsInThePlaceThatGivesMost(t *testing.T) {
	for name, test := range map[string]struct {
		home    string
		further []string
		need    Need
		want    Way
	}{
		"home is nearest":               {"Köln", []string{"Bonn", "Aachen"}, procures, Way{Kind: Kilometres}},
		"a further place is nearer":     {"Aachen", []string{"Münster", "Bonn"}, procures, Way{Kind: Kilometres, KM: 24, From: "Bonn"}},
		"as near as home":               {"Köln", []string{"Stadt Köln"}, procures, Way{Kind: Kilometres}},
		"home not known":                {"Nirgendwo", []string{"Köln"}, procures, Way{Kind: Kilometres, From: "Köln"}},
		"home not known, place far":     {"Nirgendwo", []string{"Modellingen"}, procures, Way{Kind: NotKnown}},
		"only the place is in the Land": {"Modellingen", []string{"Bonn"}, needing(func(n *Need) { n.Municipality = "Nirgendwo" }), Way{Kind: SameLand, From: "Bonn"}},
		"all too far to give points":    {"Konzepthafen", []string{"Modellingen"}, procures, Way{Kind: Kilometres, KM: 296, From: "Modellingen"}},
		"further place not known":       {"Bonn", []string{"Nirgendwo", ""}, needing(func(n *Need) { n.Municipality = "Nirgendwo" }), Way{Kind: SameLand}},
		"only the place is known":       {"Nirgendwo", []string{"Bonn"}, needing(func(n *Need) { n.Municipality, n.Land = "Nirgendwo", "HE" }), Way{Kind: NotKnown}},
	} {
		got := ScoreOf(test.need, weights, candidate("a", func(c *Candidate) { c.Home, c.FurtherPlaces = test.home, test.further }), scoredAt).Way
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

func TestCompetencesThatTheNeedSpeaksOf(t *testing.T) {
	for name, test := range map[string]struct {
		competences, need string
		want              []string
	}{
		"another form of the word":   {"Beschaffung von Textilien", "Wie beschaffen wir fair?", []string{"Beschaffung von Textilien"}},
		"umlaut in the plural":       {"Frauennetzwerke, Rathaus", "in allen Rathäusern", []string{"Rathaus"}},
		"part of a compound":         {"Vereinsarbeit", "die Vereine am Ort", []string{"Vereinsarbeit"}},
		"compound in the need":       {"Partnerschaft", "Eine Klimapartnerschaft mit Kenia", []string{"Partnerschaft"}},
		"compound with a hyphen":     {"IT-Beschaffung", "Beschaffung", []string{"IT-Beschaffung"}},
		"small words do not count":   {"Gespräche mit Betrieben", "mit der Stadt und mit dem Rat", nil},
		"words that stand anywhere":  {"kleine Kommunen, Projekte", "unsere Kommune hat Projekte", nil},
		"one by one, in their order": {"Siegel; Theater\nAgenda 2030.", "Agenda 2030 und ein Siegel", []string{"Siegel", "Agenda 2030"}},
		"written twice":              {"Siegel, Siegel", "Siegel", []string{"Siegel"}},
		"written without capitals":   {"public procurement", "Procurement for schools", []string{"public procurement"}},
		"nothing":                    {"", "", nil},
	} {
		if got := fittingCompetences(test.competences, test.need); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestCriteriaWithoutPointsDoNotCount(t *testing.T) {
	got := ScoreOf(procures, advisory.MatchingWeights{Topic: 10}, candidate("a", invited(9)), scoredAt)
	if got.Total() != 10 {
		t.Errorf("%+v", got)
	}
}
