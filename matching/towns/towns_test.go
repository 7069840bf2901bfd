package towns

import (
	"slices"
	"testing"

	"miglobe/advisory"
)

func TestTownsAreFoundByTheirUsualSpellings(t *testing.T) {
	for written, want := range map[string]string{
		"Köln": "Köln", " koeln ": "Köln", "Stadt Köln": "Köln", "Köln, Stadt": "Köln", "Landeshauptstadt Düsseldorf": "Düsseldorf",
		"Mülheim/Ruhr": "Mülheim an der Ruhr", "Gemeinde Musterhausen": "Musterhausen", "Neu-Muster": "Neu Muster",
		"Nirgendwo": "", "": "", "Kölnisch": "",
	} {
		town, ok := Find(written, "")
		if town.Name != want || ok != (want != "") {
			t.Errorf("%q is %q (%v), want %q", written, town.Name, ok, want)
		}
	}
}

func TestOfSeveralTownsTheOneThatIsMeantIsFound(t *testing.T) {
	for _, test := range []struct {
		name string
		land advisory.Land
		want advisory.Land
	}{
		{"Münster", "", "NW"}, {"Münster", "HE", "HE"}, {"Münster", "SL", ""}, {"Halle", "ST", "ST"}, {"Halle", "", ""}, {"Halle", "NW", "NW"}, {"Borken", "", "NW"},
		{"Morsbach", "NW", "NW"}, {"Neukirchen", "", ""}, {"Nürnberg", "BY", "BY"}, {"Stadt Offenbach", "HE", "HE"},
	} {
		if town, ok := Find(test.name, test.land); town.Land != test.want || ok != (test.want != "") {
			t.Errorf("%s in %q is in %q (%v), want %q", test.name, test.land, town.Land, ok, test.want)
		}
	}
}

// The distances are those of the maps, as the crow flies.
func TestDistances(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"Köln", "Köln", 0}, {"Köln", "Bonn", 24}, {"Bochum", "Witten", 9}, {"Aachen", "Münster", 170}, {"Dortmund", "Münster", 51},
		{"Gummersbach", "Wiehl", 9}} {
		a, _ := Find(test.a, "NW")
		b, _ := Find(test.b, "NW")
		for _, got := range []int{Distance(a, b), Distance(b, a)} {
			if got < test.want-2 || got > test.want+2 {
				t.Errorf("%s – %s: %d km, want about %d", test.a, test.b, got, test.want)
			}
		}
	}
}

func TestEveryTownLiesInItsCountry(t *testing.T) {
	for _, list := range []register{meant(), places()} {
		for name, towns := range list {
			for _, town := range towns {
				if !slices.Contains(advisory.Laender, town.Land) || town.Latitude < 47.2 || town.Latitude > 55.1 ||
					town.Longitude < 5.8 || town.Longitude > 15.1 {
					t.Errorf("%s: %+v", name, town)
				}
			}
		}
	}
}

// Every Land is there, and what is in the list by hand has a place of its Land nearby: neither Land nor coordinates are slips.
func TestTheTownsThatAreMeantLieWhereTheirLandIs(t *testing.T) {
	byLand := map[advisory.Land][]Town{}
	for _, towns := range places() {
		for _, town := range towns {
			byLand[town.Land] = append(byLand[town.Land], town)
		}
	}
	for _, land := range advisory.Laender {
		if len(byLand[land]) == 0 {
			t.Errorf("%s has no town", land)
		}
	}
	for name, towns := range registerOf("towns.csv") {
		for i, town := range towns {
			if slices.ContainsFunc(towns[:i], func(other Town) bool { return other.Land == town.Land }) {
				t.Errorf("%s stands there twice for %s", name, town.Land)
			}
			if !slices.ContainsFunc(byLand[town.Land], func(other Town) bool { return Distance(town, other) <= 4 }) {
				t.Errorf("%+v has no place of its Land nearby", town)
			}
		}
	}
}
