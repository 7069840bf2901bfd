package form

import (
	"embed"
	"strings"

	"miglobe/texts"
)

// Templates define the blocks that show a View and a Reading:
//
//	form-errors        the error summary, of a View; nothing without errors
//	form-fields        all steps of a View; goes inside the page's <form>
//	form-field         one field of a View, for pages that arrange fields themselves
//	form-reading       the answers of a Reading, one summary per step
//	form-reading-list  the answers of one step of a Reading, as a description list
//
//go:embed *.html
var Templates embed.FS

// View is a form ready to show. The page writes title, intro, buttons and the
// form element around it.
type View struct {
	Form  *texts.Form
	Steps []StepView
	// Errors and ErrorTitle make the summary.
	Errors     Errors
	ErrorTitle string
	// RequiredHint says that everything without a mark is required.
	RequiredHint string
}

// StepView is one step. Heading is empty where the form shows only one step,
// whose heading is the title of the page.
type StepView struct {
	Key     string
	ID      string
	Heading string
	Intro   string
	Reveal  *Reveal
	Groups  []GroupView
}

// GroupView is the fields of a step, or one repetition of them with a Legend.
type GroupView struct {
	Legend string
	// Appointment puts day, time and duration beside each other.
	Appointment bool
	// Warnings are what to think about before sending it.
	Warnings   []string
	WarningsID string
	Fields     []FieldView
}

// Reveal is the condition of a field or step, for the script that hides what
// does not apply: shown if the field named Field has Option, or, with
// NotOption, any other answer. Without script everything shows.
type Reveal struct {
	Field     string
	Option    string
	NotOption string
}

// FieldView is one field. Kind names its block of the templates: input, area,
// select, box or group.
type FieldView struct {
	Kind         string
	ID           string
	Name         string
	Label        string
	OptionalMark string
	Hint         string
	Error        string
	Reveal       *Reveal
	Value        string

	InputType    string
	Autocomplete string
	Earliest     string
	Latest       string
	MaxLength    int
	Rows         int
	CountLeft    string
	CountOver    string

	Layout       string
	PleaseChoose string
	Options      []OptionView
}

// OptionView is one answer to choose. Type is the type of its input, Wrong
// that its field has an error.
type OptionView struct {
	ID          string
	Name        string
	Type        string
	Key         string
	Label       string
	Description string
	DescribedBy string
	Chosen      bool
	Wrong       bool
	Day         *DayView
}

// DayView is the leaf of a calendar beside an answer.
type DayView struct {
	Weekday, Day, Month string
}

// DescribedBy lists the ids of hint and error, for aria-describedby.
func (f FieldView) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-err")
	}
	return strings.Join(ids, " ")
}
