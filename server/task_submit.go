package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// The names that a task's forms post beside the fields of the form.
const (
	choiceField = "choice" // a choice that is no answer of the form: a button, or the form that was asked for
	actionField = "action"
	saveAction  = "save" // keep it, do not send it
	choiceQuery = "wahl" // the form that is asked for
)

// submitTask settles a task.
func (s *Server) submitTask(c *Context) error {
	d, err := s.taskDesk(c)
	if err != nil {
		return err
	}
	choice := d.formChoice(c.Posted().Get(choiceField))
	f, err := s.taskForm(c, d, choice) // before anything is refused, so that the page can show what was typed
	switch {
	case err != nil:
		return err
	case !d.May:
		return advisory.Errorf(advisory.Forbidden, "task %s is not this person's to settle", d.ID)
	case !d.IsOpen():
		return closedTask(c, d, nil)
	case d.Kind == advisory.ChooseAdvisors:
		return s.submitChooseAdvisors(c, d.Task)
	case d.Kind == advisory.DraftOptions:
		return s.shareOptions(c, d)
	case d.choosesFirst(choice):
		return c.Go(taskPath(d.ID))
	}
	return s.submitTaskForm(c, d, f, choice)
}

func (s *Server) submitTaskForm(c *Context, d taskDesk, f *texts.Form, choice advisory.Choice) error {
	answers := form.Decode(f, c.Posted(), c.Sources)
	fc := c.taskFormContext(d)
	fc.Draft = d.savesBetween() && c.Posted().Get(actionField) == saveAction
	errs, err := s.checkAddress(c, d, f, answers, fc, c.validateTask(f, answers, fc))
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return s.showTaskForm(c, d, http.StatusUnprocessableEntity, taskInput{form: f, choice: choice, answers: answers, errors: errs})
	}
	if fc.Draft {
		return s.saveTaskDraft(c, d, answers)
	}
	if d.Kind == advisory.ChooseSlot && answers.Has("slot", noneFits) {
		return s.proposeOthers(c, d, answers)
	}
	warning, err := s.dateWarning(c, d.ConsultationID, d.Session, wishedDates(f, answers))
	if err != nil {
		return err
	}
	if warning != nil {
		return s.showTaskForm(c, d, http.StatusOK, taskInput{form: f, choice: choice, answers: answers, warning: warning})
	}
	answers = form.WithoutHidden(f, answers)
	choice, err = s.choiceOf(c, d, choice, answers)
	if err != nil {
		return err
	}
	message := advisory.Input{Choice: choice}
	if d.Kind == advisory.WriteNote {
		message.Enough = answers.Has("further_sessions", "enough")
	}
	return s.settle(c, d, f, message, answers)
}

// proposeOthers leads from the dates that do not fit to the form for others. What else was typed comes along.
func (s *Server) proposeOthers(c *Context, d taskDesk, answers advisory.Answers) error {
	delete(answers, "slot")
	if len(answers) > 0 {
		if err := s.store.SaveTaskDraft(c.Request().Context(), d.ID, d.Actor.ID, answers, s.texts.FormVersion()); err != nil {
			return err
		}
	}
	return c.Go(taskPath(d.ID) + "?" + choiceQuery + "=" + string(advisory.CounterPropose))
}

func (s *Server) saveTaskDraft(c *Context, d taskDesk, answers advisory.Answers) error {
	err := s.store.SaveTaskDraft(c.Request().Context(), d.ID, d.Actor.ID, answers, s.texts.FormVersion())
	if err != nil {
		return err
	}
	return c.Done(taskPath(d.ID), "messages.draft_saved")
}

// choiceOf tells what the answers mean for the engine.
func (s *Server) choiceOf(c *Context, d taskDesk, choice advisory.Choice, answers advisory.Answers) (advisory.Choice, error) {
	switch {
	case d.Kind == advisory.ConfirmNeed:
		goal, err := s.latestGoal(c, d)
		if answers.Get("goal") != goal.Goal || answers.Get("need") != goal.Need {
			return advisory.Change, err
		}
		return advisory.Confirm, err
	case d.Rule.ChoiceField != "":
		choice = advisory.Choice(answers.Get(d.Rule.ChoiceField))
	case len(d.Rule.Choices) == 1:
		choice = d.Rule.Choices[0]
	case d.choiceByButton():
		choice = advisory.Choice(c.Posted().Get(choiceField))
	}
	if !d.Rule.Offers(choice) {
		return "", advisory.Errorf(advisory.Invalid, "task %s has no choice %q", d.ID, choice)
	}
	return choice, nil
}

// settle says it to the engine. Where somebody was faster, the page says who.
func (s *Server) settle(c *Context, d taskDesk, f *texts.Form, message advisory.Input, answers advisory.Answers) error {
	message.Kind, message.Task = advisory.TaskInput, d.ID
	result, err := c.Submit(store.NewInput{
		ConsultationID: d.ConsultationID, Message: message, Form: f.Name, Answers: answers, OnBehalf: d.OnBehalf,
	})
	if advisory.CodeOf(err) == advisory.Conflict {
		return s.overtaken(c, d, err)
	}
	if err != nil {
		return err
	}
	return c.Settled(result, s.nextPage(c, d, message.Choice), "tasks."+string(doneAs(d.Kind, message.Choice))+".done")
}

// nextPage is where it goes on. Who was told the answer on the telephone goes on to enter it.
func (s *Server) nextPage(c *Context, d taskDesk, choice advisory.Choice) string {
	if choice == advisory.EnteredOnBehalf {
		about, err := s.store.Task(c.Request().Context(), d.About)
		if err == nil && about.IsOpen() {
			return taskPath(about.ID)
		}
	}
	return d.home()
}

func (s *Server) overtaken(c *Context, d taskDesk, refused error) error {
	task, err := s.store.Task(c.Request().Context(), d.ID)
	if err != nil || task.IsOpen() {
		return refused
	}
	d.Task = task
	return closedTask(c, d, refused)
}

// doneAs is the task whose thanks fit: who proposes other dates has chosen none.
func doneAs(kind advisory.TaskKind, choice advisory.Choice) advisory.TaskKind {
	if choice == advisory.CounterPropose {
		return advisory.ProposeSlots
	}
	return kind
}
