package server

import (
	"net/http"

	"miglobe/store"
)

const runningState = "running" // filter: no outcome yet

// consultationListPage is the list of all consultations for the coordination team.
type consultationListPage struct {
	Views   []choiceLink
	Stages  stageBar
	Filter  consultationFilter
	Columns []string // headings beside number, municipality and stage
	Rows    []consultationRow
	Empty   *emptyView
	Pager   pagerView
	Exports exportLinks
	Saved   savedFilters
}

// Template implements Page.
func (consultationListPage) Template() string { return "coordination_consultations" }

type consultationRow struct {
	Number, Municipality, Subject string
	Standing                      *taskBadge
	Cells                         []consultationCell
}

type consultationCell struct {
	Label, Text string
	Late        *taskBadge // the next due date has passed
}

func (s *Server) showConsultations(c *Context) error {
	page, err := s.consultationList(c)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// consultationList is the page of the list that the address asks for.
func (s *Server) consultationList(c *Context) (consultationListPage, error) {
	page := consultationListPage{Views: c.listOrBoard(consultationsPath), Exports: c.exportLinks()}
	var err error
	if page.Filter, err = s.consultationFilter(c); err != nil {
		return page, err
	}
	filter := page.Filter.filter
	if page.Stages, err = s.stageBar(c, filter.Stage); err != nil {
		return page, err
	}
	if page.Saved, err = s.savedFilters(c, store.ConsultationFilters); err != nil {
		return page, err
	}
	list, err := s.store.ConsultationList(c.Request().Context(), filter)
	if err != nil {
		return page, err
	}
	for _, column := range page.Filter.columns {
		page.Columns = append(page.Columns, c.columnLabel(column))
	}
	for _, found := range list.Consultations {
		page.Rows = append(page.Rows, c.consultationRow(found, page.Filter.columns))
	}
	page.Pager = c.pager(list.Total, store.ConsultationsPerPage)
	if list.Uncounted {
		page.Pager = c.pagerWith(c.T("coordination_pages.page_and_more", "n", c.page(), "count", store.CountedConsultations), list.More)
	}
	if len(page.Rows) == 0 {
		page.Empty = c.emptyList(page.Filter.filtered || filter.Page > 1, emptyView{Text: c.T("empty.consultations")})
	}
	return page, nil
}

func (c *Context) consultationRow(found store.ListedConsultation, columns []string) consultationRow {
	row := consultationRow{
		Number: found.Number, Municipality: found.Municipality, Subject: found.Subject, Standing: c.standing(found.Consultation),
	}
	for _, column := range columns {
		cell := consultationCell{Label: c.columnLabel(column), Text: c.cell(column, found)}
		if column == "next_due" && found.NextDue != nil && !found.IsResting() && store.DueGroupOf(*found.NextDue, c.Now()) == store.Overdue {
			cell.Late = badge("danger", c.T("coordination_pages.due.overdue"))
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}
