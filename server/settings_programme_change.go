package server

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

const (
	baseField   = "stand"   // the version that a change was made from
	stepField   = "schritt" // what a page of a change was sent for; empty: to see the difference
	stepSave    = "speichern"
	stepReenter = "aendern"
)

// programmeFormPage changes one area of the newest programme.
type programmeFormPage struct {
	View          form.View
	Title, Path   string
	Version, Next int
	Back          string
	Holidays      []holidayRow
}

// Template implements Page.
func (programmeFormPage) Template() string { return "programme_form" }

type holidayRow struct{ Day, Name, Laender string }

// programmeConfirmPage shows what a change would do, before it is saved.
type programmeConfirmPage struct {
	Title, Text, Path string
	Version, Next     int
	Table             differenceTable
	Hidden            []typedAnswer // what was typed, by name
	Reenter           bool          // there is a form to go back to
	Back              string        // else: a path
	Earlier           int           // the version to return to
	Same              string        // there is nothing to return to
	Refused           []string      // why it cannot be saved
}

// Template implements Page.
func (programmeConfirmPage) Template() string { return "programme_confirm" }

// ruleDesk is one request to change an area: the newest programme and the form of the area.
type ruleDesk struct {
	ruleArea
	Form   *texts.Form
	newest advisory.Programme
}

func (s *Server) ruleDesk(c *Context, find func(*Context) (ruleArea, error)) (ruleDesk, error) {
	area, err := find(c)
	if err != nil {
		return ruleDesk{}, err
	}
	d := ruleDesk{ruleArea: area, Form: c.Form(area.form)} // before anything is refused, so that a page can show what was typed
	if d.newest, err = s.store.Programme(c.Request().Context()); err != nil {
		return d, err
	}
	c.Sources = area.sources(d.newest)
	d.Form = c.fitted(d.Form, area)
	return d, nil
}

// fitted leaves out the questions that there is nothing to choose for, and asks for what this area needs.
func (c *Context) fitted(f *texts.Form, area ruleArea) *texts.Form {
	fitted := *f
	fitted.Steps = slices.Clone(f.Steps)
	for i := range fitted.Steps {
		fields := slices.DeleteFunc(slices.Clone(fitted.Steps[i].Fields), func(field texts.Field) bool {
			return field.Source != "" && len(c.Sources[field.Source]) == 0
		})
		for n, field := range fields {
			if why, ok := area.needed[field.Key]; ok {
				fields[n].Required = true
				fields[n].Errors = map[string]string{"missing": c.server.texts.FormText(c.Lang, "errors."+problemText(why))}
			}
		}
		fitted.Steps[i].Fields = fields
	}
	return &fitted
}

func (s *Server) showRules(find func(*Context) (ruleArea, error)) Handler {
	return func(c *Context) error {
		d, err := s.ruleDesk(c, find)
		if err != nil {
			return err
		}
		return c.showRules(d, http.StatusOK, d.read(d.newest), nil)
	}
}

func (c *Context) showRules(d ruleDesk, status int, answers advisory.Answers, errs form.Errors) error {
	page := programmeFormPage{
		View: form.NewView(d.Form, answers, errs, c.Sources, c.FormContext()), Title: d.title, Path: d.path,
		Version: d.newest.Version, Next: d.newest.Version + 1, Back: programmeVersionPath(d.newest.Version),
	}
	if d.holidays {
		page.Holidays = c.holidayRows()
	}
	return c.Show(status, page)
}

func (c *Context) holidayRows() []holidayRow {
	var rows []holidayRow
	for _, holiday := range advisory.Holidays(c.Now(), c.Now().AddDate(1, 0, 0)) {
		var laender []string
		for _, land := range holiday.Laender {
			laender = append(laender, string(land))
		}
		row := holidayRow{Day: texts.Date(c.Lang, holiday.Day), Name: holiday.Name, Laender: strings.Join(laender, ", ")}
		if len(laender) == len(advisory.Laender) {
			row.Laender = c.T("settings_programme.everywhere")
		}
		rows = append(rows, row)
	}
	return rows
}

// changeRules shows what a change would do, and saves it when that was seen.
func (s *Server) changeRules(find func(*Context) (ruleArea, error)) Handler {
	return func(c *Context) error {
		d, err := s.ruleDesk(c, find)
		if err != nil {
			return err
		}
		if c.Posted().Get(baseField) != strconv.Itoa(d.newest.Version) {
			return s.outdated(c)
		}
		answers := form.Decode(d.Form, c.Posted(), c.Sources)
		changed, errs := c.enterRules(d, answers)
		switch step := c.Posted().Get(stepField); {
		case step == stepReenter:
			return c.showRules(d, http.StatusOK, answers, nil)
		case len(errs) > 0:
			return c.showRules(d, http.StatusUnprocessableEntity, answers, errs)
		case step == stepSave:
			return s.saveProgramme(c, changed, answers.Get("note"), "settings_programme.saved")
		}
		return c.confirmRules(d, changed, answers)
	}
}

// enterRules makes the changed programme, or says why it must not be used.
func (c *Context) enterRules(d ruleDesk, answers advisory.Answers) (advisory.Programme, form.Errors) {
	fc := c.FormContext()
	errs := form.Validate(d.Form, answers, c.Sources, fc)
	changed := d.newest
	for _, wrong := range d.enter(&changed, answers) {
		errs = errs.Add(d.Form, c.Sources, fc, wrong.field, "programme_"+wrong.code, wrong.values...)
	}
	if len(errs) > 0 {
		return changed, errs
	}
	for _, problem := range changed.Problems() {
		if problem.Task == d.task && hasField(d.Form, problem.Field) {
			errs = errs.Add(d.Form, c.Sources, fc, problem.Field, problemText(problem.Code), problemValues(problem)...)
		} else {
			errs = append(errs, form.Error{Message: ruleWords{c}.problem(problem)})
		}
	}
	if len(errs) == 0 && len(changed.Differences(d.newest)) == 0 {
		errs = errs.Add(d.Form, c.Sources, fc, "", "programme_unchanged")
	}
	return changed, errs
}

// hasField tells whether a form asks for a rule: the path that Problems gives.
func hasField(f *texts.Form, path string) bool {
	return slices.ContainsFunc(f.Steps, func(step texts.Step) bool {
		return slices.ContainsFunc(step.Fields, func(field texts.Field) bool {
			if step.Repeat == "" {
				return field.Key == path
			}
			return strings.HasPrefix(path, step.Key+".") && strings.HasSuffix(path, "."+field.Key)
		})
	})
}

func (c *Context) confirmRules(d ruleDesk, changed advisory.Programme, answers advisory.Answers) error {
	page := programmeConfirmPage{
		Title: d.title, Path: d.path, Version: d.newest.Version, Next: d.newest.Version + 1, Reenter: true,
		Text:  c.T("settings_programme.confirm_text", "n", d.newest.Version, "next", d.newest.Version+1),
		Table: ruleWords{c}.table(d.newest, changed, c.T("settings_programme.will_be")),
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		for _, value := range answers[name] {
			page.Hidden = append(page.Hidden, typedAnswer{Label: name, Value: value})
		}
	}
	return c.Show(http.StatusOK, page)
}

// saveProgramme makes a new version of a programme that has no problems, and says so with the list of versions.
func (s *Server) saveProgramme(c *Context, changed advisory.Programme, note, message string) error {
	version, err := s.store.AddProgramme(c.Request().Context(), changed, c.Person.ID, note)
	switch {
	case advisory.CodeOf(err) == advisory.Conflict:
		return s.outdated(c)
	case err != nil:
		return err
	}
	return c.Done(programmeVersionPath(version), message, "n", version)
}

// outdated says who has made a newer version than the one that was changed.
func (s *Server) outdated(c *Context) error {
	versions, err := s.store.ProgrammeVersions(c.Request().Context())
	if err != nil {
		return err
	}
	newest := versions[0]
	name := newest.AuthorName
	if name == "" {
		name = c.T("settings_programme.nobody")
	}
	return &Explained{
		Err:   advisory.Errorf(advisory.Conflict, "version %s is not the newest programme", c.Posted().Get(baseField)),
		Title: c.T("settings_programme.conflict_title"),
		Text: c.T("settings_programme.conflict_text", "name", name, "date", texts.DateTime(c.Lang, newest.CreatedAt),
			"n", newest.Version),
		ActionLabel: c.T("settings_programme.conflict_action"), ActionPath: programmeVersionPath(newest.Version),
	}
}
