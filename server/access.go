package server

import (
	"slices"

	"miglobe/advisory"
	"miglobe/store"
)

// Access says who may use a route. Whether the person may see the one consultation or task that the path names is for
// the handler to check: it answers not_found.
type Access struct {
	everybody bool
	taskLink  bool
	roles     []advisory.Role // empty: every role
}

// The usual groups.
var (
	Everybody    = Access{everybody: true}
	SignedIn     = Access{}
	Coordination = Only(advisory.Coordinator, advisory.LeadCoordinator)
	// TaskLink lets in whoever is signed in, and whoever came by the link of a mail to the task that the parameter "id"
	// of the path names.
	TaskLink = SignedIn.OrTaskLink()
)

// Only lets in people with one of the roles.
func Only(roles ...advisory.Role) Access { return Access{roles: roles} }

// OrTaskLink also lets in whoever came by the link of a mail to the task of the path.
func (a Access) OrTaskLink() Access {
	a.taskLink = true
	return a
}

// Public tells whether the route needs no sign-in.
func (a Access) Public() bool { return a.everybody }

// check says why somebody may not: unauthorized where signing in could help, else forbidden.
func (a Access) check(person *store.Person, grant *TaskGrant) error {
	switch {
	case a.everybody, a.taskLink && grant != nil:
		return nil
	case person == nil:
		return advisory.Errorf(advisory.Unauthorized, "nobody is signed in")
	case len(a.roles) > 0 && !slices.Contains(a.roles, person.Role):
		return advisory.Errorf(advisory.Forbidden, "role %s may not", person.Role)
	}
	return nil
}
