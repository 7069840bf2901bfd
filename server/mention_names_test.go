package server

import (
	"slices"
	"strings"
	"testing"

	"miglobe/store"
)

func TestMentionsAreFoundByName(t *testing.T) {
	names := newMentionNames([]store.Person{
		{ID: "kim", FirstName: "Kim", LastName: "Beispiel"}, {ID: "jo", FirstName: "Jo", LastName: "Beispiel"},
		{ID: "oezlem", FirstName: "Özlem", LastName: "Muster-Modell"}, {ID: "dot", FirstName: "A.", LastName: "Nach(t)"},
	})
	for text, want := range map[string][]string{
		"@Kim Beispiel bitte ansehen":     {"kim"},
		"Frage an @kim, @JO und @Kim!":    {"kim", "jo"},
		"(@Özlem Muster-Modell)":          {"oezlem"},
		"@özlem@Kim":                      {"oezlem", "kim"},
		"@Beispiel haben zwei":            nil,
		"Mail an toni@Kim und @Kimberley": nil,
		"@Kim Beispielhaft":               {"kim"},
		"@A. Nach(t).":                    {"dot"},
		"Kim Beispiel ohne Zeichen, @":    nil,
	} {
		if got := names.in(text); !slices.Equal(got, want) {
			t.Errorf("%q mentions %v, want %v", text, got, want)
		}
		var again strings.Builder
		for _, part := range names.parts(text) {
			again.WriteString(part.Text)
		}
		if again.String() != text {
			t.Errorf("%q is cut into %q", text, again.String())
		}
	}
	if got := newMentionNames(nil).in("@Kim"); got != nil {
		t.Errorf("nobody can be mentioned, but %v", got)
	}
}
