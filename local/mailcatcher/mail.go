package mailcatcher

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails in other character sets than UTF-8
)

// Mail is one mail as it was received.
type Mail struct {
	ID       string    `json:"id"`
	Received time.Time `json:"received"`
	// Sender and Recipients are those of the envelope, which say where the mail really goes.
	Sender     string   `json:"sender"`
	Recipients []string `json:"recipients"`
	Subject    string   `json:"subject"`
	// Headers are all header fields by canonical name, decoded.
	Headers map[string][]string `json:"headers"`
	Text    string              `json:"text"`
	HTML    string              `json:"html"`
	// Calendar is the text of the calendar part, empty without one.
	Calendar    string       `json:"calendar,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`

	source []byte
}

// Attachment is a part that is neither the text nor the HTML of the mail.
type Attachment struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`

	content []byte
}

func (m *Mail) isTo(address string) bool {
	for _, recipient := range m.Recipients {
		if strings.EqualFold(recipient, address) {
			return true
		}
	}
	return false
}

// parse reads a mail as it is stored, the envelope in its first header fields.
func parse(received time.Time, stored []byte) (*Mail, error) {
	entity, err := message.Read(bytes.NewReader(stored))
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil, fmt.Errorf("mailcatcher: parse mail: %w", err)
	}
	mail := &Mail{ID: received.UTC().Format(idFormat), Received: received, Headers: map[string][]string{}, source: stored}
	for fields := entity.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		mail.Headers[fields.Key()] = append(mail.Headers[fields.Key()], value)
	}
	mail.Sender = strings.Trim(first(mail.Headers["Return-Path"]), "<>")
	mail.Recipients = mail.Headers["Delivered-To"]
	mail.Subject = first(mail.Headers["Subject"])
	if err := entity.Walk(mail.addPart); err != nil {
		return nil, fmt.Errorf("mailcatcher: parse parts: %w", err)
	}
	return mail, nil
}

// addPart sorts one leaf of the mail's tree of parts into its place.
func (m *Mail) addPart(_ []int, part *message.Entity, err error) error {
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return err
	}
	mediaType, parameters, err := part.Header.ContentType()
	if err != nil {
		mediaType = "application/octet-stream"
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		return nil
	}
	content, err := io.ReadAll(part.Body)
	if err != nil {
		return err
	}
	disposition, dispositionParameters, _ := part.Header.ContentDisposition()
	switch {
	case mediaType == "text/plain" && m.Text == "" && disposition != "attachment":
		m.Text = strings.ReplaceAll(string(content), "\r\n", "\n")
		return nil
	case mediaType == "text/html" && m.HTML == "" && disposition != "attachment":
		m.HTML = string(content)
		return nil
	case mediaType == "text/calendar" && m.Calendar == "":
		m.Calendar = string(content)
	}
	name := decoded(first([]string{dispositionParameters["filename"], parameters["name"]}))
	if name == "" {
		name = fmt.Sprintf("part-%d", len(m.Attachments)+1)
	}
	m.Attachments = append(m.Attachments, Attachment{Name: name, Type: mediaType, Size: len(content), content: content})
	return nil
}

func decoded(text string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
		return plain
	}
	return text
}

// first returns the first value that is not empty.
func first(values []string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
