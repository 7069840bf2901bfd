package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// steps of the request with answers that are complete.
var filledSteps = []struct {
	key     string
	answers []string
}{
	{"municipality", []string{"municipality", "Musterstadt", "land", "NW", "unit", "Büro für Internationales", "applicant_role", "staff"}},
	{"situation", []string{"situation", "Seit 2014 eine Partnerschaft.\nVereine wirken noch nicht mit."}},
	{"goal", []string{"subject", "Vereine einbinden", "goal", "Vereine wirken mit.", "need", "Wie fangen wir an?"}},
	{"topics", []string{"topics", "partnerships", "topics", "participation", "meeting_format", "either", "partner_country", "GH"}},
	{"contact", []string{"first_name", "Toni", "last_name", "Muster", "email", "T.Muster@musterstadt.example", "privacy_read", "yes"}},
	{"check", []string{"confirm_checked", "yes"}},
}

// newRequestSite has the programme that a new consultation starts with.
func newRequestSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	if err := s.store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	return s
}

// draft begins a request and returns the path of the draft.
func (b *browser) draft() string {
	b.site.t.Helper()
	location := b.post("/anfrage").wantStatus(http.StatusSeeOther).location()
	return location[:strings.LastIndex(location, "/")]
}

// fill posts the first n steps.
func (b *browser) fill(draft string, n int) {
	b.site.t.Helper()
	for _, step := range filledSteps[:n] {
		b.post(draft+"/"+step.key, step.answers...).wantStatus(http.StatusSeeOther)
	}
}

// sent is a draft that was filled in and sent as a person would, and the token of the mail that it brings.
func (b *browser) sent(draft string) (token string) {
	b.site.t.Helper()
	b.fill(draft, 5)
	b.site.letTimePass()
	b.post(draft+"/check", "confirm_checked", "yes").wantLocation(draft + "/gesendet")
	return b.site.addressLink()
}

// letTimePass makes drafts old enough to be a person's.
func (s *site) letTimePass() {
	s.t.Helper()
	s.exec(`UPDATE drafts SET created_at = created_at - interval '5 minutes'`)
}

// addressLink makes the link of the newest mail that confirms an address, as the post office does.
func (s *site) addressLink() string {
	s.t.Helper()
	var draft, address string
	if err := s.store.DB().QueryRow(`SELECT draft_id, address FROM mails WHERE template = 'verify_address'
		ORDER BY ordered_at DESC, id DESC LIMIT 1`).Scan(&draft, &address); err != nil {
		s.t.Fatal(err)
	}
	token, _, err := s.store.IssueAddressLink(context.Background(), draft, address)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/bestaetigen/" + token
}

func TestRequestFromStartToNumber(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	b.get("/anfrage").wantStatus(http.StatusOK).wantText("main form button", "Anfrage beginnen")
	draft := b.draft()
	for i, step := range filledSteps {
		a := b.get(draft + "/" + step.key).wantStatus(http.StatusOK)
		form, _ := catalog().Form(texts.German, "request")
		if a.text("h1") != form.Steps[i].Title || a.text("[aria-current=step] .mg-journey__name") != form.Steps[i].Title {
			t.Errorf("step %d is %q", i+1, a.text("h1"))
		}
		if got := a.attr("progress", "value"); got != string(rune('1'+i)) {
			t.Errorf("progress of step %d is %s", i+1, got)
		}
		if i < 5 {
			b.post(draft+"/"+step.key, step.answers...).wantLocation(draft + "/" + filledSteps[i+1].key)
		}
	}
	check := b.get(draft + "/check")
	for _, part := range []string{"Musterstadt", "Nordrhein-Westfalen", "Kommunale Partnerschaften", "Ghana"} {
		check.wantText("main", part)
	}
	if got := check.attr(".kern-summary a", "href"); got != draft+"/municipality" {
		t.Errorf("change leads to %q", got)
	}
	s.letTimePass()
	b.follow(b.post(draft+"/check", "confirm_checked", "yes")).wantText("main", "T.Muster@musterstadt.example")
	if n := s.count(`SELECT count(*) FROM consultations`); n != 0 {
		t.Fatal("a consultation before the address is confirmed")
	}

	link := s.addressLink()
	mail := s.browser() // opens the link elsewhere
	if mail.get(link).wantStatus(http.StatusOK).wantText("main", "t.muster@musterstadt.example"); s.count(`SELECT count(*) FROM consultations`) != 0 {
		t.Fatal("opening the link changed something")
	}
	received := mail.follow(mail.post(link)).wantStatus(http.StatusOK).wantText("h1", "angekommen").wantText(".mg-meta", "Toni Muster")
	if !regexp.MustCompile(`MG-\d{4}-0001`).MatchString(received.text("main")) {
		t.Errorf("no number: %q", received.text("main"))
	}
	due := advisory.NewCalendar("NW").AddWorkdays(time.Now(), 2)
	received.wantText("main", texts.ShortDate(texts.German, due))
	if len(s.engine.started) != 1 {
		t.Fatalf("started %v", s.engine.started)
	}
	id := s.engine.started[0]
	if s.count(`SELECT count(*) FROM inputs i JOIN contacts c ON c.person_id = i.actor_id AND c.consultation_id = i.consultation_id
		WHERE i.consultation_id = $1 AND i.kind = 'request' AND i.state = 'journaled' AND c.confirmed_at IS NOT NULL`, id) != 1 {
		t.Error("input or contact is missing")
	}
	if s.count(`SELECT count(*) FROM consultations WHERE id = $1 AND request->'situation'->>0 LIKE E'Seit 2014%.\nVereine%'`, id) != 1 {
		t.Error("what was typed is not in the consultation")
	}
	if s.count(`SELECT count(*) FROM drafts WHERE answers <> '{}'`) != 0 {
		t.Error("what was typed is still in the draft")
	}
}

func TestAddressIsConfirmedOnce(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	link := b.sent(draft)
	b.post(link).wantLocation("/anfrage/angekommen")
	stranger := s.browser() // who has the link gets no second sign-in
	stranger.follow(stranger.post(link)).wantText("h1", "schon bestätigt").wantText("main", "MG-").wantText(".mg-meta", "Anmelden")
	stranger.get(link).wantText("h1", "schon bestätigt")
	stranger.get(draft+"/goal").wantText("h1", "schon bestätigt")
	stranger.post(draft+"/goal", "subject", "anders").wantStatus(http.StatusConflict)
	if n := s.count(`SELECT count(*) FROM consultations`); n != 1 {
		t.Errorf("%d consultations", n)
	}
	second := s.browser()
	second.post(second.sent(second.draft())).wantLocation("/anfrage/angekommen")
	if n := s.count(`SELECT count(*) FROM persons`); n != 1 {
		t.Errorf("%d persons with one address", n)
	}
	if n := s.count(`SELECT count(*) FROM consultations WHERE number LIKE 'MG-____-0002'`); n != 1 {
		t.Error("no second number")
	}
}

func TestRequestIsReceivedWithoutTheEngine(t *testing.T) {
	for name, prepare := range map[string]func(*fakeEngine){
		"late":   func(e *fakeEngine) { e.away = true },
		"broken": func(e *fakeEngine) { e.away, e.err = true, errors.New("no engine") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRequestSite(t)
			prepare(s.engine)
			b := s.browser()
			a := b.follow(b.post(b.sent(b.draft()))).wantStatus(http.StatusOK).wantText("main", "MG-")
			a.wantText(".mg-message", "gespeichert und wird verarbeitet")
		})
	}
}

func TestErrorsKeepEveryWord(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	long := strings.Repeat("Wort ", 900)
	a := b.post(draft+"/situation", "situation", long, "current_activities", "fair_trade", "current_involvement", "Noch <b>gar</b> nicht").
		wantStatus(http.StatusUnprocessableEntity)
	a.wantText("title", "Fehler:").wantText("#fehler", "Bitte kürzen Sie")
	field := a.attr("textarea[name=situation]", "id")
	if a.attr("#fehler a", "href") != "#"+field || a.attr("textarea[name=situation]", "aria-invalid") != "true" {
		t.Error("summary does not lead to the field")
	}
	if a.text("textarea[name=situation]") != strings.TrimSpace(long) || a.text("textarea[name=current_involvement]") != "Noch <b>gar</b> nicht" {
		t.Error("typed text is gone")
	}
	if !a.has("input[value=fair_trade][checked]") || a.has("input[value=education][checked]") {
		t.Error("choices are gone")
	}
	// Another browser, later, with the link: it is all there, and so it is after a restart of the server.
	again := newSiteOn(t, s.store).browser()
	again.follow(again.get(draft)).wantText("h1", "Ihre Kommune")
	if got := again.get(draft + "/situation").text("textarea[name=situation]"); got != strings.TrimSpace(long) {
		t.Error("typed text is gone after a restart")
	}
}

func TestConditionalFields(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.post(draft+"/situation", "situation", "Lage", "earlier_consultation", "yes", "earlier_number", "42").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Nummer")
	a := b.get(draft + "/situation")
	if a.attr(".mg-reveal[data-show-field=earlier_consultation]", "data-show-option") != "yes" {
		t.Error("the script is not told when to show the field")
	}
	b.post(draft+"/situation", "situation", "Lage", "earlier_consultation", "no", "earlier_number", "42").wantStatus(http.StatusSeeOther)
}

func TestSendingLeadsToTheFirstStepWithErrors(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.fill(draft, 2)
	a := b.post(draft+"/check", "confirm_checked", "yes").wantLocation(draft + "/goal?pruefen=1")
	b.get(a.location()).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte prüfen Sie 3 Angaben")
	b.fill(draft, 5)
	s.letTimePass()
	b.post(draft+"/check").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "geprüft")
	if s.mails(advisory.MailVerifyAddress) != 0 {
		t.Error("a mail was ordered")
	}
	b.get(draft).wantLocation(draft + "/check")
}

func TestSavingTheDraftAsksOnceForAnAddress(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.post(draft+"/goal", "subject", "Halb fert", "speichern", "1").wantLocation(draft + "/link")
	b.get(draft + "/link").wantStatus(http.StatusOK)
	b.post(draft+"/link", "email", "kein-at").wantStatus(http.StatusUnprocessableEntity)
	b.post(draft+"/link", "email", "t@musterstadt.example").wantLocation(draft)
	first := b.follow(b.get(draft)).wantText(".mg-message", "t@musterstadt.example").wantText("h1", "Ihre Kommune")
	first.wantText("aside", "t@musterstadt.example")
	if n := s.mails(advisory.MailDraftSaved); n != 1 {
		t.Fatalf("%d mails", n)
	}
	b.follow(b.post(draft+"/goal", "subject", "Halb fertig", "speichern", "1")).wantText(".mg-message", "gespeichert").
		wantStatus(http.StatusOK)
	if n := s.mails(advisory.MailDraftSaved); n != 1 {
		t.Errorf("%d mails after saving again", n)
	}
	var id string
	if err := s.store.DB().QueryRow(`SELECT draft_id FROM mails`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if token, err := s.store.DraftToken(t.Context(), id); err != nil || "/anfrage/"+token != draft {
		t.Errorf("link of the mail leads to %q, %v", token, err)
	}
}

func TestResumingADraftTellsNothing(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.follow(b.post(draft+"/link", "email", "t@musterstadt.example")).wantStatus(http.StatusSeeOther)
	b = s.browser()
	known := b.post("/anfrage/fortsetzen", "email", "T@musterstadt.example").wantStatus(http.StatusOK)
	unknown := b.post("/anfrage/fortsetzen", "email", "x@musterstadt.example").wantStatus(http.StatusOK)
	if known.text("main") != unknown.text("main") {
		t.Error("answers differ")
	}
	if n := s.mails(advisory.MailDraftSaved); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}

func TestMachinesAreAskedAgain(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.fill(draft, 5)
	b.post(draft+"/check", "confirm_checked", "yes").wantStatus(http.StatusUnprocessableEntity).
		wantText("[role=alert]", "Bitte senden Sie noch einmal ab")
	s.letTimePass()
	b.post(draft+"/check", "confirm_checked", "yes", "leer", "https://spam.example").wantStatus(http.StatusUnprocessableEntity)
	if s.mails(advisory.MailVerifyAddress) != 0 {
		t.Fatal("a mail was ordered")
	}
	b.post(draft+"/check", "confirm_checked", "yes", "leer", "").wantLocation(draft + "/gesendet")
}

func TestVerificationMailIsNotOrderedTwiceByAccident(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	b.sent(draft)
	b.post(draft+"/check", "confirm_checked", "yes").wantLocation(draft + "/gesendet")
	if n := s.mails(advisory.MailVerifyAddress); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
	b.follow(b.post(draft+"/gesendet")).wantText(".mg-message", "noch einmal unterwegs")
	if n := s.mails(advisory.MailVerifyAddress); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}

func TestChangedRequestsHaveToBeSentAgain(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	link := b.sent(draft)
	b.post(draft+"/contact", "first_name", "Toni", "last_name", "Muster", "email", "neu@musterstadt.example", "privacy_read", "yes").
		wantStatus(http.StatusSeeOther)
	b.get(draft + "/gesendet").wantLocation(draft)
	b.post(link).wantStatus(http.StatusConflict).wantText("h1", "geändert")
	b.post(draft+"/check", "confirm_checked", "yes").wantLocation(draft + "/gesendet")
	b.post(link).wantStatus(http.StatusConflict) // the old address may not confirm for the new one
	b.post(s.addressLink()).wantLocation("/anfrage/angekommen")
}

func TestAddressOfAnotherRole(t *testing.T) {
	s := newRequestSite(t)
	s.person(advisory.Coordinator, "t.muster@musterstadt.example")
	b := s.browser()
	b.post(b.sent(b.draft())).wantStatus(http.StatusForbidden).wantText("h1", "gehört schon zu einem Konto")
	if n := s.count(`SELECT count(*) FROM consultations`); n != 0 {
		t.Error("a consultation began")
	}
}

func TestLinksThatDoNotConfirm(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	link := b.sent(b.draft())
	s.exec(`UPDATE address_links SET expires_at = now() - interval '1 second'`)
	for _, path := range []string{link, "/bestaetigen/unbekannt"} {
		b.get(path).wantStatus(http.StatusGone).wantText("h1", "abgelaufen")
		b.post(path).wantStatus(http.StatusGone)
	}
}

func TestUnknownDrafts(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	b.get("/anfrage/unbekannt/goal").wantStatus(http.StatusNotFound).wantText("h1", "Diesen Entwurf gibt es nicht mehr")
	a := b.post("/anfrage/unbekannt/goal", "subject", "Viel Text").wantStatus(http.StatusNotFound)
	if !strings.Contains(textOf(a.root), "Viel Text") {
		t.Error("what was typed is gone")
	}
	b.get(b.draft() + "/gibt-es-nicht").wantStatus(http.StatusNotFound)
}

func TestWhoIsSignedInNeedNotGiveContactDataAgain(t *testing.T) {
	s := newRequestSite(t)
	b := s.signedIn(s.person(advisory.Municipality, "kim@musterstadt.example"))
	if got := b.get(b.draft()+"/contact").attr("input[name=email]", "value"); got != "kim@musterstadt.example" {
		t.Errorf("address is %q", got)
	}
}

func TestFormIsLimited(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	draft := b.draft()
	for range mailsByAddress.max {
		b.post(draft+"/link", "email", "t@musterstadt.example").wantStatus(http.StatusSeeOther)
	}
	b.post(draft+"/link", "email", "t@musterstadt.example").wantStatus(http.StatusTooManyRequests)
	b.post(draft+"/goal", "subject", "Weiter geht es").wantStatus(http.StatusUnprocessableEntity)
}

func TestTaskLinks(t *testing.T) {
	s := newRequestSite(t)
	b := s.browser()
	b.post(b.sent(b.draft())).wantStatus(http.StatusSeeOther)
	id := s.engine.started[0]
	advisor := s.person(advisory.Advisor, "kim@example.org")
	for _, task := range []string{"one", "other"} {
		s.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, opened_at, due_on)
			VALUES ($1, $2, $2::uuid, 'answer_invitation', 'advisor', $3, now(), now())`, task, id, advisor.ID)
	}
	token, err := s.store.IssueTaskLink(t.Context(), "one", advisor.ID)
	if err != nil {
		t.Fatal(err)
	}
	guest := s.browser()
	guest.get("/a/" + token).wantLocation("/aufgaben/one")
	if s.count(`SELECT count(*) FROM web_sessions`) != 2 || s.count(`SELECT count(*) FROM tasks WHERE state = 'open'`) != 2 {
		t.Error("opening the link did something else than letting in")
	}
	grantOf(t, s, guest, "one", &advisor)
	grantOf(t, s, guest, "other", nil)
	guest.get("/").wantText(".mg-meta", "Anmelden")
	s.exec(`UPDATE tasks SET state = 'done' WHERE id = 'one'`)
	grantOf(t, s, guest, "one", nil)
	guest.get("/a/"+token).wantStatus(http.StatusGone).wantText("h1", "gilt nicht mehr")
	guest.get("/a/unbekannt").wantStatus(http.StatusGone)
}

// grantOf checks what a task page would see.
func grantOf(t *testing.T, s *site, b *browser, task string, want *store.Person) {
	t.Helper()
	srv, err := newServer(settings(), dependencies(s.store, s.engine))
	if err != nil {
		t.Fatal(err)
	}
	var got *store.Person
	srv.routes = []Route{{Method: http.MethodGet, Path: "/aufgaben/:id", Who: TaskLink, Handle: func(c *Context) error {
		got = c.Actor()
		return c.NoContent(http.StatusOK)
	}}}
	request, _ := http.NewRequest(http.MethodGet, s.URL+"/aufgaben/"+task, nil)
	for _, cookie := range b.client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	srv.router().ServeHTTP(recorder, request)
	if (got == nil) != (want == nil) || got != nil && got.ID != want.ID {
		t.Errorf("task %s: actor %v, want %v", task, got, want)
	}
}
