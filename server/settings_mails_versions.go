package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// mailVersionRow is a version in the list beside a text.
type mailVersionRow struct {
	Title, Written, Note string
	Path                 string
	Counts               bool
}

// mailVersionPage shows a version, what it changed, and the way back to it.
type mailVersionPage struct {
	Title, MailTitle string
	Language         texts.Lang
	LanguageName     string
	Written, Note    string
	Words            string // subject and body as they are typed
	Compared         string // with what; "" for the product's text
	Changes          []lineChange
	MailPath, Path   string
	DraftPath        string
	CanRestore       bool
	RestoresStandard bool
	Unfit            []string
}

// Template implements Page.
func (mailVersionPage) Template() string { return "settings_mails_version" }

// Changed tells whether anything differs.
func (p mailVersionPage) Changed() bool {
	return slices.ContainsFunc(p.Changes, func(line lineChange) bool { return line.Added || line.Removed })
}

func (e mailEdit) versionPath(version int) string {
	return e.text.path() + "/fassungen/" + strconv.Itoa(version)
}

// versionRows lists the versions, the product's text at the end.
func (e mailEdit) versionRows() []mailVersionRow {
	var rows []mailVersionRow
	for i, version := range e.versions {
		key := "settings_mails.version"
		if version.Standard {
			key = "settings_mails.version_standard"
		}
		rows = append(rows, mailVersionRow{
			Title: e.T(key, "n", version.Version), Written: e.written(version), Note: version.Note, Path: e.versionPath(version.Version), Counts: i == 0,
		})
	}
	return append(rows, mailVersionRow{Title: e.T("settings_mails.standard"), Path: e.versionPath(0), Counts: len(e.versions) == 0})
}

func (e mailEdit) written(version store.MailTemplate) string {
	return e.T("settings_mails.written", "who", version.AuthorName, "date", texts.DateTime(e.Lang, version.CreatedAt))
}

func (s *Server) showMailVersion(c *Context) error {
	e, err := c.mailEdit()
	if err != nil {
		return err
	}
	version, err := e.version(c.Param("version"))
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, e.versionPage(version))
}

func (e mailEdit) versionPage(version store.MailTemplate) mailVersionPage {
	page := mailVersionPage{
		MailTitle: e.mailTitle(e.text.Name), Language: e.text.Lang, LanguageName: e.mailLanguageName(e.text.Lang), Words: typed(e.words(version)),
		MailPath: e.text.path(), Path: e.versionPath(version.Version), DraftPath: e.text.path() + "?" + versionQuery + "=" + strconv.Itoa(version.Version),
		RestoresStandard: version.Standard,
	}
	page.Title = e.T("settings_mails.standard_title", "mail", page.MailTitle)
	if version.Version > 0 {
		page.Title = e.T("settings_mails.version_title", "n", version.Version, "mail", page.MailTitle)
		page.Written, page.Note = e.written(version), version.Note
		page.Compared = e.T("settings_mails.changes_to_standard")
		before := e.before(version)
		if before.Version > 0 {
			page.Compared = e.T("settings_mails.changes_to", "n", before.Version)
		}
		page.Changes = compareLines(typed(e.words(before)), page.Words)
	}
	newest := e.newest()
	page.CanRestore = version.Version != newest.Version && !sameWords(e.words(version), e.words(newest))
	if !version.Standard {
		for _, found := range e.findings(e.text, version.Text()) {
			page.Unfit = append(page.Unfit, e.findingText(found))
		}
	}
	return page
}

// before is the version that another one followed; the zero version is the product's text.
func (e mailEdit) before(version store.MailTemplate) store.MailTemplate {
	i := slices.IndexFunc(e.versions, func(v store.MailTemplate) bool { return v.Version == version.Version })
	if i+1 < len(e.versions) {
		return e.versions[i+1]
	}
	return store.MailTemplate{Standard: true}
}

// restoreMailVersion makes a new version with the words of an earlier one, or one that says to use the product's text.
func (s *Server) restoreMailVersion(c *Context) error {
	e, err := c.mailEdit()
	if err != nil {
		return err
	}
	version, err := e.version(c.Param("version"))
	if err != nil {
		return err
	}
	words := e.words(version)
	if page := e.versionPage(version); len(page.Unfit) > 0 {
		return c.Show(http.StatusUnprocessableEntity, page)
	} else if !page.CanRestore {
		return c.Done(e.text.path(), "settings_mails.unchanged")
	}
	note := c.T("settings_mails.restore_note", "n", version.Version)
	if version.Standard {
		note = ""
	}
	err = e.add(words, e.newest().Version, note)
	switch {
	case advisory.CodeOf(err) == advisory.Conflict:
		return &Explained{
			Err: err, Text: c.T("settings_mails.conflict_title"), ActionLabel: c.T("errors.e409.action"), ActionPath: e.text.path(),
		}
	case err != nil:
		return err
	case version.Standard:
		return c.Done(e.text.path(), "settings_mails.restored_standard")
	}
	return c.Done(e.text.path(), "settings_mails.restored")
}

// typed is a text as it is typed: the subject in the first line.
func typed(words texts.MailText) string {
	if words.Subject == "" {
		return strings.TrimSpace(words.Body)
	}
	return words.Subject + "\n\n" + strings.TrimSpace(words.Body)
}

// sameWords leaves out the white space at the ends, which no form keeps.
func sameWords(a, b texts.MailText) bool { return typed(a) == typed(b) }

// lineChange is a line that two texts share, or that only one of them has.
type lineChange struct {
	Text           string
	Added, Removed bool
}

// compareLines shows line by line how a text became another one.
func compareLines(before, after string) (changes []lineChange) {
	lines := wordNumbers{split: splitLines}
	compare := diffmatchpatch.New()
	compare.DiffTimeout = 0 // the same result however busy the machine is; the texts are short
	for _, part := range compare.DiffMainRunes(lines.number(before), lines.number(after), false) {
		for line := range strings.Lines(lines.text(part.Text)) {
			changes = append(changes, lineChange{
				Text: strings.TrimSuffix(line, "\n"), Added: part.Type == diffmatchpatch.DiffInsert, Removed: part.Type == diffmatchpatch.DiffDelete,
			})
		}
	}
	return changes
}

func splitLines(text string) []string {
	return slices.Collect(strings.Lines(strings.TrimSuffix(text, "\n") + "\n"))
}
