package mail

import (
	"context"
	"errors"
	"fmt"

	gomail "github.com/wneessen/go-mail"
)

// Line hands mails to the mail server one after the other over a connection
// that stays open between them. It is for one goroutine. Close it when there is
// nothing to send for now: servers end a connection that says nothing.
type Line struct {
	sender *Sender
	client *gomail.Client // nil while there is no connection
	conn   *connection
}

// Line makes a line that connects with its first mail.
func (s *Sender) Line() *Line { return &Line{sender: s} }

// Send hands one mail to the server and returns when the server has taken it.
// A *Refused is final. Any other error passes: the server is away, is busy, or
// does not accept our own settings; the mail can be sent again with the same
// MessageID. Once the server has taken the mail, Send never reports an error,
// so that no mail is sent twice for a connection that ended badly.
func (l *Line) Send(ctx context.Context, envelope Envelope) error {
	msg, err := envelope.gomailMessage()
	if err != nil {
		return fmt.Errorf("build mail: %w", err)
	}
	err = l.hand(ctx, msg)
	if err == nil {
		return nil
	}
	if msg.IsDelivered() {
		l.Close()
		return nil
	}
	cause := classify(err)
	var refused *Refused
	if !errors.As(cause, &refused) {
		l.Close()
	}
	if ctx.Err() != nil {
		cause = ctx.Err()
	}
	return fmt.Errorf("send mail: %w", cause)
}

// hand sends over the open connection, or a new one. The server may have ended
// the open one; that shows before anything of the mail is said.
func (l *Line) hand(ctx context.Context, msg *gomail.Msg) error {
	if l.client != nil {
		err := l.whileOpen(ctx, func() error { return l.client.Send(msg) })
		var failed *gomail.SendError
		if !errors.As(err, &failed) || failed.Reason != gomail.ErrConnCheck || ctx.Err() != nil {
			return err
		}
		l.Close()
	}
	l.conn = &connection{}
	client, err := l.sender.client(l.conn)
	if err != nil {
		return fmt.Errorf("prepare SMTP client: %w", err)
	}
	l.client = client
	return l.whileOpen(ctx, func() error {
		if err := client.DialWithContext(ctx); err != nil {
			return err
		}
		return client.Send(msg)
	})
}

// whileOpen does something that ends when ctx does: the library cannot be
// stopped in the middle of a mail.
func (l *Line) whileOpen(ctx context.Context, do func() error) error {
	stop := context.AfterFunc(ctx, l.conn.close)
	defer stop()
	return do()
}

// Close ends the connection, where there is one, and takes leave of the server.
// The next mail opens another one.
func (l *Line) Close() {
	if l.client == nil {
		return
	}
	_ = l.client.Close() // what the server has taken it keeps
	l.conn.close()
	l.client = nil
}
