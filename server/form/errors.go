package form

import (
	"slices"
	"strings"

	"miglobe/texts"
)

// Error says what a person should do about one field. ID is the first input
// of the field; an error of the whole form has neither Key nor ID.
type Error struct {
	Key     string
	ID      string
	Label   string
	Message string

	position int
}

// Text is the line of the summary: the field's name and its error.
func (e Error) Text() string {
	switch {
	case e.Label == "":
		return e.Message
	case strings.ContainsAny(e.Label[len(e.Label)-1:], ".?!:"):
		return e.Label + " " + e.Message
	default:
		return e.Label + ": " + e.Message
	}
}

// Errors are the errors of a form in the order of the page, one per field.
type Errors []Error

// For returns the message of a field, or "".
func (e Errors) For(key string) string {
	for _, found := range e {
		if found.Key == key {
			return found.Message
		}
	}
	return ""
}

// Add reports what only the program can know, such as an address that has an
// account already. The code names the field's own error or one of errors in
// texts/forms; pairs fill its placeholders. The key "" means the whole form,
// a key that the form does not have is an error of the whole form, too.
func (e Errors) Add(f *texts.Form, sources Sources, c Context, key, code string, pairs ...any) Errors {
	for i, q := range questions(sections(f, labelsOf(sources))) {
		if q.key == key {
			return e.insert(q.newError(i, sources, c, code, pairs...))
		}
	}
	return e.insert(Error{Message: c.Catalog.FormText(c.Lang, "errors."+code, pairs...), position: -1})
}

// insert keeps the order of the page and the first error of each field.
func (e Errors) insert(found Error) Errors {
	if found.Key != "" && e.For(found.Key) != "" {
		return e
	}
	at, _ := slices.BinarySearchFunc(e, found.position, func(a Error, position int) int { return a.position - position })
	return slices.Insert(slices.Clone(e), at, found)
}

func (q question) newError(position int, sources Sources, c Context, code string, pairs ...any) Error {
	label := q.field.Label
	if q.number > 0 {
		label = q.title(c) + ", " + label
	}
	return Error{
		Key: q.key, ID: q.firstID(sources, c), Label: label,
		Message: q.message(c, code, pairs...), position: position,
	}
}

// message prefers the field's own words to the general ones.
func (q question) message(c Context, code string, pairs ...any) string {
	if own, ok := q.field.Errors[code]; ok {
		return texts.Fill(own, pairs...)
	}
	return c.Catalog.FormText(c.Lang, "errors."+q.generalCode(code), pairs...)
}

func (q question) generalCode(code string) string {
	switch code {
	case "missing":
		switch {
		case q.singleBox():
			return "must_confirm"
		case q.severalChoices():
			return "missing_choices"
		case q.isChoice():
			return "missing_choice"
		}
	case "invalid":
		switch {
		case q.isChoice():
			return "invalid_choice"
		case q.field.Format != "":
			return "invalid_" + q.field.Format
		case q.field.Type == "email" || q.field.Type == "tel" || q.field.Type == "date":
			return "invalid_" + q.field.Type
		}
	case "duplicate":
		return "same_email"
	case "too_late":
		return "date_too_late"
	}
	return code
}

// inputID is the id of a field's input, or the stem of the ids of its options.
func (q question) inputID(c Context) string { return idOf(c, q.key) }

func (q question) optionID(c Context, option string) string { return idOf(c, q.key+"-"+option) }

// firstID is where a link of the summary leads.
func (q question) firstID(sources Sources, c Context) string {
	if options := q.options(sources); q.isGroup() && len(options) > 0 {
		return q.optionID(c, options[0].Key)
	}
	return q.inputID(c)
}

func (q question) isGroup() bool { return q.field.Type == "radio" || q.severalChoices() }

func idOf(c Context, key string) string {
	if c.IDPrefix != "" {
		key = c.IDPrefix + "-" + key
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
			return r
		}
		return '-'
	}, key)
}
