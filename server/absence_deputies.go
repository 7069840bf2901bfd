package server

import (
	"context"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// loadRepresented reads for whom else the person behind the request acts now, once a request.
func (s *Server) loadRepresented(c *Context) error {
	if c.represented != nil || c.Person == nil {
		return nil
	}
	represented, err := s.store.Represents(c.Request().Context(), c.Person.ID, c.Now())
	c.represented = append([]string{}, represented...)
	return err
}

// represents tells whether the person owes a task in the place of its owner. loadRepresented comes first.
func (c *Context) represents(task store.Task) bool {
	return task.OwnerID != nil && !task.Kind.ForPerson() && slices.Contains(c.represented, *task.OwnerID)
}

// deputiesOf reads who acts in the place of the owners of some tasks who are absent now.
func (s *Server) deputiesOf(c *Context, tasks []store.Task) (map[string]store.Deputy, error) {
	var owners []string
	for _, task := range tasks {
		if task.OwnerID != nil && task.IsOpen() && !slices.Contains(owners, *task.OwnerID) {
			owners = append(owners, *task.OwnerID)
		}
	}
	if len(owners) == 0 {
		return nil, nil
	}
	return s.store.Deputies(c.Request().Context(), owners, c.Now())
}

// markDeputy says on a card that its owner is absent, and who acts.
func (c *Context) markDeputy(card *taskCard, deputies map[string]store.Deputy) {
	task, actor := card.Task, c.Actor()
	if task.OwnerID == nil {
		return
	}
	deputy, away := deputies[*task.OwnerID]
	switch {
	case !away:
	case task.Kind.ForPerson() || deputy.ID == "":
		card.Deputy = c.T("absence_pages.away", "name", task.OwnerName, "date", c.lastDay(deputy.Until))
	case actor != nil && actor.ID == deputy.ID && card.May:
		card.Mine, card.AsDeputy = true, true
		card.Deputy = c.T("absence_pages.in_place_of", "name", task.OwnerName)
	default:
		card.Deputy = c.T("task_states.with_deputy", "name", deputy.Name)
	}
}

// speaksFor tells in the place of which absent person an input is said; "" where its actor speaks in the own name.
func (s *Server) speaksFor(ctx context.Context, input store.NewInput) (string, error) {
	actor, moment := input.Message.Actor, input.EnteredAt
	if input.OnBehalf {
		return "", nil
	}
	if input.Message.Task == "" {
		relation, err := s.store.Relation(ctx, input.ConsultationID, actor, moment)
		return relation.DeputyOf, err
	}
	task, err := s.store.Task(ctx, input.Message.Task)
	if err != nil {
		return "", err
	}
	return s.store.DeputyFor(ctx, task, actor, moment)
}

// deputyNotice says in whose place the person sees a consultation; "" where in the own name.
func (s *Server) deputyNotice(c *Context, relation store.Relation) (string, error) {
	if relation.DeputyOf == "" {
		return "", nil
	}
	absence, err := s.store.AbsenceAt(c.Request().Context(), relation.DeputyOf, c.Now())
	if err != nil || absence == nil {
		return "", err
	}
	return c.T("absence_pages.represents", "name", absence.PersonName, "date", c.lastDay(absence.Until)), nil
}

// refuseAbsent finds out whether the person who was chosen in a field is absent now, who cannot take anything on.
func (s *Server) refuseAbsent(c *Context, f *texts.Form, field string, answers advisory.Answers, errs form.Errors) (form.Errors, error) {
	if len(errs) > 0 {
		return errs, nil
	}
	absence, err := s.store.AbsenceAt(c.Request().Context(), answers.Get(field), c.Now())
	switch {
	case err != nil || absence == nil:
		return errs, err
	case absence.DeputyName == "":
		return errs.Add(f, c.Sources, c.FormContext(), field, "absent",
			"name", absence.PersonName, "date", c.lastDay(absence.Until)), nil
	default:
		return errs.Add(f, c.Sources, c.FormContext(), field, "absent_with_deputy",
			"name", absence.PersonName, "date", c.lastDay(absence.Until), "deputy", absence.DeputyName), nil
	}
}

// grantOver answers whoever came by the link of a task's mail and does not owe the task any more: it was handed over, or
// the person was a deputy and the absence is over.
func (c *Context) grantOver() error {
	const key = "absence_pages.grant_over"
	return &Explained{
		Err: advisory.Errorf(advisory.NotFound, "task is not this person's any more"), Title: c.T(key + ".title"),
		Text: c.T(key + ".text"), ActionLabel: c.T("nav.sign_in"), ActionPath: signInPath,
	}
}

// firstDay and lastDay are begin and end of an absence as people say them: the end is the first moment after it.
func (c *Context) firstDay(from time.Time) string {
	return c.withDayPart(from, from, "day_parts_from", "from_noon")
}

func (c *Context) lastDay(until time.Time) string {
	return c.withDayPart(until, until.Add(-time.Nanosecond), "day_parts_to", "until_noon")
}

// withDayPart names the day of a begin or an end. What is neither midnight nor noon, because somebody came back earlier,
// has a time.
func (c *Context) withDayPart(moment, day time.Time, list, noon string) string {
	local := moment.In(advisory.Berlin)
	switch local.Format("15:04:05") {
	case "00:00:00":
		return texts.Date(c.Lang, day)
	case "12:00:00":
		return c.T("absence_pages.part_of_day", "date", texts.Date(c.Lang, moment), "part", c.server.texts.OptionLabel(c.Lang, list, noon))
	default:
		return texts.DateTime(c.Lang, moment)
	}
}

// period is an absence from its first to its last day.
func (c *Context) period(a store.Absence) string {
	first, last := c.firstDay(a.From), c.lastDay(a.Until)
	if advisory.Midnight(a.From).Equal(advisory.Midnight(a.Until.Add(-time.Nanosecond))) {
		if first == texts.Date(c.Lang, a.From) {
			return last
		}
		if last == texts.Date(c.Lang, a.From) {
			return first
		}
	}
	return c.T("absence_pages.period", "from", first, "until", last)
}
