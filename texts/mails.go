package texts

import (
	"fmt"
	"path"
	"strings"
)

// MailText is one mail as a template; see mails/FIELDS.md for its fields.
type MailText struct {
	Subject string
	Body    string
}

// OwnMail is a text of a mail, or of a part of all mails, that the operator has
// written in place of the product's.
type OwnMail struct {
	Name    string
	Lang    Lang
	Version int
	MailText
}

// Mail returns the template of a mail. A part such as "_footer" has no
// subject.
func (c *Catalog) Mail(lang Lang, name string) (MailText, bool) {
	mail, ok := c.mails[lang][name]
	return mail, ok
}

// MailNames lists all mails without the parts, in no particular order.
func (c *Catalog) MailNames() []string {
	names := make([]string, 0, len(c.mails[German]))
	for name := range c.mails[German] {
		if !strings.HasPrefix(name, "_") {
			names = append(names, name)
		}
	}
	return names
}

func loadMails(lang Lang) (map[string]MailText, error) {
	sources, err := readMarkdown("mails/" + string(lang))
	if err != nil {
		return nil, err
	}
	mails := map[string]MailText{}
	for name, source := range sources {
		if strings.HasPrefix(name, "_") {
			mails[name] = MailText{Body: source}
			continue
		}
		head, body, _ := strings.Cut(source, "\n\n")
		subject, ok := strings.CutPrefix(head, "subject: ")
		if !ok || strings.Contains(subject, "\n") {
			return nil, fmt.Errorf("mail %s does not begin with a subject", name)
		}
		mails[name] = MailText{Subject: strings.TrimSpace(subject), Body: body}
	}
	return mails, nil
}

// readMarkdown returns the Markdown files of a folder by name.
func readMarkdown(folder string) (map[string]string, error) {
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", folder, err)
	}
	sources := map[string]string{}
	for _, entry := range entries {
		source, err := files.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", entry.Name(), err)
		}
		sources[strings.TrimSuffix(entry.Name(), ".md")] = string(source)
	}
	return sources, nil
}
