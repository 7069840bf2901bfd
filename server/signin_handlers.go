package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
)

const (
	signInPath  = "/anmelden"
	signOutPath = "/abmelden"
	returnField = "weiter" // where to go after signing in
)

func (s *Server) signInRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: signInPath, Who: Everybody, Handle: s.showSignIn},
		{Method: http.MethodPost, Path: signInPath, Who: Everybody, Handle: s.orderSignIn},
		{Method: http.MethodGet, Path: signInPath + "/:token", Who: Everybody, Handle: s.showSignInLink, Secret: true},
		{Method: http.MethodPost, Path: signInPath + "/:token", Who: Everybody, Handle: s.useSignInLink, Secret: true},
		{Method: http.MethodPost, Path: signOutPath, Who: Everybody, Handle: s.signOut},
		{Method: http.MethodGet, Path: signOutPath, Who: Everybody, Handle: s.showSignedOut},
		{Method: http.MethodGet, Path: taskLinkDonePath, Who: Everybody, Handle: s.showTaskLinkDone},
		{Method: http.MethodGet, Path: "/a/:token", Who: Everybody, Handle: s.openTaskLink, Secret: true},
	}
}

func (s *Server) showSignIn(c *Context) error {
	if c.Person != nil {
		return c.Go(homePath(c.Person.Role))
	}
	return c.Show(http.StatusOK, signInPage{
		Form:   form.NewView(c.Form("sign_in"), nil, nil, nil, c.FormContext()),
		Return: safeReturn(c.QueryParam(returnField)),
	})
}

// orderSignIn gives the same answer whether the address is known or not.
func (s *Server) orderSignIn(c *Context) error {
	f := c.Form("sign_in")
	answers := form.Decode(f, c.Posted(), nil)
	back := safeReturn(c.Posted().Get(returnField))
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, signInPage{
			Form: form.NewView(f, answers, errs, nil, c.FormContext()), Return: back,
		})
	}
	address := answers.Get("email")
	if err := c.limitClient(signInByClient); err != nil {
		return err
	}
	if err := c.limitAddress(signInByAddress, address); err != nil {
		return err
	}
	if err := s.store.OrderSignInLink(c.Request().Context(), address, c.Now()); err != nil {
		return err
	}
	if back != "" {
		c.remember(returnEntry, back)
	}
	return c.Show(http.StatusOK, signInSentPage{Title: f.SentTitle, Text: f.SentText})
}

// showSignInLink changes nothing, because filters of mail servers open links.
func (s *Server) showSignInLink(c *Context) error {
	if err := s.store.CheckSignInLink(c.Request().Context(), c.Param("token")); err != nil {
		return signInLinkEnded(c, err)
	}
	return c.Show(http.StatusOK, signInLinkPage{Action: c.URL(c.Path())})
}

func (s *Server) useSignInLink(c *Context) error {
	person, err := s.store.UseSignInLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return signInLinkEnded(c, err)
	}
	if err := c.signIn(person); err != nil {
		return err
	}
	if back := safeReturn(c.take(returnEntry)); back != "" {
		return c.Redirect(http.StatusSeeOther, back)
	}
	return c.Go(homePath(person.Role))
}

// signInLinkEnded is the page of a link that is spent, too old or unknown.
func signInLinkEnded(c *Context, err error) error {
	if advisory.CodeOf(err) != advisory.NotFound {
		return err
	}
	return linkEnded(c, "errors.link_expired", signInPath)
}

func (s *Server) signOut(c *Context) error {
	if err := c.signOut(); err != nil {
		return err
	}
	return c.Go(signOutPath)
}

func (s *Server) showSignedOut(c *Context) error {
	if c.Person != nil {
		return c.Go(homePath(c.Person.Role))
	}
	return c.Show(http.StatusOK, signedOutPage{})
}
