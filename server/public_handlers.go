package server

import (
	"fmt"
	"html/template"
	"net/http"

	"golang.org/x/net/html/atom"

	"miglobe/advisory"
)

func (s *Server) publicRoutes() []Route {
	routes := []Route{{Method: http.MethodGet, Path: "/", Who: Everybody, Handle: s.showHome}}
	for _, page := range textPages {
		routes = append(routes, Route{Method: http.MethodGet, Path: page.path, Who: Everybody, Handle: s.showText(page.name)})
	}
	return routes
}

// homePage is the landing page: the text "landing" in its own design.
type homePage struct {
	Description string
	Heading     string
	Lead        string
	What        section
	ForWhom     section
	Questions   []section
	How         section
	Steps       []section
	Cost        section
	FAQ         section
	Talk        section
}

// Template implements Page.
func (homePage) Template() string { return "public_home" }

func (s *Server) showHome(c *Context) error {
	page, err := s.texts.Page(c.Lang, "landing", s.placeholders(c.Lang))
	if err != nil {
		return advisory.Errorf(advisory.Internal, "landing page: %w", err)
	}
	home, err := arrangeHome(page.HTML)
	if err != nil {
		return advisory.Errorf(advisory.Internal, "landing page: %w", err)
	}
	home.Description = page.Description
	return c.Show(http.StatusOK, home)
}

// arrangeHome places the sections of the text: heading, what it is, for whom, how it works, what it costs, questions,
// contact.
func arrangeHome(text template.HTML) (homePage, error) {
	sections, err := sectionsOf(text)
	if err != nil {
		return homePage{}, err
	}
	if len(sections) != 7 {
		return homePage{}, fmt.Errorf("%d sections instead of 7", len(sections))
	}
	home := homePage{
		Heading: sections[0].Heading, What: sections[1], ForWhom: sections[2], How: sections[3], Cost: sections[4],
		FAQ: sections[5], Talk: sections[6],
	}
	home.Lead = textOf(firstParagraph(sections[0]))
	if home.Questions, err = home.ForWhom.items(0); err != nil {
		return home, err
	}
	if home.Steps, err = home.How.items(0); err != nil {
		return home, err
	}
	if home.ForWhom.Body, err = home.ForWhom.without(atom.Ol); err != nil {
		return home, err
	}
	home.Talk.Body, err = render(firstParagraph(home.Talk))
	return home, err
}
