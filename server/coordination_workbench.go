package server

import (
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const (
	unclaimedShown = 5 // beside the other lists
	sessionsShown  = 5
)

// workbenchPage is where coordinators begin: what is owed, by urgency, and how many consultations are at each stage.
type workbenchPage struct {
	Today     time.Time
	Stages    stageBar
	Tabs      []workTab
	Filter    workFilter
	Saved     savedFilters
	Groups    []workGroup
	Selection selectionBar
	Empty     *emptyView
	Pager     pagerView
	Exports   exportLinks
	Unclaimed []workRow // beside the other lists
	Waiting   int       // how many are unclaimed
	Sessions  []workSession
	Mentions  mentionList
}

// Template implements Page.
func (workbenchPage) Template() string { return "coordination_workbench" }

type workTab struct {
	Label, URL string
	N          int
	Current    bool
}

// workGroup is the tasks of one group on this page; N counts those of all pages.
type workGroup struct {
	Key   store.DueGroup
	Title string
	N     int
	Rows  []workRow
}

// workRow is a task as the workbench shows it.
type workRow struct {
	taskCard
	ShowsOwner   bool
	Selected     bool   // for what is done with several at once
	PassedOn     string // to whom it was passed on, in words
	BringForward string // until when its owner has put it aside
}

type workSession struct {
	Title, Municipality, Number string
	StartsAt                    time.Time
}

func (s *Server) showWorkbench(c *Context) error {
	page, err := s.workbench(c)
	if err != nil {
		return err
	}
	if page.Mentions, err = s.mentions(c); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// workbench is the page with the list that the address asks for.
func (s *Server) workbench(c *Context) (workbenchPage, error) {
	page := workbenchPage{Today: c.Now(), Exports: c.exportLinks()}
	var err error
	if page.Filter, err = s.workFilter(c); err != nil {
		return page, err
	}
	page.Selection = c.selectionBar(page.Filter.List)
	if page.Stages, err = s.stageBar(c, page.Filter.filter.Stage); err != nil {
		return page, err
	}
	if page.Saved, err = s.savedFilters(c, store.TaskFilters); err != nil {
		return page, err
	}
	if err := s.addWork(c, page.Filter.tasks, &page); err != nil {
		return page, err
	}
	return page, s.addAside(c, &page)
}

// addWork adds the list itself, grouped by urgency, and its tabs.
func (s *Server) addWork(c *Context, filter store.WorkFilter, page *workbenchPage) error {
	counts, err := s.store.WorkCounts(c.Request().Context(), *c.Person, c.Now())
	if err != nil {
		return err
	}
	for _, list := range store.WorkLists {
		page.Tabs = append(page.Tabs, workTab{
			Label: c.listName(string(list)), N: counts[list], Current: list == filter.List,
			URL: c.linkWith(listQuery, string(list)),
		})
	}
	page.Waiting = counts[store.UnclaimedTasks]
	work, err := s.store.Work(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	rows, err := s.workRows(c, work.Tasks, filter.List)
	if err != nil {
		return err
	}
	for _, group := range store.DueGroups {
		shown := workGroup{Key: group, Title: c.T("coordination_pages.due." + string(group)), N: work.Groups[group]}
		if filter.List == store.RestingTasks {
			shown.Title = c.listName(string(filter.List))
		}
		for _, row := range rows {
			if row.Task.DueGroup(c.Now()) == group {
				shown.Rows = append(shown.Rows, row)
			}
		}
		if len(shown.Rows) > 0 {
			page.Groups = append(page.Groups, shown)
		}
	}
	page.Pager = c.pager(work.Total(), store.TasksPerPage)
	if len(rows) == 0 {
		page.Empty = c.emptyList(page.Filter.filtered || work.Total() > 0, c.emptyWork(page))
	}
	return nil
}

func (c *Context) emptyWork(page *workbenchPage) emptyView {
	if page.Filter.List != store.MyTasks {
		return emptyView{Text: c.T("empty." + string(page.Filter.List) + "_tasks")}
	}
	view := emptyView{Text: c.T("empty.my_tasks")}
	if page.Waiting > 0 {
		view.Action = c.server.texts.Count(c.Lang, "coordination_pages.see_unclaimed", page.Waiting)
		view.URL = c.linkWith(listQuery, string(store.UnclaimedTasks))
	}
	return view
}

// listsOfAll have tasks of many owners.
var listsOfAll = []store.WorkList{store.TeamTasks, store.WaitingTasks, store.RestingTasks}

func (s *Server) workRows(c *Context, tasks []store.Task, list store.WorkList) ([]workRow, error) {
	cards, err := s.taskCards(c, tasks)
	rows := make([]workRow, 0, len(cards))
	for _, card := range cards {
		rows = append(rows, workRow{
			taskCard: card, Selected: c.QueryParam(allQuery) != "", ShowsOwner: slices.Contains(listsOfAll, list) || !card.Task.OwnedBy(c.Person.ID) && card.Task.OwnerID != nil,
			PassedOn: c.passedOn(card.Task), BringForward: c.broughtForward(card.Task),
		})
	}
	return rows, err
}

// passedOn says to whom a task was passed on because it is late, or nothing.
func (c *Context) passedOn(task store.Task) string {
	switch advisory.Address(task.PassedTo) {
	case "":
		return ""
	case advisory.ToDeputy:
		return c.T("coordination_pages.passed_on.deputy")
	default:
		return c.T("task_states.escalated", "name", c.T("roles."+task.PassedTo+".name"))
	}
}

// broughtForward says until when the owner has put a task aside, or nothing.
func (c *Context) broughtForward(task store.Task) string {
	if task.ShownFrom == nil || !task.ShownFrom.After(c.Now()) {
		return ""
	}
	text := c.T("task_states.bring_forward", "date", texts.Date(c.Lang, *task.ShownFrom))
	if task.BringForwardNote != "" {
		text += ": " + task.BringForwardNote
	}
	return text
}

// addAside adds what stands beside the list: what nobody has claimed yet, and the sessions of this week.
func (s *Server) addAside(c *Context, page *workbenchPage) error {
	ctx := c.Request().Context()
	if page.Filter.List != store.UnclaimedTasks && page.Waiting > 0 {
		tasks, err := s.store.FirstWork(ctx, store.UnclaimedTasks, *c.Person, c.Now(), unclaimedShown)
		if err != nil {
			return err
		}
		if page.Unclaimed, err = s.workRows(c, tasks, store.UnclaimedTasks); err != nil {
			return err
		}
	}
	sessions, err := s.store.SessionsThisWeek(ctx, c.Now(), sessionsShown)
	for _, session := range sessions {
		page.Sessions = append(page.Sessions, workSession{
			Title: c.sessionTitle(session.Kind, session.Ordinal), Municipality: session.Municipality, Number: session.Number,
			StartsAt: session.StartsAt,
		})
	}
	return err
}

// sessionTitle names a session. The opening conversation is the first one.
func (c *Context) sessionTitle(kind advisory.SessionKind, ordinal int) string {
	if kind == advisory.OpeningSession {
		return c.T("sessions.opening")
	}
	return c.T("sessions.numbered", "kind", c.T("sessions.dialogue"), "n", ordinal)
}
