package mail

import (
	"slices"
	"strings"
	"unicode/utf8"

	"miglobe/texts"
)

// The longest texts that an operator may write, in characters.
const (
	MaxSubject = 150
	MaxBody    = 10_000
)

// Rule names what is wrong with a text; texts/ui has a sentence for each below mail_check.
type Rule string

// The rules. Those with a field in their sentence name it in Finding.What.
const (
	UnknownMail    Rule = "unknown_mail"
	NoSubject      Rule = "no_subject"
	SubjectBreaks  Rule = "subject_breaks"
	SubjectTooLong Rule = "subject_too_long"
	SubjectField   Rule = "subject_field" // a field that the subject may not use
	NoText         Rule = "no_text"       // nothing after the greeting
	TooLong        Rule = "too_long"

	OpenBraces      Rule = "open_braces"   // {{ or }} without the other on the same line
	SingleBraces    Rule = "single_braces" // {.Name}
	UnknownField    Rule = "unknown_field"
	OtherMailsField Rule = "other_mails_field"
	UnknownAction   Rule = "unknown_action"
	OptionalField   Rule = "optional_field" // may be empty and stands in no condition
	ListField       Rule = "list_field"     // a list without a range around it
	FieldInList     Rule = "field_in_list"
	DotOutside      Rule = "dot_outside" // {{.}} outside of a list
	ConditionField  Rule = "condition_field"
	RangeField      Rule = "range_field"
	Nested          Rule = "nested"
	EndAlone        Rule = "end_alone"
	NotEnded        Rule = "not_ended"
	OwnParagraph    Rule = "own_paragraph" // a ready-made list needs a paragraph of its own
	MissingField    Rule = "missing_field"

	NoFooter        Rule = "no_footer"
	FooterNotLast   Rule = "footer_not_last"
	NoButton        Rule = "no_button"
	SecondButton    Rule = "second_button"
	ButtonForm      Rule = "button_form" // brackets of a button on a line that is none
	ButtonCondition Rule = "button_condition"
	LinkAddress     Rule = "link_address"
	Markdown        Rule = "markdown" // What is the kind, as mail_check.kinds has it
	NotComposed     Rule = "not_composed"
)

// Finding is something to be mended in a text before it may be sent.
type Finding struct {
	Rule    Rule
	Subject bool   // in the subject; else in the body
	Line    int    // of the body, from 1; 0 where the finding is about no line
	What    string // a field, or what was written; "" where the rule says it all
}

// Check tells what is wrong with a text that is to take the place of the product's, in its order; nothing where it may be
// sent. A text that passes is composed with every data that the program provides for the mail, optional fields empty or not.
func Check(catalog *texts.Catalog, lang texts.Lang, name string, text texts.MailText) []Finding {
	standard, ok := catalog.Mail(lang, name)
	if !ok {
		return []Finding{{Rule: UnknownMail}}
	}
	c := &checker{name: name, fields: Fields(catalog, lang, name), standard: standard}
	if name != footerTemplate {
		c.checkSubject(text.Subject)
	}
	c.checkBody(text.Body)
	if len(c.found) == 0 && !composes(catalog, lang, name, text) {
		c.add(Finding{Rule: NotComposed})
	}
	return c.found
}

// checkSettings are of no installation.
var checkSettings = Settings{SiteURL: "https://miglobe.example"}

func composes(catalog *texts.Catalog, lang texts.Lang, name string, text texts.MailText) bool {
	wording := NewWording(catalog)
	_, full := wording.ComposeSample(lang, name, text, checkSettings)
	_, bare := wording.composeBareSample(lang, name, text, checkSettings)
	return full == nil && bare == nil
}

// checker collects what is wrong with one text.
type checker struct {
	name     string
	fields   []Field
	standard texts.MailText
	found    []Finding
}

func (c *checker) add(found Finding) { c.found = append(c.found, found) }

// field finds a field of the mail.
func (c *checker) field(name string) (Field, bool) {
	i := slices.IndexFunc(c.fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return c.fields[i], true
}

// has tells whether the mail has a field.
func (c *checker) has(name string) bool {
	_, ok := c.field(name)
	return ok
}

// checkSubject lets a subject have fields that always have a value, and nothing else.
func (c *checker) checkSubject(subject string) {
	report := func(rule Rule, what string) { c.add(Finding{Rule: rule, Subject: true, What: what}) }
	switch {
	case strings.TrimSpace(templateAction.ReplaceAllString(subject, "")) == "":
		report(NoSubject, "")
	case strings.ContainsAny(subject, "\r\n"):
		report(SubjectBreaks, "")
	case utf8.RuneCountInString(subject) > MaxSubject:
		report(SubjectTooLong, "")
	}
	for _, action := range templateAction.FindAllString(subject, -1) {
		name := strings.TrimPrefix(inside(action), ".")
		field, known := c.field(name)
		switch {
		case fieldOf(inside(action)) != name:
			report(SubjectField, action)
		case !isField(name):
			report(UnknownField, action)
		case !known:
			report(OtherMailsField, action)
		case !field.InSubject:
			report(SubjectField, action)
		}
	}
	if rule := looseBraces(subject); rule != "" {
		report(rule, "")
	}
}
