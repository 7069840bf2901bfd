package mail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"miglobe/mail"
	"miglobe/texts"
)

func exampleEnvelope(t *testing.T) mail.Envelope {
	t.Helper()
	return mail.Envelope{
		From:       mail.Address{Name: "MiGlobe Grüße", Address: "post@miglobe.example"},
		ReplyTo:    mail.Address{Name: "Koordination", Address: "koordination@miglobe.example"},
		To:         mail.Address{Name: "Frau Beispiel", Address: "beispiel@musterstadt.example"},
		MessageID:  mail.MessageID("beratung-1/appointment_confirmed/person-1/termin-1", "miglobe.example"),
		InReplyTo:  mail.ThreadID("beratung-1", "miglobe.example"),
		References: []string{mail.ThreadID("beratung-1", "miglobe.example")},
		Date:       time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
		Message:    compose(t, texts.German, mail.Part{Template: "appointment_confirmed", Data: example(texts.German, "appointment_confirmed")}),
	}
}

func send(t *testing.T, settings mail.SMTP, envelope mail.Envelope) error {
	t.Helper()
	sender, err := mail.NewSender(settings)
	if err != nil {
		t.Fatalf("new sender: %v", err)
	}
	return sender.Send(t.Context(), envelope)
}

func TestSendReachesTheServer(t *testing.T) {
	tests := map[string]struct {
		security mail.Security
		auth     bool
	}{
		"not encrypted":                {mail.NoTLS, false},
		"STARTTLS":                     {mail.StartTLS, false},
		"STARTTLS with password":       {mail.StartTLS, true},
		"TLS from the first byte":      {mail.TLS, false},
		"TLS from there with password": {mail.TLS, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := &server{auth: test.auth}
			settings := server.start(t, test.security)
			if test.auth {
				settings.User, settings.Password = serverUser, serverPassword
			}
			envelope := exampleEnvelope(t)
			if err := send(t, settings, envelope); err != nil {
				t.Fatalf("send: %v", err)
			}
			got := <-server.received
			if got.from != envelope.From.Address || got.to != envelope.To.Address || got.helo != settings.HELO {
				t.Errorf("server got a mail from %q to %q of %q", got.from, got.to, got.helo)
			}
		})
	}
}

func TestWhatTheServerGets(t *testing.T) {
	server := &server{}
	settings := server.start(t, mail.NoTLS)
	envelope := exampleEnvelope(t)
	envelope.Message.Subject = strings.Repeat("Äußerst lange Betreffzeile ", 20)
	envelope.Calendar = exampleEvent().File()
	if err := send(t, settings, envelope); err != nil {
		t.Fatalf("send: %v", err)
	}
	content := (<-server.received).content
	for line := range bytes.Lines(content) {
		if len(line) > 80 {
			t.Errorf("line has %d bytes: %q", len(line), line)
		}
	}
	received, err := netmail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("read mail: %v", err)
	}
	checkHeaders(t, received.Header, envelope)

	parts := readParts(t, received.Header.Get("Content-Type"), received.Body)
	wanted := []struct{ kind, content string }{
		{"text/plain; charset=UTF-8", envelope.Message.Text},
		{"text/html; charset=UTF-8", envelope.Message.HTML},
		{"text/calendar; charset=UTF-8; method=REQUEST", string(envelope.Calendar.Content)},
		{"application/ics; name=invite.ics", string(envelope.Calendar.Content)},
	}
	if len(parts) != len(wanted) {
		t.Fatalf("mail has %d parts, want %d", len(parts), len(wanted))
	}
	for i, want := range wanted {
		if parts[i].kind != want.kind {
			t.Errorf("part %d is %q, want %q", i, parts[i].kind, want.kind)
		}
		if got := strings.ReplaceAll(parts[i].content, "\r\n", "\n"); got != strings.ReplaceAll(want.content, "\r\n", "\n") {
			t.Errorf("part %d (%s) differs:\n%s", i, want.kind, got)
		}
	}
	if parts[3].disposition != `attachment; filename="invite.ics"` {
		t.Errorf("calendar file is attached as %q", parts[3].disposition)
	}
}

func checkHeaders(t *testing.T, header netmail.Header, envelope mail.Envelope) {
	t.Helper()
	thread := "<" + mail.ThreadID("beratung-1", "miglobe.example") + ">"
	for name, want := range map[string]string{
		"From":                     envelope.From.String(),
		"To":                       envelope.To.String(),
		"Reply-To":                 envelope.ReplyTo.String(),
		"Message-Id":               "<" + envelope.MessageID + ">",
		"In-Reply-To":              thread,
		"References":               thread,
		"Date":                     "Mon, 02 Mar 2026 09:30:00 +0000",
		"Auto-Submitted":           "auto-generated",
		"X-Auto-Response-Suppress": "All",
		"Content-Language":         "de",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if err != nil || subject != strings.TrimSpace(envelope.Message.Subject) {
		t.Errorf("subject is %q (%v), want %q", subject, err, envelope.Message.Subject)
	}
	for _, name := range []string{"User-Agent", "X-Mailer", "Bcc", "Cc"} {
		if got := header.Get(name); got != "" {
			t.Errorf("%s is %q, want none", name, got)
		}
	}
}

type receivedPart struct{ kind, disposition, content string }

// readParts lists the parts of a mail that are no containers, in their order.
func readParts(t *testing.T, contentType string, body io.Reader) []receivedPart {
	t.Helper()
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	var parts []receivedPart
	reader := multipart.NewReader(body, parameters["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatalf("read part: %v", err)
		}
		kind, kindParameters, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatalf("content type of part: %v", err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			parts = append(parts, readParts(t, part.Header.Get("Content-Type"), part)...)
			continue
		}
		parts = append(parts, receivedPart{
			kind:        mime.FormatMediaType(kind, kindParameters),
			disposition: part.Header.Get("Content-Disposition"),
			content:     decode(t, part),
		})
	}
}

func decode(t *testing.T, part *multipart.Part) string {
	t.Helper()
	var decoded io.Reader = part
	switch encoding := part.Header.Get("Content-Transfer-Encoding"); encoding {
	case "quoted-printable":
		decoded = quotedprintable.NewReader(part)
	case "base64":
		decoded = base64.NewDecoder(base64.StdEncoding, part)
	default:
		t.Fatalf("part is encoded as %q", encoding)
	}
	content, err := io.ReadAll(decoded)
	if err != nil {
		t.Fatalf("decode part: %v", err)
	}
	return string(content)
}

func TestMailWithoutAppointmentHasTwoParts(t *testing.T) {
	server := &server{}
	settings := server.start(t, mail.NoTLS)
	if err := send(t, settings, exampleEnvelope(t)); err != nil {
		t.Fatalf("send: %v", err)
	}
	received, err := netmail.ReadMessage(bytes.NewReader((<-server.received).content))
	if err != nil {
		t.Fatalf("read mail: %v", err)
	}
	contentType := received.Header.Get("Content-Type")
	if kind, _, _ := mime.ParseMediaType(contentType); kind != "multipart/alternative" {
		t.Errorf("mail is %q, want multipart/alternative", kind)
	}
	if parts := readParts(t, contentType, received.Body); len(parts) != 2 {
		t.Errorf("mail has %d parts, want text and HTML", len(parts))
	}
}

func TestWhichAnswersAreFinal(t *testing.T) {
	answer := func(code, class, subject, detail int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail},
			Message: "<beispiel@musterstadt.example> says no"}
	}
	tests := map[string]struct {
		server *server
		want   *mail.Refused // nil for an error that passes
	}{
		"unknown recipient":         {&server{rcptErr: answer(550, 5, 1, 1)}, &mail.Refused{Code: "550", Enhanced: "5.1.1"}},
		"recipient has no mail":     {&server{rcptErr: answer(556, 5, 1, 10)}, &mail.Refused{Code: "556", Enhanced: "5.1.10"}},
		"address not understood":    {&server{rcptErr: answer(501, 5, 1, 3)}, &mail.Refused{Code: "501", Enhanced: "5.1.3"}},
		"mail refused":              {&server{dataErr: answer(554, 5, 7, 1)}, &mail.Refused{Code: "554", Enhanced: "5.7.1"}},
		"greylisted":                {&server{rcptErr: answer(451, 4, 7, 1)}, nil},
		"mailbox full for now":      {&server{rcptErr: answer(452, 4, 2, 2)}, nil},
		"server busy after mail":    {&server{dataErr: answer(451, 4, 3, 0)}, nil},
		"sender refused":            {&server{mailErr: answer(550, 5, 7, 1)}, nil},
		"password wanted first":     {&server{rcptErr: answer(530, 5, 7, 0)}, nil},
		"commands out of order":     {&server{rcptErr: answer(503, 5, 5, 1)}, nil},
		"sender refused for a time": {&server{mailErr: answer(450, 4, 7, 1)}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := send(t, test.server.start(t, mail.NoTLS), exampleEnvelope(t))
			if err == nil {
				t.Fatal("send succeeded, want an error")
			}
			var refused *mail.Refused
			errors.As(err, &refused)
			if (refused == nil) != (test.want == nil) || refused != nil && *refused != *test.want {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			if strings.Contains(err.Error(), "musterstadt") {
				t.Errorf("error %q has the recipient's address in it", err)
			}
		})
	}
}

func TestRecipientAddresses(t *testing.T) {
	tests := map[string]struct {
		address string
		arrives string // empty when refused
	}{
		"ordinary":      {"beispiel@musterstadt.example", "beispiel@musterstadt.example"},
		"umlaut domain": {"post@müsterstadt.example", "post@xn--msterstadt-9db.example"},
		"blanks around": {" beispiel@musterstadt.example ", "beispiel@musterstadt.example"},
		"no domain":     {"beispiel", ""},
		"empty":         {"", ""},
		"two":           {"a@musterstadt.example, b@musterstadt.example", ""},
		"second line":   {"a@musterstadt.example>\r\nRCPT TO:<b@musterstadt.example", ""},
		"with name":     {"Beispiel <a@musterstadt.example>", ""},
		"bad domain":    {"a@muster stadt.example", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := &server{}
			envelope := exampleEnvelope(t)
			envelope.To.Address = test.address
			err := send(t, server.start(t, mail.NoTLS), envelope)
			var refused *mail.Refused
			if test.arrives == "" {
				if !errors.As(err, &refused) || refused.Code != "553" || refused.Enhanced != "5.1.3" {
					t.Errorf("error is %v, want a refusal 553 5.1.3", err)
				}
				return
			}
			if err != nil {
				t.Fatalf("send: %v", err)
			}
			if got := (<-server.received).to; got != test.arrives {
				t.Errorf("mail went to %q, want %q", got, test.arrives)
			}
		})
	}
}

func TestErrorsThatPass(t *testing.T) {
	// Port 1 is reserved, so that no test can be given it.
	nobody := mail.SMTP{Host: "127.0.0.1", Port: 1, Security: mail.NoTLS, Timeout: 10 * time.Second}

	plain := (&server{}).start(t, mail.NoTLS)
	plain.Security = mail.StartTLS

	untrusted := (&server{}).start(t, mail.StartTLS)
	untrusted.RootCAs = nil
	untrustedTLS := (&server{}).start(t, mail.TLS)
	untrustedTLS.RootCAs = nil

	wrongPassword := (&server{auth: true}).start(t, mail.StartTLS)
	wrongPassword.User, wrongPassword.Password = serverUser, "falsches-passwort"

	noAuthentication := (&server{}).start(t, mail.StartTLS)
	noAuthentication.User, noAuthentication.Password = serverUser, serverPassword

	silent := scripted(t, "", nil)
	silent.Timeout = 50 * time.Millisecond

	silentTLS := scripted(t, "", nil)
	silentTLS.Security, silentTLS.Timeout = mail.TLS, 50*time.Millisecond

	for name, settings := range map[string]mail.SMTP{
		"nobody listens":               nobody,
		"no STARTTLS":                  plain,
		"unknown certificate":          untrusted,
		"unknown certificate, TLS":     untrustedTLS,
		"wrong password":               wrongPassword,
		"no password asked for":        noAuthentication,
		"server says nothing":          silent,
		"server says nothing, TLS":     silentTLS,
		"server turns everybody away":  scripted(t, "554 no service\r\n", nil),
		"connection lost at recipient": scripted(t, "220 hello\r\n", map[string]string{"EHLO": "250 hello", "NOOP": "250 ok", "MAIL": "250 ok"}),
		"connection lost in mail": scripted(t, "220 hello\r\n", map[string]string{
			"EHLO": "250 hello", "NOOP": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go"}),
	} {
		t.Run(name, func(t *testing.T) {
			err := send(t, settings, exampleEnvelope(t))
			var refused *mail.Refused
			if err == nil || errors.As(err, &refused) {
				t.Fatalf("error is %v, want one that passes", err)
			}
			for _, secret := range []string{"musterstadt", serverPassword, "falsches-passwort"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("error %q has %q in it", err, secret)
				}
			}
		})
	}
}

func TestTakenMailIsNoError(t *testing.T) {
	settings := scripted(t, "220 hello\r\n", map[string]string{
		"EHLO": "250 hello", "NOOP": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", ".": "250 taken"})
	if err := send(t, settings, exampleEnvelope(t)); err != nil {
		t.Errorf("the server took the mail and hung up; error is %v, want none", err)
	}
}

func TestSendStopsWithItsContext(t *testing.T) {
	server := &server{entered: make(chan struct{}), hold: make(chan struct{})}
	settings := server.start(t, mail.NoTLS)
	settings.Timeout = time.Hour
	t.Cleanup(func() { close(server.hold) })
	sender, err := mail.NewSender(settings)
	if err != nil {
		t.Fatalf("new sender: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-server.entered
		cancel()
	}()
	if err := sender.Send(ctx, exampleEnvelope(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that the context was cancelled", err)
	}
}

func TestSettingsOfTheServer(t *testing.T) {
	good := mail.SMTP{Host: "mail.example", Port: 587, Security: mail.StartTLS}
	tests := map[string]func(*mail.SMTP){
		"no host":          func(s *mail.SMTP) { s.Host = "" },
		"no port":          func(s *mail.SMTP) { s.Port = 0 },
		"port too large":   func(s *mail.SMTP) { s.Port = 70000 },
		"no security":      func(s *mail.SMTP) { s.Security = "" },
		"unknown security": func(s *mail.SMTP) { s.Security = "ssl" },
		"negative timeout": func(s *mail.SMTP) { s.Timeout = -time.Second },
	}
	if _, err := mail.NewSender(good); err != nil {
		t.Errorf("good settings give the error %v", err)
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			settings := good
			spoil(&settings)
			if _, err := mail.NewSender(settings); err == nil {
				t.Error("bad settings give no error")
			}
		})
	}
}

func TestPasswordNeverShows(t *testing.T) {
	settings := mail.SMTP{Host: "mail.example", Port: 587, Security: mail.StartTLS, User: serverUser, Password: serverPassword}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "smtp", settings)
	shown := []string{logged.String(), settings.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		shown = append(shown, fmt.Sprintf(verb, settings), fmt.Sprintf(verb, &settings))
	}
	for _, text := range shown {
		if strings.Contains(text, serverPassword) || !strings.Contains(text, "mail.example") {
			t.Errorf("%q names the password, or not the server", text)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	ids := []string{
		mail.MessageID("a", "miglobe.example"),
		mail.MessageID("b", "miglobe.example"),
		mail.MessageID("a", "anders.example"),
		mail.ThreadID("a", "miglobe.example"),
		mail.ThreadID("b", "miglobe.example"),
	}
	if ids[0] != mail.MessageID("a", "miglobe.example") {
		t.Error("the same key gives different ids")
	}
	for i, id := range ids {
		if slices.Index(ids, id) != i {
			t.Errorf("different keys give the same id %s", id)
		}
		if _, err := netmail.ParseAddress("<" + id + ">"); err != nil {
			t.Errorf("id %q does not have the form of one: %v", id, err)
		}
	}
}

func TestMailWithoutIDIsNotSent(t *testing.T) {
	server := &server{}
	envelope := exampleEnvelope(t)
	envelope.MessageID = ""
	if err := send(t, server.start(t, mail.NoTLS), envelope); err == nil {
		t.Error("a mail without an id was sent")
	}
}
