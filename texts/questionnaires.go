package texts

import (
	"cmp"
	"fmt"
	"slices"

	"miglobe/advisory"
)

// ownScale is the list of answers of own questions that are answered on a scale.
const ownScale = "agreement_scale"

// The longest answers to own questions.
const (
	ownLine = 200
	ownText = 2000
)

// SourceOf is where the questions of a step come from: the set that several forms share, or the form itself. Set is the
// step of advisory.Question: "" for a set.
func SourceOf(f *Form, step Step) (source, of string) {
	if step.Include != "" {
		return step.Include, ""
	}
	return f.Name, step.Key
}

// Tailored is a form as a programme asks its questions; the same form where it changes none. What the programme says about
// questions that the form does not have is left out.
func (c *Catalog) Tailored(lang Lang, f *Form, questions []advisory.Question) *Form {
	tailored := *f
	tailored.Steps = slices.Clone(f.Steps)
	for i, step := range f.Steps {
		source, of := SourceOf(f, step)
		changes := QuestionsOf(questions, source, of)
		if len(changes) > 0 {
			tailored.Steps[i].Fields = c.tailoredFields(lang, step.Fields, changes)
		}
	}
	return &tailored
}

// QuestionsOf are the questions of one step or set.
func QuestionsOf(questions []advisory.Question, source, step string) []advisory.Question {
	var of []advisory.Question
	for _, q := range questions {
		if q.Source == source && q.Step == step {
			of = append(of, q)
		}
	}
	return of
}

func (c *Catalog) tailoredFields(lang Lang, standard []Field, changes []advisory.Question) []Field {
	var fields []Field
	for _, key := range questionOrder(standard, changes) {
		i := slices.IndexFunc(standard, func(f Field) bool { return f.Key == key })
		change, changed := findQuestion(changes, key)
		switch {
		case !changed:
			fields = append(fields, standard[i])
		case i >= 0:
			if field, asked := changedField(lang, standard[i], change); asked {
				fields = append(fields, field)
			}
		case !change.Removed:
			fields = append(fields, c.ownField(lang, change))
		}
	}
	return fields
}

// questionOrder is the order of the changes; a question of the release that they do not know follows the one that it
// follows in the release.
func questionOrder(standard []Field, changes []advisory.Question) []string {
	var order []string
	for _, q := range changes {
		known := slices.ContainsFunc(standard, func(f Field) bool { return f.Key == q.Key })
		if (known || q.IsOwn()) && !slices.Contains(order, q.Key) {
			order = append(order, q.Key)
		}
	}
	before := ""
	for _, field := range standard {
		if !slices.Contains(order, field.Key) {
			order = slices.Insert(order, slices.Index(order, before)+1, field.Key)
		}
		before = field.Key
	}
	return order
}

func findQuestion(questions []advisory.Question, key string) (advisory.Question, bool) {
	for _, q := range questions {
		if q.Key == key {
			return q, true
		}
	}
	return advisory.Question{}, false
}

// changedField is false where the question is not asked. What the product works with stays as it is, whatever a programme
// says.
func changedField(lang Lang, field Field, change advisory.Question) (Field, bool) {
	field.Label = cmp.Or(Word(lang, change.Label), field.Label)
	if change.Hint != nil {
		field.Hint = Word(lang, *change.Hint)
	}
	if advisory.WhyFixed(change.Source, change.Key) != "" {
		return field, true
	}
	if change.Required != nil {
		field.Required = *change.Required
	}
	field.Options = slices.Clone(field.Options)
	for i := range field.Options {
		for _, answer := range change.Answers {
			if answer.Key == field.Options[i].Key {
				field.Options[i].Label = Word(lang, answer.Label)
			}
		}
	}
	return field, !change.Removed
}

func (c *Catalog) ownField(lang Lang, q advisory.Question) Field {
	field := Field{Key: q.Key, Type: string(q.Type), Label: Word(lang, q.Label), Required: q.Required != nil && *q.Required}
	if q.Hint != nil {
		field.Hint = Word(lang, *q.Hint)
	}
	switch q.Type {
	case advisory.LineQuestion:
		field.Max = ownLine
	case advisory.TextQuestion:
		field.Max = ownText
	case advisory.ScaleQuestion:
		field.Type, field.OptionsFrom, field.Options = "radio", ownScale, c.OptionList(lang, ownScale)
	}
	for _, answer := range q.Answers {
		field.Options = append(field.Options, Option{Key: answer.Key, Label: Word(lang, answer.Label)})
	}
	return field
}

// Word is the text in one of the languages.
func Word(lang Lang, words advisory.Words) string {
	if lang == English {
		return words.English
	}
	return words.German
}

// CheckOrder reports a question that stands before the one whose answer shows it.
func CheckOrder(f *Form) error {
	earlier := map[string]Field{}
	for _, step := range f.Steps {
		for _, field := range step.Fields {
			if err := checkCondition(fmt.Sprintf("form %s/%s", f.Name, field.Key), field.ShowIf, earlier); err != nil {
				return err
			}
			earlier[field.Key] = field
		}
	}
	return nil
}
