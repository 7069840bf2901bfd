package server

import (
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// coordinationTaskPage is a form about a task that does not settle it: hand it over, put it aside.
type coordinationTaskPage struct {
	Form   form.View
	Card   taskCard
	Action string // path
	Back   string // path of the consultation
}

// Template implements Page.
func (coordinationTaskPage) Template() string { return "coordination_task" }

// staffTaskOf reads the open task of the path, which the coordination team owes.
func (s *Server) staffTaskOf(c *Context) (store.Task, error) {
	task, err := s.store.Task(c.Request().Context(), c.Param("id"))
	switch {
	case err != nil:
		return task, err
	case !task.OwnerRole.Coordinates():
		return task, advisory.Errorf(advisory.NotFound, "task %s is not one of the coordination team", task.ID)
	case !task.IsOpen():
		return task, closedTask(c, taskDesk{Task: task, Actor: *c.Person, TakesPart: true}, nil)
	}
	return task, nil
}

func (s *Server) showCoordinationTask(c *Context, status int, task store.Task, action string, view form.View) error {
	card, err := s.taskCard(c, task)
	if err != nil {
		return err
	}
	return c.Show(status, coordinationTaskPage{
		Form: view, Card: card, Action: taskPath(task.ID) + action, Back: "/beratungen/" + task.Number,
	})
}

// handOverForm is the form with everybody who may get the task.
func (s *Server) handOverForm(c *Context) (*texts.Form, store.Task, error) {
	f := c.Form("hand_over_task")
	task, err := s.staffTaskOf(c)
	if err != nil {
		return f, task, err
	}
	coordinators, err := s.store.Coordinators(c.Request().Context())
	others := slices.DeleteFunc(coordinators, func(p store.Person) bool {
		return task.OwnedBy(p.ID) || task.NotID != nil && *task.NotID == p.ID
	})
	c.Sources = form.Sources{"coordinators": optionsOf(others)}
	return f, task, err
}

func (s *Server) showHandOver(c *Context) error {
	f, task, err := s.handOverForm(c)
	if err != nil {
		return err
	}
	return s.showCoordinationTask(c, http.StatusOK, task, "/uebergeben", form.NewView(f, nil, nil, c.Sources, c.FormContext()))
}

// handOver gives a task to another coordinator; the due date stays.
func (s *Server) handOver(c *Context) error {
	f, task, err := s.handOverForm(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), c.Sources)
	errs, err := s.refuseAbsent(c, f, "person", answers, form.Validate(f, answers, c.Sources, c.FormContext()))
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return s.showCoordinationTask(c, http.StatusUnprocessableEntity, task, "/uebergeben",
			form.NewView(f, answers, errs, c.Sources, c.FormContext()))
	}
	to := answers.Get("person")
	result, err := c.Submit(store.NewInput{
		ConsultationID: task.ConsultationID, Form: f.Name, Answers: answers,
		Message: advisory.Input{Kind: advisory.HandOver, Task: task.ID, To: to},
	})
	if err != nil {
		return err
	}
	name := ""
	for _, option := range c.Sources["coordinators"] {
		if option.Key == to {
			name = option.Label
		}
	}
	return c.Settled(result, "/beratungen/"+task.Number, "coordination_pages.handed_over", "name", name)
}

// bringForwardForm is the form with the task, which only its owner may put aside.
func (s *Server) bringForwardForm(c *Context) (*texts.Form, store.Task, form.Context, error) {
	f := c.Form("bring_forward")
	fc := c.FormContext()
	fc.NotBefore = map[string]time.Time{"date": c.Now().AddDate(0, 0, 1)}
	task, err := s.staffTaskOf(c)
	if err == nil && !task.OwnedBy(c.Person.ID) {
		err = advisory.Errorf(advisory.NotFound, "task %s is somebody else's", task.ID)
	}
	return f, task, fc, err
}

func (s *Server) showBringForward(c *Context) error {
	f, task, fc, err := s.bringForwardForm(c)
	if err != nil {
		return err
	}
	return s.showCoordinationTask(c, http.StatusOK, task, "/wiedervorlage", form.NewView(f, nil, nil, nil, fc))
}

// bringForward hides a task from its owner's list until a day. The engine does not hear of it.
func (s *Server) bringForward(c *Context) error {
	f, task, fc, err := s.bringForwardForm(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, fc); len(errs) > 0 {
		return s.showCoordinationTask(c, http.StatusUnprocessableEntity, task, "/wiedervorlage", form.NewView(f, answers, errs, nil, fc))
	}
	day, err := time.ParseInLocation(time.DateOnly, answers.Get("date"), advisory.Berlin)
	if err != nil {
		return advisory.Errorf(advisory.Invalid, "bring-forward date: %w", err)
	}
	if err := s.store.BringForward(c.Request().Context(), task.ID, c.Person.ID, day, answers.Get("note")); err != nil {
		return err
	}
	return c.Done("/beratungen/"+task.Number, "task_states.bring_forward", "date", texts.Date(c.Lang, day))
}
