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

const usersPath = "/konten"

func (s *Server) administrationRoutes() []Route {
	administrator := Only(advisory.Administrator)
	return append(s.incidentRoutes(), []Route{
		{Method: http.MethodGet, Path: usersPath, Who: administrator, Handle: s.showUsers},
		{Method: http.MethodGet, Path: usersPath + "/neu", Who: administrator, Handle: s.showNewUser},
		{Method: http.MethodPost, Path: usersPath + "/neu", Who: administrator, Handle: s.addUser},
		{Method: http.MethodGet, Path: usersPath + "/:id", Who: administrator, Handle: s.showUser},
		{Method: http.MethodPost, Path: usersPath + "/:id/rolle", Who: administrator, Handle: s.changeRole},
		{Method: http.MethodPost, Path: usersPath + "/:id/sperren", Who: administrator, Handle: s.blockUser},
		{Method: http.MethodPost, Path: usersPath + "/:id/freigeben", Who: administrator, Handle: s.unblockUser},
	}...)
}

func administrationPages() []Page {
	return []Page{usersPage{}, newUserPage{}, userPage{}, incidentsPage{}}
}

// usersPage lists the accounts.
type usersPage struct {
	Words string
	Roles []filterOption
	Rows  []userRow
	Empty *emptyView
	Pager pagerView
}

// Template implements Page.
func (usersPage) Template() string { return "administration_users" }

type userRow struct {
	ID, Name, Email, Role string
	State                 *taskBadge
}

func (s *Server) showUsers(c *Context) error {
	page := usersPage{Words: c.QueryParam(wordsQuery)}
	filter := store.UserFilter{Words: page.Words, Page: c.page()}
	var keys []string
	for _, role := range advisory.Roles {
		keys = append(keys, string(role))
		if c.QueryParam(roleQuery) == string(role) {
			filter.Role = role
		}
	}
	page.Roles = c.filterOptions(string(filter.Role), keys, func(key string) string { return c.T("roles." + key + ".name") })
	persons, total, err := s.store.Users(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	for _, person := range persons {
		page.Rows = append(page.Rows, c.userRow(person))
	}
	page.Pager = c.pager(total, store.UsersPerPage)
	if len(page.Rows) == 0 {
		page.Empty = c.emptyList(filter.Role != "" || total > 0, emptyView{Text: c.T("empty.users")})
	}
	return c.Show(http.StatusOK, page)
}

func (c *Context) userRow(person store.Person) userRow {
	row := userRow{ID: person.ID, Name: person.Name(), Email: person.Email, Role: c.T("roles." + string(person.Role) + ".name"),
		State: badge("success", c.T("administration.user_active"))}
	if !person.Active {
		row.State = badge("neutral", c.T("administration.user_blocked"))
	}
	return row
}

// newUserPage adds an account.
type newUserPage struct{ Form form.View }

// Template implements Page.
func (newUserPage) Template() string { return "administration_new_user" }

func (s *Server) showNewUser(c *Context) error {
	return c.Show(http.StatusOK, newUserPage{form.NewView(c.Form("user"), nil, nil, nil, c.FormContext())})
}

// addUser adds an account that can sign in at once, by a link that the person asks for.
func (s *Server) addUser(c *Context) error {
	f := c.Form("user")
	answers := form.Decode(f, c.Posted(), nil)
	errs := form.Validate(f, answers, nil, c.FormContext())
	if len(errs) == 0 {
		_, err := s.store.AddUser(c.Request().Context(), store.Person{
			Email: answers.Get("email"), Role: advisory.Role(answers.Get("role")), Salutation: answers.Get("salutation"),
			FirstName: answers.Get("first_name"), LastName: answers.Get("last_name"), Phone: answers.Get("phone"),
			Language: string(mailLanguages[answers.Get("language")]),
		})
		switch advisory.CodeOf(err) {
		case "":
			return c.Done(usersPath, "coordination_pages.users.added", "name", answers.Get("first_name")+" "+answers.Get("last_name"))
		case advisory.Conflict:
			errs = errs.Add(f, nil, c.FormContext(), "email", "duplicate")
		default:
			return err
		}
	}
	return c.Show(http.StatusUnprocessableEntity, newUserPage{form.NewView(f, answers, errs, nil, c.FormContext())})
}

// userPage is one account: its role, and whether it may sign in.
type userPage struct {
	Row       userRow
	Active    bool
	Own       bool      // nobody changes the own account
	Role      form.View // the one field of it
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
	return c.showUser(http.StatusOK, person, advisory.Answers{"role": {string(person.Role)}}, nil)
}

func (c *Context) showUser(status int, person store.Person, answers advisory.Answers, errs form.Errors) error {
	return c.Show(status, userPage{
		Row: c.userRow(person), Active: person.Active, Own: person.ID == c.Person.ID, Phone: person.Phone,
		RoleFixed: person.Role == advisory.Municipality,
		Role:      form.NewView(c.roleForm(), answers, errs, nil, c.FormContext()),
	})
}

// roleForm is the form of an account with the question for the role alone.
func (c *Context) roleForm() *texts.Form {
	f := *c.Form("user")
	f.Steps = slices.Clone(f.Steps)
	for i := range f.Steps {
		f.Steps[i].Fields = slices.DeleteFunc(slices.Clone(f.Steps[i].Fields), func(field texts.Field) bool { return field.Key != "role" })
	}
	return &f
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
		return c.showUser(http.StatusUnprocessableEntity, person, answers, errs)
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
