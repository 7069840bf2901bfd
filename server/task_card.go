package server

import (
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// taskCard is a task in a list or as the next thing to do: what is owed, by whom, until when. Templates show it by
// "task-card", a row, or "task-next", a card.
type taskCard struct {
	Task        store.Task
	Title       string
	Description string
	Session     string // which session of the dialogue it is about, where it is about one: there may be several
	URL         string // path of the task's page, without language
	Action      string // words of the link to it
	Owner       string // a person, the municipality, or the role
	May         bool   // the person behind the request may settle it
	Mine        bool   // and owes it, also as a deputy
	AsDeputy    bool   // and owes it in the place of the owner, who is absent
	Deputy      string // who acts in whose place, in words; "" where the owner is there
	Claim       bool   // it is settled by one button, in the list already
	Due         string // "noch 4 Arbeitstage"
	Urgency     urgency
	Badge       *taskBadge // overdue, today, resting
}

// urgency groups tasks by their due date.
type urgency string

const (
	overdue  urgency = "overdue"
	dueToday urgency = "today"
	dueSoon  urgency = "soon" // within two working days
	dueLater urgency = "later"
	frozen   urgency = "frozen" // the consultation rests
)

const soonDays = 2

// Level is the colour of the row beside its words: "danger", "warning" or "".
func (c taskCard) Level() string {
	switch c.Urgency {
	case overdue:
		return "danger"
	case dueToday, dueSoon:
		return "warning"
	}
	return ""
}

type taskBadge struct{ Class, Icon, Text string }

// taskCard prepares a task for the person behind the request.
func (s *Server) taskCard(c *Context, task store.Task) (taskCard, error) {
	cards, err := s.taskCards(c, []store.Task{task})
	if err != nil {
		return taskCard{}, err
	}
	return cards[0], nil
}

// taskCards is taskCard for a list.
func (s *Server) taskCards(c *Context, tasks []store.Task) ([]taskCard, error) {
	deputies, err := s.deputiesOf(c, tasks)
	if err != nil {
		return nil, err
	}
	cards := make([]taskCard, 0, len(tasks))
	for _, task := range tasks {
		card, err := s.newTaskCard(c, task)
		if err != nil {
			return nil, err
		}
		c.markDeputy(&card, deputies)
		cards = append(cards, card)
	}
	return cards, nil
}

func (s *Server) newTaskCard(c *Context, task store.Task) (taskCard, error) {
	key := "tasks." + string(task.Kind)
	card := taskCard{
		Task: task, Title: c.T(key + ".title"), Description: c.T(key + ".description"), URL: taskPath(task.ID),
		Owner: c.ownerOf(task), Action: c.T("actions.open"),
	}
	if task.SessionKind == advisory.DialogueSession {
		card.Session = c.sessionTitle(task.SessionKind, task.SessionOrdinal)
	}
	card.Urgency, card.Due = c.due(task)
	card.Badge = c.badgeOf(card)
	var err error
	if task.Kind == advisory.DecideRest {
		if card.Description, err = s.restDescription(c, task); err != nil {
			return card, err
		}
	}
	actor := c.Actor()
	if actor == nil || !task.IsOpen() {
		return card, nil
	}
	if card.May, err = s.store.MaySettle(c.Request().Context(), task, *actor, c.Now()); err != nil || !card.May {
		return card, err
	}
	card.Mine = task.OwnedBy(actor.ID) || task.OwnerID == nil && !task.ActsForMunicipality(*actor)
	card.Claim = task.Kind == advisory.ClaimRequest
	card.Action = c.T("task_pages.settle." + string(task.Kind))
	if task.ActsForMunicipality(*actor) {
		card.Action = c.T("actions.act_on_behalf")
	}
	return card, nil
}

func taskPath(id string) string { return "/aufgaben/" + id }

// ownerOf names who owes a task.
func (c *Context) ownerOf(task store.Task) string {
	switch {
	case task.OwnerID != nil:
		return task.OwnerName
	case task.OwnerRole == advisory.Municipality:
		return task.Municipality
	default:
		return c.T("roles." + string(task.OwnerRole) + ".name")
	}
}

// due says how far away the due date is, in working days of the municipality's Land.
func (c *Context) due(task store.Task) (urgency, string) {
	calendar, now := task.Calendar(), c.Now()
	count := func(key string, from, to time.Time) (int, string) {
		n := calendar.WorkdaysBetween(from, to)
		return n, c.server.texts.Count(c.Lang, key, n)
	}
	today, due := advisory.Midnight(now), advisory.Midnight(task.DueOn)
	switch {
	case task.IsFrozen():
		_, text := count("dates.frozen", *task.RestingSince, task.DueOn)
		return frozen, text
	case due.Before(today):
		n, text := count("dates.overdue", task.DueOn, now)
		if n == 0 {
			text = c.T("dates.overdue_since", "date", texts.Date(c.Lang, task.DueOn))
		}
		return overdue, text
	case due.Equal(today):
		return dueToday, c.T("dates.due_today")
	default:
		n, text := count("dates.working_days_left", now, task.DueOn)
		if n <= soonDays {
			return dueSoon, text
		}
		return dueLater, text
	}
}

// badgeOf marks what needs a mark beside its date; normal states are plain text.
func (c *Context) badgeOf(card taskCard) *taskBadge {
	switch card.Urgency {
	case overdue:
		return &taskBadge{Class: "kern-badge--danger", Icon: "danger", Text: card.Due}
	case dueToday:
		return &taskBadge{Class: "kern-badge--warning", Icon: "warning", Text: c.T("dates.today")}
	case frozen:
		return &taskBadge{Class: "kern-badge--info", Icon: "info", Text: c.T("task_states.resting")}
	}
	return nil
}
