package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
)

func userAnswers(pairs ...string) []string {
	return append([]string{"email", "neu@example.org", "first_name", "Neu", "last_name", "Hier", "role", "coordinator", "language", "german"}, pairs...)
}

func TestAddedAccountSignsInByLinkAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Administrator, "betrieb@example.org"))
	b.get("/konten/neu").wantStatus(http.StatusOK)
	b.follow(b.post("/konten/neu", userAnswers()...)).wantText(".kern-alert--success", "Das Konto für Neu Hier ist angelegt.").
		wantText("tbody", "neu@example.org")
	s.browser().post("/anmelden", "email", "neu@example.org").wantStatus(http.StatusOK)
	if n := s.mails(advisory.MailSignInLink); n != 1 {
		t.Errorf("%d mails with a link to sign in", n)
	}
	added, err := s.store.PersonByEmail(t.Context(), "neu@example.org")
	if err != nil {
		t.Fatal(err)
	}
	s.signedIn(added).get("/arbeitsplatz").wantStatus(http.StatusOK)
}

func TestAccountsAreChecked(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Administrator, "betrieb@example.org"))
	b.post("/konten/neu").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Rolle")
	b.post("/konten/neu", "email", "BETRIEB@example.org", "first_name", "Zwei", "last_name", "Mal", "role", "reader", "language", "english").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "gibt es schon ein Konto").wantText("#fehler a", "E-Mail")
	b.post("/konten/neu", "email", "x@example.org", "first_name", "Ein", "last_name", "Dringling", "role", "municipality", "language", "german").
		wantStatus(http.StatusUnprocessableEntity)
	if n := s.count(`SELECT count(*) FROM persons`); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

func TestRoleAndAccessOfAnAccount(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Administrator, "betrieb@example.org"))
	kim := s.person(advisory.Coordinator, "kim@example.org")
	path := "/konten/" + kim.ID
	if chosen := b.get(path).wantStatus(http.StatusOK).attr("input[name=role][checked]", "value"); chosen != "coordinator" {
		t.Errorf("the page says %q", chosen)
	}
	b.post(path+"/rolle", "role", "municipality").wantStatus(http.StatusUnprocessableEntity)
	b.follow(b.post(path+"/rolle", "role", "advisor")).wantText(".kern-alert--success", "Poolmitglied")
	if n := s.count(`SELECT count(*) FROM advisors WHERE person_id = $1`, kim.ID); n != 1 {
		t.Error("the new advisor has no profile")
	}
	theirs := s.signedIn(kim)
	b.follow(b.post(path+"/sperren")).wantText("main", "gesperrt")
	theirs.get("/aufgaben").wantStatus(http.StatusSeeOther) // to sign in, which is of no use any more
	b.follow(b.post(path+"/freigeben")).wantText("main", "aktiv")
	b.get("/konten/00000000-0000-0000-0000-000000000000").wantStatus(http.StatusNotFound)
}

func TestNobodyLocksOneselfOut(t *testing.T) {
	s := newSite(t)
	boss := s.person(advisory.Administrator, "betrieb@example.org")
	b := s.signedIn(boss)
	path := "/konten/" + boss.ID
	if page := b.get(path).wantText("main", "Das ist Ihr eigenes Konto."); page.has("form[action$='/rolle']") || page.has("form[action$='/sperren']") {
		t.Error("the page offers what it refuses")
	}
	b.post(path+"/sperren").wantStatus(http.StatusConflict).wantText("main", "Das ist Ihr eigenes Konto.")
	b.post(path+"/rolle", "role", "reader").wantStatus(http.StatusConflict)
	b.get(path).wantStatus(http.StatusOK)
}

func TestAdministratorsSeeNoConsultation(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.named(advisory.Administrator, "Boss", "Betrieb"))
	text := b.get("/konten").wantText("main", "Sie keine Inhalte von Beratungen").text("main")
	if strings.Contains(text, "Musterstadt") || strings.Contains(text, f.Number) {
		t.Error("the list of accounts tells about a consultation")
	}
	for _, path := range []string{"/arbeitsplatz", "/vorgaenge", "/pool", "/zahlen"} {
		b.get(path).wantStatus(http.StatusForbidden)
	}
	if status := b.get("/beratungen/" + f.Number).StatusCode; status < http.StatusBadRequest {
		t.Errorf("an administrator opens a consultation: %d", status)
	}
}

func TestTheDetailsOfAnAccount(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Administrator, "betrieb@example.org"))
	kim, path := s.person(advisory.Coordinator, "kim@example.org"), "/konten/"
	path += kim.ID
	changed := []string{"email", "kim.neu@example.org", "first_name", "Kim", "last_name", "Neuname", "phone", "0000 99", "language", "english"}
	b.follow(b.post(path, changed...)).wantText("h1", "Kim Neuname").wantText("main", "kim.neu@example.org")
	if chosen := b.get(path).attr("input[name=role][checked]", "value"); chosen != "coordinator" {
		t.Errorf("role %s", chosen)
	}
	taken := append([]string{"email", "betrieb@example.org"}, changed[2:]...)
	b.post(path, taken...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "gibt es schon ein Konto")
	b.post(path, "email", "kim@example.org").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Nachname")
	contact := s.person(advisory.Municipality, "toni@example.org")
	b.post("/konten/"+contact.ID, append([]string{"email", "x@example.org"}, changed[2:]...)...).wantStatus(http.StatusConflict)
	s.signedIn(kim).post(path, changed...).wantStatus(http.StatusForbidden)
}
