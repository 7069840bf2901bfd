package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

func TestAccess(t *testing.T) {
	grant := &TaskGrant{TaskID: "t-1"}
	for name, test := range map[string]struct {
		who     Access
		allowed []advisory.Role
		nobody  advisory.Code
		link    bool
	}{
		"everybody":    {Everybody, advisory.Roles, "", true},
		"signed in":    {SignedIn, advisory.Roles, advisory.Unauthorized, false},
		"coordination": {Coordination, []advisory.Role{advisory.Coordinator, advisory.LeadCoordinator}, advisory.Unauthorized, false},
		"one role":     {Only(advisory.Reader), []advisory.Role{advisory.Reader}, advisory.Unauthorized, false},
		"task link":    {TaskLink, advisory.Roles, advisory.Unauthorized, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, role := range advisory.Roles {
				want := advisory.Forbidden
				if slices.Contains(test.allowed, role) {
					want = ""
				}
				if got := advisory.CodeOf(test.who.check(&store.Person{Role: role}, nil)); got != want {
					t.Errorf("%s: %q, want %q", role, got, want)
				}
			}
			if got := advisory.CodeOf(test.who.check(nil, nil)); got != test.nobody {
				t.Errorf("nobody: %q, want %q", got, test.nobody)
			}
			if got := test.who.check(nil, grant) == nil; got != test.link {
				t.Errorf("with a task link: %v, want %v", got, test.link)
			}
		})
	}
}

// parameter values that name nothing: whoever may use the route gets "not found" at worst.
var parameters = strings.NewReplacer(":id", "00000000-0000-0000-0000-000000000000", ":number", "MG-2020-0001", ":token", "x",
	":step", "x", ":name", "x", ":n", "1", ":session", "1", ":kind", "x", ":choice", "x")

func TestEveryRouteForEveryRole(t *testing.T) {
	s := newSite(t)
	if err := s.store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	browsers := map[advisory.Role]*browser{"": s.browser()}
	for _, role := range advisory.Roles {
		browsers[role] = s.signedIn(s.person(role, string(role)+"@example.org"))
	}
	for _, route := range Routes() {
		if route.Machine || route.Path == signOutPath || route.Path == signInPath {
			continue
		}
		path := parameters.Replace(route.Path)
		for role, b := range browsers {
			var a *answer
			if route.Method == http.MethodGet {
				a = b.get(path)
			} else {
				a = b.post(path)
			}
			var person *store.Person
			if role != "" {
				person = &store.Person{Role: role}
			}
			checkAnswer(t, route, role, route.Who.check(person, nil), a)
		}
	}
}

func checkAnswer(t *testing.T, route Route, role advisory.Role, refused error, a *answer) {
	t.Helper()
	if a.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s %s as %q: %d", route.Method, route.Path, role, a.StatusCode)
	}
	switch advisory.CodeOf(refused) {
	case advisory.Forbidden:
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s as %q: %d, want 403", route.Method, route.Path, role, a.StatusCode)
		}
	case advisory.Unauthorized:
		toSignIn := a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.location(), signInPath+"?")
		if route.Method == http.MethodGet && !toSignIn || route.Method == http.MethodPost && a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s %s as nobody: %d to %q, want the sign-in", route.Method, route.Path, a.StatusCode, a.location())
		}
	default:
		if a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized {
			t.Errorf("%s %s as %q: %d, but it is allowed", route.Method, route.Path, role, a.StatusCode)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/gibt-es-nicht").wantStatus(http.StatusNotFound).wantText("h1", "Diese Seite gibt es nicht")
	b.get("/en/gibt-es-nicht").wantStatus(http.StatusNotFound).wantText("h1", "page")
	b.post("/impressum").wantStatus(http.StatusNotFound)
	b.do(http.MethodDelete, "/anfrage", nil).wantStatus(http.StatusNotFound)
	b.get("/static/").wantStatus(http.StatusNotFound)
	b.get("/static/../server.go").wantStatus(http.StatusNotFound)
	b.do(http.MethodHead, "/", nil).wantStatus(http.StatusOK)
}
