package store_test

import (
	"errors"
	"sync"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

// asks sends a request of a municipality and returns the id of the consultation.
func asks(t *testing.T, s *store.Store, municipality, email string) string {
	t.Helper()
	link, draft := sentDraft(t, s, email)
	if _, err := s.DB().Exec(`UPDATE drafts SET answers = jsonb_set(answers, '{municipality,0}', to_jsonb($2::text)) WHERE id = $1`,
		draft.ID, municipality); err != nil {
		t.Fatal(err)
	}
	sent, err := s.SendRequest(t.Context(), link, requestDay)
	if err != nil {
		t.Fatal(err)
	}
	return sent.ConsultationID
}

func entries(t *testing.T, s *store.Store, filter store.MunicipalityFilter) []store.MunicipalityEntry {
	t.Helper()
	found, total, err := s.Municipalities(t.Context(), filter)
	if err != nil || total != len(found) {
		t.Fatalf("%d entries of %d, %v", len(found), total, err)
	}
	return found
}

func TestRequestsOfOneMunicipalityStandTogether(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	for i, name := range []string{"Münsterbach", "Stadt Muensterbach ", "MÜNSTERBACH", "Kreis Münsterbach"} {
		asks(t, s, name, string(rune('a'+i))+"@example.org")
	}
	found := entries(t, s, store.MunicipalityFilter{})
	if len(found) != 2 || found[0].Name != "Kreis Münsterbach" || found[0].Total != 1 || found[1].Name != "Münsterbach" || found[1].Total != 3 || found[1].Running != 3 {
		t.Fatalf("entries %+v", found)
	}
	for words, want := range map[string]int{"munster": 2, "muenster": 2, "KREIS": 1, "05": 0, "%": 0} {
		if got := entries(t, s, store.MunicipalityFilter{Words: words}); len(got) != want {
			t.Errorf("%s: %+v", words, got)
		}
	}
	contacts, err := s.MunicipalityContacts(t.Context(), found[1].ID, 10)
	if err != nil || len(contacts) != 3 || contacts[0].Consultations != 1 {
		t.Errorf("contacts %+v, %v", contacts, err)
	}
}

func TestTwoRequestsOfANewMunicipalityAtOnceMakeOneEntry(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	var links []string
	for i := range 6 {
		link, _ := sentDraft(t, s, string(rune('a'+i))+"@example.org")
		links = append(links, link)
	}
	var all sync.WaitGroup
	for _, link := range links {
		all.Go(func() {
			if _, err := s.SendRequest(t.Context(), link, requestDay); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if found := entries(t, s, store.MunicipalityFilter{}); len(found) != 1 || found[0].Total != 6 {
		t.Errorf("entries %+v", found)
	}
}

func TestAnOfficialKeyBelongsToOneEntry(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	asks(t, s, "Musterstadt", "a@example.org")
	asks(t, s, "Musterdorf", "b@example.org")
	found := entries(t, s, store.MunicipalityFilter{})
	village, town := found[0], found[1]
	if err := s.ChangeMunicipality(t.Context(), town.ID, "Stadt am Muster", "05911000"); err != nil {
		t.Fatal(err)
	}
	var taken store.TakenAGS
	if err := s.ChangeMunicipality(t.Context(), village.ID, "Musterdorf", "05911000"); !errors.As(err, &taken) || taken.Other.ID != town.ID {
		t.Errorf("key of another: %v", err)
	}
	if err := s.ChangeMunicipality(t.Context(), village.ID, "Musterdorf", "09162000"); advisory.CodeOf(err) != advisory.Invalid {
		t.Errorf("key of another Land: %v", err)
	}
	if got := entries(t, s, store.MunicipalityFilter{WithoutAGS: true}); len(got) != 1 || got[0].ID != village.ID {
		t.Errorf("without a key: %+v", got)
	}
	if got := entries(t, s, store.MunicipalityFilter{Words: "059"}); len(got) != 1 || got[0].ID != town.ID {
		t.Errorf("found by key: %+v", got)
	}
	for _, name := range []string{"Musterstadt", "Stadt am Muster"} { // the old and the new name lead to it
		asks(t, s, name, name[:2]+name[len(name)-2:]+"@example.org")
	}
	if got, err := s.Municipality(t.Context(), town.ID); err != nil || got.Total != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMergedEntriesBecomeOne(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	asks(t, s, "Musterstadt", "a@example.org")
	asks(t, s, "Musterstadt an der Probe", "b@example.org")
	found := entries(t, s, store.MunicipalityFilter{})
	keep, double := found[0], found[1]
	for _, entry := range found {
		if err := s.ChangeMunicipality(t.Context(), entry.ID, entry.Name, map[string]string{keep.ID: "05911000", double.ID: "05913000"}[entry.ID]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.MergeMunicipality(t.Context(), double.ID, keep.ID); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("two keys: %v", err)
	}
	if err := s.MergeMunicipality(t.Context(), keep.ID, keep.ID); advisory.CodeOf(err) != advisory.Invalid {
		t.Errorf("with itself: %v", err)
	}
	if err := s.ChangeMunicipality(t.Context(), keep.ID, keep.Name, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.MergeMunicipality(t.Context(), double.ID, keep.ID); err != nil {
		t.Fatal(err)
	}
	asks(t, s, "Musterstadt an der Probe", "c@example.org")
	if got := entries(t, s, store.MunicipalityFilter{}); len(got) != 1 || got[0].ID != keep.ID || got[0].Total != 3 || got[0].AGS != "05913000" {
		t.Errorf("entries %+v", got)
	}
	if _, err := s.Municipality(t.Context(), double.ID); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("the double entry: %v", err)
	}
}
