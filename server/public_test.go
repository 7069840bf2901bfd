package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/texts"
)

func TestTextPages(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for _, page := range textPages {
		for _, prefix := range []string{"", "/en"} {
			a := b.get(prefix + page.path).wantStatus(http.StatusOK)
			if n := len(a.all("h1")); n != 1 {
				t.Errorf("%s: %d h1", a.what, n)
			}
		}
	}
	b.get("/impressum").wantText("main", "Beispielstelle")
	if got := b.get("/en/leichte-sprache").attr("main [lang]", "lang"); got != "de" {
		t.Errorf("German page among English ones is marked %q", got)
	}
}

func TestHomePage(t *testing.T) {
	s := newSite(t)
	for _, lang := range texts.Langs {
		a := s.browser().get(localURL(lang, "/")).wantStatus(http.StatusOK)
		for selector, want := range map[string]int{"h1": 1, ".mg-quad > li": 4, ".mg-steps > li": 5, "details": 8} {
			if got := len(a.all(selector)); got != want {
				t.Errorf("%s: %d %s, want %d", lang, got, selector, want)
			}
		}
		if got := a.attr(".mg-hero .kern-btn--primary", "href"); got != localURL(lang, "/anfrage") {
			t.Errorf("%s: button leads to %q", lang, got)
		}
		if a.text(".mg-hero .kern-body--large") == "" || !strings.Contains(a.text(".mg-band--teal"), "0000 0000") {
			t.Errorf("%s: lead or telephone is missing", lang)
		}
		for _, li := range a.all(".mg-steps h3") {
			if textOf(li) == "" {
				t.Errorf("%s: step without heading", lang)
			}
		}
	}
}

func TestCountries(t *testing.T) {
	for lang, want := range map[texts.Lang]map[string]string{
		texts.German:  {"CI": "Côte d’Ivoire", "ZA": "Südafrika", "VN": "Vietnam"},
		texts.English: {"CI": "Côte d’Ivoire", "ZA": "South Africa", "VN": "Vietnam"},
	} {
		found := map[string]string{}
		for _, option := range countries[lang]() {
			found[option.Key] = option.Label
		}
		for code, name := range want {
			if found[code] != name {
				t.Errorf("%s: %s is %q, want %q", lang, code, found[code], name)
			}
		}
		if n := len(found); n < 240 || n > 260 {
			t.Errorf("%s: %d countries", lang, n)
		}
		for _, no := range []string{"EU", "UN", "DD", "ZZ", "XA"} {
			if found[no] != "" {
				t.Errorf("%s: %s is no country", lang, no)
			}
		}
	}
}
