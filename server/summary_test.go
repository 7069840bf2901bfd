package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
)

func TestSummaryHoldsTheConsultationWithoutInternalNotes(t *testing.T) {
	f := newConsultation(t)
	f.withSecrets()
	b := f.signedIn(f.Coordinator)
	for lang, page := range inBothLanguages(b, f.path()+summaryPath) {
		for _, want := range []string{"Musterstadt", "MG-2026-0042", f.Contact.Name(), f.Coordinator.Name(), f.Lead.Name(), "Vereine wirken mit."} {
			if !strings.Contains(page.text("main"), want) {
				t.Errorf("%s: %q is missing", lang, want)
			}
		}
		for _, secret := range secrets {
			if strings.Contains(page.text("main"), secret) {
				t.Errorf("%s: %q is on it", lang, secret)
			}
		}
	}
	b.get(f.path()+summaryPath).wantText("section[aria-labelledby=decisions-h]", "Begleitung bestätigt").
		wantText("section[aria-labelledby=tasks-h]", f.Lead.Name()).wantText("section[aria-labelledby=goal-h]", "Erste Fassung")
	b.get(f.path()+summaryPath+"?notizen=1").wantText("section[aria-labelledby=notes-h]", secrets[0]).wantText("main", "nur für die Koordination")
	if !b.get(f.path()).has("a[href='" + f.path() + summaryPath + "']") {
		t.Error("the consultation does not lead to its summary")
	}
}

func TestSummaryTellsHowItEnded(t *testing.T) {
	f := newConsultation(t)
	f.ended(advisory.Completed)
	f.signedIn(f.Head).get(f.path()+summaryPath).wantStatus(http.StatusOK).
		wantText("section[aria-labelledby=standing-h]", "Zwei Optionen sind auf dem Weg.").
		wantText("section[aria-labelledby=options-h]", "Handlungsoptionen").
		wantText("section[aria-labelledby=sessions-h]", "Auftaktgespräch")
}

func TestSummaryIsForTheCoordinationTeam(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.CloseConsultation)
	reader, admin := f.named(advisory.Reader, "Rita", "Leser"), f.named(advisory.Administrator, "Ada", "Betrieb")
	for _, query := range []string{"", "?notizen=1"} {
		for _, person := range []string{f.Contact.ID, f.Lead.ID, f.Member.ID, reader.ID, admin.ID} {
			who, err := f.store.Person(t.Context(), person)
			if err != nil {
				t.Fatal(err)
			}
			f.signedIn(who).get(f.path() + summaryPath + query).wantStatus(http.StatusForbidden)
		}
	}
	f.signedIn(f.Coordinator).get("/beratungen/MG-2020-0001" + summaryPath).wantStatus(http.StatusNotFound)
}
