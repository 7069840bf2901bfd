package server

import (
	"net/http"
	"strconv"

	"miglobe/advisory"
	"miglobe/store"
)

const incidentsPath = "/betrieb"

// incidentKind is a list of incidents: the group of its texts below incidents, and its name in addresses.
type incidentKind struct{ Key, Path string }

var (
	inputIncidents = incidentKind{"inputs", "eingaben"}
	stepIncidents  = incidentKind{"steps", "schritte"}
	mailIncidents  = incidentKind{"mails", "mails"}
)

// retryPath is the path of the action for one row of the list, or for all of them where row is "".
func (k incidentKind) retryPath(row string) string {
	return incidentsPath + "/" + k.Path + row + "/erneut"
}

func (s *Server) incidentRoutes() []Route {
	administrator := Only(advisory.Administrator)
	routes := []Route{{Method: http.MethodGet, Path: incidentsPath, Who: administrator, Handle: s.showIncidents}}
	for _, action := range []struct {
		kind   incidentKind
		row    string // the parameters that name one
		handle Handler
	}{
		{inputIncidents, "/:id", s.retryInputs}, {stepIncidents, "/:id/:n", s.retrySteps}, {mailIncidents, "/:id", s.retryMails},
	} {
		for _, row := range []string{"", action.row} { // all of them, or one
			routes = append(routes, Route{Method: http.MethodPost, Path: action.kind.retryPath(row), Who: administrator, Handle: action.handle})
		}
	}
	return routes
}

// incidentsPage shows what does not go on by itself, without a word of what it is about.
type incidentsPage struct {
	Sections []incidentSection
	AllWell  bool
}

// Template implements Page.
func (incidentsPage) Template() string { return "administration_incidents" }

// incidentSection is one list of incidents.
type incidentSection struct {
	incidentKind
	Count    string // "" for none
	Columns  []string
	Rows     []incidentRow
	RetryAll bool
	Pager    pagerView
}

type incidentRow struct {
	Cells []incidentCell // one a column
	Retry string         // path of the action; "" where there is none
	Label string         // of the action, for who does not see the row
	Note  string         // in place of the action
}

type incidentCell struct {
	Text, More string
	Whole      bool // no line break in it
}

func (s *Server) showIncidents(c *Context) error {
	page := incidentsPage{AllWell: true}
	for _, read := range []func(*Context) (incidentSection, error){s.inputSection, s.stepSection, s.mailSection} {
		section, err := read(c)
		if err != nil {
			return err
		}
		page.Sections = append(page.Sections, section)
		page.AllWell = page.AllWell && section.Count == ""
	}
	return c.Show(http.StatusOK, page)
}

// newIncidentSection prepares a list whose columns have these texts below incidents.columns.
func newIncidentSection[Row any](c *Context, kind incidentKind, found store.Incidents[Row], columns []string, row func(Row) incidentRow) incidentSection {
	section := incidentSection{incidentKind: kind, RetryAll: found.Retryable > 0}
	for _, column := range columns {
		section.Columns = append(section.Columns, c.T("incidents.columns."+column))
	}
	for _, r := range found.Rows {
		section.Rows = append(section.Rows, row(r))
	}
	if found.Total > 0 {
		section.Count = strconv.Itoa(found.Total)
	}
	text := c.T("incidents.page", "n", c.pageOf(kind.Path), "count", found.Total)
	if found.Uncounted {
		section.Count = c.T("incidents.more_than", "n", store.CountedIncidents)
		text = c.T("coordination_pages.page_and_more", "n", c.pageOf(kind.Path), "count", store.CountedIncidents)
	}
	section.Pager = c.pagerOf(kind.Path, text, found.More)
	return section
}

func (s *Server) retryInputs(c *Context) error {
	n, err := s.store.RetryInputs(c.Request().Context(), c.Param("id"))
	return c.retried(inputIncidents, n, err)
}

func (s *Server) retrySteps(c *Context) error {
	step, _ := strconv.Atoi(c.Param("n")) // what is no number names no step
	n, err := s.store.RetrySteps(c.Request().Context(), c.Param("id"), step)
	return c.retried(stepIncidents, n, err)
}

func (s *Server) retryMails(c *Context) error {
	n, err := s.store.RetryMails(c.Request().Context(), c.Now(), c.Param("id"))
	return c.retried(mailIncidents, n, err)
}

// retried says how many are tried again. None are where somebody was faster, or they have gone on by themselves.
func (c *Context) retried(kind incidentKind, n int, err error) error {
	if err != nil {
		return err
	}
	c.Log.InfoContext(c.Request().Context(), "incidents are tried again", "list", kind.Key, "count", n)
	text := c.T("incidents.retried.none")
	if n > 0 {
		text = c.server.texts.Count(c.Lang, "incidents.retried."+kind.Key, n)
	}
	c.remember(messageEntry, text)
	return c.Go(incidentsPath)
}
