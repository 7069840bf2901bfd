package browser_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"

	"miglobe/advisory"
	"miglobe/store"
)

// The people of the tests are called by invented names that nobody has.
var peopleMade atomic.Int64

// person makes an account. Names and addresses are different every time, because tests share one pool.
func person(t *testing.T, role advisory.Role, first string) store.Person {
	t.Helper()
	n := peopleMade.Add(1)
	made := store.Person{
		Role: role, FirstName: first, LastName: fmt.Sprintf("Muster-%d", n), Active: true, Language: "de", Phone: "0000 12345",
		Email: fmt.Sprintf("%s-%d@demo.example", strings.ToLower(first), n),
	}
	var err error
	if made.ID, err = app.Store.SavePerson(context.Background(), made); err != nil {
		t.Fatal(err)
	}
	return made
}

// advisor makes an account with a profile that fits the requests of the tests.
func advisor(t *testing.T, first string) store.Person {
	t.Helper()
	made := person(t, advisory.Advisor, first)
	err := app.Store.SaveAdvisorProfile(context.Background(), store.AdvisorProfile{
		PersonID: made.ID, About: "Ich moderiere seit vielen Jahren Gespräche zwischen Kommunen und Vereinen.",
		Topics: pq.StringArray{"participation", "partnerships"}, Competences: "Netzwerke in Westafrika, Moderation",
		Languages: pq.StringArray{"german", "french"}, Home: "Beispielstadt", Capacity: 3, MeetingFormat: "either",
		Phone: made.Phone, Language: "de", MailRhythm: "immediately",
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// visits opens a browser for somebody with an account.
func visits(t *testing.T, d device, p store.Person) *visitor {
	t.Helper()
	return newVisitor(t, d, p.FirstName, p.Email)
}

// keepsProgramme gives all that comes after a test the programme from before it, as a version of its own.
func keepsProgramme(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	before, err := app.Store.Programme(ctx)
	if err != nil {
		t.Fatal(err)
	}
	lead := person(t, advisory.LeadCoordinator, "Lou")
	t.Cleanup(func() {
		newest, err := app.Store.Programme(ctx)
		before.Version = newest.Version
		if err == nil {
			_, err = app.Store.AddProgramme(ctx, before, lead.ID, "Wie vor dem Test")
		}
		if err != nil {
			t.Error(err)
		}
	})
}
