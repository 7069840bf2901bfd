package mail

import (
	"sync"

	"miglobe/texts"
)

// Wording is the texts that mails are composed of: those of the product, and in their place those that the operator has
// written. It never changes and may be used by many goroutines at once; each text is parsed once.
type Wording struct {
	catalog *texts.Catalog
	own     map[textName]texts.MailText
	parsed  sync.Map // parsedSource by sourceName
}

type textName struct {
	lang texts.Lang
	name string
}

type sourceName struct {
	textName
	subject bool
}

// NewWording puts texts of the operator in the place of the product's. It does not check them: see Check.
func NewWording(catalog *texts.Catalog, own ...texts.OwnMail) *Wording {
	w := &Wording{catalog: catalog, own: map[textName]texts.MailText{}}
	for _, text := range own {
		w.own[textName{text.Lang, text.Name}] = text.MailText
	}
	return w
}

// Text returns the text of a mail, or of a part such as "_footer", which has no subject.
func (w *Wording) Text(lang texts.Lang, name string) (texts.MailText, bool) {
	if own, ok := w.own[textName{lang, name}]; ok {
		return own, true
	}
	return w.catalog.Mail(lang, name)
}

// with is the wording with one text in the place of what it has.
func (w *Wording) with(lang texts.Lang, name string, text texts.MailText) *Wording {
	changed := &Wording{catalog: w.catalog, own: map[textName]texts.MailText{{lang, name}: text}}
	for key, own := range w.own {
		if _, replaced := changed.own[key]; !replaced {
			changed.own[key] = own
		}
	}
	return changed
}

// unknownValue stands for the value of a field that nobody knows yet.
const unknownValue = "…"

// SubjectOf is the subject that a mail is going to have, as far as data tells; "" where there is no such mail.
func (w *Wording) SubjectOf(lang texts.Lang, name string, data Data) string {
	text, _ := w.Text(lang, name)
	return templateAction.ReplaceAllStringFunc(text.Subject, func(action string) string {
		if value := data.text(fieldOf(inside(action))); value != "" {
			return value
		}
		return unknownValue
	})
}

// parse parses the subject or the body of a text, once.
func (w *Wording) parse(name sourceName, source string) (parsedSource, error) {
	if known, ok := w.parsed.Load(name); ok {
		return known.(parsedSource), nil
	}
	parsed, err := parseSource(source)
	if err == nil {
		w.parsed.Store(name, parsed)
	}
	return parsed, err
}
