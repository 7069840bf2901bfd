package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

const runningState = "running" // filter: no outcome yet

// consultationListPage is the list of all consultations for the coordination team.
type consultationListPage struct {
	Stages    stageBar
	Words     string
	StageKeys []filterOption
	StateKeys []filterOption
	Rows      []consultationRow
	Empty     *emptyView
	Pager     pagerView
}

// Template implements Page.
func (consultationListPage) Template() string { return "coordination_consultations" }

type consultationRow struct {
	Number, Municipality, Subject string
	Coordinator                   string
	Standing                      *taskBadge
	Late                          *taskBadge // the next due date has passed
	NextDue                       *time.Time
	UpdatedAt                     time.Time
}

func (s *Server) showConsultations(c *Context) error {
	page := consultationListPage{Words: c.QueryParam(wordsQuery)}
	filter := store.ConsultationFilter{Words: page.Words, Page: c.page()}
	filter.Stage, page.StageKeys = c.stageFilter()
	page.StateKeys = c.outcomeFilter(&filter)
	var err error
	if page.Stages, err = s.stageBar(c, filter.Stage); err != nil {
		return err
	}
	list, err := s.store.ConsultationList(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	for _, found := range list.Consultations {
		page.Rows = append(page.Rows, c.consultationRow(found))
	}
	page.Pager = c.pager(list.Total, store.ConsultationsPerPage)
	if list.Uncounted {
		page.Pager = c.pagerWith(c.T("coordination_pages.page_and_more", "n", c.page(), "count", store.CountedConsultations), list.More)
	}
	if len(page.Rows) == 0 {
		filtered := filter.Stage != "" || filter.Outcome != "" || filter.Running || filter.Page > 1
		page.Empty = c.emptyList(filtered, emptyView{Text: c.T("empty.consultations")})
	}
	return c.Show(http.StatusOK, page)
}

// outcomeFilter is the filter by how a consultation ended, or that it runs.
func (c *Context) outcomeFilter(filter *store.ConsultationFilter) []filterOption {
	keys := []string{runningState}
	for _, outcome := range advisory.Outcomes {
		keys = append(keys, string(outcome))
		if c.QueryParam(stateQuery) == string(outcome) {
			filter.Outcome = outcome
		}
	}
	filter.Running = c.QueryParam(stateQuery) == runningState
	asked := string(filter.Outcome)
	if filter.Running {
		asked = runningState
	}
	return c.filterOptions(asked, keys, func(key string) string {
		if key == runningState {
			return c.T("conditions.running")
		}
		return c.T("outcomes." + key + ".name")
	})
}

func (c *Context) consultationRow(found store.ListedConsultation) consultationRow {
	row := consultationRow{
		Number: found.Number, Municipality: found.Municipality, Subject: found.Subject, Coordinator: found.CoordinatorName,
		Standing: c.standing(found.Consultation), NextDue: found.NextDue, UpdatedAt: found.UpdatedAt,
	}
	if row.Coordinator == "" && found.IsRunning() {
		row.Coordinator = c.T("task_states.unclaimed")
	}
	if row.NextDue != nil && !found.IsResting() && store.DueGroupOf(*row.NextDue, c.Now()) == store.Overdue {
		row.Late = badge("danger", c.T("coordination_pages.due.overdue"))
	}
	return row
}
