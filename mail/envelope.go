package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// Address is a person's name and mail address; the name may be empty.
type Address = netmail.Address

// Envelope is everything that Send needs to know about one mail to one person.
type Envelope struct {
	From    Address
	ReplyTo Address // left out when it has no address
	To      Address

	MessageID  string   // see MessageID; without angle brackets, like the next two
	InReplyTo  string   // see ThreadID; may be empty
	References []string // may be empty

	Date     time.Time // the zero time stands for now
	Message  Message
	Calendar *CalendarFile // nil for a mail without an appointment
}

// calendarName is the name that mail programs expect of an attached invitation.
const calendarName = "invite.ics"

// gomailMessage builds the mail: text and HTML as alternatives, the calendar
// file as a third alternative, which mail programs offer to enter, and again
// attached for those that look for attachments.
func (e Envelope) gomailMessage() (*gomail.Msg, error) {
	to, err := deliverable(e.To)
	if err != nil {
		return nil, refusedAddressForm
	}
	if e.MessageID == "" {
		return nil, errors.New("the mail has no message id")
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := e.setAddresses(msg, to); err != nil {
		return nil, err
	}
	e.setHeaders(msg)
	msg.SetBodyString(gomail.TypeTextPlain, e.Message.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, e.Message.HTML)
	if e.Calendar != nil {
		content := e.Calendar.Content
		kind := gomail.ContentType("text/calendar; method=" + string(e.Calendar.Method))
		msg.AddAlternativeString(kind, string(content))
		if err := msg.AttachReader(calendarName, bytes.NewReader(content),
			gomail.WithFileContentType("application/ics")); err != nil {
			return nil, fmt.Errorf("attach calendar file: %w", err)
		}
	}
	return msg, nil
}

func (e Envelope) setAddresses(msg *gomail.Msg, to Address) error {
	from, err := deliverable(e.From)
	if err != nil {
		return fmt.Errorf("sender of the mail: %w", err)
	}
	msg.FromMailAddress(&from)
	msg.ToMailAddress(&to)
	if e.ReplyTo.Address != "" {
		replyTo, err := deliverable(e.ReplyTo)
		if err != nil {
			return fmt.Errorf("address for replies: %w", err)
		}
		msg.ReplyToMailAddress(&replyTo)
	}
	return nil
}

// setHeaders also says twice that a program wrote the mail, in the standard's
// way and in the one that Microsoft's servers know, so that no absence notice
// comes back.
func (e Envelope) setHeaders(msg *gomail.Msg) {
	msg.Subject(singleLine(e.Message.Subject))
	msg.SetMessageIDWithValue(e.MessageID)
	if e.InReplyTo != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, angled(e.InReplyTo))
	}
	if len(e.References) > 0 {
		ids := make([]string, len(e.References))
		for i, id := range e.References {
			ids[i] = angled(id)
		}
		msg.SetGenHeader(gomail.HeaderReferences, strings.Join(ids, " "))
	}
	if e.Date.IsZero() {
		msg.SetDate()
	} else {
		msg.SetDateWithValue(e.Date)
	}
	if e.Message.Lang != "" {
		msg.SetGenHeader(gomail.HeaderContentLang, string(e.Message.Lang))
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
}

func angled(id string) string { return "<" + id + ">" }

// deliverable checks the form of an address and writes an international domain
// in the ASCII form that every server understands.
func deliverable(address Address) (Address, error) {
	bare := strings.TrimSpace(address.Address)
	parsed, err := netmail.ParseAddress(bare)
	if err != nil || parsed.Name != "" || parsed.Address != bare {
		return Address{}, errors.New("the address does not have the form of a mail address")
	}
	at := strings.LastIndexByte(bare, '@')
	domain, err := idna.Lookup.ToASCII(bare[at+1:])
	if err != nil {
		return Address{}, errors.New("the address does not have a valid domain")
	}
	return Address{Name: singleLine(address.Name), Address: bare[:at+1] + domain}, nil
}
