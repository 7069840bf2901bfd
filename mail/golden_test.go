package mail_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"miglobe/mail"
	"miglobe/texts"
)

var update = flag.Bool("update", false, "rewrite the files of testdata/golden")

const exampleLink = "https://miglobe.example/a/BEISPIEL"

var exampleSettings = mail.Settings{SiteURL: "https://miglobe.example", OperatorName: "Betreiber Beispiel"}

// example is the data of texts/mails/FIELDS.md.
func example(lang texts.Lang, template string) mail.Data {
	data := mail.Data{
		Name:         "Frau Beispiel",
		Municipality: "Musterstadt",
		Number:       "MG-2026-0042",
		Due:          "Freitag, 13. März 2026",
		Link:         exampleLink,
		Coordinator:  "Kim Beispiel, Telefon 0000 0000",
		Subject:      "Vereine einbinden",
		Advisors:     []string{"Kim Beispiel (Federführung)", "Fatou Modell"},
		When:         "Dienstag, 17. März 2026, 10:00 bis 11:30 Uhr",
		Where:        "Rathaus, Raum 1",
		Reason:       "Sitzungspause oder Ferien",
		Days:         14,
	}
	if lang == texts.English {
		data.Name = "Ms Example"
		data.Due = "Friday 13 March 2026"
		data.Coordinator = "Kim Beispiel, telephone 0000 0000"
		data.Subject = "Involving associations"
		data.Advisors = []string{"Kim Beispiel (lead advisor)", "Fatou Modell"}
		data.When = "Tuesday 17 March 2026, 10:00 to 11:30"
		data.Where = "Town hall, room 1"
		data.Reason = "Recess or holidays"
	}
	switch template {
	case "daily_digest":
		data.Number = ""
		data.Reason = "- [Termine vorschlagen](https://miglobe.example/a/EINS): Vereine einbinden (MG\\-2026\\-0042), bis Freitag, 13\\. März 2026\n" +
			"- [Handlungsoptionen entwerfen](https://miglobe.example/a/ZWEI): Partnerschaft beleben (MG\\-2026\\-0043), bis Montag, 16\\. März 2026"
		if lang == texts.English {
			data.Reason = "- [Propose dates](https://miglobe.example/a/EINS): Involving associations (MG\\-2026\\-0042), by Friday 13 March 2026\n" +
				"- [Draft options for action](https://miglobe.example/a/ZWEI): Reviving a partnership (MG\\-2026\\-0043), by Monday 16 March 2026"
		}
	case "draft_saved", "draft_reminder", "sign_in_link", "verify_address":
		data.Name, data.Number = "", ""
	case "profile_change_approved", "profile_change_returned":
		data.Number = ""
	case "request_declined":
		data.Reason = "Das Anliegen liegt außerhalb der Entwicklungspolitik.\nEine Beratung dazu bietet Ihr Land an."
		if lang == texts.English {
			data.Reason = "The subject is outside development policy.\nYour Land offers advice on it."
		}
	}
	return data
}

var loadTexts = sync.OnceValues(texts.Load)

func catalog(t *testing.T) *texts.Catalog {
	t.Helper()
	c, err := loadTexts()
	if err != nil {
		t.Fatalf("load texts: %v", err)
	}
	return c
}

func compose(t *testing.T, lang texts.Lang, parts ...mail.Part) mail.Message {
	t.Helper()
	message, err := mail.Compose(mail.NewWording(catalog(t)), lang, parts, exampleSettings)
	if err != nil {
		t.Fatalf("compose: %v", err)
	}
	return message
}

func TestEveryMail(t *testing.T) {
	names := catalog(t).MailNames()
	slices.Sort(names)
	for _, lang := range texts.Langs {
		for _, name := range names {
			t.Run(string(lang)+"/"+name, func(t *testing.T) {
				data := example(lang, name)
				message := compose(t, lang, mail.Part{Template: name, Data: data})
				checkMessage(t, message)
				source, _ := catalog(t).Mail(lang, name)
				checkButton(t, message, strings.Contains(source.Body, "{{.Link}}"))
				checkGolden(t, filepath.Join(string(lang), name+".txt"), "Subject: "+message.Subject+"\n\n"+message.Text)
				checkGolden(t, filepath.Join(string(lang), name+".html"), message.HTML)
			})
		}
	}
}

// checkMessage holds for every mail of the product.
func checkMessage(t *testing.T, message mail.Message) {
	t.Helper()
	for part, content := range map[string]string{"subject": message.Subject, "text": message.Text, "HTML": message.HTML} {
		if strings.Contains(content, "{{") || strings.Contains(content, "}}") {
			t.Errorf("%s has a template action left:\n%s", part, content)
		}
		if strings.Contains(content, "[[") {
			t.Errorf("%s has a button left as Markdown:\n%s", part, content)
		}
		for line := range strings.Lines(content) {
			if len(line) > 998 {
				t.Errorf("%s has a line of %d bytes", part, len(line))
			}
		}
	}
	if strings.ContainsAny(message.Subject, "\r\n") {
		t.Errorf("subject has more than one line: %q", message.Subject)
	}
	page := parse(t, message.HTML)
	if headings := page.texts("h1"); len(headings) != 1 || headings[0] != message.Subject {
		t.Errorf("h1 is %q, want the subject %q alone", headings, message.Subject)
	}
	if lang := page.attribute("html", "lang"); lang != string(message.Lang) {
		t.Errorf("language of the page is %q, want %q", lang, message.Lang)
	}
	for _, forbidden := range []string{"img", "script", "link", "iframe", "form", "object"} {
		if found := page.all(forbidden); len(found) > 0 {
			t.Errorf("a mail has no <%s>", forbidden)
		}
	}
	checkTwins(t, message, page)
	checkFooter(t, message, page)
}

// checkTwins finds every word that the HTML says below its heading in the
// text, in the same order.
func checkTwins(t *testing.T, message mail.Message, page document) {
	t.Helper()
	rest := words(message.Text)
	for _, word := range words(page.belowHeading()) {
		at := slices.Index(rest, word)
		if at < 0 {
			t.Fatalf("text lacks %q of the HTML, or has it in another place:\n%s", word, message.Text)
		}
		rest = rest[at+1:]
	}
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func checkFooter(t *testing.T, message mail.Message, page document) {
	t.Helper()
	prefix := exampleSettings.SiteURL
	if message.Lang == texts.English {
		prefix += "/en"
	}
	for _, path := range []string{"/impressum", "/datenschutz"} {
		if !slices.Contains(page.links(), prefix+path) {
			t.Errorf("HTML does not link to %s", prefix+path)
		}
		if strings.Count(message.Text, prefix+path+"\n") != 1 {
			t.Errorf("text does not name %s once", prefix+path)
		}
	}
	if n := strings.Count(message.Text, "\n-- \n"); n != 1 {
		t.Errorf("text has %d footers, want 1", n)
	}
	if !strings.Contains(message.Text, exampleSettings.OperatorName) || !strings.Contains(message.HTML, exampleSettings.OperatorName) {
		t.Error("the operator is not named")
	}
}

func checkButton(t *testing.T, message mail.Message, wanted bool) {
	t.Helper()
	buttons, addresses := 0, 0
	for _, a := range parse(t, message.HTML).all("a") {
		if attributeOf(a, "href") != exampleLink {
			continue
		}
		if textOf(a) == exampleLink {
			addresses++
		} else {
			buttons++
		}
	}
	want := 0
	if wanted {
		want = 1
	}
	if buttons != want || addresses != want {
		t.Errorf("HTML has %d buttons and %d addresses in words, want %d of each", buttons, addresses, want)
	}
	if n := strings.Count(message.Text, exampleLink); n != want {
		t.Errorf("text names the link %d times, want %d", n, want)
	}
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./mail -update writes it", err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s differs; go test ./mail -update rewrites it. Now it is:\n%s", file, got)
	}
}
