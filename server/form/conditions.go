package form

import (
	"miglobe/advisory"
	"miglobe/texts"
)

// WithoutHidden returns the answers of the fields that are shown. What was
// typed into a field that a later choice hid does not count.
func WithoutHidden(f *texts.Form, answers advisory.Answers) advisory.Answers {
	out := advisory.Answers{}
	for _, q := range shown(questions(sections(f, labelsIn(answers))), answers) {
		if values := answers.All(q.key); len(values) > 0 {
			out[q.key] = values
		}
	}
	return out
}

// shown leaves out the questions whose conditions do not hold. A condition
// on a hidden field does not hold, nor does one on a field without answer.
func shown(all []question, answers advisory.Answers) []question {
	var out []question
	visible := map[string]bool{}
	for _, q := range all {
		if holds(q.step.ShowIf, q.section, visible, answers) && holds(q.field.ShowIf, q.section, visible, answers) {
			visible[q.key] = true
			out = append(out, q)
		}
	}
	return out
}

func holds(condition *texts.Condition, s section, visible map[string]bool, answers advisory.Answers) bool {
	if condition == nil {
		return true
	}
	key := trigger(condition, s)
	if !visible[key] || len(answers.All(key)) == 0 {
		return false
	}
	if condition.Option != "" {
		return answers.Has(key, condition.Option)
	}
	return !answers.Has(key, condition.NotOption)
}

// trigger is the key of the field that a condition names: one of the same
// repetition, or one of a step that appears once.
func trigger(condition *texts.Condition, s section) string {
	for _, field := range s.step.Fields {
		if field.Key == condition.Field {
			return s.key(condition.Field)
		}
	}
	return condition.Field
}
