package bench

import (
	"context"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"

	"miglobe/local/mailcatcher"
)

const bareSender = "bare@bench.example"

// sendBare sends as many mails like the model as wanted over one connection, one after the other, with nothing around it.
func (r *reminders) sendBare(ctx context.Context, model *mailcatcher.Mail, n int) (time.Duration, error) {
	began := time.Now()
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(r.smtp), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithHELO("localhost"))
	if err != nil {
		return 0, fmt.Errorf("bare mail: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return 0, fmt.Errorf("bare mail: %w", err)
	}
	defer client.Close() //nolint:errcheck // all mails are sent
	for i := range n {
		msg, err := bareMail(model, i)
		if err != nil {
			return 0, fmt.Errorf("bare mail: %w", err)
		}
		if err := client.Send(msg); err != nil {
			return 0, fmt.Errorf("bare mail: %w", err)
		}
	}
	return time.Since(began), nil
}

func bareMail(model *mailcatcher.Mail, i int) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(bareSender); err != nil {
		return nil, err
	}
	if err := msg.To(fmt.Sprintf("bare%d@bench.example", i)); err != nil {
		return nil, err
	}
	msg.Subject(model.Subject)
	msg.SetMessageID()
	msg.SetDate()
	msg.SetBodyString(gomail.TypeTextPlain, model.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, model.HTML)
	return msg, nil
}
