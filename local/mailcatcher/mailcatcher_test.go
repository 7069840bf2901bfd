package mailcatcher

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"
)

const multipart = "From: =?utf-8?q?Koordination_K=C3=B6ln?= <mail@miglobe.example>\r\n" +
	"To: kontakt@musterhausen.example\r\n" +
	"Subject: =?utf-8?q?Terminvorschl=C3=A4ge?=\r\n" +
	"Message-ID: <one@miglobe.example>\r\n" +
	"Auto-Submitted: auto-generated\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=outer\r\n\r\n" +
	"--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
	"--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"Gr=C3=BC=C3=9Fe: https://miglobe.example/a?b=3D1&c=3D2. <b>\r\n" +
	"--inner\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
	"<p>Gr\xfc\xdfe</p><script>alert(1)</script>\r\n" +
	"--inner--\r\n" +
	"--outer\r\nContent-Type: text/calendar; method=REQUEST; name=termin.ics\r\nContent-Disposition: attachment; filename=termin.ics\r\n\r\n" +
	"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n" +
	"--outer--\r\n"

type fixture struct {
	catcher *Catcher
	smtp    string
	page    string
}

func newFixture(t *testing.T, folder string) *fixture {
	t.Helper()
	catcher, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := catcher.ServeSMTP(listener, slog.New(slog.DiscardHandler))
	page := httptest.NewServer(catcher.Handler())
	t.Cleanup(func() {
		page.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := server.Close(); err != nil {
			t.Errorf("closing twice: %v", err)
		}
	})
	return &fixture{catcher: catcher, smtp: listener.Addr().String(), page: page.URL}
}

func (f *fixture) send(t *testing.T, content string, recipients ...string) {
	t.Helper()
	if err := smtp.SendMail(f.smtp, nil, "bounce@miglobe.example", recipients, []byte(content)); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.page+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func (f *fixture) mails(t *testing.T, to string) []Mail {
	t.Helper()
	_, body := f.get(t, "/api/mails?to="+url.QueryEscape(to))
	var mails []Mail
	if err := json.Unmarshal([]byte(body), &mails); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return mails
}

func TestMailByJSON(t *testing.T) {
	f := newFixture(t, t.TempDir())
	f.send(t, multipart, "kontakt@musterhausen.example", "zweite@musterhausen.example")
	mails := f.mails(t, "Kontakt@musterhausen.example")
	if len(mails) != 1 {
		t.Fatalf("%d mails, want 1", len(mails))
	}
	mail := mails[0]
	for name, check := range map[string]struct{ got, want string }{
		"subject":        {mail.Subject, "Terminvorschläge"},
		"sender":         {mail.Sender, "bounce@miglobe.example"},
		"recipients":     {strings.Join(mail.Recipients, " "), "kontakt@musterhausen.example zweite@musterhausen.example"},
		"from":           {mail.Headers["From"][0], "Koordination Köln <mail@miglobe.example>"},
		"message id":     {mail.Headers["Message-Id"][0], "<one@miglobe.example>"},
		"auto submitted": {mail.Headers["Auto-Submitted"][0], "auto-generated"},
		"text":           {strings.TrimSpace(mail.Text), "Grüße: https://miglobe.example/a?b=1&c=2. <b>"},
		"html":           {strings.TrimSpace(mail.HTML), "<p>Grüße</p><script>alert(1)</script>"},
		"calendar":       {strings.TrimSpace(mail.Calendar), "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR"},
	} {
		if check.got != check.want {
			t.Errorf("%s is %q, want %q", name, check.got, check.want)
		}
	}
	if len(mail.Attachments) != 1 || mail.Attachments[0].Name != "termin.ics" || mail.Attachments[0].Type != "text/calendar" {
		t.Errorf("attachments %+v", mail.Attachments)
	}
	if others := f.mails(t, "niemand@musterhausen.example"); others == nil || len(others) != 0 {
		t.Errorf("another address gets %v, want an empty array", others)
	}
}

func TestNewestFirstAndKeptForTheNextStart(t *testing.T) {
	folder := t.TempDir()
	f := newFixture(t, folder)
	for _, subject := range []string{"eins", "zwei", "drei"} {
		f.send(t, "Subject: "+subject+"\r\n\r\nText\r\n", "a@demo.example")
	}
	for _, start := range []*fixture{f, newFixture(t, folder)} {
		var subjects []string
		for _, mail := range start.mails(t, "a@demo.example") {
			subjects = append(subjects, mail.Subject)
		}
		if got := strings.Join(subjects, " "); got != "drei zwei eins" {
			t.Errorf("mails %q, want newest first", got)
		}
	}
}

func TestUndeliverableRecipientIsRefusedForGood(t *testing.T) {
	f := newFixture(t, t.TempDir())
	err := smtp.SendMail(f.smtp, nil, "bounce@miglobe.example", []string{"Unzustellbar@musterhausen.example"}, []byte(multipart))
	var refused *textproto.Error
	if !errors.As(err, &refused) || refused.Code != 550 {
		t.Errorf("error %v, want 550", err)
	}
	if mails := f.mails(t, ""); len(mails) != 0 {
		t.Errorf("%d mails kept", len(mails))
	}
}

func TestCloseAtOnce(t *testing.T) {
	catcher, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := catcher.ServeSMTP(listener, slog.New(slog.DiscardHandler)).Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPages(t *testing.T) {
	f := newFixture(t, t.TempDir())
	if _, body := f.get(t, "/"); !strings.Contains(body, "Noch keine Mail") {
		t.Error("the empty list does not say that there is no mail")
	}
	f.send(t, multipart, "kontakt@musterhausen.example")
	id := f.mails(t, "")[0].ID
	for _, page := range []struct {
		path, contains, lacks, policy string
	}{
		{path: "/", contains: `<a href="/mails/` + id + `">Terminvorschläge</a>`, policy: "frame-ancestors 'none'"},
		{path: "/?to=kontakt%40musterhausen.example", contains: "1 Mail an kontakt@musterhausen.example", policy: "default-src 'none'"},
		{path: "/?to=%22%3E%3Cscript%3E", contains: "Noch keine Mail an", lacks: "<script>", policy: "default-src 'none'"},
		{path: "/mails/" + id, contains: `<a href="https://miglobe.example/a?b=1&amp;c=2">`, lacks: "<b>", policy: "default-src 'none'"},
		{path: "/mails/" + id, contains: `sandbox="allow-popups allow-popups-to-escape-sandbox"`, lacks: "allow-scripts", policy: "default-src 'none'"},
		{path: "/mails/" + id + "/html", contains: "<p>Grüße</p>", policy: "sandbox allow-popups"},
		{path: "/mails/" + id + "/source", contains: "Delivered-To: kontakt@musterhausen.example", policy: "default-src 'none'"},
		{path: "/mails/" + id + "/attachments/0", contains: "METHOD:REQUEST", policy: "default-src 'none'"},
		{path: "/style.css", contains: "color", policy: "default-src 'none'"},
	} {
		response, body := f.get(t, page.path)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", page.path, response.Status)
		}
		if !strings.Contains(body, page.contains) {
			t.Errorf("%s lacks %q:\n%s", page.path, page.contains, body)
		}
		if page.lacks != "" && strings.Contains(body, page.lacks) {
			t.Errorf("%s contains %q", page.path, page.lacks)
		}
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, page.policy) {
			t.Errorf("%s has policy %q", page.path, policy)
		}
	}
	for _, path := range []string{"/mails/none", "/mails/" + id + "/attachments/1", "/mails/" + id + "/attachments/-1", "/other"} {
		if response, _ := f.get(t, path); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %s, want 404", path, response.Status)
		}
	}
}

func TestWait(t *testing.T) {
	f := newFixture(t, t.TempDir())
	fits := func(mail *Mail) bool { return mail.Subject == "zwei" }
	found := make(chan *Mail)
	go func() {
		mail, err := f.catcher.Wait(t.Context(), "a@demo.example", fits)
		if err != nil {
			t.Error(err)
		}
		found <- mail
	}()
	f.send(t, "Subject: eins\r\n\r\n", "a@demo.example")
	f.send(t, "Subject: zwei\r\n\r\n", "a@demo.example")
	if mail := <-found; mail == nil || mail.Subject != "zwei" {
		t.Errorf("waited for %v", mail)
	}
	ended, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := f.catcher.Wait(ended, "b@demo.example", fits); !errors.Is(err, ErrNoMail) {
		t.Errorf("error %v, want ErrNoMail", err)
	}
}
