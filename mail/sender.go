package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how the connection to the mail server is protected.
type Security string

const (
	StartTLS Security = "starttls" // encrypted after the greeting; without it nothing is sent
	TLS      Security = "tls"      // encrypted from the first byte
	NoTLS    Security = "none"     // for a server on the same machine; no password goes further in the clear
)

// SMTP says how to reach the mail server. It can be logged: the password never
// shows.
type SMTP struct {
	Host     string
	Port     int
	Security Security
	User     string // empty for a server that asks for none
	Password string
	HELO     string         // name of this machine to the server; empty for its host name
	Timeout  time.Duration  // for connecting, and again for handing over a mail; 0 stands for DefaultTimeout
	RootCAs  *x509.CertPool // nil for those of the system
}

// DefaultTimeout leaves slow servers the time to check a mail while it is
// handed over.
const DefaultTimeout = 30 * time.Second

// LogValue shows the server without the password.
func (s SMTP) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String shows the server without the password.
func (s SMTP) String() string {
	return fmt.Sprintf("%s:%d (%s, user %q)", s.Host, s.Port, s.Security, s.User)
}

// GoString shows the server without the password.
func (s SMTP) GoString() string { return s.String() }

// authentications are the ways to sign in, strongest first. PLAIN and LOGIN
// send the password itself; the library refuses them on a connection that is
// neither encrypted nor to this machine.
var authentications = []gomail.SMTPAuthType{
	gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5,
	gomail.SMTPAuthPlain, gomail.SMTPAuthLogin,
}

// Sender hands mails to an SMTP server. It may be used by many goroutines at
// once.
type Sender struct {
	server SMTP
}

// NewSender checks the settings; it does not connect.
func NewSender(server SMTP) (*Sender, error) {
	if server.Timeout == 0 {
		server.Timeout = DefaultTimeout
	}
	sender := &Sender{server: server}
	if _, err := sender.client(&connection{}); err != nil {
		return nil, fmt.Errorf("settings of the mail server: %w", err)
	}
	return sender, nil
}

// Send hands one mail to the server over a connection of its own and returns when the server has taken it; see Line.Send.
func (s *Sender) Send(ctx context.Context, envelope Envelope) error {
	line := s.Line()
	defer line.Close()
	return line.Send(ctx, envelope)
}

// client is made anew for each connection, because the library remembers in it
// what one server offered.
func (s *Sender) client(conn *connection) (*gomail.Client, error) {
	config := &tls.Config{ServerName: s.server.Host, MinVersion: tls.VersionTLS12, RootCAs: s.server.RootCAs}
	options := []gomail.Option{
		gomail.WithPort(s.server.Port),
		gomail.WithTimeout(s.server.Timeout),
		gomail.WithTLSConfig(config),
	}
	switch s.server.Security {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
		conn.implicitTLS = config
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("security %q is none of starttls, tls, none", s.server.Security)
	}
	if s.server.HELO != "" {
		options = append(options, gomail.WithHELO(s.server.HELO))
	}
	if s.server.User != "" {
		options = append(options, gomail.WithUsername(s.server.User), gomail.WithPassword(s.server.Password),
			gomail.WithOpportunisticSMTPAuth(authentications...))
	}
	return gomail.NewClient(s.server.Host, append(options, gomail.WithDialContextFunc(conn.dial))...)
}
