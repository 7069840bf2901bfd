package server

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/texts"
)

// mailFieldRow explains a field to whoever writes a text.
type mailFieldRow struct {
	Action  string // as it is written
	Meaning string
	Example string
	Notes   string // needed, optional, also in the subject
}

// mailFields lists what the text of a mail may use.
func (c *Context) mailFields(text mailText) []mailFieldRow {
	var rows []mailFieldRow
	for _, field := range mail.Fields(c.server.texts.Catalog, text.Lang, text.Name) {
		key := "mail_fields." + strings.ToLower(field.Name)
		row := mailFieldRow{
			Action: "{{." + field.Name + "}}", Meaning: c.T(key+".meaning", "what", c.fieldMeaning(key, text.Name)), Example: c.fieldExample(key, text),
		}
		if field.Name == "Advisors" {
			row.Action = "{{range .Advisors}}"
		}
		var notes []string
		if field.Needed {
			notes = append(notes, c.T("settings_mails.needed"))
		}
		if field.Optional {
			notes = append(notes, c.T("settings_mails.optional"))
		}
		if field.InSubject && text.Name != mailFooter {
			notes = append(notes, c.T("settings_mails.subject_too"))
		}
		row.Notes = strings.Join(notes, ", ")
		rows = append(rows, row)
	}
	return rows
}

// fieldMeaning is what Due and Reason mean in a mail (texts/mails/FIELDS.md).
func (c *Context) fieldMeaning(key, name string) string {
	for _, own := range []string{key + "." + name, key + ".task", key + ".occasion"} {
		if c.server.texts.HasUI(c.Lang, own) {
			return c.T(own)
		}
	}
	return ""
}

// fieldExample is an example in the language of the text.
func (c *Context) fieldExample(key string, text mailText) string {
	if key == "mail_fields.due" {
		return texts.LongDate(text.Lang, time.Date(2026, 3, 13, 0, 0, 0, 0, advisory.Berlin))
	}
	return c.server.texts.UI(text.Lang, key+".example")
}

// mailHelp says how a text is written, as far as the mail has it.
func (c *Context) mailHelp(text mailText) []string {
	fields := mail.Fields(c.server.texts.Catalog, text.Lang, text.Name)
	has := func(name string, optional bool) bool {
		return slices.ContainsFunc(fields, func(f mail.Field) bool { return f.Name == name && f.Optional == optional })
	}
	var help []string
	for _, rule := range []struct {
		key   string
		holds bool
	}{
		{"help_paragraph", true}, {"help_button", has("Link", false)}, {"help_list", has("Advisors", false)},
		{"help_condition", has("Reason", true)}, {"help_condition_number", has("Number", true)}, {"help_emphasis", true},
		{"help_footer", text.Name != mailFooter},
	} {
		if rule.holds {
			help = append(help, c.T("settings_mails."+rule.key))
		}
	}
	return help
}

// findingText says in a sentence what to do about a finding, with its line.
func (c *Context) findingText(found mail.Finding) string {
	what := found.What
	if found.Rule == mail.Markdown {
		what = c.T("mail_check.kinds.other")
		if key := "mail_check.kinds." + strings.ToLower(found.What); c.server.texts.HasUI(c.Lang, key) {
			what = c.T(key)
		}
	}
	limit := mail.MaxBody
	if found.Subject {
		limit = mail.MaxSubject
	}
	text := c.T("mail_check."+string(found.Rule), "what", what, "n", strconv.Itoa(limit))
	if found.Line == 0 {
		return text
	}
	return c.T("mail_check.in_line", "line", found.Line, "text", text)
}
