package texts

import (
	"strings"
	"testing"
)

func TestEveryPageRendersWithoutGaps(t *testing.T) {
	c := load(t)
	for _, lang := range Langs {
		for name, source := range c.pages[lang] {
			fields := map[string]string{}
			for _, found := range placeholder.FindAllString(source.markdown, -1) {
				fields[strings.Trim(found, "{}")] = "https://miglobe.example/x_y*z"
			}
			page, err := c.Page(lang, name, fields)
			if err != nil {
				t.Fatal(err)
			}
			body := string(page.HTML)
			if page.Title == "" || page.Description == "" || len(page.Missing) > 0 {
				t.Errorf("%s/%s: incomplete page: %+v", lang, name, page.Missing)
			}
			if strings.Count(body, "<h1") != 1 || !strings.HasPrefix(body, "<h1") {
				t.Errorf("%s/%s: must begin with its only h1", lang, name)
			}
			if strings.ContainsAny(body, "{}") || strings.Contains(body, "<em>") {
				t.Errorf("%s/%s: placeholder or markup of a value is left", lang, name)
			}
		}
	}
}

func TestPageValuesStayText(t *testing.T) {
	c := load(t)
	page, err := c.Page(German, "imprint", map[string]string{
		"operator_name":    "<script>*A* & [B](javascript:alert)",
		"operator_address": "Musterweg 1\n00000 Musterstadt\n\n# kein Titel",
	})
	if err != nil {
		t.Fatal(err)
	}
	body := string(page.HTML)
	for _, want := range []string{
		"&lt;script&gt;*A* &amp; [B](javascript:alert)<br>",
		"Musterweg 1<br>\n00000 Musterstadt<br>\n# kein Titel",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in %s", want, body)
		}
	}
	if len(page.Missing) == 0 {
		t.Error("missing values are not named")
	}
}

func TestEasyLanguageKeepsItsLines(t *testing.T) {
	c := load(t)
	page, err := c.Page(German, "leichte-sprache", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page.HTML), "MiGlobe ist eine Gruppe von Menschen.<br>\nDiese Menschen geben Rat.<br>") {
		t.Error("line breaks are lost")
	}
	if c.HasPage(English, "leichte-sprache") {
		t.Error("the page exists in German only")
	}
	if _, err := c.Page(English, "leichte-sprache", nil); err == nil {
		t.Error("no error for a page that does not exist")
	}
}
