package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	selectionPath       = workbenchPath + "/auswahl"
	selectionResultPath = selectionPath + "/ergebnis"

	selectedField = "auswahl" // id of a task that was chosen in a list
	deedField     = "aktion"  // what to do with all that were chosen
	backField     = "zurueck" // address of the list without its path
	personField   = "person"  // of the form of a hand-over
	maxSelected   = store.TasksPerPage
)

// deed is what can be done with several tasks at once. Its words are those of texts/ui workbench.deeds.
type deed string

const (
	claimDeed        deed = "claim"
	handOverDeed     deed = "hand_over"
	bringForwardDeed deed = "bring_forward"
	remindDeed       deed = "remind"
)

// deedsOf are the deeds that make sense for most tasks of a list.
var deedsOf = map[store.WorkList][]deed{
	store.MyTasks:        {handOverDeed, bringForwardDeed},
	store.TeamTasks:      {claimDeed, handOverDeed, bringForwardDeed, remindDeed},
	store.UnclaimedTasks: {claimDeed, handOverDeed},
	store.WaitingTasks:   {remindDeed},
	store.RestingTasks:   {handOverDeed, bringForwardDeed},
}

// deedForm is the form with the details of a deed, "" where none are needed.
var deedForm = map[deed]string{claimDeed: "", handOverDeed: "hand_over_task", bringForwardDeed: "bring_forward", remindDeed: ""}

// selectionBar is what can be done with the tasks that are chosen in a list. Templates show it by "selection-bar".
type selectionBar struct {
	Deeds []deed
	Back  string // the list as it is filtered: its address without path
	All   string // the same page with every task chosen
}

func (c *Context) selectionBar(list store.WorkList) selectionBar {
	bar := selectionBar{Deeds: deedsOf[list], Back: c.listAddress()}
	here := maps.Clone(c.QueryParams())
	here.Set(allQuery, "ja")
	bar.All = addressOf(c.URL(c.Path()), here)
	return bar
}

// listAddress is what the address says after its path, with the page.
func (c *Context) listAddress() string {
	here := maps.Clone(c.QueryParams())
	delete(here, allQuery)
	return here.Encode()
}

// selection is the tasks that somebody chose in a list, and what is to be done with them.
type selection struct {
	Deed    deed
	Back    string // path of the list, without language
	Tasks   []store.Task
	Unknown int // ids that are those of no task
	values  url.Values
}

// selection reads what was chosen, from the address of the page or from its form. Code invalid where the deed is none or
// more was chosen than a page shows, which no page of ours does.
func (s *Server) selection(c *Context) (selection, error) {
	values := c.QueryParams()
	if c.isPost() {
		values = c.Posted()
	}
	chosen := selection{Deed: deed(values.Get(deedField)), values: values, Back: workbenchPath}
	if back, err := url.ParseQuery(values.Get(backField)); err == nil {
		chosen.Back = addressOf(workbenchPath, back)
	}
	ids := slices.Clone(values[selectedField])
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if _, known := deedForm[chosen.Deed]; !known || len(ids) > maxSelected {
		return chosen, advisory.Errorf(advisory.Invalid, "deed %q for %d tasks", chosen.Deed, len(ids))
	}
	var err error
	chosen.Tasks, err = s.store.Tasks(c.Request().Context(), ids)
	slices.SortStableFunc(chosen.Tasks, func(a, b store.Task) int { return a.DueOn.Compare(b.DueOn) })
	chosen.Unknown = len(ids) - len(chosen.Tasks)
	return chosen, err
}

// selectionPage asks for the details of what is to be done with several tasks, and says beforehand what cannot be done.
type selectionPage struct {
	Deed    deed
	Form    form.View
	Tasks   []selectedTask
	Left    []selectedTask // for which it is not possible
	Unknown int
	Back    string
	Query   string // of Back
}

// Template implements Page.
func (selectionPage) Template() string { return "coordination_selection" }

// Nothing tells whether nobody chose anything.
func (p selectionPage) Nothing() bool { return len(p.Tasks)+len(p.Left)+p.Unknown == 0 }

type selectedTask struct {
	taskCard
	Reason string // why it is not possible, "" where it is
}

func (s *Server) showSelection(c *Context) error {
	chosen, err := s.selection(c)
	if err != nil {
		return err
	}
	f, fc, err := s.deedForm(c, chosen.Deed)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(chosen.Tasks)+chosen.Unknown == 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.showChosen(c, status, chosen, form.NewView(f, nil, nil, c.Sources, fc))
}

func (s *Server) showChosen(c *Context, status int, chosen selection, view form.View) error {
	page := selectionPage{Deed: chosen.Deed, Form: view, Unknown: chosen.Unknown, Back: chosen.Back, Query: chosen.values.Get(backField)}
	cards, err := s.taskCards(c, chosen.Tasks)
	if err != nil {
		return err
	}
	for _, card := range cards {
		task := selectedTask{taskCard: card, Reason: c.whyNot(chosen.Deed, card.Task)}
		if task.Reason == "" {
			page.Tasks = append(page.Tasks, task)
		} else {
			page.Left = append(page.Left, task)
		}
	}
	return c.Show(status, page)
}

// deedForm is the form with the details of a deed; one without fields where none are needed.
func (s *Server) deedForm(c *Context, d deed) (*texts.Form, form.Context, error) {
	f, fc := &texts.Form{Title: c.T("workbench.deeds." + string(d) + ".title")}, c.FormContext()
	if deedForm[d] == "" {
		return f, fc, nil
	}
	f = c.Form(deedForm[d])
	if d == bringForwardDeed {
		fc.NotBefore = dayAfter(c.Now())
		return f, fc, nil
	}
	coordinators, err := s.store.Coordinators(c.Request().Context())
	c.Sources = form.Sources{"coordinators": optionsOf(coordinators)}
	return f, fc, err
}

// settleSelection does with all chosen tasks what was asked for. What could not be done is named on the page that follows.
func (s *Server) settleSelection(c *Context) error {
	chosen, err := s.selection(c)
	if err != nil {
		return err
	}
	f, fc, err := s.deedForm(c, chosen.Deed)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), c.Sources)
	errs := form.Validate(f, answers, c.Sources, fc)
	if chosen.Deed == handOverDeed {
		if errs, err = s.refuseAbsent(c, f, personField, answers, errs); err != nil {
			return err
		}
	}
	if len(errs) > 0 || len(chosen.Tasks)+chosen.Unknown == 0 {
		return s.showChosen(c, http.StatusUnprocessableEntity, chosen, form.NewView(f, answers, errs, c.Sources, fc))
	}
	result, err := s.doWithAll(c, chosen, f, answers)
	if err != nil {
		return err
	}
	return c.showResult(result, chosen.Back)
}
