package mail_test

import (
	"testing"

	"miglobe/mail"
)

// TestALineOutlivesItsConnection: servers end connections between two mails, and refuse a recipient in the middle.
func TestALineOutlivesItsConnection(t *testing.T) {
	server := &server{}
	settings := server.start(t, mail.NoTLS)
	sender, err := mail.NewSender(settings)
	if err != nil {
		t.Fatal(err)
	}
	line := sender.Line()
	defer line.Close()
	for n := range 3 {
		if err := line.Send(t.Context(), exampleEnvelope(t)); err != nil {
			t.Fatalf("mail %d: %v", n, err)
		}
		<-server.received
		if n == 1 {
			server.hangUp()
		}
	}
	if opened := server.opened.Load(); opened != 2 {
		t.Errorf("%d connections for three mails of which the server hung up after the second", opened)
	}
}
