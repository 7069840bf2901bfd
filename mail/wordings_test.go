package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"miglobe/mail"
	"miglobe/texts"
)

// ownMails is what the operator has written.
type ownMails struct {
	own  []texts.OwnMail
	read int
	err  error
}

func (o *ownMails) MailTemplateEdition(context.Context) (int, error) { return len(o.own), o.err }

func (o *ownMails) OwnMails(context.Context) ([]texts.OwnMail, error) {
	o.read++
	return o.own, nil
}

func own(t *testing.T, lang texts.Lang, name, old, new string) texts.OwnMail {
	t.Helper()
	text := standard(t, lang, name)
	text.Body = strings.Replace(text.Body, old, new, 1)
	return texts.OwnMail{Name: name, Lang: lang, Version: 1, MailText: text}
}

func TestOwnTextsAreUsedFromTheNextReadingOn(t *testing.T) {
	source := &ownMails{}
	wordings := mail.NewWordings(catalog(t), source, slog.New(slog.DiscardHandler))
	written := func(lang texts.Lang) string {
		t.Helper()
		wording, err := wordings.Newest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		message, err := mail.Compose(wording, lang, []mail.Part{{Template: "request_accepted", Data: example(lang, "request_accepted")}}, exampleSettings)
		if err != nil {
			t.Fatal(err)
		}
		return message.Text
	}
	if text := written(texts.German); !strings.Contains(text, "Guten Tag") {
		t.Fatal(text)
	}
	source.own = append(source.own, own(t, texts.German, "request_accepted", "Guten Tag", "Hallo aus Musterstadt,"))
	if text := written(texts.German); !strings.Contains(text, "Hallo aus Musterstadt") || strings.Contains(text, "Guten Tag") {
		t.Errorf("the own text is not used:\n%s", text)
	}
	if text := written(texts.English); !strings.Contains(text, "Dear Ms Example") {
		t.Errorf("the own text of one language changes the other:\n%s", text)
	}
	source.own = append(source.own, own(t, texts.German, "_footer", "Diese Mail", "Diese eigene Mail"))
	if text := written(texts.German); !strings.Contains(text, "Diese eigene Mail") {
		t.Errorf("the own footer is not used:\n%s", text)
	}
	if source.read != 3 {
		t.Errorf("the texts were read %d times for 3 editions", source.read)
	}
	source.err = errors.New("away")
	if _, err := wordings.Newest(t.Context()); err == nil {
		t.Error("a database that is away is not reported")
	}
}

// TestAnOwnTextThatDoesNotFitIsNotSent: as after a release that takes a field away.
func TestAnOwnTextThatDoesNotFitIsNotSent(t *testing.T) {
	source := &ownMails{own: []texts.OwnMail{
		own(t, texts.German, "request_accepted", "{{.Name}}", "{{.Vorname}} aus Geheimstadt"),
		own(t, texts.German, "request_received", "Guten Tag", "Hallo"),
		{Name: "mail_of_last_year", Lang: texts.German, MailText: texts.MailText{Subject: "x", Body: "y"}},
	}}
	var log bytes.Buffer
	wordings := mail.NewWordings(catalog(t), source, slog.New(slog.NewTextHandler(&log, nil)))
	for range 3 {
		wording, err := wordings.Newest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := wording.Text(texts.German, "request_accepted"); text != standard(t, texts.German, "request_accepted") {
			t.Errorf("what would be sent is %q", text.Body)
		}
		if text, _ := wording.Text(texts.German, "request_received"); !strings.HasPrefix(text.Body, "Hallo") {
			t.Error("a text that fits is not used beside one that does not")
		}
	}
	if n := strings.Count(log.String(), "does not fit"); n != 2 {
		t.Errorf("it is logged %d times, want once for each:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "Geheimstadt") {
		t.Error("the log quotes the text")
	}
}

func TestSubjectBeforeTheMailIsWritten(t *testing.T) {
	wording := mail.NewWording(catalog(t), texts.OwnMail{Name: "note_shared", Lang: texts.German,
		MailText: texts.MailText{Subject: "Notiz für {{.Municipality}}, {{.Due}} ({{.Number}})"}})
	if got := wording.SubjectOf(texts.German, "note_shared", mail.Data{Number: "MG-2026-0042", Municipality: "Musterstadt"}); got != "Notiz für Musterstadt, … (MG-2026-0042)" {
		t.Errorf("subject is %q", got)
	}
	if got := wording.SubjectOf(texts.German, "no_such_mail", mail.Data{}); got != "" {
		t.Errorf("subject is %q", got)
	}
}
