package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

const mailWishesPath = "/mails"

func (s *Server) mailWishesRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: mailWishesPath, Who: Coordination, Handle: s.showMailWishes},
		{Method: http.MethodPost, Path: mailWishesPath, Who: Coordination, Handle: s.saveMailWishes},
	}
}

func mailWishesPages() []Page { return []Page{mailWishesPage{}} }

// mailWishesPage is where the coordination team says how it wants to be written to. Advisors say it in their profile.
type mailWishesPage struct {
	View  form.View
	Email string
}

// Template implements Page.
func (mailWishesPage) Template() string { return "mail_wishes" }

func (s *Server) showMailWishes(c *Context) error {
	answers := advisory.Answers{"mail_rhythm": {c.Person.MailRhythm}}
	for answer, lang := range mailLanguages {
		if string(lang) == c.Person.Language {
			answers.Set("mail_language", answer)
		}
	}
	return c.showMailWishes(http.StatusOK, answers, nil)
}

func (c *Context) showMailWishes(status int, answers advisory.Answers, errs form.Errors) error {
	view := form.NewView(c.Form("mail_wishes"), answers, errs, nil, c.FormContext())
	return c.Show(status, mailWishesPage{View: view, Email: c.Person.Email})
}

func (s *Server) saveMailWishes(c *Context) error {
	f := c.Form("mail_wishes")
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return c.showMailWishes(http.StatusUnprocessableEntity, answers, errs)
	}
	wishes := store.MailWishes{Rhythm: answers.Get("mail_rhythm"), Language: string(mailLanguages[answers.Get("mail_language")])}
	if err := s.store.SaveMailWishes(c.Request().Context(), c.Person.ID, wishes); err != nil {
		return err
	}
	return c.Done(workbenchPath, "mail_wishes.saved")
}
