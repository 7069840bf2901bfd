package form

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"miglobe/advisory"
	"miglobe/texts"
)

// NewView prepares a form, or the one step that the context names, with what
// was typed and what is wrong with it.
func NewView(f *texts.Form, answers advisory.Answers, errors Errors, sources Sources, c Context) View {
	b := viewBuilder{Context: c, answers: answers, errors: errors, sources: sources, onPage: map[string]bool{}}
	view := View{
		Form: f, Errors: errors,
		ErrorTitle:   c.Catalog.FormCount(c.Lang, "errors.summary", len(errors)),
		RequiredHint: c.Catalog.FormText(c.Lang, "common.required_hint"),
	}
	var current *texts.Step
	for _, s := range sections(f, labelsOf(sources)) {
		if c.Step != "" && s.step.Key != c.Step {
			continue
		}
		if s.step != current {
			view.Steps = append(view.Steps, b.step(s, len(f.Steps) > 1 && c.Step == ""))
			current = s.step
		}
		step := &view.Steps[len(view.Steps)-1]
		step.Groups = append(step.Groups, b.group(s))
	}
	return view
}

type viewBuilder struct {
	Context
	answers advisory.Answers
	errors  Errors
	sources Sources
	onPage  map[string]bool
}

func (b viewBuilder) step(s section, heading bool) StepView {
	view := StepView{
		Key: s.step.Key, ID: idOf(b.Context, "step-"+s.step.Key),
		Intro: s.step.Intro, Reveal: b.reveal(s.step.ShowIf, section{step: s.step}),
	}
	if heading {
		view.Heading = s.step.Title
	}
	return view
}

func (b viewBuilder) group(s section) GroupView {
	group := GroupView{
		Appointment: s.number > 0 && hasTime(s.step), Warnings: b.Warnings[s.name()], WarningsID: idOf(b.Context, s.name()+"-warning"),
	}
	if s.number > 0 {
		group.Legend = s.title(b.Context)
	}
	for _, q := range questions([]section{s}) {
		group.Fields = append(group.Fields, b.field(q))
		b.onPage[q.key] = true
	}
	return group
}

// reveal leaves out a condition on a field of another page, which no script
// could look at.
func (b viewBuilder) reveal(condition *texts.Condition, s section) *Reveal {
	if condition == nil || !b.onPage[trigger(condition, s)] {
		return nil
	}
	return &Reveal{Field: trigger(condition, s), Option: condition.Option, NotOption: condition.NotOption}
}

func (b viewBuilder) field(q question) FieldView {
	view := FieldView{
		Kind: "input", ID: q.inputID(b.Context), Name: q.key, Label: q.field.Label, Hint: q.field.Hint,
		Error: b.errors.For(q.key), Reveal: b.reveal(q.field.ShowIf, q.section),
		Value: b.answers.Get(q.key), MaxLength: q.field.Max, Autocomplete: q.field.Autocomplete,
	}
	if !q.field.Required {
		view.OptionalMark = b.Catalog.FormText(b.Lang, "common.optional")
	}
	switch {
	case q.field.Type == "textarea":
		b.area(&view)
	case q.singleBox():
		view.Kind = "box"
		view.Options = b.options(q)
	case q.field.Type == "select":
		view.Kind = "select"
		view.PleaseChoose = b.Catalog.FormText(b.Lang, "common.please_choose")
		view.Options = b.options(q)
	case q.isGroup():
		view.Kind = "group"
		view.Options = b.options(q)
		view.Layout = layout(q.field, view.Options)
	default:
		b.input(q, &view)
	}
	return view
}

func (b viewBuilder) area(view *FieldView) {
	view.Kind = "area"
	view.Rows = 3
	if view.MaxLength > 1000 {
		view.Rows = 6
	}
	view.CountLeft = b.Catalog.FormText(b.Lang, "common.characters_left")
	view.CountOver = b.Catalog.FormText(b.Lang, "common.characters_over")
}

func (b viewBuilder) input(q question, view *FieldView) {
	view.InputType = "text"
	switch {
	case q.field.Type == "email":
		view.InputType = "email"
	case q.field.Type == "tel":
		view.InputType = "tel"
	case q.field.Type == "date":
		view.InputType = typeThatShows("date", view.Value, q.field)
		view.Earliest, view.Latest = isoLimit(b.NotBefore, q), isoLimit(b.NotAfter, q)
		view.MaxLength = 0
	case q.field.Format == "time":
		view.InputType = typeThatShows("time", view.Value, q.field)
		view.MaxLength = 0
	}
}

// typeThatShows is a text field where a date or time field would not show
// what was typed.
func typeThatShows(inputType, value string, field *texts.Field) string {
	if value != "" && !understood(field, value) {
		return "text"
	}
	return inputType
}

func isoLimit(limits map[string]time.Time, q question) string {
	limit, ok := limitOf(limits, q)
	if !ok {
		return ""
	}
	return limit.Format(isoDate)
}

func (b viewBuilder) options(q question) []OptionView {
	options := q.options(b.sources)
	views := make([]OptionView, 0, len(options))
	for _, option := range options {
		views = append(views, b.option(q, option))
	}
	return views
}

func (b viewBuilder) option(q question, option texts.Option) OptionView {
	view := OptionView{
		ID: q.optionID(b.Context, option.Key), Name: q.key, Type: q.field.Type,
		Key: option.Key, Label: option.Label, Description: option.Description,
		Chosen: b.answers.Has(q.key, option.Key), Wrong: b.errors.For(q.key) != "",
	}
	var describedBy []string
	if option.Description != "" {
		describedBy = append(describedBy, view.ID+"-about")
	}
	if view.Wrong {
		describedBy = append(describedBy, q.inputID(b.Context)+"-err")
	}
	view.DescribedBy = strings.Join(describedBy, " ")
	if !option.Day.IsZero() {
		view.Day = &DayView{
			Weekday: texts.WeekdayShort(b.Lang, option.Day),
			Day:     dayOfMonth(b.Lang, option.Day),
			Month:   texts.MonthShort(b.Lang, option.Day),
		}
	}
	return view
}

func dayOfMonth(lang texts.Lang, day time.Time) string {
	day = day.In(advisory.Berlin)
	if lang == texts.English {
		return strconv.Itoa(day.Day())
	}
	return day.Format("02.")
}

// layout of a group: cards where an answer explains itself, a scale in one
// row, few short answers beside each other, all others below each other.
func layout(field *texts.Field, options []OptionView) string {
	short := len(options) <= 3
	for _, option := range options {
		if option.Description != "" || option.Day != nil {
			return "choices"
		}
		short = short && utf8.RuneCountInString(option.Label) <= 20
	}
	switch {
	case field.Type == "radio" && strings.HasSuffix(field.OptionsFrom, "_scale"):
		return "scale"
	case short:
		return "horizontal"
	default:
		return "list"
	}
}
