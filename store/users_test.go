package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

type accounts struct {
	*testing.T
	store *store.Store
	ctx   context.Context
}

func newAccounts(t *testing.T) *accounts {
	t.Helper()
	return &accounts{T: t, store: storetest.Open(t), ctx: t.Context()}
}

func (a *accounts) add(role advisory.Role, name string) string {
	a.Helper()
	id, err := a.store.AddUser(a.ctx, store.Person{Role: role, Email: name + "@demo.example", FirstName: name, LastName: "Muster"})
	if err != nil {
		a.Fatal(err)
	}
	return id
}

func ruleOf(err error) store.AccountRule {
	var rule store.AccountRule
	errors.As(err, &rule)
	return rule
}

func TestANewAccountCanSignInAtOnce(t *testing.T) {
	a := newAccounts(t)
	id := a.add(advisory.Coordinator, "kim")
	if person, err := a.store.ActivePerson(a.ctx, id); err != nil || person.Role != advisory.Coordinator {
		t.Errorf("%+v, %v", person, err)
	}
	_, err := a.store.AddUser(a.ctx, store.Person{Role: advisory.Reader, Email: "KIM@demo.example", FirstName: "K", LastName: "M"})
	if advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("the same address again: %v", err)
	}
}

func TestAnAdvisorsAccountHasAProfile(t *testing.T) {
	a := newAccounts(t)
	amina, kim, boss := a.add(advisory.Advisor, "amina"), a.add(advisory.Coordinator, "kim"), a.add(advisory.Administrator, "boss")
	if err := a.store.ChangeRole(a.ctx, kim, advisory.Advisor, boss); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{amina, kim} {
		if _, err := a.store.PoolAdvisor(a.ctx, id); err != nil {
			t.Errorf("%s is not in the pool: %v", id, err)
		}
	}
}

func TestAccountRules(t *testing.T) {
	a := newAccounts(t)
	boss, second := a.add(advisory.Administrator, "boss"), a.add(advisory.Administrator, "second")
	contact, kim := a.add(advisory.Municipality, "toni"), a.add(advisory.Coordinator, "kim")
	for name, test := range map[string]struct {
		err  error
		want store.AccountRule
	}{
		"block oneself":           {a.store.BlockUser(a.ctx, boss, true, boss), store.OwnAccount},
		"demote oneself":          {a.store.ChangeRole(a.ctx, boss, advisory.Reader, boss), store.OwnAccount},
		"a contact becomes staff": {a.store.ChangeRole(a.ctx, contact, advisory.Coordinator, boss), store.MunicipalityRole},
		"staff becomes a contact": {a.store.ChangeRole(a.ctx, kim, advisory.Municipality, boss), store.MunicipalityRole},
		"block one of two":        {a.store.BlockUser(a.ctx, second, true, boss), ""},
		"block the last one":      {a.store.BlockUser(a.ctx, boss, true, second), store.LastAdministrator},
		"demote the last one":     {a.store.ChangeRole(a.ctx, boss, advisory.Reader, second), store.LastAdministrator},
		"unblock":                 {a.store.BlockUser(a.ctx, second, false, boss), ""},
		"another role":            {a.store.ChangeRole(a.ctx, kim, advisory.LeadCoordinator, boss), ""},
	} {
		if got := ruleOf(test.err); got != test.want || (test.err != nil) != (test.want != "") {
			t.Errorf("%s: %v, want %q", name, test.err, test.want)
		}
	}
}

func TestTwoAdministratorsCannotBlockEachOther(t *testing.T) {
	a := newAccounts(t)
	one, other := a.add(advisory.Administrator, "one"), a.add(advisory.Administrator, "other")
	var both sync.WaitGroup
	for blocked, by := range map[string]string{one: other, other: one} {
		both.Go(func() { a.store.BlockUser(a.ctx, blocked, true, by) }) //nolint:errcheck // one of them is refused
	}
	both.Wait()
	left := 0
	for _, id := range []string{one, other} {
		if _, err := a.store.ActivePerson(a.ctx, id); err == nil {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d administrators are left", left)
	}
}

func TestWhoOwesTasksKeepsTheRole(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	boss := (&accounts{T: t, store: d.store, ctx: d.ctx}).add(advisory.Administrator, "boss")
	if got := ruleOf(d.store.ChangeRole(d.ctx, d.people["kim"], advisory.Reader, boss)); got != store.StillOwesTasks {
		t.Errorf("to reader: %q", got)
	}
	d.must(d.store.ChangeRole(d.ctx, d.people["kim"], advisory.LeadCoordinator, boss)) // still sees them
	d.must(d.store.BlockUser(d.ctx, d.people["kim"], true, boss))                      // security does not wait
}

func TestUsersAreSearched(t *testing.T) {
	a := newAccounts(t)
	a.add(advisory.Coordinator, "kim")
	a.add(advisory.Reader, "robin")
	for filter, want := range map[store.UserFilter]int{
		{}: 2, {Words: "KIM"}: 1, {Words: "demo.example"}: 2, {Words: "_"}: 0, {Role: advisory.Reader}: 1, {Page: 2}: 0,
	} {
		persons, total, err := a.store.Users(a.ctx, filter)
		if err != nil || len(persons) != want || filter.Page == 0 && total != want {
			t.Errorf("%+v: %d of %d, %v", filter, len(persons), total, err)
		}
	}
}
