package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// planRefused says why no further session can be planned: the last part of the key of a text; "" where one can.
func planRefused(consultation store.Consultation) string {
	switch {
	case !consultation.IsRunning():
		return "consultation_ended"
	case consultation.Stage != advisory.Dialogue:
		return "plan"
	case consultation.IsResting():
		return "resting"
	}
	return ""
}

// offerPlan is for the team and the coordination team, in the dialogue.
func offerPlan(c *Context, consultation store.Consultation, relation store.Relation) []consultationAction {
	if planRefused(consultation) != "" || !relation.Advisor && !c.Person.Role.Coordinates() {
		return nil
	}
	return []consultationAction{{c.T("appointment_pages.plan"), consultationPath(consultation.Number) + planPath}}
}

func (s *Server) toPlan(c *Context) (sessionDesk, error) {
	d, err := s.consultationDesk(c)
	if err != nil {
		return d, err
	}
	if reason := planRefused(d.Consultation); reason != "" {
		return d, d.refused(c, "plan_title", reason, nil)
	}
	return d, nil
}

// underWay are the states of sessions that are planned or looking for a date.
func underWay(sessions []store.Session) int {
	n := 0
	for _, session := range sessions {
		switch session.State {
		case advisory.SlotsWanted, advisory.SlotsProposed, advisory.CounterProposed, advisory.Scheduled:
			n++
		}
	}
	return n
}

func (s *Server) showPlan(c *Context) error {
	d, err := s.toPlan(c)
	if err != nil {
		return err
	}
	sessions, err := s.store.Sessions(c.Request().Context(), d.ID)
	if err != nil {
		return err
	}
	f := &texts.Form{Title: c.T("appointment_pages.plan"), Submit: c.T("appointment_pages.plan")}
	return c.Show(http.StatusOK, appointmentPage{
		Consultation: d.Consultation, Title: f.Title, View: form.NewView(f, nil, nil, nil, c.FormContext()),
		Text:   c.T("appointment_pages.plan_text") + " " + s.texts.Count(c.Lang, "appointment_pages.plan_under_way", underWay(sessions)),
		Action: consultationPath(d.Number) + planPath,
	})
}

// plan begins a further session beside those under way.
func (s *Server) plan(c *Context) error {
	d, err := s.toPlan(c)
	if err != nil {
		return err
	}
	return s.say(c, d, store.NewInput{Message: advisory.Input{Kind: advisory.PlanSession}}, "planned")
}
