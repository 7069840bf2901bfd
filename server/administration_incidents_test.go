package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// incidentFixture is a consultation in which an input waits, a step fails and mails did not go out.
type incidentFixture struct {
	*consultationFixture
	input, mail, unclear string
	admin                *browser
}

func newIncidents(t *testing.T) *incidentFixture {
	t.Helper()
	f := &incidentFixture{consultationFixture: newConsultation(t)}
	task, _ := f.reach(advisory.ReviewRequest)
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: task, Choice: advisory.Decline, Actor: f.Coordinator.ID}
	f.tellsIncident(in)
	f.input = in.ID
	f.exec(`INSERT INTO step_failures (workflow_id, step, consultation_id, namespace, activity_id, reason, detail, attempts)
		VALUES ($1::text, 99, $1::uuid, 'miglobe', '7', 'rule', 'open_task 23514 tasks tasks_state_check', 12)`, f.ID)
	f.mail = f.failedMail(advisory.MailRequestReceived, f.Contact.ID, "given_up", 30, "deferred 451 4.7.1")
	f.unclear = f.failedMail(advisory.MailAppointmentMoved, f.Contact.ID, "bounced", 1, "the mail server refuses for good: 550 5.1.1")
	f.exec(`UPDATE persons SET bounced_at = now() WHERE id = $1`, f.Contact.ID)
	f.admin = f.signedIn(f.named(advisory.Administrator, "Boss", "Betrieb"))
	return f
}

func (f *incidentFixture) tellsIncident(in advisory.Input) {
	f.t.Helper()
	if _, err := f.store.JournalInput(f.t.Context(), store.NewInput{ConsultationID: f.ID, Message: in, Form: "decline_request",
		Answers: advisory.Answers{"message": {secrets[0]}}, EnteredAt: march}); err != nil {
		f.t.Fatal(err)
	}
	f.exec(`UPDATE inputs SET created_at = now() - interval '1 hour', deliveries = 9, next_delivery = now() + interval '50 seconds' WHERE id = $1`, in.ID)
}

func (f *incidentFixture) failedMail(template advisory.Template, person, state string, attempts int, failure string) string {
	f.t.Helper()
	id := uuid.NewString()
	f.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, subject, state, ordered_at, not_before, attempts, failure)
		VALUES ($1::uuid, $1, $2, $3, $4, 'de', $5, $6, now(), now(), $7, $8)`, id, f.ID, person, template, secrets[1], state, attempts, failure)
	return id
}

func TestIncidentsTellWhatDoesNotGoOnAndNothingElse(t *testing.T) {
	f := newIncidents(t)
	for lang, page := range inBothLanguages(f.admin, "/betrieb") {
		want := map[texts.Lang][4]string{
			texts.German: {"Anfrage prüfen", "Eine Regel der Datenbank lässt die Änderung nicht zu.",
				"Der Mailserver nimmt sie zurzeit nicht an.", "Abgewiesen: das Postfach gibt es nicht."},
			texts.English: {"Review the request", "A rule of the database does not allow the change.",
				"The mail server does not accept it at present.", "Refused: "},
		}[lang]
		page.wantText("table[aria-labelledby=inputs] tbody", want[0]).wantText("#inputs .mg-num", "1").
			wantText("table[aria-labelledby=steps] tbody", want[1]).
			wantText("table[aria-labelledby=steps] tbody", "Code: open_task 23514 tasks tasks_state_check").
			wantText("table[aria-labelledby=mails] tbody", want[2]).
			wantText("table[aria-labelledby=mails] tbody", "Code: deferred 451 4.7.1").wantText("table[aria-labelledby=mails] tbody", want[3])
		for _, list := range []string{"inputs", "steps", "mails"} {
			page.wantText("table[aria-labelledby="+list+"] tbody", f.Number)
		}
		if n := len(page.all("table[aria-labelledby=mails] tbody form")); n != 1 {
			t.Errorf("%s: %d mails can be tried again; the refused one is the coordination team's", lang, n)
		}
		main := page.text("main")
		for _, word := range []string{f.Contact.FirstName, f.Contact.LastName, f.Contact.Email, "Musterstadt", "@",
			f.Coordinator.LastName, secrets[0], secrets[1], "Decline", "Ablehn"} {
			if word != "" && strings.Contains(main, word) {
				t.Errorf("%s: the page says %q", lang, word)
			}
		}
	}
}

func TestIncidentsAreTriedAgainOnce(t *testing.T) {
	f := newIncidents(t)
	page := f.admin.get("/betrieb")
	for _, test := range []struct{ list, done, effect string }{
		{"inputs", "1 Eingabe wird erneut zugestellt.", `SELECT count(*) FROM inputs WHERE state = 'journaled' AND next_delivery <= now()`},
		{"steps", "1 Schritt wird erneut versucht.", `SELECT count(*) FROM step_failures WHERE retry_at <= now()`},
		{"mails", "1 Mail wird erneut gesendet.", `SELECT count(*) FROM mails WHERE state = 'queued' AND attempts = 0 AND template = 'request_received'
			AND failure = '' AND next_attempt <= now()`},
	} {
		action := page.attr("table[aria-labelledby="+test.list+"] form", "action")
		f.admin.get(action).wantStatus(http.StatusNotFound) // looking at it changes nothing
		before := f.count(test.effect)
		f.admin.follow(f.admin.post(action)).wantText("[role=status]", test.done)
		if after := f.count(test.effect); after-before != 1 {
			t.Errorf("%s: %d, after it %d", test.list, before, after)
		}
		f.admin.follow(f.admin.post(action)).wantText("[role=status]", "nichts mehr")
	}
	left := f.admin.get("/betrieb")
	if left.has("#mails + form") || left.has("table[aria-labelledby=steps] form") {
		t.Error("what was tried again is offered again")
	}
	left.wantText("table[aria-labelledby=steps] tbody", "Neuer Versuch ist angefordert")
	f.exec(`UPDATE inputs SET next_delivery = now() + interval '50 seconds' WHERE id = $1`, f.input)
	f.admin.follow(f.admin.post("/en/betrieb/eingaben/erneut")).wantText("[role=status]", "1 input is being delivered again.")
}

func TestWithoutIncidentsAllIsWell(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Administrator, "betrieb@example.org"))
	page := b.get("/betrieb").wantStatus(http.StatusOK).wantText("main", "Keine Störung. Alles läuft.").
		wantText("main", "Alle Eingaben sind zugestellt.").wantText("main", "Kein Schritt scheitert.").wantText("main", "Keine Mail ist gescheitert.").
		wantText(".mg-nav a[aria-current]", "Störungen")
	if page.has("table") || page.has("main form") {
		t.Error("there is something to act on")
	}
	if links := len(page.all(".mg-nav a")); links != 2 {
		t.Errorf("%d links in the navigation", links)
	}
}

func TestEachListOfIncidentsHasItsPages(t *testing.T) {
	f := newIncidents(t)
	for range store.IncidentsPerPage {
		f.tellsIncident(advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: f.Contact.ID})
	}
	first := f.admin.get("/betrieb")
	next := first.attr("a[rel=next]", "href")
	if next != "/betrieb?eingaben=2" || len(first.all("table[aria-labelledby=inputs] tbody tr")) != store.IncidentsPerPage {
		t.Fatalf("next page %q", next)
	}
	second := f.admin.get(next)
	for list, want := range map[string]int{"inputs": 1, "steps": 1, "mails": 2} {
		if n := len(second.all(fmt.Sprintf("table[aria-labelledby=%s] tbody tr", list))); n != want {
			t.Errorf("%s: %d rows, want %d", list, n, want)
		}
	}
	second.wantText("#inputs .mg-num", "11")
}
