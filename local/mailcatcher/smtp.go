package mailcatcher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// UndeliverablePrefix starts the addresses that the mail server refuses for good, so that somebody can see
// what the product does about a mail that cannot be delivered.
const UndeliverablePrefix = "unzustellbar@"

const maxMailBytes = 25 << 20

// Mood is how the server treats a mail.
type Mood int

// The moods of a mail server.
const (
	Takes   Mood = iota // as it should
	Busy                // "try again later" (4xx)
	Rejects             // "no such mailbox" (5xx), although it exists
	HangsUp             // takes the mail, and cuts the connection before it says so
)

var errBusy = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}

var errUndeliverable = &smtp.SMTPError{
	Code:         550,
	EnhancedCode: smtp.EnhancedCode{5, 1, 1},
	Message:      "No such mailbox here",
}

// SMTP is the running mail server. It takes mail without encryption or password: it listens on loopback.
type SMTP struct {
	server   *smtp.Server
	listener net.Listener
	done     chan struct{}
}

// ServeSMTP takes mail on the listener until Close.
func (c *Catcher) ServeSMTP(listener net.Listener, log *slog.Logger) *SMTP {
	server := smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &session{catcher: c, conn: conn}, nil
	}))
	server.Domain = "localhost"
	server.MaxMessageBytes = maxMailBytes
	server.MaxRecipients = 100
	server.ReadTimeout = 30 * time.Second
	server.WriteTimeout = 30 * time.Second
	server.EnableSMTPUTF8 = true
	server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	running := &SMTP{server: server, listener: listener, done: make(chan struct{})}
	go func() {
		defer close(running.done)
		if err := server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			log.Error("mail server ended", slog.Any("error", err))
		}
	}()
	return running
}

// Close ends the mail server. It may be called twice.
func (s *SMTP) Close() error {
	err := s.server.Close()
	_ = s.listener.Close() // the server does not know it yet when it is closed at once
	<-s.done
	if err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("mailcatcher: close: %w", err)
	}
	return nil
}

// session is one connection of a client.
type session struct {
	catcher    *Catcher
	conn       *smtp.Conn
	mood       Mood
	sender     string
	recipients []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.sender, s.mood = from, Takes
	if s.catcher.Mood != nil {
		s.mood = s.catcher.Mood()
	}
	if s.mood == Busy {
		return errBusy
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.mood == Rejects || strings.HasPrefix(strings.ToLower(to), UndeliverablePrefix) {
		return errUndeliverable
	}
	s.recipients = append(s.recipients, to)
	return nil
}

func (s *session) Data(body io.Reader) error {
	var content bytes.Buffer
	if _, err := content.ReadFrom(body); err != nil {
		return err
	}
	err := s.catcher.keep(s.sender, s.recipients, content.Bytes())
	if s.mood == HangsUp {
		_ = s.conn.Close()
	}
	return err
}

func (s *session) Reset() { s.sender, s.recipients = "", nil }

func (s *session) Logout() error { return nil }
