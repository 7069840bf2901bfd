package mail_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/texts"
)

// combined are three mails that fall together for one advisor.
func combined(lang texts.Lang) []mail.Part {
	var parts []mail.Part
	for i, template := range []string{"propose_slots_reminder", "write_note_reminder", "draft_options_opened"} {
		data := example(lang, template)
		data.Link = "https://miglobe.example/a/TEIL-" + string(rune('1'+i))
		parts = append(parts, mail.Part{Template: template, Data: data})
	}
	return parts
}

func TestSeveralPartsBecomeOneMail(t *testing.T) {
	once := map[texts.Lang][]string{
		texts.German:  {"Guten Tag Frau Beispiel,", "Freundliche Grüße von Ihrem MiGlobe-Team", "Rufen Sie gern an:", "Nummer dieser Beratung"},
		texts.English: {"Dear Ms Example,", "Kind regards from your MiGlobe team", "Please call:", "Number of this consultation"},
	}
	for lang, sentences := range once {
		t.Run(string(lang), func(t *testing.T) {
			parts := combined(lang)
			message := compose(t, lang, parts...)
			checkMessage(t, message)
			if want := compose(t, lang, parts[0]).Subject; message.Subject != want {
				t.Errorf("subject is %q, want that of the first part %q", message.Subject, want)
			}
			for _, sentence := range sentences {
				if n := strings.Count(message.Text, sentence); n != 1 {
					t.Errorf("text says %q %d times, want once", sentence, n)
				}
			}
			page := parse(t, message.HTML)
			if headings := page.texts("h2"); len(headings) != len(parts)-1 {
				t.Errorf("headings are %q, want one for each further part", headings)
			}
			for _, part := range parts {
				if n := strings.Count(message.Text, part.Data.Link); n != 1 {
					t.Errorf("text has link %s %d times, want once", part.Data.Link, n)
				}
				if !slices.Contains(page.links(), part.Data.Link) {
					t.Errorf("HTML lacks link %s", part.Data.Link)
				}
			}
			checkGolden(t, filepath.Join(string(lang), "combined.txt"), "Subject: "+message.Subject+"\n\n"+message.Text)
			checkGolden(t, filepath.Join(string(lang), "combined.html"), message.HTML)
		})
	}
}

func TestSameEndingsAreSaidOnce(t *testing.T) {
	first, second := example(texts.German, "choose_slot_reminder"), example(texts.German, "choose_slot_reminder")
	second.Subject, second.Link = "Zweites Gespräch", "https://miglobe.example/a/ZWEITES"
	message := compose(t, texts.German,
		mail.Part{Template: "choose_slot_reminder", Data: first}, mail.Part{Template: "choose_slot_reminder", Data: second})
	if n := strings.Count(message.Text, "Die Koordination hilft gern."); n != 1 {
		t.Errorf("the common ending stands there %d times, want once:\n%s", n, message.Text)
	}
	for _, own := range []string{first.Link, second.Link, first.Subject, second.Subject} {
		if !strings.Contains(message.Text, own) {
			t.Errorf("text lacks %q of one part:\n%s", own, message.Text)
		}
	}
}

// hostile are values that try to be more than text.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`,
	`[Gewinn](https://boese.example/)`,
	`![Bild](https://boese.example/pixel.png)`,
	`[[x]](javascript:alert(1))`,
	"a\n\n[[x]](https://boese.example/)\n\nb",
	`<https://boese.example/>`,
	"# Titel\n- Liste\n1. Zahl\n> Zitat\n    Code\n---\n***",
	"**fett** _kursiv_ `Code` ~~weg~~ | a | b |",
	`{{.Link}} {{template "footer" .}}`,
	`&lt;b&gt; &amp; \< \`,
	`" onmouseover="alert(1)`,
	"[1]: https://boese.example/",
}

func TestValuesStayText(t *testing.T) {
	for _, lang := range texts.Langs {
		for _, value := range hostile {
			t.Run(string(lang)+"/"+value, func(t *testing.T) {
				data := example(lang, "staff_task_opened")
				harmless := compose(t, lang, mail.Part{Template: "staff_task_opened", Data: data})
				data.Name, data.Municipality, data.Subject, data.Reason = value, value, value, value
				data.Coordinator, data.Due = value, value
				message := compose(t, lang, mail.Part{Template: "staff_task_opened", Data: data})

				page, expected := parse(t, message.HTML), parse(t, harmless.HTML)
				if !slices.Equal(page.links(), expected.links()) {
					t.Errorf("links are %q, want %q", page.links(), expected.links())
				}
				if got, want := page.elements("br"), expected.elements("br"); !slices.Equal(got, want) {
					t.Errorf("elements are %q, want %q", got, want)
				}
				for _, attribute := range page.attributeNames() {
					if strings.HasPrefix(attribute, "on") {
						t.Errorf("HTML has an attribute %s", attribute)
					}
				}
				for line := range strings.Lines(value) {
					if line = strings.TrimSpace(line); line == "" {
						continue
					}
					if !strings.Contains(page.belowHeading(), line) {
						t.Errorf("HTML does not show %q as it is", line)
					}
					if !strings.Contains(message.Text, line) {
						t.Errorf("text does not show %q as it is:\n%s", line, message.Text)
					}
				}
			})
		}
	}
}

func TestSubjectIsOneLine(t *testing.T) {
	data := example(texts.German, "staff_task_opened")
	data.Due = "Freitag\r\nBcc: opfer@boese.example\x00\t13."
	message := compose(t, texts.German, mail.Part{Template: "staff_task_opened", Data: data})
	if want := "Neue Aufgabe bis Freitag Bcc: opfer@boese.example 13. (MG-2026-0042)"; message.Subject != want {
		t.Errorf("subject is %q, want %q", message.Subject, want)
	}
}

func TestTextIsWrapped(t *testing.T) {
	data := example(texts.German, "request_declined")
	data.Reason = strings.Repeat("Äußerst ausführliche Begründung mit vielen Wörtern. ", 60)
	message := compose(t, texts.German, mail.Part{Template: "request_declined", Data: data})
	for line := range strings.Lines(message.Text) {
		line = strings.TrimSuffix(line, "\n")
		if width := utf8.RuneCountInString(line); width > 72 && strings.Contains(line, " ") {
			t.Errorf("line has %d columns: %q", width, line)
		}
	}
}

func TestNoBreakSpaceDoesNotBreak(t *testing.T) {
	for padding := range 20 {
		data := example(texts.German, "answer_question_opened")
		data.Due = strings.Repeat("x", padding) + " Mo.,\u00a023.11.2026"
		message := compose(t, texts.German, mail.Part{Template: "answer_question_opened", Data: data})
		if !strings.Contains(message.Text, "Mo.,\u00a023.11.2026") {
			t.Fatalf("the date is torn apart:\n%s", message.Text)
		}
	}
}

func TestOptionalReason(t *testing.T) {
	data := example(texts.German, "consultation_resting")
	data.Reason = ""
	message := compose(t, texts.German, mail.Part{Template: "consultation_resting", Data: data})
	if strings.Contains(message.Text, "Der Anlass") || strings.Contains(message.Text, "\n\n\n") {
		t.Errorf("without a reason there is no sentence about it and no gap:\n%s", message.Text)
	}
}

func TestWhatCannotBeComposed(t *testing.T) {
	change := func(template string, change func(*mail.Data)) []mail.Part {
		data := example(texts.German, template)
		change(&data)
		return []mail.Part{{Template: template, Data: data}}
	}
	tests := map[string]struct {
		parts []mail.Part
		names string // what the error has to name
	}{
		"no part":         {nil, "at least one"},
		"unknown mail":    {[]mail.Part{{Template: "no_such_mail"}}, "no_such_mail"},
		"no due date":     {change("confirm_need_opened", func(d *mail.Data) { d.Due = " " }), "Due"},
		"no link":         {change("confirm_need_opened", func(d *mail.Data) { d.Link = "" }), "Link"},
		"no advisors":     {change("advisors_introduced", func(d *mail.Data) { d.Advisors = nil }), "Advisors"},
		"no days":         {change("session_nudge", func(d *mail.Data) { d.Days = 0 }), "Days"},
		"no number":       {change("confirm_need_opened", func(d *mail.Data) { d.Number = "" }), "Number"},
		"script as link":  {change("confirm_need_opened", func(d *mail.Data) { d.Link = "javascript:alert(1)" }), "link"},
		"path as link":    {change("confirm_need_opened", func(d *mail.Data) { d.Link = "/a/BEISPIEL" }), "link"},
		"link and more":   {change("confirm_need_opened", func(d *mail.Data) { d.Link += ") [x](https://boese.example" }), "link"},
		"picture in list": {change("daily_digest", func(d *mail.Data) { d.Reason = "- ![x](https://boese.example/x.png)" }), "Image"},
		"HTML in list":    {change("daily_digest", func(d *mail.Data) { d.Reason = "- <b>x</b>" }), "RawHTML"},
		"script in list":  {change("daily_digest", func(d *mail.Data) { d.Reason = "- [x](javascript:alert(1))" }), "link"},
		"other person": {append(change("confirm_need_opened", func(*mail.Data) {}),
			change("note_shared", func(d *mail.Data) { d.Name = "Herr Muster" })...), "same person"},
		"other consultation": {append(change("confirm_need_opened", func(*mail.Data) {}),
			change("note_shared", func(d *mail.Data) { d.Number = "MG-2026-0099" })...), "same person and consultation"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := mail.Compose(mail.NewWording(catalog(t)), texts.German, test.parts, exampleSettings)
			if advisory.CodeOf(err) != advisory.Internal {
				t.Fatalf("error is %v with code %q, want code internal", err, advisory.CodeOf(err))
			}
			if !strings.Contains(err.Error(), test.names) {
				t.Errorf("error %q does not name %q", err, test.names)
			}
			if strings.Contains(err.Error(), "Beispiel") || strings.Contains(err.Error(), "Muster") {
				t.Errorf("error %q has a value of the mail in it", err)
			}
		})
	}
}

func TestDigest(t *testing.T) {
	data := example(texts.German, "daily_digest")
	data.Reason = "- [" + mail.EscapeMarkdown("Vereine [[x]](https://boese.example) *einbinden*") + "](https://miglobe.example/a/EINS)\n\n" +
		"[[Kein Knopf]](https://miglobe.example/a/ZWEI)"
	message := compose(t, texts.German, mail.Part{Template: "daily_digest", Data: data})
	page := parse(t, message.HTML)
	wanted := []string{"https://miglobe.example/a/EINS", "https://miglobe.example/a/ZWEI", data.Link, data.Link}
	if links := page.links(); len(links) < 4 || !slices.Equal(links[:4], wanted) {
		t.Errorf("links are %q, want %q and the footer", links, wanted)
	}
	if !strings.Contains(message.HTML, "Vereine [[x]](https://boese.example) *einbinden*") {
		t.Error("the escaped value is not shown as it is")
	}
	if n := strings.Count(message.HTML, `class="btn"`); n != 1 {
		t.Errorf("there are %d buttons, want only that to the task list", n)
	}
}
