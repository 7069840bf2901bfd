package server

import (
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

// taskAccess lets in everybody who can owe a task, and whoever came by the link of a task's mail.
var taskAccess = Only(advisory.Municipality, advisory.Advisor, advisory.Coordinator, advisory.LeadCoordinator).OrTaskLink()

func (s *Server) taskRoutes() []Route {
	const options = "/aufgaben/:id/optionen/:n"
	return []Route{
		{Method: http.MethodGet, Path: "/aufgaben/:id", Who: taskAccess, Handle: s.showTask},
		{Method: http.MethodPost, Path: "/aufgaben/:id", Who: taskAccess, Handle: s.submitTask},
		{Method: http.MethodGet, Path: options, Who: taskAccess, Handle: s.showOption},
		{Method: http.MethodPost, Path: options, Who: taskAccess, Handle: s.saveOption},
		{Method: http.MethodGet, Path: options + "/entfernen", Who: taskAccess, Handle: s.askToRemoveOption},
		{Method: http.MethodPost, Path: options + "/entfernen", Who: taskAccess, Handle: s.removeOption},
	}
}

func taskPages() []Page {
	return []Page{taskPage{}, taskReadOnlyPage{}, taskOptionsPage{}, taskOptionPage{}, taskOptionRemovalPage{}}
}

// taskHead is what every page of a task begins with.
type taskHead struct {
	Card      taskCard
	Title     string
	Lead      string
	BackURL   string // "" for who came by the link of a mail
	BackLabel string
	Notice    string // in whose place somebody acts
	Wide      bool   // versions stand side by side
}

// taskPage is a task with the form that settles it.
type taskPage struct {
	taskHead
	Before  []taskPanel  // what to know before answering
	After   []taskPanel  // what can be looked up
	Choices []taskChoice // links to the form of each choice, in the place of a form
	Form    *taskFormView
}

// Template implements Page.
func (taskPage) Template() string { return "task_page" }

// taskFormView is the form of a task and its buttons.
type taskFormView struct {
	form.View
	Action   string
	Choice   advisory.Choice
	Requires bool // an answer
	Buttons  []taskButton
	Saves    bool // in between
	SavedAt  time.Time
	Warning  *dateWarning
}

type taskButton struct {
	Label   string
	Value   advisory.Choice // "" where the form knows the choice
	Primary bool
}

// taskChoice leads to the form of one choice. A choice that needs no form is a button that settles the task.
type taskChoice struct {
	Label, URL string
	Button     advisory.Choice // "" where there is a form
}

// taskReadOnlyPage tells about a task that somebody else owes.
type taskReadOnlyPage struct {
	taskHead
	Panels []taskPanel
	Reason string
}

// Template implements Page.
func (taskReadOnlyPage) Template() string { return "task_read_only" }

// showTask shows what is owed and the form that settles it. It changes nothing.
func (s *Server) showTask(c *Context) error {
	d, err := s.taskDesk(c)
	switch {
	case err != nil:
		return err
	case !d.IsOpen():
		return closedTask(c, d, nil)
	case !d.May:
		return s.showTaskOfOther(c, d)
	case d.Kind == advisory.ChooseAdvisors:
		return s.showChooseAdvisors(c, d.Task)
	case d.Kind == advisory.DraftOptions:
		return s.showOptions(c, d)
	}
	choice := d.formChoice(c.QueryParam(choiceQuery))
	if d.choosesFirst(choice) {
		return s.showTaskChoices(c, d)
	}
	f, err := s.taskForm(c, d, choice)
	if err != nil {
		return err
	}
	answers, savedAt, err := s.prefilled(c, d)
	if err != nil {
		return err
	}
	return s.showTaskForm(c, d, http.StatusOK, taskInput{form: f, choice: choice, answers: answers, savedAt: savedAt})
}

// taskInput is what a form shows.
type taskInput struct {
	form    *texts.Form
	choice  advisory.Choice
	answers advisory.Answers
	errors  form.Errors
	savedAt time.Time
	warning *dateWarning
}

func (s *Server) showTaskForm(c *Context, d taskDesk, status int, in taskInput) error {
	fc := c.taskFormContext(d)
	if in.warning != nil {
		fc.Warnings = in.warning.Groups
	}
	page := taskPage{Form: &taskFormView{
		View: form.NewView(in.form, in.answers, in.errors, c.Sources, fc), Warning: in.warning,
		Action: taskPath(d.ID), Choice: in.choice, Buttons: c.buttonsOf(d, in.form), Requires: requires(in.form),
		Saves: d.savesBetween(), SavedAt: in.savedAt,
	}}
	var err error
	if page.taskHead, err = s.taskHead(c, d); err != nil {
		return err
	}
	if page.Before, page.After, err = s.taskPanels(c, d, in.choice); err != nil {
		return err
	}
	switch {
	case d.OnBehalf:
		page.Lead = "" // it speaks to the municipality
	case in.form.Intro != "":
		page.Lead = in.form.Intro
	}
	if asked := in.choice != "" && in.choice != d.formChoice(""); asked {
		page.Title, page.BackURL, page.BackLabel = in.form.Title, taskPath(d.ID), s.texts.FormText(c.Lang, "common.back")
		page.Before, page.After = nil, append(folded(page.Before), page.After...)
	}
	return c.Show(status, page)
}

func requires(f *texts.Form) bool {
	return slices.ContainsFunc(f.Steps, func(step texts.Step) bool {
		return slices.ContainsFunc(step.Fields, func(field texts.Field) bool { return field.Required })
	})
}

// showTaskChoices asks which form the person needs.
func (s *Server) showTaskChoices(c *Context, d taskDesk) error {
	page := taskPage{Choices: c.choicesOf(d)}
	var err error
	if page.taskHead, err = s.taskHead(c, d); err != nil {
		return err
	}
	if page.Before, page.After, err = s.taskPanels(c, d, ""); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// showTaskOfOther shows the staff what a task is about, and everybody else who owes it until when.
func (s *Server) showTaskOfOther(c *Context, d taskDesk) error {
	page := taskReadOnlyPage{}
	var err error
	if page.taskHead, err = s.taskHead(c, d); err != nil {
		return err
	}
	page.Reason = c.T("task_pages.others_task", "name", page.Card.Owner)
	if d.NotID != nil && *d.NotID == d.Actor.ID {
		page.Reason = s.texts.FormText(c.Lang, "errors.same_person_twice")
	}
	if d.Actor.Role.Coordinates() {
		before, after, err := s.taskPanels(c, d, "")
		if err != nil {
			return err
		}
		page.Panels = append(before, after...)
	}
	return c.Show(http.StatusOK, page)
}

func (s *Server) taskHead(c *Context, d taskDesk) (taskHead, error) {
	card, err := s.taskCard(c, d.Task)
	head := taskHead{Card: card, Title: card.Title, Lead: card.Description, Wide: d.Kind == advisory.ConfirmGoalChange}
	if c.Person != nil {
		head.BackURL, head.BackLabel = d.home(), c.T("nav.my_tasks")
		if d.TakesPart {
			head.BackLabel = c.T("task_pages.back")
		}
	}
	switch {
	case d.OnBehalf && d.May:
		head.Notice = c.T("task_pages.acts_on_behalf", "municipality", d.Municipality)
	case card.AsDeputy:
		head.Notice = c.T("absence_pages.acts_as_deputy", "name", card.Owner)
	case d.May && !card.Mine:
		head.Notice = c.T("task_pages.acts_in_place", "name", card.Owner)
	}
	return head, err
}

// buttonsOf are the buttons below a form: one for each choice, or the one that sends it.
func (c *Context) buttonsOf(d taskDesk, f *texts.Form) []taskButton {
	if !d.choiceByButton() {
		return []taskButton{{Label: f.Submit, Primary: true}}
	}
	var buttons []taskButton
	for i, choice := range d.Rule.Choices {
		label := c.T("tasks." + string(d.Kind) + ".choices." + string(choice))
		buttons = append(buttons, taskButton{Label: label, Value: choice, Primary: i == 0})
	}
	return buttons
}

// choicesOf lead to the form of each choice.
func (c *Context) choicesOf(d taskDesk) []taskChoice {
	var choices []taskChoice
	for _, choice := range d.Rule.Choices {
		offered := taskChoice{
			Label: c.T("tasks." + string(d.Kind) + ".choices." + string(choice)),
			URL:   taskPath(d.ID) + "?" + choiceQuery + "=" + string(choice),
		}
		if d.Rule.FormOf(choice, d.OwnerRole) == "" && !d.OnBehalf {
			offered.URL, offered.Button = taskPath(d.ID), choice
		}
		choices = append(choices, offered)
	}
	return choices
}
