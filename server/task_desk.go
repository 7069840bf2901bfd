package server

import (
	"context"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// taskDesk is a task as the person behind the request has it before them.
type taskDesk struct {
	store.Task
	Rule      advisory.TaskRule
	Programme advisory.Programme
	Actor     store.Person
	May       bool // settle it
	TakesPart bool // in the consultation
	OnBehalf  bool // of the municipality
}

// taskDesk reads the task of the path. Who has nothing to do with it does not learn that there is one.
func (s *Server) taskDesk(c *Context) (taskDesk, error) {
	ctx := c.Request().Context()
	task, err := s.store.Task(ctx, c.Param("id"))
	if err != nil {
		return taskDesk{}, err
	}
	c.about(task.ConsultationID)
	d := taskDesk{Task: task, Actor: *c.Actor()}
	d.OnBehalf = task.ActsForMunicipality(d.Actor)
	if d.May, err = s.store.MaySettle(ctx, task, d.Actor, c.Now()); err != nil {
		return d, err
	}
	if d.TakesPart, err = s.takesPart(ctx, task.ConsultationID, d.Actor, c.Now()); err != nil {
		return d, err
	}
	if !d.maySee() && c.Person == nil {
		return d, c.grantOver()
	}
	if !d.maySee() {
		return d, advisory.Errorf(advisory.NotFound, "task %s is not this person's", task.ID)
	}
	if d.Programme, err = s.store.ProgrammeVersion(ctx, task.ProgrammeVersion); err != nil {
		return d, err
	}
	d.Rule, _ = d.Programme.Rule(task.Kind)
	return d, nil
}

// takesPart tells whether the person may see the consultation at a moment.
func (s *Server) takesPart(ctx context.Context, consultationID string, person store.Person, moment time.Time) (bool, error) {
	if person.Role.Coordinates() {
		return true, nil
	}
	relation, err := s.store.Relation(ctx, consultationID, person.ID, moment)
	return relation.Participates(), err
}

// maySee tells whether the person may see that the task exists. What the staff owe, and what an invited advisor owes,
// is nobody else's business.
func (d taskDesk) maySee() bool {
	internal := d.OwnerRole.Coordinates() || d.Kind == advisory.AnswerInvitation
	return d.May || d.Actor.Role.Coordinates() || d.TakesPart && !internal
}

// home is the page that the person goes to when the task is settled. Who was only invited is no part of the
// consultation yet.
func (d taskDesk) home() string {
	if d.TakesPart {
		return "/beratungen/" + d.Number
	}
	return homePath(d.Actor.Role)
}

// formChoice is the choice whose form is shown: the one asked for where each choice has its own form, and choosing a
// date as long as nothing else was asked for. Empty: the person has to say first.
func (d taskDesk) formChoice(asked string) advisory.Choice {
	choice := advisory.Choice(asked)
	switch {
	case len(d.Rule.Forms) == 0:
		return ""
	case d.Rule.Offers(choice):
		return choice
	case d.Kind == advisory.ChooseSlot:
		return advisory.Choose
	}
	return ""
}

// choosesFirst tells whether the person has to say which form is wanted.
func (d taskDesk) choosesFirst(choice advisory.Choice) bool {
	return len(d.Rule.Forms) > 0 && choice == ""
}

// choiceByButton tells whether the form has one button for each choice.
func (d taskDesk) choiceByButton() bool {
	return len(d.Rule.Choices) > 1 && len(d.Rule.Forms) == 0 && d.Rule.ChoiceField == "" && d.Kind != advisory.ConfirmNeed
}

// savedBetween are the tasks whose answers take longer than a sitting.
var savedBetween = []advisory.TaskKind{
	advisory.RecordAssessment, advisory.WriteNote, advisory.DraftOptions, advisory.Evaluate, advisory.AnswerFollowUp,
}

func (d taskDesk) savesBetween() bool { return slices.Contains(savedBetween, d.Kind) }

// closedTask says who settled the task and when, or why nobody needs to any more.
func closedTask(c *Context, d taskDesk, cause error) error {
	if cause == nil {
		cause = advisory.Errorf(advisory.Conflict, "task %s is %s", d.ID, d.State)
	}
	told := &Explained{
		Err: cause, Title: c.T("errors.task_done.title"), ActionLabel: c.T("errors.task_done.action"), ActionPath: d.home(),
	}
	date := ""
	if d.ClosedAt != nil {
		date = texts.Date(c.Lang, *d.ClosedAt)
	}
	switch {
	case d.State == advisory.Lapsed:
		told.Title, told.Text = c.T("task_pages.lapsed.title"), c.T("task_pages.lapsed.text", "date", date)
	case d.ClosedByName == "":
		told.Title, told.Text = c.T("task_pages.obsolete.title"), c.T("task_pages.obsolete.text", "date", date)
	case d.Task.OnBehalf:
		told.Text = c.T("task_pages.done_on_behalf", "name", d.ClosedByName, "municipality", d.Municipality, "date", date)
	default:
		told.Text = c.T("errors.task_done.text", "name", d.ClosedByName, "date", date)
	}
	if !d.TakesPart {
		told.ActionLabel = c.T("nav.my_tasks")
	}
	return told
}
