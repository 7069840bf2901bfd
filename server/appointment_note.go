package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// toCorrect reads the session whose note is to be corrected, with the form for it. Only the municipality corrects; a
// coordinator enters it on its behalf, and says on what basis.
func (s *Server) toCorrect(c *Context) (sessionDesk, *texts.Form, error) {
	f := c.Form("correct_note")
	d, err := s.sessionDesk(c)
	if err != nil {
		return d, f, err
	}
	if reason := c.correctionRefused(d.Consultation, d.session); reason != "" {
		return d, f, d.refused(c, "note_title", reason, nil)
	}
	if !c.Person.Role.Coordinates() {
		return d, f, nil
	}
	contacts, err := s.contactOptions(c, taskDesk{Task: store.Task{ConsultationID: d.ID}})
	c.Sources = form.Sources{"contacts": contacts}
	f = c.withBasis(f)
	c.form = f
	return d, f, err
}

// correctionContext keeps the day of the call from lying ahead.
func (c *Context) correctionContext() form.Context {
	fc := c.FormContext()
	fc.NotAfter = map[string]time.Time{behalfPrefix + "on_date": c.Now()}
	return fc
}

func (s *Server) showCorrection(c *Context) error {
	d, f, err := s.toCorrect(c)
	if err != nil {
		return err
	}
	var answers advisory.Answers
	if correction := d.session.Note.Correction; correction != nil {
		answers = advisory.Answers{"correction": {correction.Text}}
	}
	return s.askCorrection(c, d, http.StatusOK, form.NewView(f, answers, nil, c.Sources, c.correctionContext()))
}

func (s *Server) askCorrection(c *Context, d sessionDesk, status int, view form.View) error {
	page, err := s.sessionPage(c, d, correctPath, view)
	if err != nil {
		return err
	}
	page.Text = view.Form.Intro
	if c.Person.Role.Coordinates() {
		page.Notice = c.T("appointment_pages.correct_on_behalf", "municipality", d.Municipality)
	}
	return c.Show(status, page)
}

// correct lets the municipality's words stand beside the note.
func (s *Server) correct(c *Context) error {
	d, f, err := s.toCorrect(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), c.Sources)
	if errs := form.Validate(f, answers, c.Sources, c.correctionContext()); len(errs) > 0 {
		return s.askCorrection(c, d, http.StatusUnprocessableEntity, form.NewView(f, answers, errs, c.Sources, c.correctionContext()))
	}
	return s.say(c, d, store.NewInput{
		Message: advisory.Input{Kind: advisory.CorrectNote}, Form: f.Name, Answers: answers, OnBehalf: c.Person.Role.Coordinates(),
	}, "corrected")
}
