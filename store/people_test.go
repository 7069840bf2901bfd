package store_test

import (
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

func TestPersonsAreFoundByTheirAddressInAnyCase(t *testing.T) {
	s := storetest.Open(t)
	id := savePerson(t, s, store.Person{Role: advisory.Advisor, Email: " Kim@Example.org", FirstName: "Kim", LastName: "Ölaf", Active: true})
	found, err := s.PersonByEmail(t.Context(), "KIM@example.ORG ")
	if err != nil || found.ID != id || found.Email != "kim@example.org" || found.Name() != "Kim Ölaf" || found.Initials() != "KÖ" {
		t.Errorf("found %+v, %v", found, err)
	}
	if found.Language != "de" || found.MailRhythm != "immediately" {
		t.Errorf("defaults: %+v", found)
	}
}

func TestAddressesAreUnique(t *testing.T) {
	s := storetest.Open(t)
	savePerson(t, s, store.Person{Role: advisory.Advisor, Email: "kim@example.org", FirstName: "Kim", LastName: "A", Active: true})
	_, err := s.SavePerson(t.Context(), store.Person{Role: advisory.Reader, Email: "KIM@example.org", FirstName: "K", LastName: "B"})
	if advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("error %v, want conflict", err)
	}
}

func TestBlockedPersonsAreNotActive(t *testing.T) {
	s := storetest.Open(t)
	person := store.Person{Role: advisory.Advisor, Email: "kim@example.org", FirstName: "Kim", LastName: "A", Active: true}
	person.ID = savePerson(t, s, person)
	if _, err := s.ActivePerson(t.Context(), person.ID); err != nil {
		t.Error(err)
	}
	person.Active = false
	savePerson(t, s, person)
	if _, err := s.ActivePerson(t.Context(), person.ID); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("error %v, want not_found", err)
	}
	if _, err := s.Person(t.Context(), person.ID); err != nil {
		t.Error(err)
	}
	if _, err := s.Person(t.Context(), "no-uuid"); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("error %v, want not_found", err)
	}
}

func TestSignInLinks(t *testing.T) {
	s := storetest.Open(t)
	id := savePerson(t, s, store.Person{Role: advisory.Advisor, Email: "kim@example.org", FirstName: "Kim", LastName: "A", Active: true})
	token, expires, err := s.IssueSignInLink(t.Context(), id, time.Hour)
	if err != nil || time.Until(expires) < 59*time.Minute {
		t.Fatalf("expires %s, %v", expires, err)
	}
	for range 2 {
		if err := s.CheckSignInLink(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if count(t, s, `SELECT count(*) FROM sign_in_links WHERE token_hash = $1`, []byte(token)) != 0 {
		t.Error("the token is stored readable")
	}
	if person, err := s.UseSignInLink(t.Context(), token); err != nil || person.ID != id {
		t.Errorf("%+v, %v", person, err)
	}
	if _, err := s.UseSignInLink(t.Context(), token); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("second use: %v, want not_found", err)
	}
	if err := s.CheckSignInLink(t.Context(), token); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("check after use: %v, want not_found", err)
	}
}

func TestWebSessions(t *testing.T) {
	sessions := storetest.Open(t).WebSessions()
	if err := sessions.Commit("a", []byte("one"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := sessions.Commit("a", []byte("two"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if data, found, err := sessions.Find("a"); string(data) != "two" || !found || err != nil {
		t.Errorf("%q %v %v", data, found, err)
	}
	if err := sessions.Commit("old", []byte{}, time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("old"); found || err != nil {
		t.Errorf("expired session: %v %v", found, err)
	}
	if err := sessions.Delete("a"); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("a"); found || err != nil {
		t.Errorf("deleted session: %v %v", found, err)
	}
}

func TestAttemptsAreCountedBySubjectAndAction(t *testing.T) {
	s := storetest.Open(t)
	for want := 1; want <= 3; want++ {
		n, ends, err := s.CountAttempt(t.Context(), "sign_in", []byte("kim"), 24*365*time.Hour)
		if n != want || err != nil || !ends.After(time.Now()) {
			t.Errorf("%d until %s, %v; want %d", n, ends, err, want)
		}
	}
	for action, subject := range map[string]string{"sign_in": "robin", "verify": "kim"} {
		if n, _, err := s.CountAttempt(t.Context(), action, []byte(subject), 24*365*time.Hour); n != 1 || err != nil {
			t.Errorf("%s %s: %d, %v", action, subject, n, err)
		}
	}
}

func TestSecretsStay(t *testing.T) {
	s := storetest.Open(t)
	first, err := s.Secret(t.Context(), "a")
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	again, _ := s.Secret(t.Context(), "a")
	other, _ := s.Secret(t.Context(), "b")
	if string(again) != string(first) || string(other) == string(first) {
		t.Error("a secret changed, or two are the same")
	}
}

func savePerson(t *testing.T, s *store.Store, person store.Person) string {
	t.Helper()
	id, err := s.SavePerson(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func count(t *testing.T, s *store.Store, query string, args ...any) int {
	t.Helper()
	var n int
	if err := s.DB().QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
