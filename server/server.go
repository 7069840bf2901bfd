package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"miglobe/advisory"
	"miglobe/health"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/telemetry"
	"miglobe/texts"
)

// Settings are what the operator decides about the pages.
type Settings struct {
	SiteURL           string            // public address, such as https://miglobe.example; http:// only for local use
	Operator          map[string]string // values for the placeholders of texts/pages (texts/README.md)
	CoordinationPhone string            // the general line
	TestSystem        bool              // shows the banner that warns of real data
	TrustProxy        bool              // the client's address is in X-Forwarded-For
	Retention         advisory.Retention
}

// Dependencies are what the pages work with.
type Dependencies struct {
	Store  *store.Store
	Inbox  Inbox
	Texts  *texts.Catalog
	Clock  advisory.Clock
	Log    *slog.Logger
	Health *health.Health       // nil: the pages are ready as soon as they answer
	Watch  *telemetry.Telemetry // may be nil
}

// Server holds the handlers of all pages. It keeps nothing between two requests.
type Server struct {
	settings Settings
	store    *store.Store
	inbox    Inbox
	texts    wording
	clock    advisory.Clock
	log      *slog.Logger
	health   *health.Health
	watch    *telemetry.Telemetry

	routes   []Route
	pages    map[texts.Lang]templates
	assets   assets
	sessions *scs.SessionManager
	origin   *http.CrossOriginProtection
	limits   limiter
	wordings *mail.Wordings // of the mails
}

// New makes the handler of the whole site. It fails where a template or a setting is wrong, never because the database
// is away.
func New(settings Settings, d Dependencies) (http.Handler, error) {
	s, err := newServer(settings, d)
	if err != nil {
		return nil, err
	}
	return withLanguage(s.router()), nil
}

func newServer(settings Settings, d Dependencies) (*Server, error) {
	s := &Server{settings: settings, store: d.Store, inbox: d.Inbox, texts: wording{d.Texts, &topicWords{store: d.Store, catalog: d.Texts, log: d.Log}}, clock: d.Clock, log: d.Log, health: d.Health, watch: d.Watch}
	s.settings.SiteURL = strings.TrimRight(settings.SiteURL, "/")
	if s.health == nil {
		s.health = health.New(d.Log)
	}
	s.routes = s.routeTable()
	s.sessions = newSessions(d.Store, s.overHTTPS())
	s.limits = limiter{store: d.Store}
	s.wordings = mail.NewWordings(d.Texts, d.Store, d.Log)
	s.assets = hashAssets()
	s.origin = http.NewCrossOriginProtection()
	if err := s.origin.AddTrustedOrigin(s.settings.SiteURL); err != nil {
		return nil, fmt.Errorf("site URL %q: %w", settings.SiteURL, err)
	}
	var err error
	if s.pages, err = parseTemplates(s.texts, s.assets); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) overHTTPS() bool { return !strings.HasPrefix(s.settings.SiteURL, "http://") }

func (s *Server) router() *echo.Echo {
	e := echo.New()
	e.Logger.SetOutput(discard{})
	e.IPExtractor = echo.ExtractIPDirect()
	if s.settings.TrustProxy {
		e.IPExtractor = echo.ExtractIPFromXFFHeader()
	}
	for _, route := range s.routes {
		e.Add(route.Method, route.Path, s.serve(route))
		if route.Method == http.MethodGet {
			e.Add(http.MethodHead, route.Path, s.serve(route))
		}
	}
	e.GET("/static/*", s.serveAsset)
	e.HEAD("/static/*", s.serveAsset)
	// The router calls this for a path or a method that the table does not name.
	e.HTTPErrorHandler = func(_ error, ec echo.Context) {
		if !ec.Response().Committed {
			s.serve(Route{Path: "unknown", Who: Everybody, Handle: notInTable})(ec) //nolint:errcheck // answers every error itself
		}
	}
	return e
}

func notInTable(*Context) error { return advisory.Errorf(advisory.NotFound, "not in the route table") }

// discard swallows the log of Echo: every request is logged by serve.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (s *Server) healthRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/healthz", Who: Everybody, Handle: alive, Machine: true},
		{Method: http.MethodGet, Path: "/readyz", Who: Everybody, Handle: s.ready, Machine: true},
	}
}

func alive(c *Context) error {
	health.Alive(c.Response(), c.Request())
	return nil
}

// ready tells a load balancer whether the database answers.
func (s *Server) ready(c *Context) error {
	s.health.Ready(c.Response(), c.Request())
	return nil
}
