package server

import (
	"net/http"
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// Fields that the form of a text has beside those of texts/forms.
const (
	textBaseField = "base"    // the version that the text was made from
	doField       = "do"      // which button was pressed
	versionQuery  = "fassung" // an earlier version to begin with

	doPreview = "preview"
	doTest    = "test"
	doSave    = "save"
)

// mailTextRows is the height of the field with the text.
const mailTextRows = 26

// mailTextPage is where the text of a mail is written.
type mailTextPage struct {
	Title, Purpose, Language string
	Path                     string
	Other                    mailTextLink // the same mail in the other language
	View                     form.View
	Base                     int      // the version that the text is made from
	Unfit                    []string // what keeps the newest version from being sent
	Conflict                 *mailConflict
	Fields                   []mailFieldRow
	Help                     []string
	Versions                 []mailVersionRow
	Preview                  *mailPreviewView
	Sent                     string // what was ordered
}

// Template implements Page.
func (mailTextPage) Template() string { return "settings_mails_edit" }

// mailConflict is a version that somebody else has saved in the meantime.
type mailConflict struct {
	Text, Path, Label string
}

// mailEdit is a request about one text.
type mailEdit struct {
	*Context
	text     mailText
	standard texts.MailText
	versions []store.MailTemplate // the newest first
}

func (c *Context) mailEdit() (mailEdit, error) {
	e := mailEdit{Context: c}
	var err error
	if e.text, e.standard, err = c.mailText(); err != nil {
		return e, err
	}
	e.versions, err = c.server.store.MailTemplateVersions(c.Request().Context(), e.text.Name, e.text.Lang)
	return e, err
}

// newest is the version that counts; the zero version is the product's text.
func (e mailEdit) newest() store.MailTemplate {
	if len(e.versions) == 0 {
		return store.MailTemplate{Standard: true}
	}
	return e.versions[0]
}

// base is the version that the posted text was made from, or the newest.
func (e mailEdit) base() int {
	if base, err := strconv.Atoi(e.Posted().Get(textBaseField)); err == nil {
		return base
	}
	return e.newest().Version
}

// words is what a version says.
func (e mailEdit) words(version store.MailTemplate) texts.MailText {
	if version.Version == 0 || version.Standard {
		return e.standard
	}
	return version.Text()
}

// version finds a version by its number. Code not_found where there is none.
func (e mailEdit) version(number string) (store.MailTemplate, error) {
	n, err := strconv.Atoi(number)
	if err == nil && n == 0 {
		return store.MailTemplate{Standard: true}, nil
	}
	i := slices.IndexFunc(e.versions, func(v store.MailTemplate) bool { return v.Version == n })
	if err != nil || i < 0 {
		return store.MailTemplate{}, advisory.Errorf(advisory.NotFound, "mail %s (%s) has no version %q", e.text.Name, e.text.Lang, number)
	}
	return e.versions[i], nil
}

func (s *Server) showMailText(c *Context) error {
	e, err := c.mailEdit()
	if err != nil {
		return err
	}
	shown := e.newest()
	if number := c.QueryParam(versionQuery); number != "" {
		if shown, err = e.version(number); err != nil {
			return err
		}
	}
	words := e.words(shown)
	return c.Show(http.StatusOK, e.page(advisory.Answers{"subject": {words.Subject}, "body": {words.Body}}, nil))
}

// page is the form with what is typed in it, and everything around it.
func (e mailEdit) page(answers advisory.Answers, errs form.Errors) mailTextPage {
	page := mailTextPage{
		Title: e.mailTitle(e.text.Name), Purpose: e.mailPurpose(e.text.Name), Language: e.mailLanguageName(e.text.Lang),
		Path: e.text.path(), Base: e.base(), View: e.formView(answers, errs), Fields: e.mailFields(e.text), Help: e.mailHelp(e.text),
		Versions: e.versionRows(),
	}
	other := mailText{e.text.Name, texts.English}
	if e.text.Lang == texts.English {
		other.Lang = texts.German
	}
	page.Other = mailTextLink{Language: e.mailLanguageName(other.Lang), Path: other.path()}
	if newest := e.newest(); !newest.Standard {
		for _, found := range e.findings(e.text, newest.Text()) {
			page.Unfit = append(page.Unfit, e.findingText(found))
		}
	}
	return page
}

func (e mailEdit) formView(answers advisory.Answers, errs form.Errors) form.View {
	f := *e.Form("mail_template")
	if e.text.Name == mailFooter { // a part has no subject
		f.Steps = slices.Clone(f.Steps)
		f.Steps[0].Fields = slices.DeleteFunc(slices.Clone(f.Steps[0].Fields), func(field texts.Field) bool { return field.Key == "subject" })
	}
	view := form.NewView(&f, answers, errs, nil, e.FormContext())
	for _, step := range view.Steps {
		for _, group := range step.Groups {
			for i := range group.Fields {
				if group.Fields[i].Name == "body" {
					group.Fields[i].Rows = mailTextRows
				}
			}
		}
	}
	return view
}

// changeMailText does what one of the buttons below the text says. Whatever is wrong with the text is said first.
func (s *Server) changeMailText(c *Context) error {
	e, err := c.mailEdit()
	if err != nil {
		return err
	}
	do := c.Posted().Get(doField)
	answers := form.Decode(c.Form("mail_template"), c.Posted(), nil)
	words := texts.MailText{Subject: answers.Get("subject"), Body: answers.Get("body")}
	if e.text.Name == mailFooter {
		words.Subject = ""
	}
	if errs := e.problems(answers, words, do == doSave); len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, e.page(answers, errs))
	}
	if do == doSave {
		return e.save(answers, words)
	}
	return e.try(answers, words, do == doTest)
}

// problems are what has to be mended before a text is shown, sent or saved. Only saving needs a reason.
func (e mailEdit) problems(answers advisory.Answers, words texts.MailText, saves bool) form.Errors {
	labels := map[string]string{}
	f := e.Form("mail_template")
	for _, field := range f.Steps[0].Fields {
		labels[field.Key] = field.Label
	}
	var errs form.Errors
	for _, found := range e.findings(e.text, words) {
		key := "body"
		if found.Subject {
			key = "subject"
		}
		errs = append(errs, form.Error{Key: key, ID: key, Label: labels[key], Message: e.findingText(found)})
	}
	for _, found := range form.Validate(f, answers, nil, e.FormContext()) {
		if found.Key == "note" && saves {
			errs = append(errs, found)
		}
	}
	return errs
}

// save keeps the text as a new version. One that is the product's again follows the product from then on.
func (e mailEdit) save(answers advisory.Answers, words texts.MailText) error {
	newest := e.newest()
	if e.base() == newest.Version && sameWords(words, e.words(newest)) {
		return e.Done(e.text.path(), "settings_mails.unchanged")
	}
	err := e.add(words, e.base(), answers.Get("note"))
	if advisory.CodeOf(err) == advisory.Conflict {
		return e.conflict(answers)
	}
	if err != nil {
		return err
	}
	return e.Done(e.text.path(), "settings_mails.saved")
}

// add keeps words as the version after base.
func (e mailEdit) add(words texts.MailText, base int, note string) error {
	added := store.MailTemplate{
		Name: e.text.Name, Language: e.text.Lang, Version: base, Standard: sameWords(words, e.standard), Subject: words.Subject,
		Body: words.Body, Note: note,
	}
	if added.Standard {
		added.Subject, added.Body = "", ""
	}
	_, err := e.server.store.AddMailTemplate(e.Request().Context(), added, e.Person.ID, e.Now())
	return err
}

// conflict shows what was typed again beside the version that somebody else has saved.
func (e mailEdit) conflict(answers advisory.Answers) error {
	e, err := e.mailEdit()
	if err != nil {
		return err
	}
	newest := e.newest()
	page := e.page(answers, nil)
	page.Base = newest.Version
	page.Conflict = &mailConflict{
		Text:  e.T("settings_mails.conflict_text", "name", newest.AuthorName, "n", newest.Version),
		Label: e.T("settings_mails.conflict_link", "n", newest.Version), Path: e.versionPath(newest.Version),
	}
	return e.Show(http.StatusConflict, page)
}
