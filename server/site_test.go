package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"miglobe/advisory"
	"miglobe/health"
	"miglobe/store"
	"miglobe/store/storetest"
	"miglobe/texts"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalog = sync.OnceValue(func() *texts.Catalog {
	c, err := texts.Load()
	if err != nil {
		panic(err)
	}
	return c
})

// site is the whole server on a fresh database, with an engine that does what the test says.
type site struct {
	*httptest.Server
	t      *testing.T
	store  *store.Store
	engine *fakeEngine
}

// fakeEngine stands in for the inbox.
type fakeEngine struct {
	mu      sync.Mutex // several inputs may come side by side
	refuses func(store.NewInput) error
	away    bool
	started []string
	inputs  []store.NewInput
	err     error
}

func (e *fakeEngine) Start(_ context.Context, consultationID string) (Result, error) {
	e.started = append(e.started, consultationID)
	return Result{Applied: !e.away}, e.err
}

func (e *fakeEngine) Submit(_ context.Context, input store.NewInput) (Result, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuses != nil {
		if err := e.refuses(input); err != nil {
			return Result{}, err
		}
	}
	e.inputs = append(e.inputs, input)
	return Result{Applied: !e.away}, e.err
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, storetest.Open(t))
}

func newSiteOn(t *testing.T, st *store.Store) *site {
	t.Helper()
	engine := &fakeEngine{}
	handler, err := New(settings(), dependencies(st, engine))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Server: httptest.NewServer(handler), t: t, store: st, engine: engine}
	t.Cleanup(s.Close)
	return s
}

func settings() Settings {
	return Settings{
		SiteURL: "http://miglobe.example", CoordinationPhone: "0000 0000",
		Operator:  map[string]string{"operator_name": "Beispielstelle", "operator_phone": "0000 0000"},
		Retention: advisory.DefaultRetention(),
	}
}

func dependencies(st *store.Store, engine Inbox) Dependencies {
	return Dependencies{Store: st, Inbox: engine, Texts: catalog(), Clock: advisory.RealClock(), Log: slog.New(slog.DiscardHandler),
		Health: health.New(slog.New(slog.DiscardHandler))}
}

// browser keeps cookies and does not follow redirects by itself.
type browser struct {
	site   *site
	client *http.Client
	header http.Header
}

func (s *site) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{site: s, header: http.Header{}, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (b *browser) get(path string) *answer { return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, pairs ...string) *answer {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, strings.NewReader(values.Encode()))
}

func (b *browser) do(method, path string, body io.Reader) *answer {
	b.site.t.Helper()
	request, err := http.NewRequest(method, b.site.URL+path, body)
	if err != nil {
		b.site.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for key, values := range b.header {
		request.Header[key] = values
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer response.Body.Close()
	root, err := html.Parse(response.Body)
	if err != nil {
		b.site.t.Fatal(err)
	}
	return &answer{t: b.site.t, Response: response, root: root, what: method + " " + path}
}

// follow opens the page that an answer redirects to.
func (b *browser) follow(a *answer) *answer {
	b.site.t.Helper()
	a.wantStatus(http.StatusSeeOther)
	return b.get(a.location())
}

// answer is a page as a test reads it: by selectors.
type answer struct {
	*http.Response
	t    *testing.T
	root *html.Node
	what string
}

func (a *answer) location() string { return a.Header.Get("Location") }

func (a *answer) all(selector string) []*html.Node {
	return cascadia.QueryAll(a.root, cascadia.MustCompile(selector))
}

func (a *answer) has(selector string) bool { return len(a.all(selector)) > 0 }

// text is the text of the first element, with single spaces.
func (a *answer) text(selector string) string {
	found := a.all(selector)
	if len(found) == 0 {
		return ""
	}
	return strings.Join(strings.Fields(textOf(found[0])), " ")
}

func (a *answer) attr(selector, name string) string {
	for _, node := range a.all(selector) {
		for _, attribute := range node.Attr {
			if attribute.Key == name {
				return attribute.Val
			}
		}
	}
	return ""
}

func (a *answer) wantStatus(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.what, a.StatusCode, status, a.text("main"))
	}
	return a
}

func (a *answer) wantText(selector, part string) *answer {
	a.t.Helper()
	if got := a.text(selector); !strings.Contains(got, part) {
		a.t.Fatalf("%s: %s is %q, want %q in it", a.what, selector, got, part)
	}
	return a
}

func (a *answer) wantLocation(path string) *answer {
	a.t.Helper()
	a.wantStatus(http.StatusSeeOther)
	if a.location() != path {
		a.t.Fatalf("%s: redirects to %q, want %q", a.what, a.location(), path)
	}
	return a
}

// person adds an account.
func (s *site) person(role advisory.Role, email string) store.Person {
	s.t.Helper()
	person := store.Person{Role: role, Email: email, FirstName: "Kim", LastName: "Beispiel", Active: true, Language: "de"}
	id, err := s.store.SavePerson(context.Background(), person)
	if err != nil {
		s.t.Fatal(err)
	}
	person.ID = id
	return person
}

// signedIn is a browser in which the person has signed in.
func (s *site) signedIn(person store.Person) *browser {
	s.t.Helper()
	token, _, err := s.store.IssueSignInLink(context.Background(), person.ID, store.SignInLinkLife)
	if err != nil {
		s.t.Fatal(err)
	}
	b := s.browser()
	b.post("/anmelden/" + token).wantStatus(http.StatusSeeOther)
	return b
}

// exec changes the database where no page could, such as the age of something.
func (s *site) exec(statement string, args ...any) {
	s.t.Helper()
	if _, err := s.store.DB().Exec(statement, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) count(query string, args ...any) int {
	s.t.Helper()
	var n int
	if err := s.store.DB().QueryRow(query, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *site) mails(template advisory.Template) int {
	return s.count(`SELECT count(*) FROM mails WHERE template = $1`, template)
}
