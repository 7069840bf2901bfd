package mail

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"miglobe/texts"
)

// Field is a field that the text of a mail may use. Which ones a mail has, and what they must not lack, is told by the
// product's own text of it: for the fields of that text the program provides values (texts/mails/FIELDS.md).
type Field struct {
	Name string // as in Data
	// Needed fields stand outside of conditions in the product's text and tell what to do, by when, where or why. An own
	// text that left them out would ask somebody for something without saying it.
	Needed bool
	// Optional fields may be empty and stand in a condition.
	Optional bool
	// InSubject tells whether the subject may use it: not lists, and not links, because subjects are stored.
	InSubject bool
}

// tellWhatToDo are the fields that a text keeps where the product's has them. Others, such as the name of the municipality
// or a telephone number, are for whoever writes the text to decide on.
var tellWhatToDo = []string{"Link", "Due", "When", "Where", "Reason"}

// Fields are those of a mail, or of a part of all mails, in alphabetical order; none where there is no such mail.
func Fields(catalog *texts.Catalog, lang texts.Lang, name string) []Field {
	text, _ := catalog.Mail(lang, name)
	source, err := parseSource(text.Subject + "\n" + text.Body)
	if err != nil {
		return nil // the product's texts are tested
	}
	var fields []Field
	for _, field := range usedFields(text) {
		always := slices.Contains(source.needed, field)
		fields = append(fields, Field{
			Name: field, Optional: !always, Needed: always && slices.Contains(tellWhatToDo, field),
			InSubject: always && field != "Link" && field != "Advisors" && !isMarkdown(name, field),
		})
	}
	return fields
}

// isMarkdown tells whether the value of a field is a list that the program makes.
func isMarkdown(name, field string) bool { return name == digestTemplate && field == "Reason" }

var (
	templateAction = regexp.MustCompile(`\{\{(.*?)\}\}`)
	fieldAction    = regexp.MustCompile(`^(?:if +|range +)?\.([A-Za-z]+)$`)
)

// inside is what an action says between its braces.
func inside(action string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(action, "{{"), "}}"))
}

// fieldOf is the name of the field that an action uses, or "".
func fieldOf(inside string) string {
	if found := fieldAction.FindStringSubmatch(inside); found != nil {
		return found[1]
	}
	return ""
}

// usedFields are the fields that a text prints or asks for.
func usedFields(text texts.MailText) []string {
	var used []string
	for _, action := range templateAction.FindAllString(text.Subject+"\n"+text.Body, -1) {
		if field := fieldOf(inside(action)); field != "" {
			used = append(used, field)
		}
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// isField tells whether mails have a field of this name at all.
func isField(name string) bool {
	_, ok := reflect.TypeFor[Data]().FieldByName(name)
	return ok
}

// text is the value of a field that is a text; "" for others.
func (d Data) text(field string) string {
	value := reflect.ValueOf(d).FieldByName(field)
	if value.Kind() != reflect.String {
		return ""
	}
	return value.String()
}
