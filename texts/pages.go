package texts

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Page is a public page ready to show. HTML begins with the h1. Missing
// names the placeholders that had no value; they are still visible.
type Page struct {
	Title       string
	Description string
	HTML        template.HTML
	Missing     []string
}

type pageSource struct {
	title       string
	description string
	markdown    string
}

// markdown renders pages: line breaks count, raw HTML is left out.
var markdown = goldmark.New(
	goldmark.WithParserOptions(
		parser.WithAutoHeadingID(),
		parser.WithASTTransformers(util.Prioritized(kernClasses{}, 100)),
	),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// HasPage tells whether a page exists in this language; leichte-sprache
// exists in German only.
func (c *Catalog) HasPage(lang Lang, name string) bool {
	_, ok := c.pages[lang][name]
	return ok
}

// Page renders a page of pages/LANG/NAME.md. Values of fields are plain text
// or addresses; they cannot bring in markup.
func (c *Catalog) Page(lang Lang, name string, fields map[string]string) (Page, error) {
	source, ok := c.pages[lang][name]
	if !ok {
		return Page{}, fmt.Errorf("page %s does not exist in language %s", name, lang)
	}
	page := Page{Title: source.title, Description: source.description}
	filled := placeholder.ReplaceAllStringFunc(source.markdown, func(found string) string {
		key := strings.Trim(found, "{}")
		value, ok := fields[key]
		if !ok {
			page.Missing = append(page.Missing, key)
			return found
		}
		return escapeMarkdown(value)
	})
	var out bytes.Buffer
	if err := markdown.Convert([]byte(filled), &out); err != nil {
		return Page{}, fmt.Errorf("render page %s: %w", name, err)
	}
	page.HTML = template.HTML(out.String()) // #nosec G203 -- goldmark leaves out raw HTML
	return page, nil
}

// escapeMarkdown makes a value plain text: each of its lines stays a line of
// the paragraph that it is filled into.
func escapeMarkdown(value string) string {
	lines := strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		var escaped strings.Builder
		for _, r := range strings.TrimSpace(line) {
			if r < 128 && util.IsPunct(byte(r)) {
				escaped.WriteByte('\\')
			}
			escaped.WriteRune(r)
		}
		lines[i] = escaped.String()
	}
	return strings.Join(lines, "\n")
}

func loadPages(lang Lang) (map[string]pageSource, error) {
	sources, err := readMarkdown("pages/" + string(lang))
	if err != nil {
		return nil, err
	}
	pages := map[string]pageSource{}
	for name, source := range sources {
		head, body, _ := strings.Cut(source, "\n\n")
		title, description, ok := strings.Cut(head, "\n")
		title, hasTitle := strings.CutPrefix(title, "title: ")
		description, hasDescription := strings.CutPrefix(description, "description: ")
		if !ok || !hasTitle || !hasDescription {
			return nil, fmt.Errorf("page %s does not begin with title and description", name)
		}
		pages[name] = pageSource{title: title, description: description, markdown: body}
	}
	return pages, nil
}

// kernClasses gives the elements of a page their classes of the KERN design
// system, which styles nothing without a class.
type kernClasses struct{}

var headingClass = map[int]string{1: "kern-heading-large", 2: "kern-heading-medium", 3: "kern-heading-small"}

func (kernClasses) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Heading:
			n.SetAttributeString("class", []byte(headingClass[min(n.Level, 3)]))
		case *ast.Paragraph:
			n.SetAttributeString("class", []byte("kern-body"))
		case *ast.List:
			kind := "bullet"
			if n.IsOrdered() {
				kind = "number"
			}
			n.SetAttributeString("class", []byte("kern-list kern-list--"+kind))
		case *ast.Link:
			n.SetAttributeString("class", []byte("mg-link"))
		}
		return ast.WalkContinue, nil
	})
}
