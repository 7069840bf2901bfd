package server

import (
	"slices"
)

// Handler answers one request. The error that it returns becomes a page (errors.go); it never writes one itself.
type Handler func(c *Context) error

// Route is one row of the route table: what can be asked for, who may ask, and who answers.
type Route struct {
	Method string
	Path   string // the German path, without language prefix; ":name" is a parameter
	Who    Access
	Handle Handler
	Secret bool // the path holds a token: no referrer, no copy in a cache
	File   bool // answers with a file to keep, not with a page
	// Machine answers programs: no session, no page around it.
	Machine bool
}

// routeTable is everything that can be reached. What it does not name is 404.
func (s *Server) routeTable() []Route {
	return slices.Concat(
		s.healthRoutes(),
		s.publicRoutes(),
		s.requestRoutes(),
		s.signInRoutes(),
		s.taskRoutes(),
		s.consultationRoutes(),
		s.initiativeRoutes(),
		s.followOnRoutes(),
		s.goalRoutes(),
		s.teamRoutes(),
		s.contactRoutes(),
		s.advisorRoutes(),
		s.absenceRoutes(),
		s.appointmentRoutes(),
		s.calendarFeedRoutes(),
		s.mailWishesRoutes(),
		s.coordinationRoutes(),
		s.municipalityRoutes(),
		s.internalNoteRoutes(),
		s.boardRoutes(),
		s.summaryRoutes(),
		s.advisorDirectoryRoutes(),
		s.settingsRoutes(),
		s.administrationRoutes(),
	)
}

// pageTypes are the page structs of all templates, so that a test can check every template against its struct.
func pageTypes() []Page {
	return slices.Concat(
		errorPages(),
		publicPages(),
		requestPages(),
		signInPages(),
		taskPages(),
		consultationPages(),
		initiativePages(),
		teamPages(),
		contactPages(),
		advisorPages(),
		absencePages(),
		appointmentPages(),
		calendarFeedPages(),
		mailWishesPages(),
		coordinationPages(),
		municipalityPages(),
		advisorDirectoryPages(),
		settingsPages(),
		administrationPages(),
	)
}

// Routes is the route table for tests: every route × every role. Its handlers must not be called.
func Routes() []Route { return (&Server{}).routeTable() }
