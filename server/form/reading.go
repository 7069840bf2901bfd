package form

import (
	"strings"

	"miglobe/advisory"
	"miglobe/texts"
)

// ReadStep is the answers of one step, or of one repetition of it. A page
// that lets people change them sets ChangeURL.
type ReadStep struct {
	Key         string
	ID          string
	Number      int
	Title       string
	Items       []ReadItem
	ChangeURL   string
	ChangeLabel string
}

// ReadItem is one answer: the lines of a text, or the labels of the chosen
// options. It is never empty: a missing answer says so.
type ReadItem struct {
	Key   string
	Label string
	Lines []string
}

// Reading prints the answers of all fields that are shown, step by step.
func Reading(f *texts.Form, answers advisory.Answers, sources Sources, c Context) []ReadStep {
	var steps []ReadStep
	var current section
	for _, q := range shown(questions(sections(f, labelsOf(sources))), answers) {
		if c.Step != "" && q.step.Key != c.Step {
			continue
		}
		if len(steps) == 0 || q.section.step != current.step || q.number != current.number {
			current = q.section
			steps = append(steps, newReadStep(q.section, len(steps)+1, c))
		}
		step := &steps[len(steps)-1]
		step.Items = append(step.Items, ReadItem{Key: q.key, Label: q.field.Label, Lines: q.read(answers, sources, c)})
	}
	return steps
}

func newReadStep(s section, number int, c Context) ReadStep {
	return ReadStep{
		Key: s.step.Key, ID: idOf(c, "read-"+s.key("step-"+s.step.Key)), Number: number, Title: s.title(c),
		ChangeLabel: c.Catalog.FormText(c.Lang, "common.change"),
	}
}

func (q question) read(answers advisory.Answers, sources Sources, c Context) []string {
	if q.singleBox() {
		if answers.Has(q.key, Checked) {
			return []string{c.Catalog.FormText(c.Lang, "common.answer_yes")}
		}
		return []string{c.Catalog.FormText(c.Lang, "common.answer_no")}
	}
	var lines []string
	switch {
	case q.isChoice():
		lines = q.readChoice(answers, sources)
	case answered(answers, q.key):
		lines = q.readText(answers.Get(q.key), c)
	}
	if len(lines) == 0 {
		return []string{c.Catalog.FormText(c.Lang, "common.no_answer")}
	}
	return lines
}

// readChoice names the chosen options. One that the program no longer offers
// is left out: its key means nothing to a reader.
func (q question) readChoice(answers advisory.Answers, sources Sources) []string {
	var lines []string
	for _, option := range q.options(sources) {
		if answers.Has(q.key, option.Key) {
			lines = append(lines, option.Label)
		}
	}
	return lines
}

func (q question) readText(value string, c Context) []string {
	if day, ok := parseDate(value); ok && q.field.Type == "date" {
		return []string{texts.Date(c.Lang, day)}
	}
	return strings.Split(value, "\n")
}
