package store_test

import (
	"slices"
	"sync"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

// twoServers are two processes on one database.
func twoServers(t *testing.T) (a, b *store.Store) {
	t.Helper()
	dsn := storetest.DSN(t)
	var both [2]*store.Store
	for i := range both {
		s, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		both[i] = s
	}
	return both[0], both[1]
}

func newestProgramme(t *testing.T, s *store.Store) advisory.Programme {
	t.Helper()
	programme, err := s.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return programme
}

func leadCoordinator(t *testing.T, s *store.Store) string {
	t.Helper()
	id, err := s.SavePerson(t.Context(), store.Person{Role: advisory.LeadCoordinator, Email: "leitung@example.org",
		FirstName: "Robin", LastName: "Beispiel", Active: true, Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestOfTwoChangesOfOneVersionOneIsRefused(t *testing.T) {
	a, b := twoServers(t)
	ensureProgramme(t, a)
	author := leadCoordinator(t, a)
	const rounds = 5
	for round := range rounds {
		var results [2]error
		var changes sync.WaitGroup
		changed := newestProgramme(t, a)
		changed.UndoDays = 20 + round
		for i, s := range []*store.Store{a, b} {
			changes.Go(func() { _, results[i] = s.AddProgramme(t.Context(), changed, author, "") })
		}
		changes.Wait()
		codes := []advisory.Code{advisory.CodeOf(results[0]), advisory.CodeOf(results[1])}
		slices.Sort(codes)
		if codes[0] != "" || codes[1] != advisory.Conflict {
			t.Fatalf("%v", results)
		}
	}
	versions, err := a.ProgrammeVersions(t.Context())
	if err != nil || len(versions) != 1+rounds || versions[0].AuthorName != "Robin Beispiel" || versions[rounds].AuthorName != "" {
		t.Errorf("%+v, %v", versions, err)
	}
	stale := newestProgramme(t, a)
	stale.Version = 1
	if _, err := a.AddProgramme(t.Context(), stale, author, ""); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("a change of version 1: %v", err)
	}
}

// A version that one process makes counts in every other at once, for what is new; what runs keeps its own.
func TestNewConsultationsStartWithTheNewestProgrammeInEveryProcess(t *testing.T) {
	a, b := twoServers(t)
	ensureProgramme(t, a)
	author := leadCoordinator(t, a)
	first, err := b.SendRequest(t.Context(), linkOf(t, b, "t@example.org"), requestDay)
	if err != nil || first.Programme.Version != 1 {
		t.Fatalf("version %d, %v", first.Programme.Version, err)
	}
	changed := newestProgramme(t, a)
	changed.Closures = []string{"2026-03-03"}
	if _, err := a.AddProgramme(t.Context(), changed, author, "Betriebsausflug"); err != nil {
		t.Fatal(err)
	}
	second, err := b.SendRequest(t.Context(), linkOf(t, b, "u@example.org"), requestDay)
	if err != nil || second.Programme.Version != 2 || !slices.Equal(second.Programme.Closures, changed.Closures) {
		t.Errorf("version %d, %v", second.Programme.Version, err)
	}
	kept, err := b.SentRequest(t.Context(), first.ConsultationID)
	if err != nil || kept.Programme.Version != 1 || len(kept.Programme.Closures) != 0 {
		t.Errorf("version %d, %v", kept.Programme.Version, err)
	}
	versions, err := b.ProgrammeVersions(t.Context())
	if err != nil || len(versions) != 2 || versions[0].Running != 1 || versions[1].Running != 1 || versions[0].Note != "Betriebsausflug" {
		t.Errorf("%+v, %v", versions, err)
	}
}

func linkOf(t *testing.T, s *store.Store, email string) string {
	t.Helper()
	link, _ := sentDraft(t, s, email)
	return link
}
