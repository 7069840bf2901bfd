package server

import (
	"errors"
	"net/http"
	"slices"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// userPage is one account: whose it is, its role, and whether it may sign in.
type userPage struct {
	Row       userRow
	Active    bool
	Own       bool      // nobody blocks the own account or changes its role
	Role      form.View // the one field of it
	Details   form.View // the other fields
	RoleFixed bool      // contacts of municipalities come with their request
	Phone     string
}

// Template implements Page.
func (userPage) Template() string { return "administration_user" }

func (s *Server) showUser(c *Context) error {
	person, err := s.store.Person(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, c.userPage(person))
}

func (c *Context) userPage(person store.Person) userPage {
	return userPage{
		Row: c.userRow(person), Active: person.Active, Own: person.ID == c.Person.ID, Phone: person.Phone,
		RoleFixed: person.Role == advisory.Municipality,
		Role:      form.NewView(c.roleForm(), advisory.Answers{"role": {string(person.Role)}}, nil, nil, c.FormContext()),
		Details:   form.NewView(c.detailsForm(), detailsOf(person), nil, nil, c.FormContext()),
	}
}

const roleField = "role"

// roleForm is the form of an account with the question for the role alone, detailsForm the one with all others.
func (c *Context) roleForm() *texts.Form {
	return c.userFormWithout(func(field texts.Field) bool { return field.Key != roleField })
}

func (c *Context) detailsForm() *texts.Form {
	return c.userFormWithout(func(field texts.Field) bool { return field.Key == roleField })
}

func (c *Context) userFormWithout(left func(texts.Field) bool) *texts.Form {
	f := *c.Form("user")
	f.Steps = slices.Clone(f.Steps)
	for i := range f.Steps {
		f.Steps[i].Fields = slices.DeleteFunc(slices.Clone(f.Steps[i].Fields), left)
	}
	return &f
}

// personOf is who the answers of the form of an account describe, without a role.
func personOf(answers advisory.Answers) store.Person {
	return store.Person{
		Email: answers.Get("email"), Salutation: answers.Get("salutation"), FirstName: answers.Get("first_name"),
		LastName: answers.Get("last_name"), Phone: answers.Get("phone"), Language: string(mailLanguages[answers.Get("language")]),
	}
}

func detailsOf(person store.Person) advisory.Answers {
	answers := advisory.Answers{}
	for key, value := range map[string]string{"email": person.Email, "salutation": person.Salutation, "first_name": person.FirstName,
		"last_name": person.LastName, "phone": person.Phone} {
		if value != "" {
			answers.Set(key, value)
		}
	}
	for answer, lang := range mailLanguages {
		if string(lang) == person.Language {
			answers.Set("language", answer)
		}
	}
	return answers
}

func (s *Server) changeUser(c *Context) error {
	ctx := c.Request().Context()
	person, err := s.store.Person(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	f := c.detailsForm()
	answers := form.Decode(f, c.Posted(), nil)
	errs := form.Validate(f, answers, nil, c.FormContext())
	if len(errs) == 0 {
		changed := personOf(answers)
		changed.ID = person.ID
		err := s.store.ChangeUser(ctx, changed)
		var rule store.AccountRule
		switch {
		case err == nil:
			return c.Done(usersPath+"/"+person.ID, "messages.saved")
		case advisory.CodeOf(err) != advisory.Conflict || errors.As(err, &rule):
			return c.accountStays(err, person)
		}
		errs = errs.Add(f, nil, c.FormContext(), "email", "duplicate")
	}
	page := c.userPage(person)
	page.Details = form.NewView(f, answers, errs, nil, c.FormContext())
	return c.Show(http.StatusUnprocessableEntity, page)
}

func (s *Server) changeRole(c *Context) error {
	ctx := c.Request().Context()
	person, err := s.store.Person(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	f := c.roleForm()
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		page := c.userPage(person)
		page.Role = form.NewView(f, answers, errs, nil, c.FormContext())
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	role := advisory.Role(answers.Get("role"))
	if err := s.store.ChangeRole(ctx, person.ID, role, c.Person.ID); err != nil {
		return c.accountStays(err, person)
	}
	return c.Done(usersPath+"/"+person.ID, "coordination_pages.users.role_changed", "name", person.Name(),
		"role", c.T("roles."+string(role)+".name"))
}

func (s *Server) blockUser(c *Context) error   { return s.setBlocked(c, true) }
func (s *Server) unblockUser(c *Context) error { return s.setBlocked(c, false) }

func (s *Server) setBlocked(c *Context, blocked bool) error {
	ctx := c.Request().Context()
	person, err := s.store.Person(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.store.BlockUser(ctx, person.ID, blocked, c.Person.ID); err != nil {
		return c.accountStays(err, person)
	}
	message := "coordination_pages.users.unblocked"
	if blocked {
		message = "coordination_pages.users.blocked"
	}
	return c.Done(usersPath+"/"+person.ID, message, "name", person.Name())
}

// accountStays says which rule keeps an account as it is.
func (c *Context) accountStays(err error, person store.Person) error {
	var rule store.AccountRule
	if !errors.As(err, &rule) {
		return err
	}
	return &Explained{
		Err: err, Title: c.T("coordination_pages.users.stays"), Text: c.T("coordination_pages.users." + string(rule)),
		ActionLabel: c.T("actions.back"), ActionPath: usersPath + "/" + person.ID,
	}
}
