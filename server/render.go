package server

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Page is what a template shows: a struct for each template. The template is the file templates/NAME.html, which
// defines the blocks "title" and "content"; both get the struct.
type Page interface {
	Template() string // NAME
}

// templates are all pages of one language by name, each with the layout and the shared parts.
type templates map[string]*template.Template

var definesContent = regexp.MustCompile(`\{\{-?\s*define "content"`)

// parseTemplates reads every template at the start, once for each language, and checks that pages and structs match.
func parseTemplates(catalog wording, files assets) (map[texts.Lang]templates, error) {
	shared, pages, err := readTemplates()
	if err != nil {
		return nil, err
	}
	for _, page := range pageTypes() {
		if _, ok := pages[page.Template()]; !ok {
			return nil, fmt.Errorf("page struct %T: templates/%s.html does not define content", page, page.Template())
		}
	}
	parsed := map[texts.Lang]templates{}
	for _, lang := range texts.Langs {
		parsed[lang] = templates{}
		base, err := template.New("").Funcs(templateFuncs(catalog, lang, files)).ParseFS(form.Templates, "*.html")
		for _, name := range slices.Sorted(maps.Keys(shared)) {
			if err == nil {
				_, err = base.Parse(shared[name])
			}
		}
		if err != nil {
			return nil, fmt.Errorf("parse shared templates: %w", err)
		}
		for name, source := range pages {
			page, err := base.Clone()
			if err == nil {
				_, err = page.Parse(source)
			}
			if err != nil {
				return nil, fmt.Errorf("parse template %s: %w", name, err)
			}
			parsed[lang][name] = page
		}
	}
	return parsed, nil
}

// readTemplates tells pages, which define content, from parts that all pages share.
func readTemplates() (shared, pages map[string]string, err error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, nil, err
	}
	shared, pages = map[string]string{}, map[string]string{}
	for _, file := range names {
		source, err := templateFiles.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		name := strings.TrimSuffix(path.Base(file), ".html")
		if definesContent.Match(source) {
			pages[name] = string(source)
		} else {
			shared[name] = string(source)
		}
	}
	return shared, pages, nil
}

// Show answers with a page. It is rendered completely before the first byte is sent.
func (c *Context) Show(status int, page Page) error {
	found, ok := c.server.pages[c.Lang][page.Template()]
	if !ok {
		return advisory.Errorf(advisory.Internal, "no template %s", page.Template())
	}
	var buffer bytes.Buffer
	if err := found.ExecuteTemplate(&buffer, "layout", c.frame(status, page)); err != nil {
		return fmt.Errorf("render %s: %w", page.Template(), err)
	}
	return c.HTMLBlob(status, c.withErased(buffer.Bytes()))
}

// frame is what layout.html shows around a page.
type frame struct {
	Lang       texts.Lang
	OtherLang  texts.Lang
	OtherURL   string
	OtherLabel string
	Tinted     bool // working pages; public pages are white
	HasErrors  bool // the title begins with the word for it
	Home       string
	Nav        []navLink
	Who        string // who is signed in, or came by the link of a mail
	SignedIn   bool
	Message    string // what the last action brought
	TestSystem bool
	Operator   string // who runs the site, and on whose behalf
	OnBehalfOf string
	Page       Page
}

type navLink struct {
	Label, URL string
	Current    bool
}

func (c *Context) frame(status int, page Page) frame {
	other := texts.English
	if c.Lang == texts.English {
		other = texts.German
	}
	f := frame{
		Lang: c.Lang, OtherLang: other, OtherLabel: c.server.texts.UI(other, "app.language_"+string(other)),
		OtherURL: localURL(other, c.pathWithQuery()), Tinted: !c.route.Who.Public(),
		HasErrors: status == http.StatusUnprocessableEntity, Home: c.URL("/"), Nav: c.nav(), SignedIn: c.Person != nil,
		TestSystem: c.server.settings.TestSystem, Operator: c.server.settings.Operator["operator_name"],
		OnBehalfOf: c.server.settings.Operator["commissioning_body"], Page: page,
	}
	if c.Person != nil {
		f.Home = c.URL(homePath(c.Person.Role))
	}
	if actor := c.Actor(); actor != nil {
		f.Who = c.T("public.signed_in_as", "name", actor.Name(), "role", c.T("roles."+string(actor.Role)+".name"))
	}
	if c.sessionOpen {
		f.Message = c.take(messageEntry)
	}
	return f
}

// pathWithQuery is the page that a switch of language leads to: the same one.
func (c *Context) pathWithQuery() string {
	if query := c.Request().URL.RawQuery; query != "" && !c.isPost() {
		return c.Path() + "?" + query
	}
	return c.Path()
}

// nav is the navigation of the person's role without what the route table does not offer it.
func (c *Context) nav() []navLink {
	role := advisory.Role("")
	if c.Person != nil {
		role = c.Person.Role
	} else if c.TaskGrant != nil {
		return nil
	}
	var links []navLink
	for _, item := range navigation[role] {
		offered := slices.ContainsFunc(c.server.routes, func(r Route) bool {
			return r.Method == http.MethodGet && r.Path == item.path && r.Who.check(c.Person, nil) == nil
		})
		if offered {
			current := c.Path() == item.path || item.path != "/" && area(c.Path()) == item.path
			links = append(links, navLink{Label: c.T(item.key), URL: c.URL(item.path), Current: current})
		}
	}
	return links
}
