package texts

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
)

func TestTailoredAsksWhatAProgrammeWants(t *testing.T) {
	c := load(t)
	yes, no := true, false
	process := func(key string, change advisory.Question) advisory.Question {
		change.Source, change.Step, change.Key = "evaluate_municipality", "process", key
		return change
	}
	own := process("own_text_2_1", advisory.Question{Type: advisory.TextQuestion, Label: advisory.Words{German: "Eigenes?", English: "Own?"},
		Required: &yes})
	for name, test := range map[string]struct {
		changes []advisory.Question
		keys    string // of the step process
		holds   func(of func(key string) Field) bool
	}{
		"nothing": {nil, "goal_reached own_goal usable_options good_organisation improve recommend consent_quote", nil},
		"wording and hint": {[]advisory.Question{process("goal_reached", advisory.Question{
			Label: advisory.Words{German: "Ziel?", English: "Goal?"}, Hint: &advisory.Words{German: "Kurz.", English: "Briefly."}})},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote",
			func(of func(string) Field) bool {
				return of("goal_reached").Label == "Goal?" && of("goal_reached").Hint == "Briefly." && of("goal_reached").Required
			}},
		"required": {[]advisory.Question{process("goal_reached", advisory.Question{Required: &no}), process("improve", advisory.Question{Required: &yes})},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote",
			func(of func(string) Field) bool { return !of("goal_reached").Required && of("improve").Required }},
		"order; what the release adds follows its predecessor": {
			[]advisory.Question{process("improve", advisory.Question{}), process("goal_reached", advisory.Question{})},
			"improve recommend consent_quote goal_reached own_goal usable_options good_organisation", nil},
		"taken out": {[]advisory.Question{process("recommend", advisory.Question{Removed: true})},
			"goal_reached own_goal usable_options good_organisation improve consent_quote", nil},
		"a consent stays and stays voluntary": {[]advisory.Question{process("consent_quote", advisory.Question{Removed: true, Required: &yes})},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote",
			func(of func(string) Field) bool { return !of("consent_quote").Required }},
		"own question": {[]advisory.Question{process("goal_reached", advisory.Question{}), own},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote own_text_2_1", nil},
		"answers": {[]advisory.Question{process("recommend", advisory.Question{Answers: []advisory.QuestionAnswer{{Key: "no", Label: advisory.Words{German: "Eher nicht", English: "Rather not"}}}})},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote",
			func(of func(string) Field) bool {
				return of("recommend").Options[1].Label == "Rather not" && of("recommend").Options[0].Label == "Yes"
			}},
		"own scale": {[]advisory.Question{process("own_choice_2_1", advisory.Question{Type: advisory.ScaleQuestion, Label: own.Label})},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote own_choice_2_1",
			func(of func(string) Field) bool { return len(of("own_choice_2_1").Options) == 5 }},
		"another form": {[]advisory.Question{{Source: "evaluate_advisor", Step: "process", Key: "improve", Removed: true}},
			"goal_reached own_goal usable_options good_organisation improve recommend consent_quote", nil},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := c.Form(English, "evaluate_municipality")
			fields := c.Tailored(English, before, test.changes).Steps[3].Fields
			var keys []string
			for _, field := range fields {
				keys = append(keys, field.Key)
			}
			if got := strings.Join(keys, " "); got != test.keys {
				t.Errorf("%s, want %s", got, test.keys)
			}
			of := func(key string) Field {
				return fields[slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })]
			}
			if test.holds != nil && !test.holds(of) {
				t.Errorf("%+v", fields)
			}
			if before.Steps[3].Fields[0].Label == "Goal?" || len(before.Steps[3].Fields) != 7 {
				t.Fatal("the form of the release was changed")
			}
		})
	}
}

func TestASharedQuestionIsWordedTheSameInEveryQuestionnaire(t *testing.T) {
	c := load(t)
	changes := []advisory.Question{{Source: "guiding_questions", Key: "include_migrants_level", Label: advisory.Words{German: "Neu?", English: "New?"}, Removed: true}}
	for _, name := range []string{"assessment", "evaluate_municipality", "follow_up"} {
		f, _ := c.Form(German, name)
		found := 0
		for _, step := range c.Tailored(German, f, changes).Steps {
			for _, field := range step.Fields {
				if field.Label == "Neu?" {
					found++
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: asked %d times", name, found)
		}
	}
}

// What the domain calls fixed must be there: a renamed question would lose its protection.
func TestFixedQuestionsExist(t *testing.T) {
	c := load(t)
	fixed := map[string]int{}
	for _, name := range advisory.Questionnaires {
		f, ok := c.Form(German, name)
		if !ok {
			t.Fatalf("no form %s", name)
		}
		for _, step := range f.Steps {
			source, _ := SourceOf(f, step)
			if step.Include != "" && !slices.Contains(advisory.SharedQuestions, source) {
				t.Errorf("%s: questions of %s are shared, but not fixed", name, source)
			}
			for _, field := range step.Fields {
				if step.Include == "" && advisory.WhyFixed(source, field.Key) != "" {
					fixed[name]++
				}
			}
		}
	}
	if want := map[string]int{"assessment": 4, "evaluate_municipality": 1, "evaluate_advisor": 1, "follow_up": 5}; !maps.Equal(fixed, want) {
		t.Errorf("%v, want %v", fixed, want)
	}
}

func TestAQuestionBeforeTheOneItDependsOnIsFound(t *testing.T) {
	c := load(t)
	f, _ := c.Form(German, "follow_up")
	outlook := func(keys ...string) *Form {
		var changes []advisory.Question
		for _, key := range keys {
			changes = append(changes, advisory.Question{Source: "follow_up", Step: "outlook", Key: key})
		}
		return c.Tailored(German, f, changes)
	}
	if err := CheckOrder(outlook("message", "new_need")); err != nil {
		t.Error(err)
	}
	if CheckOrder(outlook("new_need_text", "new_need")) == nil {
		t.Error("a question stands before the one that it depends on")
	}
}
