package server

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

func TestHeadersOfEveryPage(t *testing.T) {
	s := newSite(t)
	a := s.browser().get("/")
	policy := a.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q allows what it must not", policy)
	}
	for header, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store", "Set-Cookie": "",
	} {
		if got := a.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if got := s.browser().get("/anmelden/x").Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("referrer policy of a page with a token is %q", got)
	}
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	s.person(advisory.Advisor, "kim@example.org")
	for name, header := range map[string]http.Header{
		"fetch metadata": {"Sec-Fetch-Site": {"cross-site"}},
		"origin":         {"Origin": {"https://evil.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := s.browser()
			b.header = header
			a := b.post("/anmelden", "email", "kim@example.org").wantStatus(http.StatusForbidden)
			if a.has("textarea") {
				t.Error("the page repeats what another site sent")
			}
		})
	}
	if s.mails(advisory.MailSignInLink) != 0 {
		t.Error("a mail was ordered")
	}
	b := s.browser()
	b.header = http.Header{"Sec-Fetch-Site": {"same-origin"}}
	b.post("/anmelden", "email", "kim@example.org").wantStatus(http.StatusOK)
}

func TestLargeBodiesAreRefused(t *testing.T) {
	s := newSite(t)
	s.browser().post("/anmelden", "email", strings.Repeat("a", maxBody+1)).wantStatus(http.StatusRequestEntityTooLarge).
		wantText("h1", "Das ist zu groß")
}

func TestTooManyAttempts(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for range signInByAddress.max {
		b.post("/anmelden", "email", "kim@example.org").wantStatus(http.StatusOK)
	}
	a := b.post("/anmelden", "email", "Kim@Example.org").wantStatus(http.StatusTooManyRequests).wantText("main", "Minuten")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if a.attr("form[action='/anmelden'] input[name=email]", "value") != "Kim@Example.org" {
		t.Error("what was typed cannot be sent again")
	}
	b.post("/anmelden", "email", "robin@example.org").wantStatus(http.StatusOK)
}

func TestNothingTypedIsLostWithoutTheDatabase(t *testing.T) {
	s := newSite(t)
	start := s.browser().post("/anfrage").wantStatus(http.StatusSeeOther)
	away, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?sslmode=disable&connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	b := newSiteOn(t, away).browser()
	a := b.post(start.location(), "municipality", "Musterstadt", "unit", "Amt für \"Internationales\"", "land", "NW").
		wantStatus(http.StatusServiceUnavailable).wantText("h1", "nicht erreichbar")
	if !strings.Contains(textOf(a.root), "Musterstadt") || !strings.Contains(a.text("label[for=typed-1]"), "Kommune") {
		t.Error("the page does not show what was typed")
	}
	if got := a.attr("form[action='"+start.location()+"'] input[name=unit]", "value"); got != "Amt für \"Internationales\"" {
		t.Errorf("what was typed cannot be sent again: %q", got)
	}
	for _, inside := range []string{"sql", "pq:", "closed", "miglobe/"} {
		if strings.Contains(a.text("main"), inside) {
			t.Errorf("page shows %q", inside)
		}
	}
	b.get("/").wantStatus(http.StatusOK)
	b.get("/healthz").wantStatus(http.StatusOK)
}

func TestDefectsShowNothingOfTheInside(t *testing.T) {
	srv, err := newServer(settings(), dependencies(storetest.Open(t), &fakeEngine{}))
	if err != nil {
		t.Fatal(err)
	}
	for name, handle := range map[string]Handler{
		"panic":   func(*Context) error { panic("secret inside") },
		"error":   func(*Context) error { return errors.New("secret inside") },
		"no page": func(c *Context) error { return c.Show(http.StatusOK, brokenPage{}) },
	} {
		t.Run(name, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), recorder)
			if err := srv.serve(Route{Path: "/", Who: Everybody, Handle: handle})(c); err != nil {
				t.Fatal(err)
			}
			if recorder.Code != http.StatusInternalServerError || strings.Contains(recorder.Body.String(), "secret") {
				t.Errorf("status %d: %s", recorder.Code, recorder.Body)
			}
			if !strings.Contains(recorder.Body.String(), "Kennung") {
				t.Error("no reference to name on the telephone")
			}
		})
	}
}

type brokenPage struct{}

func (brokenPage) Template() string { return "secret inside" }

func TestOddBytesAreDropped(t *testing.T) {
	newSite(t).browser().post("/anmelden", "email", "\x00\xff").wantStatus(http.StatusUnprocessableEntity)
}

func TestAssets(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	href := b.get("/").attr("link[href*='site.css']", "href")
	a := b.get(href).wantStatus(http.StatusOK)
	if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("cache control is %q", got)
	}
	if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/css") {
		t.Errorf("content type is %q", got)
	}
	if got := b.get("/static/site.css").Header.Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("without its hash it is cached for ever: %q", got)
	}
}
