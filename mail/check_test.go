package mail_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"miglobe/mail"
	"miglobe/texts"
)

func standard(t *testing.T, lang texts.Lang, name string) texts.MailText {
	t.Helper()
	text, ok := catalog(t).Mail(lang, name)
	if !ok {
		t.Fatalf("no mail %s", name)
	}
	return text
}

// everyText calls f for every mail and the footer, in both languages.
func everyText(t *testing.T, f func(lang texts.Lang, name string, text texts.MailText)) {
	t.Helper()
	for _, lang := range texts.Langs {
		for _, name := range append(catalog(t).MailNames(), "_footer") {
			f(lang, name, standard(t, lang, name))
		}
	}
}

func TestTheProductsTextsPassTheirOwnCheck(t *testing.T) {
	everyText(t, func(lang texts.Lang, name string, text texts.MailText) {
		for _, found := range mail.Check(catalog(t), lang, name, text) {
			t.Errorf("%s/%s: %+v", lang, name, found)
		}
	})
}

// TestCheck changes a text of the product and wants exactly one thing to be found, on the line where it is.
func TestCheck(t *testing.T) {
	const reminder, moved, introduced, digest = "confirm_need_reminder", "appointment_moved", "advisors_introduced", "daily_digest"
	body := func(old, new string) func(*texts.MailText) {
		return func(m *texts.MailText) {
			if !strings.Contains(m.Body, old) {
				panic("no " + old)
			}
			m.Body = strings.Replace(m.Body, old, new, 1)
		}
	}
	subject := func(to string) func(*texts.MailText) { return func(m *texts.MailText) { m.Subject = to } }
	const name, due, button, footer = "{{.Name}}", "{{.Due}}", "]({{.Link}})", `{{template "footer" .}}`
	for what, test := range map[string]struct {
		mail   string
		change func(*texts.MailText)
		rule   mail.Rule
		on     string // a part of the line that is named; "" for none
		names  string // Finding.What
	}{
		"unknown field":             {reminder, body(name, "{{.Nmae}}"), mail.UnknownField, "{{.Nmae}}", "{{.Nmae}}"},
		"unknown field, lower case": {reminder, body(name, "{{.name}}"), mail.UnknownField, "{{.name}}", "{{.name}}"},
		"field of another mail":     {reminder, body(name, "{{.When}}"), mail.OtherMailsField, "{{.When}}", "{{.When}}"},
		"call":                      {reminder, body(name, "{{printf .Name}}"), mail.UnknownAction, "printf", "{{printf .Name}}"},
		"comment":                   {reminder, body(name, "{{/* x */}}"), mail.UnknownAction, "/*", "{{/* x */}}"},
		"definition":                {reminder, body(name, `{{define "footer"}}`), mail.UnknownAction, "define", `{{define "footer"}}`},
		"part of a field":           {reminder, body(name, "{{.Name.First}}"), mail.UnknownAction, "First", "{{.Name.First}}"},
		"open braces":               {reminder, body(name, "{{.Name"), mail.OpenBraces, "{{.Name", ""},
		"one brace too few":         {reminder, body(name, "{.Name}}"), mail.OpenBraces, "{.Name}}", ""},
		"single braces":             {reminder, body(name, "{Name}"), mail.SingleBraces, "{Name}", ""},
		"needless condition":        {reminder, body(name, "{{if .Name}}{{.Name}}{{end}}"), mail.ConditionField, "{{if", "{{if .Name}}"},
		"else":                      {moved, body("{{end}}", "{{else}}x{{end}}"), mail.UnknownAction, "{{else}}", "{{else}}"},
		"optional field":            {moved, body("{{if .Reason}}", "{{.Reason}}{{if .Reason}}"), mail.OptionalField, "{{.Reason}}{{if", "{{.Reason}}"},
		"end missing":               {moved, body("{{end}}", ""), mail.NotEnded, "{{if .Reason}}", ""},
		"end alone":                 {reminder, body(name, "{{end}}"), mail.EndAlone, "{{end}}", ""},
		"nested":                    {moved, body("{{if .Reason}}", "{{if .Reason}}{{if .Reason}}"), mail.Nested, "{{if .Reason}}{{if", "{{if .Reason}}"},
		"list without range":        {introduced, body(name, "{{.Advisors}}"), mail.ListField, "{{.Advisors}}", "{{.Advisors}}"},
		"range of a text":           {introduced, body(name, "{{range .Name}}{{end}}"), mail.RangeField, "{{range .Name}}", "{{range .Name}}"},
		"field inside a list":       {introduced, body("{{.}}", "{{.}} {{.Name}}"), mail.FieldInList, "{{.}} {{.Name}}", "{{.Name}}"},
		"dot outside of a list":     {reminder, body(name, "{{.}}"), mail.DotOutside, "{{.}}", ""},
		"ready-made list in a line": {digest, body("{{.Reason}}", "Offen: {{.Reason}}"), mail.OwnParagraph, "Offen:", "{{.Reason}}"},
		"no due date":               {reminder, body(due, "bald"), mail.MissingField, "", due},
		"no date of an appointment": {moved, body("{{.When}}", "bald"), mail.MissingField, "", "{{.When}}"},
		"no button":                 {reminder, body(button, "](https://miglobe.example)"), mail.ButtonForm, "[[", ""},
		"button in a sentence":      {reminder, body("[[", "Hier: [["), mail.ButtonForm, "[[", ""},
		"field on the button":       {reminder, body("[[", "[[{{.Name}} "), mail.ButtonForm, "[[", ""},
		"two buttons":               {reminder, body(footer, "[[Noch einer]]({{.Link}})\n\n"+footer), mail.SecondButton, "Noch einer", ""},
		"no footer":                 {reminder, body(footer, ""), mail.NoFooter, "", ""},
		"text after the footer":     {reminder, body(footer, footer+"\n\nPS: Danke"), mail.FooterNotLast, "footer", ""},
		"only a salutation": {"advisor_released", func(m *texts.MailText) { m.Body = "Guten Tag,\n\n" + footer },
			mail.NoText, "", ""},
		"too long":                 {reminder, body(name, strings.Repeat("ä", mail.MaxBody)), mail.TooLong, "", ""},
		"heading":                  {reminder, body(name, name+"\n\n# Titel"), mail.Markdown, "# Titel", "Heading"},
		"picture":                  {reminder, body(name, "![x](https://miglobe.example/x.png)"), mail.Markdown, "![x]", "Image"},
		"HTML":                     {reminder, body(name, "<b>x</b>"), mail.Markdown, "<b>", "RawHTML"},
		"numbers":                  {reminder, body(name, name+"\n\n1. eins\n2. zwei"), mail.Markdown, "1. eins", "OrderedList"},
		"text that would vanish":   {reminder, body(name, name+"\n\n[x]: https://miglobe.example"), mail.Markdown, "[x]:", "LinkReferenceDefinition"},
		"link to nothing":          {reminder, body(name, "[x](impressum)"), mail.LinkAddress, "impressum", "impressum"},
		"script":                   {reminder, body(name, "[x](javascript:alert)"), mail.LinkAddress, "javascript", "javascript:alert"},
		"value in an address":      {reminder, body(name, "[x](https://x.example/{{.Name}})"), mail.LinkAddress, "x.example", "https://x.example/{{.Name}}"},
		"no subject":               {reminder, subject(" ({{.Number}})"), "", "", ""},
		"nothing but a field":      {reminder, subject("{{.Number}}"), mail.NoSubject, "", ""},
		"two lines of subject":     {reminder, subject("eins\nzwei"), mail.SubjectBreaks, "", ""},
		"long subject":             {reminder, subject(strings.Repeat("ä", mail.MaxSubject+1)), mail.SubjectTooLong, "", ""},
		"link in the subject":      {"sign_in_link", subject("Ihr Link {{.Link}}"), mail.SubjectField, "", "{{.Link}}"},
		"list in the subject":      {digest, subject("Offen {{.Reason}}"), mail.SubjectField, "", "{{.Reason}}"},
		"condition in the subject": {moved, subject("x {{if .Reason}}y{{end}}"), mail.SubjectField, "", "{{if .Reason}}"},
		"unknown in the subject":   {reminder, subject("x {{.Nummer}}"), mail.UnknownField, "", "{{.Nummer}}"},
		"number in every footer":   {"_footer", body("{{if .Number}}", "{{.Number}}{{if .Number}}"), mail.OptionalField, "{{.Number}}{{if", "{{.Number}}"},
		"name in the footer":       {"_footer", body("{{if .Number}}", "{{.Name}}{{if .Number}}"), mail.OtherMailsField, "{{.Name}}", "{{.Name}}"},
		"empty footer":             {"_footer", func(m *texts.MailText) { m.Body = " " }, mail.NoText, "", ""},
		"no such mail":             {"no_such_mail", func(*texts.MailText) {}, mail.UnknownMail, "", ""},
	} {
		t.Run(what, func(t *testing.T) {
			text, _ := catalog(t).Mail(texts.German, test.mail)
			test.change(&text)
			found := mail.Check(catalog(t), texts.German, test.mail, text)
			if test.rule == "" {
				if len(found) > 0 {
					t.Fatalf("found %+v", found)
				}
				return
			}
			i := slices.IndexFunc(found, func(f mail.Finding) bool { return f.Rule == test.rule })
			if i < 0 {
				t.Fatalf("found %+v, want %s", found, test.rule)
			}
			if found[i].What != test.names {
				t.Errorf("it names %q, want %q", found[i].What, test.names)
			}
			lines := strings.Split(text.Body, "\n")
			switch line := found[i].Line; {
			case test.on == "" && line != 0:
				t.Errorf("it names line %d", line)
			case test.on != "" && (line == 0 || !strings.Contains(lines[line-1], test.on)):
				t.Errorf("it names line %d, want that with %q", line, test.on)
			}
			key := "mail_check." + string(found[i].Rule)
			if !catalog(t).HasUI(texts.German, key) {
				t.Errorf("no sentence %s", key)
			}
		})
	}
}

// snippets are what somebody might put somewhere in a text.
var snippets = []string{
	"{{.Name}}", "{{.Due}}", "{{.Reason}}", "{{.Number}}", "{{.Link}}", "{{.Advisors}}", "{{.}}", "{{.Days}}", "{{if .Reason}}", "{{if .Number}}",
	"{{range .Advisors}}", "{{end}}", "{{else}}", `{{template "footer" .}}`, "{{", "}}", "{", "\n", "\n\n", "\n- ", "    ", "[[", "]]", "](", ")", "[[Los]]({{.Link}})",
	"*", "**", "`", "<", ">", "# ", "---", "1. ", "![", "&amp;", "\\", "|", "[x](https://miglobe.example)", "ä",
}

// TestWhatPassesCanBeSent changes texts at random: whatever the check lets pass is composed, whether optional values are
// there or not, has its button and nothing of a template left.
func TestWhatPassesCanBeSent(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2026)) //nolint:gosec // the same every time
	settings := mail.Settings{SiteURL: "https://miglobe.example"}
	passed, refused, unexplained := 0, 0, 0
	everyText(t, func(lang texts.Lang, name string, text texts.MailText) {
		for range 20 {
			changed := text
			for range 1 + random.IntN(3) {
				changed.Body = mutate(random, changed.Body)
			}
			if found := mail.Check(catalog(t), lang, name, changed); len(found) > 0 {
				if refused++; found[0].Rule == mail.NotComposed {
					unexplained++
				}
				continue
			}
			passed++
			own := mail.NewWording(catalog(t), texts.OwnMail{Name: name, Lang: lang, MailText: changed})
			template := name
			if name == "_footer" {
				template = "request_accepted"
			}
			for _, reason := range []string{"Eine Begründung.\nIn zwei Zeilen.", ""} {
				data := mail.Sample(catalog(t), lang, template, settings)
				if reason == "" && mayLackReason(t, lang, template) {
					data.Reason = ""
				}
				message, err := mail.Compose(own, lang, []mail.Part{{Template: template, Data: data}}, settings)
				if err != nil {
					t.Fatalf("%s/%s passes and is not composed: %v\n%s", lang, name, err, changed.Body)
				}
				if strings.Contains(message.Text, "{{") || strings.Contains(message.Text, "<no value>") || !utf8.ValidString(message.HTML) {
					t.Fatalf("%s/%s: %s", lang, name, message.Text)
				}
				buttons := strings.Count(message.HTML, `class="btn"`)
				if has := strings.Contains(standard(t, lang, template).Body, "{{.Link}}"); has != (buttons == 1) {
					t.Fatalf("%s/%s passes with %d buttons:\n%s", lang, name, buttons, changed.Body)
				}
			}
		}
	})
	if unexplained*200 > refused {
		t.Errorf("of %d refused texts %d are so without a rule that says why", refused, unexplained)
	}
	if passed < 100 {
		t.Errorf("only %d texts passed: the test tests little", passed)
	}
}

func mayLackReason(t *testing.T, lang texts.Lang, name string) bool {
	return slices.ContainsFunc(mail.Fields(catalog(t), lang, name), func(f mail.Field) bool { return f.Name == "Reason" && f.Optional })
}

// mutate inserts a snippet, or takes some characters away.
func mutate(random *rand.Rand, body string) string {
	runes := []rune(body)
	at := random.IntN(len(runes) + 1)
	if random.IntN(3) == 0 {
		return string(runes[:at]) + string(runes[min(len(runes), at+1+random.IntN(30)):])
	}
	return string(runes[:at]) + snippets[random.IntN(len(snippets))] + string(runes[at:])
}

func TestFieldsAreThoseOfTheDocumentation(t *testing.T) {
	needed := func(name string) (all []string) {
		for _, field := range mail.Fields(catalog(t), texts.German, name) {
			if field.Needed {
				all = append(all, field.Name)
			}
		}
		return all
	}
	for name, want := range map[string]string{
		"confirm_need_reminder": "[Due Link]", "appointment_confirmed": "[Link When Where]", "request_declined": "[Link Reason]",
		"daily_digest": "[Link Reason]", "advisor_released": "[]", "_footer": "[]", "consultation_resting": "[Due Link]",
	} {
		if got := fmt.Sprint(needed(name)); got != want {
			t.Errorf("%s needs %s, want %s", name, got, want)
		}
	}
	everyText(t, func(lang texts.Lang, name string, _ texts.MailText) {
		for _, field := range mail.Fields(catalog(t), lang, name) {
			key := "mail_fields." + strings.ToLower(field.Name) + ".meaning"
			if !catalog(t).HasUI(lang, key) {
				t.Errorf("%s/%s: no text %s", lang, name, key)
			}
		}
	})
}
