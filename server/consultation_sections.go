package server

import (
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// reading prints answers of a form for reading; the form of the request page is left alone.
func (c *Context) reading(name string, answers advisory.Answers, step string) []form.ReadStep {
	f, ok := c.server.texts.Form(c.Lang, name)
	if !ok {
		return nil
	}
	fc := c.FormContext()
	fc.Step = step
	return form.Reading(f, answers, form.Sources{
		"laender": c.server.texts.OptionList(c.Lang, "laender"), "countries": countries[c.Lang](),
	}, fc)
}

// sentRequest is the request as it was sent. Contacts stand elsewhere, as they are now.
func (c *Context) sentRequest(f consultationFacts) []form.ReadStep {
	var steps []form.ReadStep
	for _, step := range c.reading("request", f.Request, "") {
		if step.Key != "contact" && step.Key != "check" {
			steps = append(steps, step)
		}
	}
	return steps
}

// goalView is the goal in the municipality's words and its versions.
type goalView struct {
	Goal, Need string
	Version    int           // 0: as in the request, nothing is recorded yet
	On         time.Time     // when the version was confirmed or written
	Confirmed  bool          // by the municipality
	Earlier    []earlierGoal // the latest first; the last one is the baseline
}

type earlierGoal struct {
	store.GoalVersion
	Baseline bool
}

// goal shows the version that counts: the latest one. Until the municipality has confirmed it, the page says so.
func (c *Context) goal(f consultationFacts) goalView {
	if len(f.goals) == 0 {
		return goalView{Goal: f.Request.Get("goal"), Need: f.Request.Get("need")}
	}
	latest := f.goals[len(f.goals)-1]
	view := goalView{Goal: latest.Goal, Need: latest.Need, Version: latest.Version, On: latest.WrittenAt}
	if latest.ConfirmedAt != nil {
		view.Confirmed, view.On = true, *latest.ConfirmedAt
	}
	for i := len(f.goals) - 2; i >= 0; i-- {
		view.Earlier = append(view.Earlier, earlierGoal{GoalVersion: f.goals[i], Baseline: f.goals[i].Version == 1})
	}
	return view
}

// sessionView is one session of the list.
type sessionView struct {
	store.Session
	Title string
	Leaf  *dayLeaf // nil before there is a date
	Past  bool
	When  string
	Where string
	Badge *taskBadge
	Note  []form.ReadItem
}

// dayLeaf is the leaf of a calendar.
type dayLeaf struct{ Weekday, Day, Month string }

func (c *Context) leaf(day time.Time) *dayLeaf {
	return &dayLeaf{
		Weekday: texts.WeekdayShort(c.Lang, day), Day: day.In(advisory.Berlin).Format("02"), Month: texts.MonthShort(c.Lang, day),
	}
}

// sessions lists the sessions, the latest one first. Where the consultation has ended, one that never got a date is over.
func (c *Context) sessions(f consultationFacts) []sessionView {
	var views []sessionView
	for i := len(f.sessions) - 1; i >= 0; i-- {
		if f.IsRunning() || f.sessions[i].HasDate() {
			views = append(views, c.session(f.sessions[i]))
		}
	}
	return views
}

func (c *Context) session(session store.Session) sessionView {
	view := sessionView{Session: session, Title: c.sessionTitle(session.Kind, session.Ordinal), Badge: c.sessionBadge(session)}
	if session.HasDate() {
		view.Leaf, view.Past = c.leaf(*session.StartsAt), session.EndsAt.Before(c.Now())
		view.When = texts.DateTimeRange(c.Lang, *session.StartsAt, *session.EndsAt)
		view.Where = c.where(session.Format, session.Place)
	}
	if session.Note != nil {
		for _, step := range c.reading("note", session.Note.Answers, "") {
			view.Note = append(view.Note, step.Items...)
		}
	}
	return view
}

func (c *Context) sessionBadge(session store.Session) *taskBadge {
	text := c.T("sessions." + string(session.State))
	switch session.State {
	case advisory.Held:
		return badge("success", text)
	case advisory.Cancelled, advisory.Excused, advisory.MunicipalityAbsent, advisory.AdvisorAbsent, advisory.UnknownOutcome:
		return badge("neutral", text)
	default:
		return badge("info", text)
	}
}

// optionsView is the latest version of the options and who has confirmed it.
type optionsView struct {
	Version       int
	SharedAt      time.Time
	Badge         *taskBadge
	Options       []optionView
	Confirmations []confirmationView
}

type optionView struct {
	Title string
	Items []form.ReadItem
}

type confirmationView struct {
	Who  string
	Text string // confirmed, wants a change, or still to answer
	Wish string // what should change
	Done bool
}

func (c *Context) options(f consultationFacts) *optionsView {
	if len(f.options) == 0 {
		return nil
	}
	latest := f.options[0]
	view := &optionsView{Version: latest.Version, SharedAt: latest.SharedAt}
	changed := false
	for _, said := range latest.Confirmations {
		changed = changed || said.Choice == advisory.Change
		view.Confirmations = append(view.Confirmations, c.confirmation(f, said))
	}
	switch {
	case latest.ConfirmedAt != nil:
		view.Badge = badge("success", c.T("options.confirmed"))
	case changed:
		view.Badge = badge("info", c.T("options.changed"))
	default:
		view.Badge = badge("info", c.T("options.shared"))
	}
	for _, answers := range latest.Options() {
		option := optionView{Title: answers.Get("title")}
		for _, step := range c.reading("option", answers, "") {
			option.Items = append(option.Items, step.Items...)
		}
		option.Items = slices.DeleteFunc(option.Items, func(item form.ReadItem) bool { return item.Key == "title" })
		view.Options = append(view.Options, option)
	}
	return view
}

func (c *Context) confirmation(f consultationFacts, said store.Confirmation) confirmationView {
	view := confirmationView{Who: said.Name, Wish: said.Answers.Get("change_text")}
	if said.PersonID == nil {
		view.Who = f.Municipality
	}
	switch {
	case said.Choice == advisory.Confirm:
		view.Done, view.Text = true, c.T("status_pages.options.confirmed")
	case said.Choice == advisory.Change:
		view.Text = c.T("status_pages.options.wants_change")
	case said.State == advisory.Open:
		view.Text = c.T("status_pages.options.open")
	default:
		view.Text = c.T("status_pages.options.not_asked")
	}
	return view
}

// peopleView is who works together, and whom to ask.
type peopleView struct {
	Team        []teamView
	Contacts    []store.Contact
	Coordinator *store.Person // nil: nobody has claimed the request yet
	Phone       string
	Email       string
}

type teamView struct {
	store.TeamPerson
	You bool
}

// people leaves out who has left, and for the advisors who has not confirmed the address yet.
func (c *Context) people(f consultationFacts) peopleView {
	view := peopleView{
		Coordinator: f.coordinator, Phone: c.server.settings.CoordinationPhone, Email: c.server.settings.Operator["operator_email"],
	}
	if f.coordinator != nil {
		view.Email = f.coordinator.Email
		if f.coordinator.Phone != "" {
			view.Phone = f.coordinator.Phone
		}
	}
	for _, person := range f.team {
		if person.Until == nil {
			view.Team = append(view.Team, teamView{TeamPerson: person, You: person.ID == c.Person.ID})
		}
	}
	for _, contact := range f.contacts {
		if contact.ConfirmedAt != nil || f.relation.Contact {
			view.Contacts = append(view.Contacts, contact)
		}
	}
	return view
}
