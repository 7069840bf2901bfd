package server

import (
	"net/http"
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

const programmesPath = settingsPath + "/programm"

func (s *Server) programmeRoutes() []Route {
	const restore = programmesPath + "/:version/wiederherstellen"
	routes := []Route{
		{Method: http.MethodGet, Path: programmesPath, Who: settingsAccess, Handle: s.showProgrammes},
		{Method: http.MethodGet, Path: programmesPath + "/:version", Who: settingsAccess, Handle: s.showProgramme},
		{Method: http.MethodGet, Path: programmesPath + "/:version/unterschied/:other", Who: settingsAccess, Handle: s.showDifference},
		{Method: http.MethodGet, Path: restore, Who: settingsAccess, Handle: s.showRestore},
		{Method: http.MethodPost, Path: restore, Who: settingsAccess, Handle: s.restoreProgramme},
	}
	for _, area := range []struct {
		path string
		find func(*Context) (ruleArea, error)
	}{{taskRulesPath + "/:task", taskArea}, {calendarRulesPath, calendarArea}, {numberRulesPath, numberArea}} {
		routes = append(routes,
			Route{Method: http.MethodGet, Path: area.path, Who: settingsAccess, Handle: s.showRules(area.find)},
			Route{Method: http.MethodPost, Path: area.path, Who: settingsAccess, Handle: s.changeRules(area.find)})
	}
	return routes
}

func programmePages() []Page {
	return []Page{programmeListPage{}, programmePage{}, programmeDifferencePage{}, programmeFormPage{}, programmeConfirmPage{}}
}

// programmeListPage lists all versions of the programme, the newest first.
type programmeListPage struct{ Rows []programmeRow }

// Template implements Page.
func (programmeListPage) Template() string { return "programme_list" }

// programmeRow is one version.
type programmeRow struct {
	Version    int
	Path       string
	Made       string // when and by whom
	Reason     string
	Running    string
	Newest     bool
	Before     int    // the version before it, 0 where there is none
	Difference string // path
	Move       string // path of the page that moves running consultations to it, "" where none follows an older one
}

func programmeVersionPath(version int) string { return programmesPath + "/" + strconv.Itoa(version) }

func differencePath(version, other int) string {
	return programmeVersionPath(version) + "/unterschied/" + strconv.Itoa(other)
}

func (s *Server) showProgrammes(c *Context) error {
	versions, err := s.store.ProgrammeVersions(c.Request().Context())
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, programmeListPage{Rows: c.programmeRows(versions)})
}

func (c *Context) programmeRows(versions []store.ProgrammeVersion) []programmeRow {
	var rows []programmeRow
	for i, v := range versions {
		row := programmeRow{Version: v.Version, Path: programmeVersionPath(v.Version), Newest: i == 0, Made: c.made(v),
			Running: c.T("settings_programme.running_none")}
		if v.Note != "" {
			row.Reason = c.T("settings_programme.reason", "note", v.Note)
		}
		if v.Running > 0 {
			row.Running = c.server.texts.Count(c.Lang, "settings_programme.running", v.Running)
		}
		if i+1 < len(versions) {
			row.Before = versions[i+1].Version
			row.Difference = differencePath(v.Version, row.Before)
		}
		if follows := func(v store.ProgrammeVersion) bool { return v.Running > 0 }; row.Newest && slices.ContainsFunc(versions[1:], follows) {
			row.Move = movingPathOf(v.Version)
		}
		rows = append(rows, row)
	}
	return rows
}

// made says when a version came about, and by whom.
func (c *Context) made(v store.ProgrammeVersion) string {
	if v.AuthorName == "" {
		return c.T("settings_programme.came_with_product", "date", ruleWords{c}.date(v.CreatedAt))
	}
	return c.T("settings_programme.by", "date", ruleWords{c}.date(v.CreatedAt), "name", v.AuthorName)
}

// programmePage is one version to read; the newest leads to the pages that change it.
type programmePage struct {
	programmeRow
	Tasks   []programmeTask
	Areas   []programmePart
	Compare []programmeLink
	Restore string // path, "" for the newest
	Moving  string // path where running consultations are moved to the newest, "" where none follows an older one
}

// Template implements Page.
func (programmePage) Template() string { return "programme_version" }

// programmeTask is a row of the table of tasks.
type programmeTask struct {
	Name, Owner, Due, Reminders string
	Then                        []string
	Change                      string // path, "" where it cannot be changed
}

// programmePart is a group of further rules.
type programmePart struct {
	ID, Title, Change string
	List              form.ReadStep
}

type programmeLink struct{ Label, Path string }

func (s *Server) showProgramme(c *Context) error {
	programme, err := s.programmeOf(c, "version")
	if err != nil {
		return err
	}
	versions, err := s.store.ProgrammeVersions(c.Request().Context())
	if err != nil {
		return err
	}
	rows := c.programmeRows(versions)
	i := slices.IndexFunc(rows, func(r programmeRow) bool { return r.Version == programme.Version })
	if i < 0 {
		return advisory.Errorf(advisory.NotFound, "no version %d", programme.Version)
	}
	page := programmePage{programmeRow: rows[i], Tasks: c.programmeTasks(programme, rows[i].Newest), Areas: c.programmeParts(programme, rows[i].Newest)}
	older := slices.ContainsFunc(versions[1:], func(v store.ProgrammeVersion) bool { return v.Running > 0 })
	switch {
	case !page.Newest:
		page.Restore = page.Path + "/wiederherstellen"
	case older:
		page.Moving = movingPathOf(page.Version)
	}
	for _, other := range rows {
		if other.Version != page.Version {
			page.Compare = append(page.Compare, programmeLink{c.T("settings_programme.version", "n", other.Version),
				differencePath(max(page.Version, other.Version), min(page.Version, other.Version))})
		}
	}
	return c.Show(http.StatusOK, page)
}

// programmeOf is the version that a parameter of the path names. Code not_found where there is none.
func (s *Server) programmeOf(c *Context, parameter string) (advisory.Programme, error) {
	version, err := strconv.ParseInt(c.Param(parameter), 10, 32)
	if err != nil {
		return advisory.Programme{}, advisory.Errorf(advisory.NotFound, "version %q", c.Param(parameter))
	}
	return s.store.ProgrammeVersion(c.Request().Context(), int(version))
}

func (c *Context) programmeTasks(p advisory.Programme, change bool) []programmeTask {
	var rows []programmeTask
	for _, rule := range p.Tasks {
		row := programmeTask{
			Name: c.T("settings_programme.tasks." + string(rule.Kind)), Owner: c.T("settings_programme.owners." + string(rule.Kind)),
			Due: ruleWords{c}.value("due", rule.Due), Reminders: ruleWords{c}.value("reminders", rule.Reminders), Then: ruleWords{c}.escalations(rule.Escalations),
		}
		if change {
			row.Change = taskRulesPath + "/" + string(rule.Kind)
		}
		rows = append(rows, row)
	}
	return rows
}

// programmeParts are all rules but those of tasks. Whatever no page of ours changes comes last.
func (c *Context) programmeParts(p advisory.Programme, change bool) []programmePart {
	calendar := programmePart{ID: "calendar", Title: c.T("settings_programme.areas.calendar"), Change: calendarRulesPath}
	numbers := programmePart{ID: "numbers", Title: c.T("settings_programme.areas.numbers"), Change: numberRulesPath}
	other := programmePart{ID: "other", Title: c.T("settings_programme.other_area")}
	for _, rule := range p.Differences(advisory.Programme{}) {
		part := &other
		switch {
		case rule.Task != "":
			continue
		case slices.Contains(calendarFields, rule.Field):
			part = &calendar
		case slices.ContainsFunc(numberFields, func(n numberField) bool { return n.key == rule.Field }):
			part = &numbers
		}
		part.List.Items = append(part.List.Items, form.ReadItem{
			Key: rule.Field, Label: ruleWords{c}.label("", rule.Field), Lines: []string{ruleWords{c}.value(rule.Field, rule.Is)}})
	}
	if len(p.Closures) == 0 {
		calendar.List.Items = append(calendar.List.Items, form.ReadItem{
			Key: "closures", Label: ruleWords{c}.label("", "closures"), Lines: []string{c.T("settings_programme.none")}})
	}
	parts := []programmePart{calendar, numbers, other}
	for i := range parts {
		if !change {
			parts[i].Change = ""
		}
	}
	return parts
}

// programmeDifferencePage says what one version says differently from another.
type programmeDifferencePage struct {
	Version, Other int
	Back           string
	Table          differenceTable
}

// Template implements Page.
func (programmeDifferencePage) Template() string { return "programme_difference" }

func (s *Server) showDifference(c *Context) error {
	later, err := s.programmeOf(c, "version")
	if err != nil {
		return err
	}
	earlier, err := s.programmeOf(c, "other")
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, programmeDifferencePage{
		Version: later.Version, Other: earlier.Version, Back: programmeVersionPath(later.Version),
		Table: ruleWords{c}.table(earlier, later, c.T("settings_programme.was", "n", later.Version)),
	})
}
