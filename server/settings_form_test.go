package server

import (
	"testing"
	"time"

	"golang.org/x/net/html"
)

// asShown are the values of the form on a page as a browser would post them unchanged. Pairs of name and value replace them;
// an empty value leaves the field out.
func (a *answer) asShown(pairs ...string) []string {
	changed := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i]] = pairs[i+1]
	}
	var posted []string
	add := func(name, value string) {
		if _, other := changed[name]; !other && name != "" {
			posted = append(posted, name, value)
		}
	}
	for _, field := range a.all("main form input:not([type=checkbox]):not([type=radio]), main form input[checked], main form textarea, main form select") {
		switch field.Data {
		case "textarea":
			add(attribute(field, "name"), textOf(field))
		case "select":
			for option := range field.Descendants() {
				if option.Type == html.ElementNode && option.Data == "option" && hasAttribute(option, "selected") {
					add(attribute(field, "name"), attribute(option, "value"))
				}
			}
		default:
			add(attribute(field, "name"), attribute(field, "value"))
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			posted = append(posted, pairs[i], pairs[i+1])
		}
	}
	return posted
}

func hasAttribute(node *html.Node, name string) bool {
	for _, a := range node.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came about")
		}
	}
}

func TestPlacedMovesItemsToTheirPlaces(t *testing.T) {
	items := []string{"a", "b", "c", "d"}
	for want, places := range map[string][]string{
		"abcd": {"1", "2", "3", "4"}, "dabc": {"1", "2", "3", "1"}, "bcad": {"3", "2", "3", "4"}, "acdb": {"1", "", "3", "4"},
		"dcba": {"4", "3", "2", "1"},
	} {
		got := ""
		for _, item := range placed(items, func(i int) string { return places[i] }) {
			got += item
		}
		if got != want {
			t.Errorf("%v: %s, want %s", places, got, want)
		}
	}
}
