package server

import (
	"net/http"
	"testing"
)

func TestCoordinatorsSayHowTheyWantToBeWrittenTo(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Coordinator)
	b.get("/arbeitsplatz").wantText(`a[href="/mails"]`, "Mails")
	b.get("/mails").wantStatus(http.StatusOK).wantText("h1", "Mails")
	b.get("/en/mails").wantStatus(http.StatusOK)
	b.post("/mails", "mail_rhythm", "hourly", "mail_language", "german").wantStatus(http.StatusUnprocessableEntity)
	b.follow(b.post("/mails", "mail_rhythm", "daily_digest", "mail_language", "english")).wantText(".kern-alert--success", "gespeichert")
	person, err := f.store.Person(t.Context(), f.Coordinator.ID)
	if err != nil || person.MailRhythm != "daily_digest" || person.Language != "en" {
		t.Errorf("%+v, %v", person, err)
	}
	if rhythm := b.get("/mails").attr("input[name=mail_rhythm][checked]", "value"); rhythm != "daily_digest" {
		t.Errorf("the page shows %q", rhythm)
	}
	f.signedIn(f.Contact).get("/mails").wantStatus(http.StatusForbidden)
}
