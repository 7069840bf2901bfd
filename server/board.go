package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const boardPath = consultationsPath + "/tafel"

func (s *Server) boardRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: boardPath, Who: Coordination, Handle: s.showBoard}}
}

// choiceLink is one of some links of which one is chosen. Templates show them by "choose".
type choiceLink struct {
	Label, URL string
	Current    bool
}

// boardPage is the consultations that go on, one column a stage. It has the filter of the list.
type boardPage struct {
	Views   []choiceLink
	Whose   []choiceLink
	Filter  consultationFilter
	Kept    []string // columns of the list that the address names
	Columns []boardColumn
	Empty   *emptyView
}

// Template implements Page.
func (boardPage) Template() string { return "board" }

type boardColumn struct {
	Key   advisory.Stage
	Title string
	Total int
	Cards []boardCard
	More  string // address of the whole list of the column; "" where all of it is shown
	MoreN int    // how many are not shown
}

type boardCard struct {
	store.BoardCard
	Badge *taskBadge // overdue, today or resting
	Due   string     // until when, or what else comes next
}

// Level is the colour of the card beside its words.
func (b boardCard) Level() string {
	if b.Badge == nil || b.Resting {
		return ""
	}
	if b.Badge.Icon == "danger" {
		return "danger"
	}
	return "warning"
}

func (s *Server) showBoard(c *Context) error {
	page := boardPage{Views: c.listOrBoard(boardPath), Kept: c.QueryParams()[columnQuery]}
	var err error
	if page.Filter, err = s.consultationFilter(c); err != nil {
		return err
	}
	page.Filter.Columns = nil
	columns, err := s.store.Board(c.Request().Context(), page.Filter.filter)
	if err != nil {
		return err
	}
	mine, shown := c.QueryParam(coordinatorQuery) == c.Person.ID, 0
	page.Whose = []choiceLink{
		{c.T("board.everybody"), c.linkWith(coordinatorQuery, ""), page.Filter.filter.Coordinator == ""},
		{c.T("board.mine"), c.linkWith(coordinatorQuery, c.Person.ID), mine},
	}
	for _, column := range columns {
		page.Columns = append(page.Columns, c.boardColumn(column))
		shown += len(column.Cards)
	}
	if shown == 0 {
		page.Empty = c.emptyList(page.Filter.filtered, emptyView{Text: c.T("board.none")})
	}
	return c.Show(http.StatusOK, page)
}

// listOrBoard leads from the list to the board and back, with the same filter.
func (c *Context) listOrBoard(current string) []choiceLink {
	return []choiceLink{
		{c.T("board.list"), c.linkTo(consultationsPath), current == consultationsPath},
		{c.T("board.board"), c.linkTo(boardPath), current == boardPath},
	}
}

func (c *Context) boardColumn(found store.BoardColumn) boardColumn {
	column := boardColumn{Key: found.Stage, Title: c.narrowStage(string(found.Stage)), Total: found.Total}
	for _, card := range found.Cards {
		column.Cards = append(column.Cards, c.boardCard(card))
	}
	if column.MoreN = found.Total - len(found.Cards); column.MoreN > 0 {
		state := runningState
		if found.Stage == advisory.FollowUp {
			state = "" // what waits for its follow-up has an outcome
		}
		column.More = c.linkAt(consultationsPath, stageQuery, string(found.Stage), stateQuery, state)
	}
	return column
}

func (c *Context) boardCard(found store.BoardCard) boardCard {
	card := boardCard{BoardCard: found}
	if found.CoordinatorName == "" {
		card.CoordinatorName = c.T("task_states.unclaimed")
	}
	switch {
	case found.Resting:
		card.Badge = badge("info", c.T("conditions.resting"))
	case found.NextDue != nil:
		card.Due = c.T("dates.until", "date", texts.ShortDate(c.Lang, *found.NextDue))
		switch store.DueGroupOf(*found.NextDue, c.Now()) {
		case store.Overdue:
			card.Badge = badge("danger", c.T("coordination_pages.due.overdue"))
		case store.DueToday:
			card.Badge = badge("warning", c.T("dates.today"))
		}
	case found.FollowUpFrom != nil:
		card.Due = c.T("board.follow_up", "date", texts.ShortDate(c.Lang, *found.FollowUpFrom))
	default:
		card.Due = c.T("board.nothing_owed")
	}
	return card
}
