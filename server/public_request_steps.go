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

const (
	honeypotField = "leer"      // people do not see it
	saveButton    = "speichern" // keeps the draft without checking it
	checkQuery    = "pruefen"   // shows what is missing in a step

	// minimumTime is faster than anybody writes a request.
	minimumTime = 3 * time.Second
)

func (s *Server) showStep(c *Context) error {
	draft, f, step, err := c.draftAtStep()
	if err != nil {
		return err
	}
	if draft.Number != "" {
		return c.Show(http.StatusOK, requestKnownPage{Number: draft.Number})
	}
	if c.QueryParam(checkQuery) == "" {
		return c.showDraft(http.StatusOK, draft, f, step, nil, false)
	}
	errs := stepErrors(c, f, f.Steps[step].Key, draft.Answers)
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return c.showDraft(status, draft, f, step, errs, false)
}

// saveStep keeps what was typed before it looks at it, so that no error loses a word.
func (s *Server) saveStep(c *Context) error {
	f := c.requestForm()
	step := slices.IndexFunc(f.Steps, func(step texts.Step) bool { return step.Key == c.Param("step") })
	if step < 0 {
		return advisory.Errorf(advisory.NotFound, "no such step")
	}
	draft, err := s.keep(c, f, f.Steps[step].Key)
	if err != nil {
		return err
	}
	if c.Posted().Has(saveButton) {
		if draft.Email == "" {
			return c.Go(draftPath(c.Param("token"), "link"))
		}
		return c.Done(draftPath(c.Param("token"), f.Steps[step].Key), "messages.draft_saved")
	}
	if errs := stepErrors(c, f, f.Steps[step].Key, draft.Answers); len(errs) > 0 {
		return c.showDraft(http.StatusUnprocessableEntity, draft, f, step, errs, false)
	}
	if step < len(f.Steps)-1 {
		return c.Go(draftPath(c.Param("token"), f.Steps[step+1].Key))
	}
	return s.sendRequest(c, draft, f)
}

// keep saves the posted step.
func (s *Server) keep(c *Context, f *texts.Form, step string) (store.Draft, error) {
	posted := form.Decode(f, c.Posted(), c.Sources)
	draft, err := s.store.SaveDraft(c.Request().Context(), c.Param("token"), store.DraftChange{
		Merge:       func(stored advisory.Answers) advisory.Answers { return form.Merge(f, step, stored, posted) },
		FormVersion: s.texts.FormVersion(), Language: string(c.Lang), Now: c.Now(),
	})
	switch advisory.CodeOf(err) {
	case advisory.NotFound:
		return draft, draftGone(c, err)
	case advisory.Conflict:
		return draft, &Explained{
			Err: err, Title: c.T("public.request.already_title"),
			Text:        c.T("public.request.already_text", "number", draft.Number),
			ActionLabel: c.T("nav.sign_in"), ActionPath: signInPath,
		}
	}
	return draft, err
}

// sendRequest checks all steps once more and asks the author to confirm the address.
func (s *Server) sendRequest(c *Context, draft store.Draft, f *texts.Form) error {
	last := len(f.Steps) - 1
	if incomplete := firstIncomplete(c, f, draft.Answers); incomplete != f.Steps[last].Key {
		return c.Go(draftPath(c.Param("token"), incomplete) + "?" + checkQuery + "=1")
	}
	if c.Posted().Get(honeypotField) != "" || time.Since(draft.CreatedAt) < minimumTime {
		return c.showDraft(http.StatusUnprocessableEntity, draft, f, last, nil, true)
	}
	if err := s.orderVerification(c, draft, false); err != nil {
		return err
	}
	return c.Go(draftPath(c.Param("token"), "gesendet"))
}

func (s *Server) orderVerification(c *Context, draft store.Draft, again bool) error {
	address := draft.Answers.Get("email")
	if err := c.limitMails(address); err != nil {
		return err
	}
	return s.store.OrderVerification(c.Request().Context(), draft, address, again, c.Now())
}

// draftAtStep reads the draft and finds the step that the path names.
func (c *Context) draftAtStep() (store.Draft, *texts.Form, int, error) {
	f := c.requestForm()
	step := slices.IndexFunc(f.Steps, func(step texts.Step) bool { return step.Key == c.Param("step") })
	if step < 0 {
		return store.Draft{}, nil, 0, advisory.Errorf(advisory.NotFound, "no such step")
	}
	draft, err := c.draft()
	return draft, f, step, err
}

// showDraft shows one step. The last one shows all answers for reading.
func (c *Context) showDraft(status int, draft store.Draft, f *texts.Form, step int, errs form.Errors, doubt bool) error {
	context := c.FormContext()
	context.Step = f.Steps[step].Key
	page := requestStepPage{
		View: form.NewView(f, draft.Answers, errs, c.Sources, context), Step: f.Steps[step],
		Number: step + 1, Count: len(f.Steps), Action: c.URL(c.Path()), Doubt: doubt,
		Aside: c.requestAside(draft, f, step),
	}
	if step > 0 {
		page.Back = c.URL(draftPath(c.Param("token"), f.Steps[step-1].Key))
	}
	if step == len(f.Steps)-1 {
		page.Last = true
		page.Reading = c.requestReading(draft, f)
		programme, err := c.server.store.Programme(c.Request().Context())
		if err != nil {
			return err
		}
		rule, _ := programme.Rule(advisory.ClaimRequest)
		page.AnswerDays = rule.Due
	}
	return c.Show(status, page)
}

// requestReading are all answers but those of the last step, each with the way to change them.
func (c *Context) requestReading(draft store.Draft, f *texts.Form) []form.ReadStep {
	var steps []form.ReadStep
	for _, step := range form.Reading(f, draft.Answers, c.Sources, c.FormContext()) {
		if step.Key != f.Steps[len(f.Steps)-1].Key {
			step.ChangeURL = c.URL(draftPath(c.Param("token"), step.Key))
			steps = append(steps, step)
		}
	}
	return steps
}

// requestAside is the column beside a step: how far the request is, and where the draft is kept.
func (c *Context) requestAside(draft store.Draft, f *texts.Form, current int) requestAside {
	aside := requestAside{
		SavedAt: draft.UpdatedAt, Expires: draft.Expires(), Email: draft.Email,
		Phone: c.server.settings.CoordinationPhone,
	}
	for i, step := range f.Steps {
		stop := requestStop{Title: step.Title, Current: i == current}
		stop.Done = i < len(f.Steps)-1 && len(stepErrors(c, f, step.Key, draft.Answers)) == 0
		if !stop.Current && (stop.Done || i < current) {
			stop.URL = c.URL(draftPath(c.Param("token"), step.Key))
		}
		aside.Stops = append(aside.Stops, stop)
	}
	return aside
}
