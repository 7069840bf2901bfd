package texts

import (
	"slices"

	"miglobe/advisory"
)

// StepQuestion is one question of a step with all that a programme can change about it filled in, also where it is as in the
// release or not asked any more.
type StepQuestion struct {
	advisory.Question
	Choice bool // it is answered by choosing one of its Answers
	Line   bool // it is answered in one line
}

// StepQuestions are the questions of a step as the release has them, and as the programme asks them, each in its order.
// Nothing where the form has no such step.
func (c *Catalog) StepQuestions(form, step string, questions []advisory.Question) (release, asked []StepQuestion) {
	german, ok := c.stepOf(German, form, step)
	if !ok {
		return nil, nil
	}
	english, _ := c.stepOf(English, form, step)
	f, _ := c.Form(German, form)
	source, of := SourceOf(f, german)
	for i, field := range german.Fields {
		release = append(release, releaseQuestion(source, of, field, english.Fields[i]))
	}
	changes := QuestionsOf(questions, source, of)
	for _, key := range questionOrder(german.Fields, changes) {
		i := slices.IndexFunc(release, func(q StepQuestion) bool { return q.Key == key })
		change, changed := findQuestion(changes, key)
		switch {
		case i < 0:
			asked = append(asked, ownQuestion(change))
		case changed:
			asked = append(asked, release[i].with(change))
		default:
			asked = append(asked, release[i])
		}
	}
	return release, asked
}

func (c *Catalog) stepOf(lang Lang, form, key string) (Step, bool) {
	f, ok := c.Form(lang, form)
	if !ok {
		return Step{}, false
	}
	for _, step := range f.Steps {
		if step.Key == key {
			return step, true
		}
	}
	return Step{}, false
}

func releaseQuestion(source, step string, german, english Field) StepQuestion {
	q := StepQuestion{Question: advisory.Question{
		Source: source, Step: step, Key: german.Key, Label: advisory.Words{German: german.Label, English: english.Label},
		Hint: &advisory.Words{German: german.Hint, English: english.Hint}, Required: &german.Required,
	}}
	if german.Source == "" && german.OptionsFrom != "topics" {
		for i, option := range german.Options {
			q.Answers = append(q.Answers, advisory.QuestionAnswer{
				Key: option.Key, Label: advisory.Words{German: option.Label, English: english.Options[i].Label},
			})
		}
	}
	q.Choice = len(german.Options) > 0 || german.Source != ""
	q.Line = german.Type == "text"
	return q
}

func ownQuestion(q advisory.Question) StepQuestion {
	own := StepQuestion{Question: q, Line: q.Type == advisory.LineQuestion}
	own.Choice = q.Type == advisory.ChoiceQuestion || q.Type == advisory.ScaleQuestion
	if own.Hint == nil {
		own.Hint = &advisory.Words{}
	}
	if own.Required == nil {
		own.Required = new(bool)
	}
	return own
}

// with is a question of the release as a programme changes it.
func (q StepQuestion) with(change advisory.Question) StepQuestion {
	q.Removed = change.Removed
	if change.Label != (advisory.Words{}) {
		q.Label = change.Label
	}
	if change.Hint != nil {
		q.Hint = change.Hint
	}
	if change.Required != nil {
		q.Required = change.Required
	}
	q.Answers = slices.Clone(q.Answers)
	for i := range q.Answers {
		for _, answer := range change.Answers {
			if answer.Key == q.Answers[i].Key {
				q.Answers[i] = answer
			}
		}
	}
	return q
}
