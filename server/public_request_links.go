package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

// askForAddress asks once for the address that gets the link of the draft.
func (s *Server) askForAddress(c *Context) error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	answers := advisory.Answers{}
	if email := draft.Answers.Get("email"); email != "" {
		answers.Set("email", email)
	}
	return c.showAddressForm(http.StatusOK, answers, nil)
}

func (c *Context) showAddressForm(status int, answers advisory.Answers, errs form.Errors) error {
	return c.Show(status, draftLinkPage{
		View: form.NewView(c.Form("resume_draft"), answers, errs, nil, c.FormContext()), Action: c.URL(c.Path()),
		Back: c.URL(requestPath + "/" + c.Param("token")),
	})
}

func (s *Server) mailDraftLink(c *Context) error {
	f := c.Form("resume_draft")
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return c.showAddressForm(http.StatusUnprocessableEntity, answers, errs)
	}
	draft, err := c.draft()
	if err != nil {
		return err
	}
	address := answers.Get("email")
	if err := c.limitMails(address); err != nil {
		return err
	}
	if err := s.store.MailDraftLink(c.Request().Context(), draft, address, c.Now()); err != nil {
		return err
	}
	return c.Done(requestPath+"/"+c.Param("token"), "public.request.link_sent", "email", address)
}

// limitMails keeps strangers from filling somebody's letter box.
func (c *Context) limitMails(address string) error {
	if err := c.limitClient(sendingByClient); err != nil {
		return err
	}
	return c.limitAddress(mailsByAddress, address)
}

func (s *Server) showResume(c *Context) error {
	return c.Show(http.StatusOK, resumePage{View: form.NewView(c.Form("resume_draft"), nil, nil, nil, c.FormContext())})
}

// resume gives the same answer whether there is a draft or not.
func (s *Server) resume(c *Context) error {
	f := c.Form("resume_draft")
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, resumePage{View: form.NewView(f, answers, errs, nil, c.FormContext())})
	}
	address := answers.Get("email")
	if err := c.limitMails(address); err != nil {
		return err
	}
	if err := s.store.MailDraftLinkAgain(c.Request().Context(), address, c.Now()); err != nil {
		return err
	}
	return c.Show(http.StatusOK, signInSentPage{Title: f.SentTitle, Text: f.SentText})
}

// showVerify says that a mail with a link to confirm the address is on its way.
func (s *Server) showVerify(c *Context) error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	switch {
	case draft.Number != "":
		return c.Show(http.StatusOK, requestKnownPage{Number: draft.Number})
	case draft.SentAt == nil:
		return c.Go(requestPath + "/" + c.Param("token"))
	}
	return c.Show(http.StatusOK, verifyPage{
		Form: c.Form("request"), Email: draft.Answers.Get("email"), Action: c.URL(c.Path()),
		Edit: c.URL(draftPath(c.Param("token"), "contact")),
	})
}

func (s *Server) verifyAgain(c *Context) error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	if draft.Number != "" || draft.SentAt == nil {
		return c.Go(requestPath + "/" + c.Param("token"))
	}
	if err := s.orderVerification(c, draft, true); err != nil {
		return err
	}
	return c.Done(c.Path(), "public.request.verify_sent_again")
}

// showConfirm changes nothing, because filters of mail servers open links.
func (s *Server) showConfirm(c *Context) error {
	link, err := s.store.AddressLink(c.Request().Context(), c.Param("token"))
	switch {
	case advisory.CodeOf(err) == advisory.NotFound:
		return linkEnded(c, "errors.link_expired", resumePath)
	case err != nil:
		return err
	case link.Number != "":
		return c.Show(http.StatusOK, requestKnownPage{Number: link.Number})
	}
	return c.Show(http.StatusOK, confirmPage{Email: link.Email, Action: c.URL(c.Path())})
}

// confirm confirms the address, makes the draft a consultation, starts its journey and signs the author in.
func (s *Server) confirm(c *Context) error {
	if err := c.limitClient(confirmsByClient); err != nil {
		return err
	}
	sent, err := s.store.SendRequest(c.Request().Context(), c.Param("token"), c.Now())
	if err != nil {
		return c.notConfirmed(err)
	}
	result, err := s.inbox.Start(c.Request().Context(), sent.ConsultationID)
	if err != nil {
		c.Log.Error("start consultation", "consultation", sent.ConsultationID, "err", err) // the relay makes up for it
	}
	if sent.Person == nil {
		return c.Go(c.Path())
	}
	if err := c.signIn(*sent.Person); err != nil {
		return err
	}
	c.remember(receivedEntry, sent.ConsultationID)
	if !result.Applied {
		return c.Done(receivedPath, "public.request.processing")
	}
	return c.Go(receivedPath)
}

func (c *Context) notConfirmed(err error) error {
	told := &Explained{Err: err, ActionLabel: c.T("public.request.resume_action"), ActionPath: resumePath}
	switch advisory.CodeOf(err) {
	case advisory.NotFound:
		return linkEnded(c, "errors.link_expired", resumePath)
	case advisory.Conflict:
		told.Title, told.Text = c.T("public.request.changed_title"), c.T("public.request.changed_text")
	case advisory.Forbidden:
		told.Title, told.Text = c.T("public.request.account_title"), c.T("public.request.account_text")
	default:
		return err
	}
	return told
}

// showReceived tells the number and when the coordination team answers at the latest.
func (s *Server) showReceived(c *Context) error {
	id := c.recall(receivedEntry)
	if id == "" {
		return c.Go(homePath(c.Person.Role))
	}
	sent, err := s.store.SentRequest(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, receivedPage{Form: c.Form("request"), Number: sent.Number, AnswerBy: answerBy(sent)})
}

// answerBy is the last day for the coordination team to take on a new request, in working days of its Land.
func answerBy(sent store.SentRequest) time.Time {
	return sent.Programme.Dates(advisory.NewCalendar(sent.Land, sent.Programme.Closures...), advisory.ClaimRequest, sent.SentAt).DueOn
}
