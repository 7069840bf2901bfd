package server

import (
	"net/http"
	"slices"

	"miglobe/advisory"
)

const settingsPath = "/einstellungen"

// settingsAccess is who may change what the programme does.
var settingsAccess = Only(advisory.LeadCoordinator)

func (s *Server) settingsRoutes() []Route {
	return slices.Concat([]Route{
		{Method: http.MethodGet, Path: settingsPath, Who: settingsAccess, Handle: s.showSettings},
	}, s.programmeRoutes(), s.movingRoutes(), s.weightsRoutes(), s.mailTextRoutes(), s.topicSettingsRoutes(), s.questionSettingsRoutes())
}

func settingsPages() []Page {
	return slices.Concat([]Page{settingsPage{}, movingPage{}, weightsPage{}, settingsFormPage{}, questionnairesPage{}}, programmePages(), mailTextPages())
}

// settingsPage lists what lead coordinators can change.
type settingsPage struct{ Entries []settingsEntry }

// Template implements Page.
func (settingsPage) Template() string { return "settings" }

// settingsEntry is an area of the settings: its path and the section of texts/ui/*/settings_AREA.yaml with its title and
// summary.
type settingsEntry struct{ Path, Texts string }

// settingsEntries are the areas in the order of the page.
var settingsEntries = []settingsEntry{
	{programmesPath, "settings_programme"},
	{weightsPath, "settings_weights"},
	{topicsPath, "settings_topics"},
	{questionsPath, "settings_questions"},
	{mailTextsPath, "settings_mails"},
}

func (s *Server) showSettings(c *Context) error {
	return c.Show(http.StatusOK, settingsPage{Entries: settingsEntries})
}
