package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"miglobe/advisory"
	"miglobe/texts"
)

const englishPrefix = "/en"

type langKey struct{}

// withLanguage takes the language off the path, so that the route table knows German paths only.
func withLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := texts.German
		if path, ok := withoutEnglish(r.URL.Path); ok {
			lang = texts.English
			clean := *r.URL
			clean.Path, clean.RawPath = path, ""
			r = r.Clone(r.Context())
			r.URL = &clean
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), langKey{}, lang)))
	})
}

func withoutEnglish(path string) (string, bool) {
	if path == englishPrefix {
		return "/", true
	}
	if rest, ok := strings.CutPrefix(path, englishPrefix+"/"); ok {
		return "/" + rest, true
	}
	return path, false
}

func langOf(r *http.Request) texts.Lang {
	lang, _ := r.Context().Value(langKey{}).(texts.Lang)
	return lang
}

// localURL puts a path into a language.
func localURL(lang texts.Lang, path string) string {
	if lang != texts.English || !strings.HasPrefix(path, "/") {
		return path
	}
	if path == "/" {
		return englishPrefix
	}
	return englishPrefix + path
}

// safeReturn is a path of ours to go to after signing in, or "": never another site, never a page that only signs in.
func safeReturn(path string) string {
	u, err := url.Parse(path)
	switch {
	case err != nil, u.IsAbs(), u.Host != "", u.Opaque != "", !strings.HasPrefix(path, "/"), strings.HasPrefix(path, "//"),
		strings.ContainsAny(path, "\\\r\n\t"):
		return ""
	}
	clean, _ := withoutEnglish(u.Path)
	if area(clean) == signInPath || area(clean) == signOutPath {
		return ""
	}
	return path
}

// homePath is where somebody lands after signing in.
func homePath(role advisory.Role) string {
	switch role {
	case advisory.Municipality:
		return "/beratungen"
	case advisory.Advisor:
		return "/aufgaben"
	case advisory.Reader:
		return "/zahlen"
	case advisory.Administrator:
		return incidentsPath
	default:
		return "/arbeitsplatz"
	}
}

// navItem is one entry of the main navigation: a text of texts/ui and a path. What the person may not open is left out.
type navItem struct{ key, path string }

// navigation is the main navigation by role; "" is everybody who is not signed in.
var navigation = map[advisory.Role][]navItem{
	"": {{"nav.home", "/"}, {"nav.about", "/ueber-den-pool"}, {"nav.request", "/anfrage"}},
	advisory.Municipality: {{"nav.my_consultations", "/beratungen"}, {"nav.my_tasks", "/aufgaben"},
		{"nav.request", "/anfrage"}},
	advisory.Advisor: {{"nav.my_tasks", "/aufgaben"}, {"nav.my_consultations", "/beratungen"}, {"nav.profile", "/profil"}},
	advisory.Coordinator: {{"public.nav_workbench", "/arbeitsplatz"}, {"nav.consultations", "/vorgaenge"},
		{"nav.advisors", "/pool"}, {"nav.municipalities", municipalitiesPath}, {"nav.figures", "/zahlen"}},
	advisory.LeadCoordinator: {{"public.nav_workbench", "/arbeitsplatz"}, {"nav.consultations", "/vorgaenge"},
		{"nav.advisors", "/pool"}, {"nav.municipalities", municipalitiesPath}, {"nav.figures", "/zahlen"}, {"settings.title", settingsPath}},
	advisory.Reader:        {{"nav.figures", "/zahlen"}},
	advisory.Administrator: {{"nav.incidents", incidentsPath}, {"nav.users", usersPath}},
}
