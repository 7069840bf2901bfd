package server

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// wordPart is a part of a text: as in the other version, or in this one only.
type wordPart struct {
	Text    string
	Changed bool
}

// compareWords divides two versions of a text into what they share and what only one of them has, word by word.
func compareWords(before, after string) (was, is []wordPart) {
	words := wordNumbers{split: splitWords}
	compare := diffmatchpatch.New()
	compare.DiffTimeout = 0 // the same result however busy the machine is; the texts are short
	for _, part := range compare.DiffMainRunes(words.number(before), words.number(after), false) {
		text := words.text(part.Text)
		switch part.Type {
		case diffmatchpatch.DiffDelete:
			was = append(was, wordPart{Text: text, Changed: true})
		case diffmatchpatch.DiffInsert:
			is = append(is, wordPart{Text: text, Changed: true})
		default:
			was, is = append(was, wordPart{Text: text}), append(is, wordPart{Text: text})
		}
	}
	return was, is
}

// wordNumbers stands each word for one character, so that a comparison of characters compares words. What a word is, is
// settled by split: its parts of a text are the text.
type wordNumbers struct {
	split func(string) []string
	words []string
}

// firstNumber begins a range of characters that is longer than any text of a form and holds no surrogates.
const firstNumber = 0xE000

func (n *wordNumbers) number(text string) []rune {
	var numbers []rune
	for _, word := range n.split(text) {
		at := slices.Index(n.words, word)
		if at < 0 {
			at = len(n.words)
			n.words = append(n.words, word)
		}
		numbers = append(numbers, rune(firstNumber+at))
	}
	return numbers
}

func (n *wordNumbers) text(numbers string) string {
	var text strings.Builder
	for _, number := range numbers {
		text.WriteString(n.words[number-firstNumber])
	}
	return text.String()
}

// splitWords divides a text behind each white space.
func splitWords(text string) []string {
	var words []string
	start, space := 0, false
	for i, r := range text {
		if space && !unicode.IsSpace(r) {
			words, start = append(words, text[start:i]), i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}
