package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const withdrawPath = participationPath + "/:number/zurueckziehen"

func (s *Server) withdrawRoutes() []Route {
	who := Only(advisory.Municipality, advisory.Coordinator, advisory.LeadCoordinator)
	return []Route{
		{Method: http.MethodGet, Path: withdrawPath, Who: who, Handle: s.showWithdraw},
		{Method: http.MethodPost, Path: withdrawPath, Who: who, Handle: s.withdraw},
	}
}

func withdrawPages() []Page { return []Page{withdrawPage{}} }

// withdrawPage asks once more and says what follows.
type withdrawPage struct {
	store.Consultation
	View     form.View
	Intro    string
	OnBehalf bool // a coordinator enters it for the municipality
}

// Template implements Page.
func (withdrawPage) Template() string { return "municipality_withdraw" }

// offerWithdrawal is for the municipality; the coordination team enters it on its behalf.
func offerWithdrawal(c *Context, consultation store.Consultation, relation store.Relation) []consultationAction {
	path := consultationPath(consultation.Number) + "/zurueckziehen"
	switch {
	case !consultation.IsRunning():
		return nil
	case c.Person.Role.Coordinates():
		return []consultationAction{{c.T("coordination_pages.record_withdrawal"), path}}
	case relation.Contact:
		return []consultationAction{{c.T("actions.withdraw"), path}}
	}
	return nil
}

// toWithdraw reads the consultation that the path names: the municipality's own, or any for coordinators, who act on
// the municipality's behalf.
func (s *Server) toWithdraw(c *Context) (store.Consultation, error) {
	consultation, err := s.store.ConsultationByNumber(c.Request().Context(), c.Param("number"))
	if err != nil || c.Person.Role.Coordinates() {
		return consultation, err
	}
	_, err = s.participation(c, consultation)
	return consultation, err
}

func (s *Server) showWithdraw(c *Context) error {
	consultation, err := s.toWithdraw(c)
	if err != nil {
		return err
	}
	if !consultation.IsRunning() {
		return c.Go(consultationPath(consultation.Number))
	}
	return s.askWithdraw(c, http.StatusOK, consultation, nil, nil)
}

func (s *Server) askWithdraw(c *Context, status int, consultation store.Consultation, answers advisory.Answers, errs form.Errors) error {
	programme, err := s.store.ProgrammeVersion(c.Request().Context(), consultation.ProgrammeVersion)
	if err != nil {
		return err
	}
	f := c.Form("withdraw")
	return c.Show(status, withdrawPage{
		Consultation: consultation, View: form.NewView(f, answers, errs, nil, c.FormContext()),
		Intro: texts.Fill(f.Intro, "n", programme.UndoDays), OnBehalf: c.Person.Role.Coordinates(),
	})
}

func (s *Server) withdraw(c *Context) error {
	f := c.Form("withdraw") // before anything is refused, so that the page can show what was typed
	consultation, err := s.toWithdraw(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return s.askWithdraw(c, http.StatusUnprocessableEntity, consultation, answers, errs)
	}
	result, err := c.Submit(store.NewInput{
		ConsultationID: consultation.ID, Message: advisory.Input{Kind: advisory.Withdraw}, Form: f.Name,
		Answers: form.WithoutHidden(f, answers), OnBehalf: c.Person.Role.Coordinates(),
	})
	if advisory.CodeOf(err) == advisory.Conflict {
		return &Explained{
			Err: err, Text: c.T("status_pages.withdraw.ended"),
			ActionLabel: c.T("errors.e409.action"), ActionPath: consultationPath(consultation.Number),
		}
	}
	if err != nil {
		return err
	}
	return c.Settled(result, consultationPath(consultation.Number), "status_pages.withdraw.done")
}
