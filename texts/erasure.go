package texts

import (
	"slices"
	"strings"

	"miglobe/advisory"
)

// What somebody acts on for the municipality is answered together with another form: its fields have a prefix.
const (
	BasisForm    = "act_on_behalf"
	BehalfPrefix = "behalf_"
)

// WithoutWords are the answers of a form after their persons were anonymised: choices, dates, times, numbers and the
// municipality stay, what somebody wrote is advisory.Erased. Of a form or a field that there is no more nothing stays.
func (c *Catalog) WithoutWords(form string, answers advisory.Answers) advisory.Answers {
	kept := advisory.Answers{}
	for key, values := range answers {
		if c.isFigure(form, key) || !slices.ContainsFunc(values, func(value string) bool { return value != "" }) {
			kept[key] = values
		} else {
			kept[key] = []string{advisory.Erased}
		}
	}
	return kept
}

func (c *Catalog) isFigure(form, key string) bool {
	key = key[strings.LastIndex(key, ".")+1:]
	if basis, ok := strings.CutPrefix(key, BehalfPrefix); ok {
		form, key = BasisForm, basis
	}
	if strings.HasPrefix(key, advisory.OwnChoicePrefix) {
		return true
	}
	found, ok := c.Form(German, form)
	if !ok {
		return false
	}
	for _, step := range found.Steps {
		for _, field := range step.Fields {
			if field.Key == key {
				return field.isFigure()
			}
		}
	}
	return false
}

// isFigure tells a field whose answers can be counted from one that takes words.
func (f Field) isFigure() bool {
	switch f.Type {
	case "radio", "checkbox", "select", "date", "municipality":
		return true
	default:
		return f.Format == "time" || f.Format == "number"
	}
}
