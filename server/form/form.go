// Package form is the form engine: it decodes what a browser posted, checks
// it against a form of the texts, shows the form again with what was typed,
// and prints answers for reading. A new question is a line of texts/forms,
// never code in here.
package form

import (
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// Checked is the answer of a single box that was ticked.
const Checked = "yes"

// maxRepeats bounds the repetitions of a step.
const maxRepeats = 100

// Sources are answers that the program gives to fields with a source, by the
// name of the source. For a repeated step without a fixed count, the source
// of its name gives one option per repetition; its label is the heading.
type Sources map[string][]texts.Option

// Context is what checking and showing need besides the form.
type Context struct {
	Catalog *texts.Catalog
	Lang    texts.Lang

	// Step limits checking and showing to one step, such as "goal"; empty
	// means all steps.
	Step string
	// Draft lets required answers be missing.
	Draft bool
	// IDPrefix keeps the ids of several forms on one page apart.
	IDPrefix string

	// Today is the day of the business clock. NotBefore and NotAfter limit
	// dates by the key of the field, including the day itself.
	Today     time.Time
	NotBefore map[string]time.Time
	NotAfter  map[string]time.Time
	// Workday refuses days for appointments: dates that have a time beside
	// them. Without it every day will do.
	Workday func(time.Time) bool
	// Warnings are shown and stop nothing: sentences by the key of a step, or
	// by key and number of a repetition, such as "slots.2".
	Warnings map[string][]string
}

// section is a step, or one repetition of it (number from 1).
type section struct {
	step   *texts.Step
	number int
	label  string
}

func (s section) key(field string) string {
	if s.number == 0 {
		return field
	}
	return s.name() + "." + field
}

// name tells a step, or one repetition of it, from all others.
func (s section) name() string {
	if s.number == 0 {
		return s.step.Key
	}
	return s.step.Key + "." + strconv.Itoa(s.number)
}

// title is the heading of a repetition.
func (s section) title(c Context) string {
	if s.number == 0 {
		return s.step.Title
	}
	if s.label != "" {
		return s.label
	}
	return c.Catalog.FormText(c.Lang, "common.repeat_"+s.step.Repeat, "n", s.number)
}

// question is a field at its place in the form.
type question struct {
	section
	field *texts.Field
	key   string
}

func (q question) singleBox() bool {
	return q.field.Type == "checkbox" && len(q.field.Options) == 0 && q.field.Source == ""
}

func (q question) severalChoices() bool { return q.field.Type == "checkbox" && !q.singleBox() }

func (q question) isChoice() bool {
	return q.field.Type == "radio" || q.field.Type == "select" || q.field.Type == "checkbox"
}

// options are all answers to choose from: those of the program first.
func (q question) options(sources Sources) []texts.Option {
	if q.singleBox() {
		return []texts.Option{{Key: Checked}}
	}
	if q.field.Source == "" {
		return q.field.Options
	}
	return append(append([]texts.Option(nil), sources[q.field.Source]...), q.field.Options...)
}

// sections lists the steps of a form in the order of the page, repetitions
// one by one; labels says how often an open repetition appears.
func sections(f *texts.Form, labels func(*texts.Step) []string) []section {
	var out []section
	for i := range f.Steps {
		step := &f.Steps[i]
		if step.Repeat == "" {
			out = append(out, section{step: step})
			continue
		}
		for n, label := range labels(step) {
			out = append(out, section{step: step, number: n + 1, label: label})
		}
	}
	return out
}

func questions(sections []section) []question {
	var out []question
	for _, s := range sections {
		for i := range s.step.Fields {
			field := &s.step.Fields[i]
			out = append(out, question{section: s, field: field, key: s.key(field.Key)})
		}
	}
	return out
}

// labelsOf counts repetitions by the texts or by the sources.
func labelsOf(sources Sources) func(*texts.Step) []string {
	return func(step *texts.Step) []string {
		labels := make([]string, min(step.RepeatCount, maxRepeats))
		given := sources[step.Repeat]
		if step.RepeatCount == 0 {
			labels = make([]string, min(len(given), maxRepeats))
		}
		for i := range min(len(labels), len(given)) {
			labels[i] = given[i].Label
		}
		return labels
	}
}

// labelsIn counts repetitions by the answers that exist.
func labelsIn(answers advisory.Answers) func(*texts.Step) []string {
	return func(step *texts.Step) []string {
		count := step.RepeatCount
		for key := range answers {
			rest, ok := strings.CutPrefix(key, step.Key+".")
			number, _, _ := strings.Cut(rest, ".")
			if n, err := strconv.Atoi(number); ok && err == nil && step.RepeatCount == 0 {
				count = max(count, n)
			}
		}
		return make([]string, min(count, maxRepeats))
	}
}

// answered tells whether a question has an answer.
func answered(answers advisory.Answers, key string) bool { return answers.Get(key) != "" }
