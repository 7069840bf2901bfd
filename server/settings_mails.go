package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

const (
	mailTextsPath    = settingsPath + "/mails"
	mailTextPath     = mailTextsPath + "/:name/:lang"
	mailVersionsPath = mailTextPath + "/fassungen/:version"
	mailPreviewPath  = mailTextsPath + "/vorschau/:id"
)

func (s *Server) mailTextRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: mailTextsPath, Who: settingsAccess, Handle: s.showMailTexts},
		{Method: http.MethodGet, Path: mailPreviewPath, Who: settingsAccess, Handle: s.showMailPreview},
		{Method: http.MethodGet, Path: mailTextPath, Who: settingsAccess, Handle: s.showMailText},
		{Method: http.MethodPost, Path: mailTextPath, Who: settingsAccess, Handle: s.changeMailText},
		{Method: http.MethodGet, Path: mailVersionsPath, Who: settingsAccess, Handle: s.showMailVersion},
		{Method: http.MethodPost, Path: mailVersionsPath, Who: settingsAccess, Handle: s.restoreMailVersion},
	}
}

func mailTextPages() []Page { return []Page{mailTextsPage{}, mailTextPage{}, mailVersionPage{}} }

// mailTextsPage lists all mails with the text that counts in each language.
type mailTextsPage struct{ Groups []mailTextGroup }

// Template implements Page.
func (mailTextsPage) Template() string { return "settings_mails" }

type mailTextGroup struct {
	Key   string
	Mails []mailTextRow
}

type mailTextRow struct {
	Title, Purpose string
	Texts          []mailTextLink
}

// mailTextLink leads to a text in one language.
type mailTextLink struct {
	Language, Label, Path string
	Standing              string // standard text, or which own version
	Unfit                 bool   // an own text that cannot be sent any more
}

func (s *Server) showMailTexts(c *Context) error {
	newest, err := s.store.NewestMailTemplates(c.Request().Context())
	if err != nil {
		return err
	}
	byText := map[mailText]store.MailTemplate{}
	for _, template := range newest {
		byText[mailText{template.Name, template.Language}] = template
	}
	page := mailTextsPage{}
	for _, group := range mailGroups {
		shown := mailTextGroup{Key: group.key}
		for _, name := range group.mails {
			row := mailTextRow{Title: c.mailTitle(name), Purpose: c.mailPurpose(name)}
			for _, lang := range texts.Langs {
				row.Texts = append(row.Texts, c.mailTextLink(mailText{name, lang}, byText[mailText{name, lang}]))
			}
			shown.Mails = append(shown.Mails, row)
		}
		page.Groups = append(page.Groups, shown)
	}
	return c.Show(http.StatusOK, page)
}

func (c *Context) mailTextLink(text mailText, newest store.MailTemplate) mailTextLink {
	link := mailTextLink{Language: c.mailLanguageName(text.Lang), Path: text.path(), Standing: c.T("settings_mails.standard")}
	link.Label = c.T("settings_mails.edit", "language", link.Language, "mail", c.mailTitle(text.Name))
	if newest.Version == 0 || newest.Standard {
		return link
	}
	link.Standing = c.T("settings_mails.own", "n", newest.Version)
	if link.Unfit = len(c.findings(text, newest.Text())) > 0; link.Unfit {
		link.Standing = c.T("settings_mails.unfit")
	}
	return link
}

// mailText names a text: a mail in one language.
type mailText struct {
	Name string
	Lang texts.Lang
}

func (t mailText) path() string { return mailTextsPath + "/" + t.Name + "/" + string(t.Lang) }

// mailText is the text that the path names. Code not_found where the product has none of this name.
func (c *Context) mailText() (mailText, texts.MailText, error) {
	text := mailText{c.Param("name"), texts.Lang(c.Param("lang"))}
	standard, ok := c.server.texts.Mail(text.Lang, text.Name)
	if !ok {
		return text, standard, advisory.Errorf(advisory.NotFound, "no text of a mail %s (%s)", text.Name, text.Lang)
	}
	return text, standard, nil
}

func (c *Context) findings(text mailText, words texts.MailText) []mail.Finding {
	return mail.Check(c.server.texts.Catalog, text.Lang, text.Name, words)
}

// mailSettings are what the footer of a sample says about the sender.
func (s *Server) mailSettings() mail.Settings {
	return mail.Settings{SiteURL: s.settings.SiteURL, OperatorName: s.settings.Operator["operator_name"]}
}
