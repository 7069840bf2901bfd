package worker_test

import (
	"context"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// writes lets Kim save a text of a mail that has one thing in the place of another.
func (o *office) writes(name, old, new string, base int) {
	o.Helper()
	text, _ := o.catalog.Mail(texts.German, name)
	_, err := o.store.AddMailTemplate(context.Background(), store.MailTemplate{
		Name: name, Language: texts.German, Version: base, Subject: text.Subject, Body: strings.Replace(text.Body, old, new, 1),
	}, o.kim, monday)
	o.must(err)
}

// letterWith tells whether the last of so many letters has some words.
func (o *office) letterWith(letters int, words string) bool {
	o.Helper()
	if len(o.box.bodies) != letters {
		o.Fatalf("%d letters, want %d", len(o.box.bodies), letters)
	}
	return strings.Contains(o.box.bodies[letters-1], words)
}

func TestLettersUseTheTextThatCountsWhenTheyAreWritten(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	post := o.office(monday)
	send := func() {
		o.order("request_accepted", 0, false)
		for post.SendNext(context.Background()) {
		}
	}
	send()
	if !o.letterWith(1, "Guten Tag Frau Muster") {
		t.Errorf("the product's text: %s", o.box.bodies[0])
	}
	o.writes("request_accepted", "Guten Tag", "Willkommen", 0)
	send()
	if !o.letterWith(2, "Willkommen Frau Muster") {
		t.Errorf("the own text is not used by the same post office: %s", o.box.bodies[1])
	}
	o.writes("request_accepted", "{{.Name}}", "{{.Vorname}}", 1) // as after a release without this field
	send()
	if !o.letterWith(3, "Guten Tag Frau Muster") {
		t.Errorf("a text that cannot be filled: %s", o.box.bodies[2])
	}
	_, err := o.store.AddMailTemplate(context.Background(), store.MailTemplate{Name: "request_accepted", Language: texts.German, Version: 2, Standard: true}, o.kim, monday)
	o.must(err)
	send()
	if !o.letterWith(4, "Guten Tag Frau Muster") {
		t.Errorf("after the way back: %s", o.box.bodies[3])
	}
	if states := o.states(); strings.Join(states, " ") != "sent sent sent sent" {
		t.Errorf("states %v", states)
	}
}

func TestTestMailHasTheTextThatIsNotSavedYet(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	text, _ := o.catalog.Mail(texts.German, "verify_address")
	id, err := o.store.SaveMailPreview(t.Context(), o.kim, store.MailPreview{
		Name: "verify_address", Language: texts.German, Subject: "Neuer Betreff", Body: strings.Replace(text.Body, "Guten Tag", "Hallo", 1),
	})
	o.must(err)
	o.must(o.store.OrderTestMail(t.Context(), id, o.kim, monday))
	o.open(monday)
	if !o.letterWith(1, "Hallo,") || o.box.letters[0].Header.Get("Subject") != "[Test] Neuer Betreff" || o.box.letters[0].Header.Get("To") == "" ||
		!strings.Contains(o.box.letters[0].Header.Get("To"), "kim@demo.example") {
		t.Errorf("%v\n%s", o.box.letters[0].Header, o.box.bodies[0])
	}
	var links int
	o.must(o.store.DB().QueryRow(`SELECT (SELECT count(*) FROM address_links) + (SELECT count(*) FROM sign_in_links) + (SELECT count(*) FROM task_links)`).Scan(&links))
	if links != 0 {
		t.Error("a test mail has made a link that opens something")
	}
	o.order(string(advisory.MailRequestAccepted), 0, false)
	o.open(monday)
	if !o.letterWith(2, "Guten Tag") {
		t.Error("the text of the test mail is used for others")
	}
}
