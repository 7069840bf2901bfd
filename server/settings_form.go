package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

// The names that the pages of the settings post beside the fields of the form.
const (
	madeFromField = "stand" // the version that the page was made from
	previewAction = "vorschau"
	noteField     = "note"
	positionField = "position"
	newItem       = "new" // what is to be added; the other items are called by their key
)

// settingsFormPage is where a list of the programme is changed. Whatever is saved is a new version.
type settingsFormPage struct {
	Title, Intro string
	View         form.View
	Items        []settingsItem
	Note         form.StepView // why it is changed
	Submit       string
	Base         int
	Action       string
	BackPath     string // without language
	BackLabel    string
	Previews     bool
	Preview      *form.View // what would be asked
}

// Template implements Page.
func (settingsFormPage) Template() string { return "settings_form" }

// settingsItem is one item of the list, folded unless there is something to do in it.
type settingsItem struct {
	Title, Intro string
	Open         bool
	Fields       []settingsField
}

// settingsField stands beside the one in the other language, or alone.
type settingsField struct {
	form.FieldView
	Paired bool
}

// itemsOf are the steps of a view; one is open where a field of it is wrong, or where something new was typed.
func itemsOf(f *texts.Form, view form.View, added string) []settingsItem {
	var items []settingsItem
	for i, step := range view.Steps {
		item := settingsItem{Title: f.Steps[i].Title, Intro: step.Intro}
		for _, field := range step.Groups[0].Fields {
			paired := strings.HasSuffix(field.Name, "_de") || strings.HasSuffix(field.Name, "_en")
			if !paired { // a place or a box, never empty by mistake
				field.OptionalMark = ""
			}
			item.Open = item.Open || field.Error != "" || paired && step.Key == added && field.Value != ""
			item.Fields = append(item.Fields, settingsField{field, paired})
		}
		items = append(items, item)
	}
	return items
}

// itemStep is the part of a form about one item of a list: fields of a form of the texts under the item's own names.
func itemStep(template *texts.Form, item, title, intro string, fields ...string) texts.Step {
	step := texts.Step{Key: item, Title: title, Intro: intro}
	for _, field := range template.Steps[0].Fields {
		if slices.Contains(fields, field.Key) {
			field.Key = itemField(item, field.Key)
			step.Fields = append(step.Fields, field)
		}
	}
	return step
}

func itemField(item, field string) string { return item + "-" + field }

// optional lets all fields of a step be empty.
func optional(step texts.Step) texts.Step {
	for i := range step.Fields {
		step.Fields[i].Required = false
	}
	return step
}

// positions are the places from 1 to n.
func positions(n int) form.Sources {
	var places []texts.Option
	for i := range n {
		places = append(places, texts.Option{Key: strconv.Itoa(i + 1), Label: strconv.Itoa(i + 1)})
	}
	return form.Sources{"positions": places}
}

// placed sorts items by the places that were chosen for them. Who moves to a place that another item has comes before it when
// moving up and behind it when moving down. An item without a place stays last.
func placed[T any](items []T, place func(i int) string) []T {
	type ranked struct {
		item T
		rank int
	}
	order := make([]ranked, len(items))
	for i, item := range items {
		order[i] = ranked{item, 3*len(items) + 3}
		if chosen, err := strconv.Atoi(place(i)); err == nil {
			moved := 0
			if chosen != i+1 {
				moved = 1
			}
			if chosen < i+1 {
				moved = -1
			}
			order[i].rank = 3*chosen + moved
		}
	}
	slices.SortStableFunc(order, func(a, b ranked) int { return a.rank - b.rank })
	sorted := make([]T, len(items))
	for i := range order {
		sorted[i] = order[i].item
	}
	return sorted
}

// newestFrom refuses what was typed on a page that an earlier version was made from.
func (c *Context) newestFrom(p advisory.Programme) error {
	if c.Posted().Get(madeFromField) != strconv.Itoa(p.Version) {
		return c.staleProgramme(advisory.Errorf(advisory.Conflict, "version %d is the newest programme", p.Version))
	}
	return nil
}

func (c *Context) staleProgramme(err error) error {
	return &Explained{Err: err, Title: c.T("settings_version.stale_title"), Text: c.T("settings_version.stale_text"),
		ActionLabel: c.T("settings_version.stale_action"), ActionPath: c.Path()}
}

// addVersion makes a new version and tells its number.
func (s *Server) addVersion(c *Context, changed advisory.Programme, note string) (int, error) {
	version, err := s.store.AddProgramme(c.Request().Context(), changed, c.Person.ID, note)
	if advisory.CodeOf(err) == advisory.Conflict {
		return 0, c.staleProgramme(err)
	}
	s.texts.topics.forget()
	return version, err
}

// addProblems shows what is wrong with an item beside its field.
func addProblems(errs form.Errors, f *texts.Form, c *Context, problems []advisory.ContentProblem, item func(string) string) form.Errors {
	for _, problem := range problems {
		key := itemField(item(problem.Item), problem.Field)
		if problem.Field == "" {
			key = ""
		}
		errs = errs.Add(f, c.Sources, c.FormContext(), key, "programme_"+problem.Code)
	}
	return errs
}

// inItems says in the summary which item an error is about.
func inItems(f *texts.Form, errs form.Errors) form.Errors {
	errs = slices.Clone(errs)
	for i := range errs {
		for _, step := range f.Steps[:len(f.Steps)-1] {
			if strings.HasPrefix(errs[i].Key, itemField(step.Key, "")) {
				errs[i].Label = step.Title + ", " + errs[i].Label
			}
		}
	}
	return errs
}

func (c *Context) showSettingsForm(status int, page settingsFormPage, f *texts.Form, answers advisory.Answers, errs form.Errors) error {
	errs = inItems(f, errs)
	page.View = form.NewView(f, answers, errs, c.Sources, c.FormContext())
	last := len(page.View.Steps) - 1
	page.Items, page.Note = itemsOf(f, page.View, newItem)[:last], page.View.Steps[last]
	page.Submit, page.Action = f.Submit, c.Path()
	return c.Show(status, page)
}

func statusOfForm(errs form.Errors) int {
	if len(errs) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
