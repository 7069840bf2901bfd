package server

import (
	"regexp"
	"slices"
	"testing"

	"github.com/jba/templatecheck"

	"miglobe/texts"
)

func TestTemplatesFitTheirPageStructs(t *testing.T) {
	parsed, err := parseTemplates(wording{Catalog: catalog()}, hashAssets())
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, page := range pageTypes() {
		known = append(known, page.Template())
		for _, block := range []string{"title", "content"} {
			if err := templatecheck.CheckHTML(parsed[texts.German][page.Template()].Lookup(block), page); err != nil {
				t.Errorf("%s, %q: %v", page.Template(), block, err)
			}
		}
	}
	layout := parsed[texts.German][errorTemplate].Lookup("layout")
	if err := templatecheck.CheckHTML(layout, frame{Page: errorPage{}}); err != nil {
		t.Errorf("layout: %v", err)
	}
	for name := range parsed[texts.German] {
		if !slices.Contains(known, name) {
			t.Errorf("templates/%s.html has no page struct in pageTypes", name)
		}
	}
}

var literalText = regexp.MustCompile(`[({ ](t|count|ft|fcount) "([a-z0-9_.]+)"`)

func TestTemplatesUseTextsThatExist(t *testing.T) {
	shared, pages, err := readTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for _, sources := range []map[string]string{shared, pages} {
		for name, source := range sources {
			for _, found := range literalText.FindAllStringSubmatch(source, -1) {
				if !textExists(found[1], found[2]) {
					t.Errorf("%s: no text %s", name, found[2])
				}
			}
		}
	}
}

func textExists(function, key string) bool {
	c := catalog()
	switch function {
	case "t":
		return c.HasUI(texts.German, key)
	case "count":
		return c.HasUI(texts.German, key+"_one")
	case "fcount":
		return c.FormCount(texts.German, key, 1) != key+"_one"
	default:
		return c.FormText(texts.German, key) != key
	}
}

func TestTemplatesNeedNoInlineStyleOrScript(t *testing.T) {
	inline := regexp.MustCompile(`\sstyle=|\son[a-z]+=|<style|<script>`)
	shared, pages, err := readTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for _, sources := range []map[string]string{shared, pages} {
		for name, source := range sources {
			if found := inline.FindString(source); found != "" {
				t.Errorf("%s: %q is refused by the Content-Security-Policy", name, found)
			}
		}
	}
}
