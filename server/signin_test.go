package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

func TestSignInFormTellsNobodyWhoIsKnown(t *testing.T) {
	s := newSite(t)
	s.person(advisory.Advisor, "kim@example.org")
	b := s.browser()
	known := b.post("/anmelden", "email", " KIM@example.org ").wantStatus(http.StatusOK)
	unknown := b.post("/anmelden", "email", "robin@example.org").wantStatus(http.StatusOK)
	if known.text("main") != unknown.text("main") || known.text("h1") != "Bitte sehen Sie in Ihr Postfach" {
		t.Errorf("answers differ: %q and %q", known.text("main"), unknown.text("main"))
	}
	if n := s.mails(advisory.MailSignInLink); n != 1 {
		t.Errorf("%d mails ordered, want 1", n)
	}
}

func TestSignInFormWithErrorsKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	for _, typed := range []string{"", "kim", "kim@"} {
		a := s.browser().post("/anmelden", "email", typed).wantStatus(http.StatusUnprocessableEntity)
		if a.attr("#fehler a", "href") != "#"+a.attr("input[name=email]", "id") {
			t.Errorf("%q: summary does not lead to the field", typed)
		}
		if got := a.attr("input[name=email]", "value"); got != typed {
			t.Errorf("typed %q, shown %q", typed, got)
		}
		a.wantText("title", "Fehler:")
	}
}

func TestSignInLinkWorksOnceAndOnlyByPost(t *testing.T) {
	s := newSite(t)
	person := s.person(advisory.Coordinator, "kim@example.org")
	token, _, err := s.store.IssueSignInLink(t.Context(), person.ID, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	for range 2 { // opening the link, as mail filters do, does not use it up
		a := b.get("/anmelden/" + token).wantStatus(http.StatusOK)
		if a.attr("form[action^='/anmelden/']", "method") != "post" || a.Header.Get("Set-Cookie") != "" {
			t.Fatal("the page does not ask first")
		}
	}
	if s.count(`SELECT count(*) FROM sign_in_links WHERE used_at IS NOT NULL`) != 0 {
		t.Fatal("opening the link used it up")
	}
	b.post("/anmelden/" + token).wantLocation("/arbeitsplatz")
	b.get("/").wantText(".mg-meta", "Kim Beispiel, Koordination")
	s.browser().post("/anmelden/"+token).wantStatus(http.StatusGone).wantText("h1", "abgelaufen")
	s.browser().get("/anmelden/" + token).wantStatus(http.StatusGone)
}

func TestSignInLinksThatDoNotSignIn(t *testing.T) {
	s := newSite(t)
	expired, blocked := s.person(advisory.Advisor, "a@example.org"), s.person(advisory.Advisor, "b@example.org")
	old, _, err := s.store.IssueSignInLink(t.Context(), expired.ID, -time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	closed, _, err := s.store.IssueSignInLink(t.Context(), blocked.ID, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	s.exec(`UPDATE persons SET active = false WHERE id = $1`, blocked.ID)
	for name, token := range map[string]string{"expired": old, "blocked": closed, "unknown": "abc"} {
		t.Run(name, func(t *testing.T) {
			a := s.browser().post("/anmelden/" + token).wantStatus(http.StatusGone)
			if a.Header.Get("Set-Cookie") != "" {
				t.Error("a session began")
			}
		})
	}
}

func TestBlockedAccountsAreOutAtOnce(t *testing.T) {
	s := newSite(t)
	person := s.person(advisory.Advisor, "kim@example.org")
	b := s.signedIn(person)
	b.get("/").wantText(".mg-meta", "Abmelden")
	s.exec(`UPDATE persons SET active = false WHERE id = $1`, person.ID)
	b.get("/").wantText(".mg-meta", "Anmelden")
}

func TestSignOut(t *testing.T) {
	s := newSite(t)
	b := s.signedIn(s.person(advisory.Advisor, "kim@example.org"))
	b.follow(b.post("/abmelden")).wantText("h1", "Sie sind abgemeldet")
	b.get("/").wantText(".mg-meta", "Anmelden")
	if s.count(`SELECT count(*) FROM web_sessions`) != 0 {
		t.Error("the session is still stored")
	}
}

func TestSessionCookie(t *testing.T) {
	s := newSite(t)
	person := s.person(advisory.Advisor, "kim@example.org")
	token, _, _ := s.store.IssueSignInLink(context.Background(), person.ID, time.Minute)
	b := s.browser()
	b.post("/anmelden", "email", "kim@example.org", returnField, "/profil") // remembers where to go on: a session before signing in
	before := s.cookie(b)
	cookie := b.post("/anmelden/" + token).Header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	after := s.cookie(b)
	if before == "" || before == after {
		t.Error("signing in keeps the token of the session")
	}
	if s.count(`SELECT count(*) FROM web_sessions WHERE token = $1`, after) != 0 {
		t.Error("the token is stored readable")
	}
	if s.count(`SELECT count(*) FROM web_sessions`) != 1 {
		t.Error("the session before signing in is still there")
	}
	if !newSessions(s.store, true).Cookie.Secure {
		t.Error("not secure over HTTPS")
	}
}

func (s *site) cookie(b *browser) string {
	request, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	for _, cookie := range b.client.Jar.Cookies(request.URL) {
		return cookie.Value
	}
	return ""
}

func TestSignInLeadsBack(t *testing.T) {
	s := newSite(t)
	for email, role := range map[string]advisory.Role{
		"m@example.org": advisory.Municipality, "a@example.org": advisory.Advisor, "c@example.org": advisory.LeadCoordinator,
		"r@example.org": advisory.Reader, "o@example.org": advisory.Administrator,
	} {
		person := s.person(role, email)
		token, _, _ := s.store.IssueSignInLink(t.Context(), person.ID, time.Minute)
		s.browser().post("/anmelden/" + token).wantLocation(homePath(role))
		english, _, _ := s.store.IssueSignInLink(t.Context(), person.ID, time.Minute)
		s.browser().post("/en/anmelden/" + english).wantLocation("/en" + homePath(role))
		back, _, _ := s.store.IssueSignInLink(t.Context(), person.ID, time.Minute)
		b := s.browser()
		b.post("/anmelden", "email", email, returnField, "/en/profil?x=1").wantStatus(http.StatusOK)
		b.post("/anmelden/" + back).wantLocation("/en/profil?x=1")
	}
}

func TestReturnPathsStayOnThisSite(t *testing.T) {
	for path, want := range map[string]string{
		"/aufgaben/x":          "/aufgaben/x",
		"/en/aufgaben?seite=2": "/en/aufgaben?seite=2",
		"/en":                  "/en",
		"":                     "",
		"https://evil.example": "",
		"//evil.example":       "",
		"/\\evil.example":      "",
		"/\t/evil.example":     "",
		"javascript:alert(1)":  "",
		"evil.example":         "",
		"/anmelden":            "",
		"/en/anmelden/token":   "",
		"/abmelden":            "",
		"/%zz":                 "",
	} {
		if got := safeReturn(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestLanguagePrefix(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for path, lang := range map[string]string{"/": "de", "/en": "en", "/en/": "en", "/anmelden": "de", "/en/anmelden": "en"} {
		a := b.get(path).wantStatus(http.StatusOK)
		if got := a.attr("html", "lang"); got != lang {
			t.Errorf("%s is in %q, want %q", path, got, lang)
		}
	}
	a := b.get("/en/anmelden?weiter=%2Fprofil")
	if got := a.attr(".mg-meta a[hreflang=de]", "href"); got != "/anmelden?weiter=%2Fprofil" {
		t.Errorf("switch of language leads to %q", got)
	}
	if got := b.get("/anmelden").attr(".mg-meta a[hreflang=en]", "href"); got != "/en/anmelden" {
		t.Errorf("switch of language leads to %q", got)
	}
	if got := a.attr("main form", "action"); got != "/en/anmelden" {
		t.Errorf("form posts to %q", got)
	}
	b.get("/english").wantStatus(http.StatusNotFound)
	if got := localURL(texts.English, "/"); got != "/en" {
		t.Errorf("English home is %q", got)
	}
}
