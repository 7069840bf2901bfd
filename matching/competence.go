package matching

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/german"
)

const (
	enoughCompetences = 3 // give all points
	shortestWord      = 4 // letters; shorter words say nothing about a subject
	shortestInside    = 6 // letters of a stem that counts as part of a compound, as "verein" in "vereinsarbeit"
)

// everywhere are the stems of words that stand in most needs and most profiles, and so tell nobody from another.
var everywhere = stems("Arbeit Projekt Erfahrung Netzwerk Kommune kommunal Stadt Gemeinde Mensch Thema Bereich Beratung Partner "+
	"Eine Viele Unsere Kenntnisse", shortestWord)

// fittingCompetences are those of the competences, written as somebody lists them, of which a word stands in the need:
// in another form, or as part of a compound.
func fittingCompetences(competences, need string) []string {
	wanted := stems(need, shortestWord)
	var fitting []string
	for _, competence := range strings.FieldsFunc(competences, func(r rune) bool { return strings.ContainsRune(",;\n•", r) }) {
		competence = strings.Trim(competence, " .\t\r-–")
		if slices.ContainsFunc(subjects(competence), func(stem string) bool { return speaksOf(wanted, stem) }) &&
			!slices.Contains(fitting, competence) {
			fitting = append(fitting, competence)
		}
	}
	return fitting
}

// subjects are the stems of the words that a competence is about: its nouns, which German writes with a capital letter,
// and of a competence without one its long words.
func subjects(competence string) []string {
	var nouns []string
	for _, word := range words(competence) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) {
			nouns = append(nouns, word)
		}
	}
	found := stems(strings.Join(nouns, " "), shortestWord)
	if len(nouns) == 0 {
		found = stems(competence, shortestInside)
	}
	return slices.DeleteFunc(found, func(stem string) bool { return slices.Contains(everywhere, stem) })
}

func speaksOf(wanted []string, stem string) bool {
	return slices.ContainsFunc(wanted, func(word string) bool {
		return word == stem || isPart(stem, word) || !slices.Contains(everywhere, word) && isPart(word, stem)
	})
}

// isPart tells whether a compound begins or ends with a word.
func isPart(word, compound string) bool {
	return utf8.RuneCountInString(word) >= shortestInside && (strings.HasPrefix(compound, word) || strings.HasSuffix(compound, word))
}

func stems(text string, shortest int) []string {
	var found []string
	env := snowballstem.NewEnv("")
	for _, word := range words(text) {
		if utf8.RuneCountInString(word) < shortest {
			continue
		}
		env.SetCurrent(strings.ToLower(word))
		german.Stem(env)
		found = append(found, env.Current())
	}
	return found
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}
