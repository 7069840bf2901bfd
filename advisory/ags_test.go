package advisory_test

import (
	"testing"

	"miglobe/advisory"
)

func TestAnOfficialKeyHasItsDigitsAndLand(t *testing.T) {
	for _, test := range []struct {
		ags  string
		land advisory.Land
		want advisory.AGSProblem
	}{
		{"05911000", "NW", advisory.AGSFits},
		{"05374", "NW", advisory.AGSFits},
		{"02000000", "HH", advisory.AGSFits},
		{"05911000", "HE", advisory.AGSOtherLand},
		{"99000000", "NW", advisory.AGSOtherLand},
		{"5911000", "NW", advisory.AGSMalformed},
		{"0591100O", "NW", advisory.AGSMalformed},
		{"", "NW", advisory.AGSMalformed},
	} {
		if got := advisory.CheckAGS(test.ags, test.land); got != test.want {
			t.Errorf("%s in %s: %q, want %q", test.ags, test.land, got, test.want)
		}
	}
	for _, land := range advisory.Laender {
		found := false
		for number := range 17 {
			found = found || advisory.CheckAGS(string(rune('0'+number/10))+string(rune('0'+number%10))+"000000", land) == advisory.AGSFits
		}
		if !found {
			t.Errorf("no official key fits %s", land)
		}
	}
}
