package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	requestPath  = "/anfrage"
	resumePath   = requestPath + "/fortsetzen"
	receivedPath = requestPath + "/angekommen"
	confirmPath  = "/bestaetigen"

	draftDays = int(store.DraftLife / (24 * time.Hour))
)

func (s *Server) requestRoutes() []Route {
	get, post := http.MethodGet, http.MethodPost
	draft := requestPath + "/:token"
	return []Route{
		{Method: get, Path: requestPath, Who: Everybody, Handle: s.showRequestStart},
		{Method: post, Path: requestPath, Who: Everybody, Handle: s.startRequest},
		{Method: get, Path: resumePath, Who: Everybody, Handle: s.showResume},
		{Method: post, Path: resumePath, Who: Everybody, Handle: s.resume},
		{Method: get, Path: receivedPath, Who: Only(advisory.Municipality), Handle: s.showReceived},
		{Method: get, Path: draft, Who: Everybody, Handle: s.openDraft, Secret: true},
		{Method: get, Path: draft + "/link", Who: Everybody, Handle: s.askForAddress, Secret: true},
		{Method: post, Path: draft + "/link", Who: Everybody, Handle: s.mailDraftLink, Secret: true},
		{Method: get, Path: draft + "/gesendet", Who: Everybody, Handle: s.showVerify, Secret: true},
		{Method: post, Path: draft + "/gesendet", Who: Everybody, Handle: s.verifyAgain, Secret: true},
		{Method: get, Path: draft + "/:step", Who: Everybody, Handle: s.showStep, Secret: true},
		{Method: post, Path: draft + "/:step", Who: Everybody, Handle: s.saveStep, Secret: true},
		{Method: get, Path: confirmPath + "/:token", Who: Everybody, Handle: s.showConfirm, Secret: true},
		{Method: post, Path: confirmPath + "/:token", Who: Everybody, Handle: s.confirm, Secret: true},
	}
}

func (s *Server) showRequestStart(c *Context) error {
	return c.Show(http.StatusOK, requestStartPage{Form: c.Form("request")})
}

// startRequest makes a draft, so that everything that is typed from now on is kept.
func (s *Server) startRequest(c *Context) error {
	if err := c.limitClient(draftsByClient); err != nil {
		return err
	}
	draft := store.Draft{Language: string(c.Lang), FormVersion: s.texts.FormVersion(), Answers: known(c.Person)}
	token, err := s.store.CreateDraft(c.Request().Context(), draft, c.Now())
	if err != nil {
		return err
	}
	return c.Go(draftPath(token, c.Form("request").Steps[0].Key))
}

// known are the answers that a municipality's contact need not give again.
func known(person *store.Person) advisory.Answers {
	answers := advisory.Answers{}
	if person == nil || person.Role != advisory.Municipality {
		return answers
	}
	for key, value := range map[string]string{
		"salutation": person.Salutation, "first_name": person.FirstName, "last_name": person.LastName,
		"function": person.Function, "email": person.Email, "phone": person.Phone,
	} {
		if value != "" {
			answers.Set(key, value)
		}
	}
	return answers
}

func draftPath(token, step string) string { return requestPath + "/" + token + "/" + step }

// requestForm is the form of a request with the answers that the program gives to it.
func (c *Context) requestForm() *texts.Form {
	c.Sources = form.Sources{"laender": c.server.texts.OptionList(c.Lang, "laender"), "countries": countries[c.Lang]()}
	return c.offering(c.Form("request"), c.server.texts.topics.current().offered, nil)
}

// draft reads the draft that the path names.
func (c *Context) draft() (store.Draft, error) {
	draft, err := c.server.store.DraftByToken(c.Request().Context(), c.Param("token"))
	if advisory.CodeOf(err) == advisory.NotFound {
		return draft, draftGone(c, err)
	}
	return draft, err
}

func draftGone(c *Context, err error) error {
	return &Explained{
		Err: err, Title: c.T("public.request.draft_gone_title"),
		Text:        c.T("public.request.draft_gone_text", "n", draftDays),
		ActionLabel: c.T("public.request.draft_gone_action"), ActionPath: requestPath,
	}
}

// openDraft is where the link of a mail leads: to the first step that is not complete.
func (s *Server) openDraft(c *Context) error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	if draft.Number != "" {
		return c.Show(http.StatusOK, requestKnownPage{Number: draft.Number})
	}
	f := c.requestForm()
	return c.Go(draftPath(c.Param("token"), firstIncomplete(c, f, draft.Answers)))
}

// firstIncomplete is the first step in which something is missing or wrong; the last one where nothing is.
func firstIncomplete(c *Context, f *texts.Form, answers advisory.Answers) string {
	for _, step := range f.Steps {
		if len(stepErrors(c, f, step.Key, answers)) > 0 {
			return step.Key
		}
	}
	return f.Steps[len(f.Steps)-1].Key
}

func stepErrors(c *Context, f *texts.Form, step string, answers advisory.Answers) form.Errors {
	context := c.FormContext()
	context.Step = step
	return form.Validate(f, answers, c.Sources, context)
}
