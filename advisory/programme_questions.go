package advisory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Questionnaires are the forms whose questions a programme can change.
var Questionnaires = []string{"assessment", "evaluate_municipality", "evaluate_advisor", "follow_up"}

// Question is what a programme says about one question of a questionnaire: how a question of the release is changed, or a
// question of the programme's own. The questions of a step stand in the order in which they are asked.
type Question struct {
	Source   string           `json:"source"`             // the form; or the set of questions that several forms share
	Step     string           `json:"step,omitempty"`     // of the form; "" for a set
	Key      string           `json:"key"`                // of the field
	Label    Words            `json:"label,omitzero"`     // empty: the release's
	Hint     *Words           `json:"hint,omitempty"`     // nil: the release's
	Required *bool            `json:"required,omitempty"` // nil: as in the release
	Removed  bool             `json:"removed,omitempty"`  // not asked any more
	Type     QuestionType     `json:"type,omitempty"`     // of an own question
	Answers  []QuestionAnswer `json:"answers,omitempty"`  // of an own question with answers; or other words for the release's
}

// QuestionAnswer is one answer to choose.
type QuestionAnswer struct {
	Key   string `json:"key"`
	Label Words  `json:"label"`
}

// QuestionType is how an own question is answered.
type QuestionType string

// The types of own questions.
const (
	LineQuestion   QuestionType = "text"
	TextQuestion   QuestionType = "textarea"
	ChoiceQuestion QuestionType = "radio"
	ScaleQuestion  QuestionType = "scale" // from 0 to 4, in words
)

// QuestionTypes are all of them.
var QuestionTypes = []QuestionType{LineQuestion, TextQuestion, ChoiceQuestion, ScaleQuestion}

// OwnChoicePrefix begins the key of an own question that is answered by choosing; its answers are keys, never words.
const (
	OwnChoicePrefix = "own_choice_"
	ownTextPrefix   = "own_text_"
)

// NewQuestionKey is the key of the n-th question that a version of the programme adds. No other version makes the same.
func NewQuestionKey(kind QuestionType, version, n int) string {
	prefix := ownTextPrefix
	if kind == ChoiceQuestion || kind == ScaleQuestion {
		prefix = OwnChoicePrefix
	}
	return fmt.Sprintf("%s%d_%d", prefix, version, n)
}

// IsOwn tells a question of the programme's own from one of the release.
func (q Question) IsOwn() bool {
	return strings.HasPrefix(q.Key, OwnChoicePrefix) || strings.HasPrefix(q.Key, ownTextPrefix)
}

// Fixed is why a question of the release keeps its place, its answers and whether it is required; "" where it need not.
type Fixed string

// The reasons.
const (
	Compared Fixed = "compared" // several questionnaires ask the same, so that the answers can be compared
	Computed Fixed = "computed" // the product works with the answer
	Consent  Fixed = "consent"  // a voluntary consent must stay voluntary
)

// SharedQuestions are the sets of questions that several forms ask in the same way: baseline, mirror, effects and
// structure check (journey.md).
var SharedQuestions = []string{"guiding_questions", "mirror_questions", "effects", structureCheck}

const structureCheck = "structure_check" // the assessment asks it, and whoever completes it later

var fixedQuestions = map[string]map[string]Fixed{
	"assessment":            {"situation": Computed, "goal": Computed, "need": Computed, "topics": Computed},
	"evaluate_municipality": {"consent_quote": Consent},
	"evaluate_advisor":      {"share_with_pool": Consent},
	"follow_up": {"progress": Computed, "progress_text": Computed, "new_need": Computed, "new_need_text": Computed,
		"same_advisors": Computed},
}

// WhyFixed tells why only the words of a question can be changed; "" where more can.
func WhyFixed(source, key string) Fixed {
	switch {
	case source == structureCheck:
		return Computed
	case slices.Contains(SharedQuestions, source):
		return Compared
	}
	return fixedQuestions[source][key]
}

// Limits of questions.
const (
	maxQuestion      = 300
	maxQuestionHint  = 600
	maxAnswer        = 150
	maxAnswers       = 12
	MaxOwnQuestions  = 10 // of one step
	fewestOwnAnswers = 2
)

// QuestionProblems checks what the programme says about questions. Item is source, step and key, joined by "/".
func (p Programme) QuestionProblems() []ContentProblem {
	var problems []ContentProblem
	own := map[string]int{}
	seen := map[string]bool{}
	for _, q := range p.Questions {
		item := q.Item()
		step := q.Source + "/" + q.Step
		if seen[item] {
			problems = append(problems, ContentProblem{item, "", "question_twice"})
		}
		seen[item] = true
		if q.IsOwn() {
			if own[step]++; own[step] == MaxOwnQuestions+1 {
				problems = append(problems, ContentProblem{item, "label_de", "too_many_questions"})
			}
		}
		problems = append(problems, q.problems(item)...)
	}
	return problems
}

// Item names the question among all others.
func (q Question) Item() string { return q.Source + "/" + q.Step + "/" + q.Key }

func (q Question) problems(item string) []ContentProblem {
	var problems []ContentProblem
	if q.IsOwn() || q.Label != (Words{}) {
		problems = labelProblems(item, q.Label, maxQuestion, map[string]bool{})
	}
	if q.Hint != nil {
		problems = append(problems, hintProblems(item, *q.Hint, maxQuestionHint)...)
	}
	if q.IsOwn() {
		return append(problems, q.ownProblems(item)...)
	}
	switch {
	case WhyFixed(q.Source, q.Key) != "" && (q.Removed || q.Required != nil || len(q.Answers) > 0):
		problems = append(problems, ContentProblem{item, "label_de", "question_fixed"})
	case q.Type != "":
		problems = append(problems, ContentProblem{item, "type", "question_not_own"})
	}
	return append(problems, q.answerProblems(item)...)
}

func (q Question) ownProblems(item string) []ContentProblem {
	var problems []ContentProblem
	if slices.Contains(SharedQuestions, q.Source) {
		problems = append(problems, ContentProblem{item, "label_de", "question_fixed"})
	}
	if !slices.Contains(QuestionTypes, q.Type) {
		problems = append(problems, ContentProblem{item, "type", "no_question_type"})
	}
	if q.Type == ChoiceQuestion && len(q.Answers) < fewestOwnAnswers {
		problems = append(problems, ContentProblem{item, "answers_de", "few_answers"})
	}
	return append(problems, q.answerProblems(item)...)
}

func (q Question) answerProblems(item string) []ContentProblem {
	if len(q.Answers) > maxAnswers {
		return []ContentProblem{{item, "answers_de", "too_many_answers"}}
	}
	seen := map[string]bool{}
	for _, answer := range q.Answers {
		for _, found := range labelProblems(item, answer.Label, maxAnswer, seen) {
			field := map[string]string{"label_de": "answers_de", "label_en": "answers_en"}[found.Field]
			code := map[string]string{
				"no_label": "answers_in_one_language", "label_twice": "answer_twice", "label_too_long": "answer_too_long",
			}[found.Code]
			return []ContentProblem{{item, field, code}}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
