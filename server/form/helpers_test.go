package form

import (
	"bytes"
	"html/template"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"miglobe/advisory"
	"miglobe/texts"
)

var (
	catalog   = mustLoad()
	templates = template.Must(template.ParseFS(Templates, "*.html"))
)

func mustLoad() *texts.Catalog {
	c, err := texts.Load()
	if err != nil {
		panic(err)
	}
	return c
}

func context(lang texts.Lang) Context {
	return Context{Catalog: catalog, Lang: lang, Today: day("2026-11-23")}
}

func day(iso string) time.Time {
	t, ok := parseDate(iso)
	if !ok {
		panic(iso)
	}
	return t
}

func catalogForm(t testing.TB, lang texts.Lang, name string) *texts.Form {
	t.Helper()
	f, ok := catalog.Form(lang, name)
	if !ok {
		t.Fatalf("form %s does not exist", name)
	}
	return f
}

// formOf is a form of one step with these fields.
func formOf(fields ...texts.Field) *texts.Form {
	for i := range fields {
		if fields[i].Label == "" {
			fields[i].Label = "Frage " + fields[i].Key
		}
	}
	return &texts.Form{Name: "test", Title: "Test", Submit: "Senden", Steps: []texts.Step{{Key: "step", Title: "Schritt", Fields: fields}}}
}

// sourcesFor gives every source of a form two answers, and every open step
// two repetitions.
func sourcesFor(f *texts.Form) Sources {
	sources := Sources{}
	for _, step := range f.Steps {
		if step.Repeat != "" && step.RepeatCount == 0 {
			sources[step.Repeat] = []texts.Option{{Key: "1", Label: "Vereine einladen"}, {Key: "2", Label: "Fair einkaufen"}}
		}
		for _, field := range step.Fields {
			if field.Source != "" {
				sources[field.Source] = []texts.Option{{Key: "first", Label: "Erste Antwort"}, {Key: "second.one", Label: "Zweite Antwort"}}
			}
		}
	}
	return sources
}

func render(t testing.TB, block string, data any) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, block, data); err != nil {
		t.Fatal(err)
	}
	node, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return node
}

func all(node *html.Node, selector string) []*html.Node {
	return cascadia.QueryAll(node, cascadia.MustCompile(selector))
}

func one(t testing.TB, node *html.Node, selector string) *html.Node {
	t.Helper()
	found := all(node, selector)
	if len(found) != 1 {
		t.Fatalf("%d elements %s, want 1", len(found), selector)
	}
	return found[0]
}

func attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(node *html.Node) string {
	var out strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// posted is what a browser sends for a rendered form that nobody touched.
func posted(page *html.Node) url.Values {
	values := url.Values{}
	for _, input := range all(page, "input[name]") {
		kind := attr(input, "type")
		if (kind == "radio" || kind == "checkbox") && !has(input, "checked") {
			continue
		}
		values.Add(attr(input, "name"), attr(input, "value"))
	}
	for _, area := range all(page, "textarea[name]") {
		value := ""
		if area.FirstChild != nil {
			value = area.FirstChild.Data
		}
		values.Add(attr(area, "name"), strings.ReplaceAll(value, "\n", "\r\n"))
	}
	for _, option := range all(page, "select[name] option[selected]") {
		values.Add(attr(option.Parent, "name"), attr(option, "value"))
	}
	return values
}

func has(node *html.Node, name string) bool {
	for _, a := range node.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func errorsOf(f *texts.Form, values url.Values, sources Sources, c Context) Errors {
	return Validate(f, Decode(f, values, sources), sources, c)
}

func messages(errors Errors) []string {
	var out []string
	for _, e := range errors {
		out = append(out, e.Key+": "+e.Message)
	}
	return out
}

func answersFrom(pairs ...string) advisory.Answers {
	answers := advisory.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		answers[pairs[i]] = append(answers[pairs[i]], pairs[i+1])
	}
	return answers
}
