package server

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"miglobe/store"
)

// mentionNames finds the persons whom a text mentions: an @ and the whole name, or the first or the last name where only
// one of the persons has it.
type mentionNames struct {
	persons map[string][]string // ids, by name in small letters
	pattern *regexp.Regexp      // nil where there is no name
}

func newMentionNames(persons []store.Person) mentionNames {
	n := mentionNames{persons: map[string][]string{}}
	parts := map[string][]string{}
	for _, person := range persons {
		whole := strings.ToLower(person.Name())
		n.persons[whole] = append(n.persons[whole], person.ID)
		for _, part := range []string{person.FirstName, person.LastName} {
			parts[strings.ToLower(part)] = append(parts[strings.ToLower(part)], person.ID)
		}
	}
	for part, ids := range parts {
		if len(ids) == 1 && len(n.persons[part]) == 0 {
			n.persons[part] = ids
		}
	}
	delete(n.persons, "")
	n.pattern = patternOf(n.persons)
	return n
}

// patternOf prefers longer names and wants them to end with a word: "@Kim" is not in "@Kimberley" nor in an address.
func patternOf(persons map[string][]string) *regexp.Regexp {
	if len(persons) == 0 {
		return nil
	}
	names := make([]string, 0, len(persons))
	for name := range persons {
		names = append(names, regexp.QuoteMeta(name))
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}])(@(` + strings.Join(names, "|") + `))(?:[^\p{L}\p{N}]|$)`)
}

// found are the places in a text, in bytes: where the @ stands, and where the name ends.
func (n mentionNames) found(text string) (places [][2]int) {
	if n.pattern == nil {
		return nil
	}
	for from := 0; from < len(text); {
		match := n.pattern.FindStringSubmatchIndex(text[from:])
		if match == nil {
			break
		}
		places = append(places, [2]int{from + match[2], from + match[3]})
		from += match[3]
	}
	return places
}

// in are the ids of the persons whom a text mentions, each once.
func (n mentionNames) in(text string) (ids []string) {
	for _, place := range n.found(text) {
		for _, id := range n.persons[strings.ToLower(text[place[0]+1:place[1]])] {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// notePart is a piece of a note's text: what mentions somebody is marked.
type notePart struct {
	Text    string
	Mention bool
}

// parts cut a text at its mentions.
func (n mentionNames) parts(text string) (parts []notePart) {
	end := 0
	for _, place := range n.found(text) {
		if place[0] > end {
			parts = append(parts, notePart{Text: text[end:place[0]]})
		}
		parts = append(parts, notePart{Text: text[place[0]:place[1]], Mention: true})
		end = place[1]
	}
	if end < len(text) {
		parts = append(parts, notePart{Text: text[end:]})
	}
	return parts
}
