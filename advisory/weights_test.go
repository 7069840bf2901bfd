package advisory

import (
	"slices"
	"strings"
	"testing"
)

func TestWeightsAreChecked(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*MatchingWeights)
		want   []string
	}{
		"the default":                  {func(*MatchingWeights) {}, nil},
		"one criterion alone":          {func(w *MatchingWeights) { *w = MatchingWeights{Topic: 1, FarKM: 1, RotationDays: 1} }, nil},
		"everything at its most":       {func(w *MatchingWeights) { w.Topic, w.FarKM, w.RotationDays = 100, 1000, 1095 }, nil},
		"less than nothing":            {func(w *MatchingWeights) { w.Load = -1 }, []string{"load"}},
		"more than a hundred":          {func(w *MatchingWeights) { w.Language, w.PartnerCountry = 101, 101 }, []string{"language", "partner_country"}},
		"no way to measure a distance": {func(w *MatchingWeights) { w.FarKM = 0 }, []string{"far_km"}},
		"farther than Germany":         {func(w *MatchingWeights) { w.FarKM = 1001 }, []string{"far_km"}},
		"no rotation":                  {func(w *MatchingWeights) { w.RotationDays = 0 }, []string{"rotation_days"}},
		"nothing counts":               {func(w *MatchingWeights) { *w = MatchingWeights{FarKM: 150, RotationDays: 180} }, []string{"topic"}},
		"the partner country alone": {func(w *MatchingWeights) {
			*w = MatchingWeights{PartnerCountry: 5, FarKM: 150, RotationDays: 180}
		}, []string{"topic"}},
	} {
		programme := DefaultProgramme()
		test.change(&programme.Matching)
		var got []string
		for _, problem := range programme.Problems() {
			got = append(got, strings.TrimPrefix(problem.Field, "matching."))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestTheSumLeavesOutWhatComesOnTop(t *testing.T) {
	if sum := DefaultMatchingWeights().Sum(); sum != 100 {
		t.Errorf("%d", sum)
	}
}
