package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const tasksPath = "/aufgaben"

func (s *Server) advisorRoutes() []Route {
	advisorOnly := Only(advisory.Advisor)
	return []Route{
		{Method: http.MethodGet, Path: tasksPath, Who: participants, Handle: s.listMyTasks},
		{Method: http.MethodGet, Path: profilePath, Who: advisorOnly, Handle: s.showProfile},
		{Method: http.MethodPost, Path: profilePath, Who: advisorOnly, Handle: s.saveProfile},
	}
}

func advisorPages() []Page { return []Page{myTasksPage{}, profilePage{}} }

// myTasksPage is what the person owes, by due date.
type myTasksPage struct {
	ForMunicipality bool
	Groups          []taskGroup
	Appointments    []appointmentView
	Pager           pagerView
	Total           int
}

// Template implements Page.
func (myTasksPage) Template() string { return "advisor_tasks" }

// Open tells whether there is anything to do.
func (p myTasksPage) Open() bool { return p.Total > 0 }

// taskGroup is a group of the list by due date: overdue, today, this_week, later or resting.
type taskGroup struct {
	Key   string
	Cards []taskCard
}

type appointmentView struct {
	store.Appointment
	Leaf  *dayLeaf
	When  string
	Where string
}

const appointmentsShown = 5

// listMyTasks is for municipalities and advisors; coordinators have theirs on the workbench.
func (s *Server) listMyTasks(c *Context) error {
	if c.Person.Role.Coordinates() {
		return c.Go(homePath(c.Person.Role))
	}
	ctx := c.Request().Context()
	tasks, total, err := s.store.TasksOfPerson(ctx, c.Person.ID, c.Now(), c.page())
	if err != nil {
		return err
	}
	cards, err := s.taskCards(c, tasks)
	if err != nil {
		return err
	}
	appointments, err := s.store.AppointmentsOfPerson(ctx, c.Person.ID, c.Now(), appointmentsShown)
	if err != nil {
		return err
	}
	list := myTasksPage{
		ForMunicipality: c.Person.Role == advisory.Municipality, Groups: groupTasks(cards, c.Now()),
		Pager: c.pager(total, store.TasksPerPage), Total: total,
	}
	for _, a := range appointments {
		list.Appointments = append(list.Appointments, appointmentView{
			Appointment: a, Leaf: c.leaf(a.StartsAt), When: texts.DateTimeRange(c.Lang, a.StartsAt, a.EndsAt),
			Where: c.where(a.Format, a.Place),
		})
	}
	return c.Show(http.StatusOK, list)
}

// groupTasks groups tasks that are sorted by due date. Those of resting consultations come last: nothing presses them.
func groupTasks(cards []taskCard, now time.Time) []taskGroup {
	groups := []taskGroup{{Key: "overdue"}, {Key: "today"}, {Key: "this_week"}, {Key: "later"}, {Key: "resting"}}
	for _, card := range cards {
		i := groupOf(card, now)
		groups[i].Cards = append(groups[i].Cards, card)
	}
	filled := groups[:0]
	for _, group := range groups {
		if len(group.Cards) > 0 {
			filled = append(filled, group)
		}
	}
	return filled
}

func groupOf(card taskCard, now time.Time) int {
	switch {
	case card.Urgency == overdue:
		return 0
	case card.Urgency == dueToday:
		return 1
	case card.Urgency == frozen:
		return 4
	case card.Task.DueOn.Before(nextMonday(now)):
		return 2
	default:
		return 3
	}
}

func nextMonday(now time.Time) time.Time {
	today := advisory.Midnight(now)
	days := (int(time.Monday) - int(today.Weekday()) + 7) % 7
	if days == 0 {
		days = 7
	}
	return today.AddDate(0, 0, days)
}
