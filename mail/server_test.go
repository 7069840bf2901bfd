package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"miglobe/mail"
)

const (
	serverUser     = "miglobe"
	serverPassword = "geheim-und-lang"
)

// server is a mail server for tests. The errors are its answers.
type server struct {
	mailErr  error
	rcptErr  error
	dataErr  error
	auth     bool          // asks for serverUser and serverPassword
	received chan envelope // takes a few mails before it blocks
	entered  chan struct{} // when set, closed as soon as a mail begins …
	hold     chan struct{} // … which is then held until this is closed

	opened atomic.Int32 // connections so far
	last   atomic.Pointer[smtp.Conn]
}

// hangUp ends the connection that was opened last.
func (s *server) hangUp() { _ = s.last.Load().Conn().Close() }

type envelope struct {
	helo, from, to string
	content        []byte
}

// start runs the server until the end of the test and returns the settings
// that reach it.
func (s *server) start(t *testing.T, security mail.Security) mail.SMTP {
	t.Helper()
	s.received = make(chan envelope, 4)
	smtpServer := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.opened.Add(1)
		s.last.Store(c)
		return &session{server: s, conn: c}, nil
	}))
	smtpServer.AllowInsecureAuth = true
	smtpServer.ErrorLog = log.New(io.Discard, "", 0)
	listener := listen(t)
	settings := mail.SMTP{Host: "127.0.0.1", Port: port(listener), Security: security, HELO: "app.miglobe.example", Timeout: 10 * time.Second}
	if security != mail.NoTLS {
		var config *tls.Config
		config, settings.RootCAs = certificate(t)
		smtpServer.TLSConfig = config
		if security == mail.TLS {
			listener = tls.NewListener(listener, config)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = smtpServer.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = smtpServer.Close()
		_ = listener.Close() // Close misses a listener that Serve has not seen yet
		<-done
	})
	return settings
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func port(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

type session struct {
	server *server
	conn   *smtp.Conn
	mail   envelope
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = envelope{helo: s.conn.Hostname(), from: from}
	return s.server.mailErr
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return s.server.rcptErr
}

func (s *session) Data(r io.Reader) error {
	if s.server.entered != nil {
		close(s.server.entered)
		<-s.server.hold
	}
	var err error
	if s.mail.content, err = io.ReadAll(r); err != nil {
		return err
	}
	if s.server.dataErr != nil {
		return s.server.dataErr
	}
	s.server.received <- s.mail
	return nil
}

func (s *session) AuthMechanisms() []string {
	if s.server.auth {
		return []string{sasl.Plain}
	}
	return nil
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != serverUser || password != serverPassword {
			return errors.New("wrong password")
		}
		return nil
	}), nil
}

// certificate makes a self-signed certificate and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("make key: %v", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "mail.example"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatalf("make certificate: %v", err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatalf("parse certificate: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// scripted is a server that answers each command by its first word and hangs up
// where it has no answer. It takes one connection; an empty greeting is never
// sent.
func scripted(t *testing.T, greeting string, answers map[string]string) mail.SMTP {
	t.Helper()
	listener := listen(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, greeting)
		converse(conn, answers)
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-ended
	})
	return mail.SMTP{Host: "127.0.0.1", Port: port(listener), Security: mail.NoTLS, Timeout: 10 * time.Second}
}

func converse(conn net.Conn, answers map[string]string) {
	lines := bufio.NewScanner(conn)
	inMail := false
	for lines.Scan() {
		word, _, _ := strings.Cut(lines.Text(), " ")
		if inMail && word != "." {
			continue
		}
		answer, ok := answers[word]
		if !ok {
			return
		}
		inMail = word == "DATA"
		_, _ = io.WriteString(conn, answer+"\r\n")
	}
}
