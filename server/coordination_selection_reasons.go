package server

import (
	"errors"
	"time"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// whyNot says in words why something cannot be done with a task, as far as its row tells; "" where it can be tried.
func (c *Context) whyNot(d deed, task store.Task) string {
	if !task.IsOpen() {
		return c.whyClosed(task)
	}
	switch d {
	case claimDeed, handOverDeed:
		return c.whyNotMoved(d, task)
	case bringForwardDeed:
		if !task.OwnedBy(c.Person.ID) {
			return c.leftReason("not_yours", "name", c.ownerOf(task))
		}
	case remindDeed:
		return c.whyNotReminded(task)
	}
	return ""
}

func (c *Context) whyNotMoved(d deed, task store.Task) string {
	switch {
	case !task.OwnerRole.Coordinates():
		return c.leftReason("not_of_the_team", "name", c.ownerOf(task))
	case d == handOverDeed:
		return ""
	case task.OwnedBy(c.Person.ID):
		return c.leftReason("yours_already")
	case task.OwnerID != nil:
		return c.leftReason("claimed", "name", task.OwnerName)
	case task.NotID != nil && *task.NotID == c.Person.ID:
		return c.T("public.refusals." + string(advisory.SecondPersonNeeded))
	}
	return ""
}

// whyNotGiven says why a task cannot be given to a person.
func (c *Context) whyNotGiven(task store.Task, to, name string) string {
	switch {
	case task.OwnedBy(to):
		return c.leftReason("theirs_already", "name", name)
	case task.NotID != nil && *task.NotID == to:
		return c.leftReason("second_person", "name", name)
	}
	return ""
}

func (c *Context) whyNotReminded(task store.Task) string {
	var reason store.NotReminded
	switch {
	case task.IsFrozen():
		reason = store.TaskRests
	case task.OwnerRole.Coordinates() && task.OwnerID == nil:
		reason = store.NobodyOwes
	case task.OwnedBy(c.Person.ID):
		reason = store.OwnTask
	case store.DueGroupOf(task.DueOn, c.Now()) == store.Overdue:
		reason = store.DueIsOver
	default:
		return ""
	}
	return c.leftReason(string(reason))
}

// whyClosed says who settled a task meanwhile, or that nobody needs to any more.
func (c *Context) whyClosed(task store.Task) string {
	switch {
	case task.ClosedByName == "" || task.State != advisory.Done:
		return c.leftReason("not_needed")
	case task.Kind == advisory.ClaimRequest:
		return c.leftReason("claimed", "name", task.ClosedByName)
	default:
		return c.leftReason("settled", "name", task.ClosedByName)
	}
}

// whyFailed says why something was not done with a task that it seemed possible for.
func (s *Server) whyFailed(c *Context, task store.Task, err error) string {
	var reminded store.NotReminded
	var refused *inbox.Refused
	now, readErr := s.store.Task(c.Request().Context(), task.ID)
	switch {
	case readErr == nil && !now.IsOpen():
		return c.whyClosed(now)
	case errors.As(err, &reminded):
		return c.leftReason(string(reminded))
	case readErr == nil && errors.As(err, &refused) && refused.Reason == advisory.TaskIsClaimed && now.OwnerID != nil:
		return c.leftReason("claimed", "name", now.OwnerName)
	case errors.As(err, &refused):
		return c.T("public.refusals." + string(refused.Reason))
	case readErr == nil && advisory.CodeOf(err) == advisory.Conflict:
		return c.leftReason("not_yours", "name", c.ownerOf(now))
	}
	c.Log.ErrorContext(c.Request().Context(), "one of several not done", "err", err)
	return c.leftReason("failed")
}

func (c *Context) leftReason(key string, pairs ...any) string {
	return c.T("workbench.reasons."+key, pairs...)
}

// dayAfter is the first day that a task can be put aside until.
func dayAfter(now time.Time) map[string]time.Time {
	return map[string]time.Time{"date": now.AddDate(0, 0, 1)}
}
