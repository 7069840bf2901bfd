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
	return c.readingAsAsked(0, name, answers, step)
}

// readingAsAsked prints answers to the questions that a version of the programme asked; 0 means those of the release.
func (c *Context) readingAsAsked(version int, name string, answers advisory.Answers, step string) []form.ReadStep {
	f, ok := c.formAsAsked(name, version)
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

// dayLeaf is the leaf of a calendar.
type dayLeaf struct{ Weekday, Day, Month string }

func (c *Context) leaf(day time.Time) *dayLeaf {
	return &dayLeaf{
		Weekday: texts.WeekdayShort(c.Lang, day), Day: day.In(advisory.Berlin).Format("02"), Month: texts.MonthShort(c.Lang, day),
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
	view.Text = c.enteredFor(view.Text, said.EnteredBy(), f.Municipality)
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
