package advisory

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Words are a text for people in both languages.
type Words struct {
	German  string `json:"de"`
	English string `json:"en"`
}

// TopicWords is how a programme names a topic.
type TopicWords struct {
	Label Words `json:"label"`
	Hint  Words `json:"hint,omitzero"` // may be empty
}

// ContentProblem is what keeps the topics or questions of a programme from being used. Field is the part of the item, such
// as label_de; Item and Field are "" where the whole list is meant. The words
// for Code are errors.programme_CODE in texts/forms.
type ContentProblem struct{ Item, Field, Code string }

// Limits of topics.
const (
	MaxTopics     = 20
	maxTopicLabel = 120
	maxTopicHint  = 300
	maxTopicKey   = 40
)

// TopicProblems checks which topics are offered and how they are worded. Topics without own words have those of the release.
func (p Programme) TopicProblems() []ContentProblem {
	var problems []ContentProblem
	switch n := len(p.Topics); {
	case n == 0:
		problems = append(problems, ContentProblem{Code: "no_topic"})
	case n > MaxTopics:
		problems = append(problems, ContentProblem{Code: "too_many_topics"})
	}
	inOrder := slices.Clone(p.Topics)
	for _, key := range sortedKeys(p.TopicWords) {
		if !slices.Contains(inOrder, key) {
			inOrder = append(inOrder, key)
		}
	}
	seen := map[string]bool{}
	for _, key := range inOrder {
		words, own := p.TopicWords[key]
		if !own {
			continue
		}
		problems = append(problems, labelProblems(key, words.Label, maxTopicLabel, seen)...)
		problems = append(problems, hintProblems(key, words.Hint, maxTopicHint)...)
	}
	return problems
}

// labelProblems wants a label in both languages, and each only once; seen holds the earlier ones of the list.
func labelProblems(item string, label Words, limit int, seen map[string]bool) []ContentProblem {
	var problems []ContentProblem
	for _, part := range []struct{ field, text string }{{"label_de", label.German}, {"label_en", label.English}} {
		known := part.field + strings.ToLower(part.text)
		switch {
		case part.text == "":
			problems = append(problems, ContentProblem{item, part.field, "no_label"})
		case utf8.RuneCountInString(part.text) > limit:
			problems = append(problems, ContentProblem{item, part.field, "label_too_long"})
		case seen[known]:
			problems = append(problems, ContentProblem{item, part.field, "label_twice"})
		}
		seen[known] = true
	}
	return problems
}

// hintProblems wants a hint in both languages or in none.
func hintProblems(item string, hint Words, limit int) []ContentProblem {
	var problems []ContentProblem
	for _, part := range []struct{ field, text, other string }{
		{"hint_de", hint.German, hint.English}, {"hint_en", hint.English, hint.German},
	} {
		switch {
		case part.text == "" && part.other != "":
			problems = append(problems, ContentProblem{item, part.field, "hint_in_one_language"})
		case utf8.RuneCountInString(part.text) > limit:
			problems = append(problems, ContentProblem{item, part.field, "label_too_long"})
		}
	}
	return problems
}

// TopicKey makes the key of a new topic from its German label. No key that is taken comes out, so that what was said with
// it keeps its meaning.
func TopicKey(german string, taken func(key string) bool) string {
	key := keyLetters(german)
	unique := key
	for n := 2; taken(unique); n++ {
		unique = key + "_" + strconv.Itoa(n)
	}
	return unique
}

var keyUmlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

func keyLetters(text string) string {
	words := strings.FieldsFunc(keyUmlauts.Replace(strings.ToLower(text)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	key := ""
	for _, word := range words {
		if len(key)+1+len(word) > maxTopicKey {
			break
		}
		key = strings.TrimPrefix(key+"_"+word, "_")
	}
	if key == "" {
		return "topic"
	}
	return key
}
