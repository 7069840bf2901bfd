package server

import (
	"html/template"
	"maps"
	"net/http"
	"strconv"

	"miglobe/advisory"
	"miglobe/texts"
)

// textPages are the pages that consist of one text.
var textPages = []struct{ path, name string }{
	{"/ueber-den-pool", "about"},
	{"/datenschutz", "privacy"},
	{"/impressum", "imprint"},
	{"/barrierefreiheit", "accessibility"},
	{"/leichte-sprache", "leichte-sprache"},
}

type textPage struct {
	Title       string
	Description string
	Lang        texts.Lang // where it differs from the language of the page
	HTML        template.HTML
}

// Template implements Page.
func (textPage) Template() string { return "public_text" }

func (s *Server) showText(name string) Handler {
	return func(c *Context) error {
		lang := c.Lang
		if !s.texts.HasPage(lang, name) {
			lang = texts.German
		}
		page, err := s.texts.Page(lang, name, s.placeholders(c.Lang))
		if err != nil {
			return advisory.Errorf(advisory.Internal, "page %s: %w", name, err)
		}
		shown := textPage{Title: page.Title, Description: page.Description, HTML: page.HTML}
		if lang != c.Lang {
			shown.Lang = lang
		}
		return c.Show(http.StatusOK, shown)
	}
}

// placeholders are what the operator's settings and the route table fill into texts/pages.
func (s *Server) placeholders(lang texts.Lang) map[string]string {
	fields := maps.Clone(s.settings.Operator)
	if fields == nil {
		fields = map[string]string{}
	}
	for field, path := range map[string]string{
		"url_request": "/anfrage", "url_about": "/ueber-den-pool", "url_privacy": "/datenschutz",
		"url_accessibility": "/barrierefreiheit", "url_imprint": "/impressum",
	} {
		fields[field] = localURL(lang, path)
	}
	fields["url_easy_language"] = "/leichte-sprache"
	fields["site_url"] = s.settings.SiteURL
	for field, period := range map[string]int{
		"retention_draft_days": draftDays, "retention_closed_years": s.settings.Retention.ClosedYears,
		"retention_declined_months": s.settings.Retention.DeclinedMonths, "retention_mail_months": s.settings.Retention.MailMonths,
	} {
		fields[field] = strconv.Itoa(period)
	}
	return fields
}
