package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

const usersPath = "/konten"

func (s *Server) administrationRoutes() []Route {
	administrator := Only(advisory.Administrator)
	return append(s.incidentRoutes(), []Route{
		{Method: http.MethodGet, Path: usersPath, Who: administrator, Handle: s.showUsers},
		{Method: http.MethodGet, Path: usersPath + "/neu", Who: administrator, Handle: s.showNewUser},
		{Method: http.MethodPost, Path: usersPath + "/neu", Who: administrator, Handle: s.addUser},
		{Method: http.MethodGet, Path: usersPath + "/:id", Who: administrator, Handle: s.showUser},
		{Method: http.MethodPost, Path: usersPath + "/:id", Who: administrator, Handle: s.changeUser},
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
		person := personOf(answers)
		person.Role = advisory.Role(answers.Get("role"))
		_, err := s.store.AddUser(c.Request().Context(), person)
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
