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
	if _, ok := Find("Münster", "HE"); ok {
		t.Error("a town of the same name in another Land was taken for it")
	}
}

// The distances are those of the maps, as the crow flies.
func TestDistances(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"Köln", "Köln", 0}, {"Köln", "Bonn", 24}, {"Bochum", "Witten", 9}, {"Aachen", "Münster", 170}, {"Dortmund", "Münster", 51}} {
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
	for name, towns := range known() {
		for _, town := range towns {
			if !slices.Contains(advisory.Laender, town.Land) || town.Latitude < 47.2 || town.Latitude > 55.1 ||
				town.Longitude < 5.8 || town.Longitude > 15.1 {
				t.Errorf("%s: %+v", name, town)
			}
		}
	}
}
