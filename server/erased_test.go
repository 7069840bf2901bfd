package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// anonymised is a consultation that was completed long ago.
func (f *consultationFixture) anonymised() {
	f.t.Helper()
	f.ended(advisory.Completed)
	f.anonymise()
}

func (f *consultationFixture) anonymise() {
	f.t.Helper()
	f.exec(`UPDATE consultations SET ended_at = now()`)
	if err := f.store.Anonymise(f.t.Context(), advisory.DefaultRetention(), time.Now().AddDate(6, 0, 0), catalog().WithoutWords); err != nil {
		f.t.Fatal(err)
	}
}

func TestPagesOfAnonymisedConsultationsStayOpen(t *testing.T) {
	f := newConsultation(t)
	f.anonymised()
	staff := f.signedIn(f.Coordinator)
	for _, path := range []string{f.path(), f.path() + "/kontakte", consultationsPath, consultationsPath + "?q=musterstadt"} {
		for lang, page := range inBothLanguages(staff, path) {
			text := page.text("html")
			if strings.Contains(text, advisory.Erased) || strings.Contains(text, "@invalid") {
				t.Errorf("%s: raw mark in %q", page.what, text)
			}
			for _, word := range []string{"Toni", "muster@example.org", "Vereine wirken", "Vereine einbinden", "Büro", "12345"} {
				if strings.Contains(page.text("main"), word) {
					t.Errorf("%s: %s is left in %q", page.what, word, page.text("main"))
				}
			}
			if word := catalog().UI(lang, "erasure.erased"); !strings.Contains(text, word) || strings.Contains(text, word+" "+word) {
				t.Errorf("%s: wants %q once in a place: %q", page.what, word, text)
			}
		}
	}
	staff.get(f.path()).wantText("[aria-labelledby='people-h'] .mg-person", "Angaben gelöscht").wantText("main", "Musterstadt")
	inBothLanguages(f.signedIn(f.Lead), f.path())
	f.signedIn(f.named(advisory.Administrator, "Ada", "Admin")).get("/konten").wantStatus(http.StatusOK)
}

func TestNobodyIsLeftWhoCouldFollowAnAnonymisedConsultation(t *testing.T) {
	f := followUpAnswered(t, newNeed)
	offer := "a[href='" + f.path() + followOnSuffix + "']"
	staff := f.signedIn(f.Coordinator)
	if !staff.get(f.path()).has(offer) {
		t.Fatal("not offered before")
	}
	f.anonymise()
	if staff.get(f.path()).has(offer) {
		t.Error("offered, though nobody is left who could get it")
	}
	staff.get(f.path() + followOnSuffix).wantStatus(http.StatusConflict)
}

func TestThePrivacyPageTellsTheConfiguredPeriods(t *testing.T) {
	s := newSite(t)
	for lang, page := range inBothLanguages(s.browser(), "/datenschutz") {
		want := map[texts.Lang][]string{
			texts.German:  {"Abgeschlossene Beratungen: 5 Jahre", "zurückgezogene Anfragen: 12 Monate", "gesendeten Mails: 12 Monate"},
			texts.English: {"Closed consultations: 5 years", "withdrawn requests: 12 months", "sent mails: 12 months"},
		}[lang]
		for _, sentence := range want {
			page.wantText("main", sentence)
		}
	}
}
