package server

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// despiteField is posted with the collisions that the person has read and wants to leave as they are.
const despiteField = "despite"

// dateWarning tells which dates of a form collide with something else, before anything is sent. It stops nothing: who has
// read it sends the same once more.
type dateWarning struct {
	Groups             map[string][]string // sentences by the group of the form that they are about
	Title, Text        string
	Button, Name, Seen string // the button that sends it nevertheless: label, name and value
}

// dateWarning looks for collisions of the dates in a form, as far as the person may know of them; nil where there are none,
// or where they were read already.
func (s *Server) dateWarning(c *Context, consultationID string, session int, dates []wishedDate) (*dateWarning, error) {
	groups, err := s.collisions(c, consultationID, session, dates)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	var seen []string
	for _, date := range dates {
		if len(groups[date.group]) > 0 {
			seen = append(seen, fmt.Sprintf("%d-%d", date.Start.Unix(), date.End.Unix()))
		}
	}
	warning := &dateWarning{
		Groups: groups, Title: s.texts.Count(c.Lang, "appointment_pages.collisions.title", len(seen)),
		Text: c.T("appointment_pages.collisions.text"), Button: c.T("appointment_pages.collisions.despite"),
		Name: despiteField, Seen: strings.Join(seen, " "),
	}
	if c.Posted().Get(despiteField) == warning.Seen {
		return nil, nil
	}
	return warning, nil
}

// collisions are sentences about what the advisors have at the dates, by the group of a date. The municipality learns
// nothing about other appointments; an advisor learns about the own ones, the coordination team about all.
func (s *Server) collisions(c *Context, consultationID string, session int, dates []wishedDate) (map[string][]string, error) {
	actor := c.Actor()
	if len(dates) == 0 || !actor.Role.Coordinates() && actor.Role != advisory.Advisor {
		return nil, nil
	}
	first := slices.MinFunc(dates, func(a, b wishedDate) int { return a.Start.Compare(b.Start) })
	last := slices.MaxFunc(dates, func(a, b wishedDate) int { return a.End.Compare(b.End) })
	engagements, err := s.store.EngagementsOfTeam(c.Request().Context(), consultationID, session, first.Start, last.End)
	if err != nil {
		return nil, err
	}
	groups := map[string][]string{}
	for _, date := range dates {
		for _, engagement := range engagements {
			known := actor.Role.Coordinates() || engagement.PersonID == actor.ID
			if known && engagement.Overlaps(date.Start, date.End) {
				groups[date.group] = append(groups[date.group], c.collision(engagement))
			}
		}
	}
	return groups, nil
}

// collision says in a sentence what somebody has at that time.
func (c *Context) collision(e store.Engagement) string {
	key, when := "appointment", texts.DateTimeRange(c.Lang, e.StartsAt, e.EndsAt)
	if e.IsAbsence() {
		key, when = "absence", c.daysOf(e)
	}
	if e.PersonID == c.Actor().ID {
		key = "own_" + key
	}
	return c.T("appointment_pages.collisions."+key, "name", e.PersonName, "number", e.Number, "when", when)
}

// daysOf are the days of an absence; the moment at which it ends is none of them.
func (c *Context) daysOf(e store.Engagement) string {
	first, last := texts.Date(c.Lang, e.StartsAt), texts.Date(c.Lang, e.EndsAt.Add(-time.Minute))
	if first == last {
		return first
	}
	return c.T("appointment_pages.collisions.days", "from", first, "until", last)
}
