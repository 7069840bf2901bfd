package mail

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

const footerAction = `template "footer" .`

var (
	singleBraces = regexp.MustCompile(`\{ *\.?[A-Z][a-z]+ *\}`)
	buttonSource = regexp.MustCompile(`^\[\[[^\[\]{}]+\]\]\(\{\{ *\.Link *\}\}\)$`)
	linkTarget   = regexp.MustCompile(`\]\(([^)]*)\)?`)
	goodTarget   = regexp.MustCompile(`^(?:\{\{ *\.Link *\}\}|https?://[^{}\s<>"]+|(?:mailto|tel):[^{}\s<>"]+)$`)
)

// looseBraces finds braces that make no action.
func looseBraces(line string) Rule {
	rest := templateAction.ReplaceAllString(line, "")
	switch {
	case strings.Contains(rest, "{{"), strings.Contains(rest, "}}"):
		return OpenBraces
	case singleBraces.MatchString(rest):
		return SingleBraces
	}
	return ""
}

// bodyChecker reads a body line by line.
type bodyChecker struct {
	*checker
	lines   []string
	number  int // of the line that is read, from 1
	open    string
	since   int             // the line on which the condition or list began that is open
	always  map[string]bool // fields that the text prints whatever is empty
	buttons int
	footer  int // its line
}

// checkBody goes through the lines, then asks for what a text must have.
func (c *checker) checkBody(body string) {
	if utf8.RuneCountInString(body) > MaxBody {
		c.add(Finding{Rule: TooLong})
		return
	}
	b := &bodyChecker{checker: c, lines: strings.Split(strings.TrimRight(body, " \t\n"), "\n"), always: map[string]bool{}}
	for i, line := range b.lines {
		b.number = i + 1
		b.line(line)
	}
	if b.open != "" {
		c.add(Finding{Rule: NotEnded, Line: b.since})
	}
	b.required()
	b.markdown()
}

func (b *bodyChecker) report(rule Rule, what string) {
	b.add(Finding{Rule: rule, Line: b.number, What: what})
}

func (b *bodyChecker) line(line string) {
	if rule := looseBraces(line); rule != "" {
		b.report(rule, "")
	}
	within := b.open
	for _, action := range templateAction.FindAllString(line, -1) {
		b.action(action, inside(action))
	}
	if strings.Contains(line, "[[") {
		b.button(strings.TrimSpace(line), within)
		return
	}
	for _, target := range linkTarget.FindAllStringSubmatch(line, -1) {
		if !goodTarget.MatchString(target[1]) {
			b.report(LinkAddress, target[1])
		}
	}
}

// action checks one action: FIELDS.md lists what is allowed.
func (b *bodyChecker) action(action, inside string) {
	field := fieldOf(inside)
	switch {
	case inside == ".":
		if b.open != "range" {
			b.report(DotOutside, "")
		}
	case inside == "end":
		if b.open == "" {
			b.report(EndAlone, "")
		}
		b.open = ""
	case inside == footerAction && b.name != footerTemplate:
		b.footer = b.number
		if b.number != len(b.lines) || strings.TrimSpace(b.lines[b.number-1]) != action || b.open != "" {
			b.report(FooterNotLast, "")
		}
	case field == "":
		b.report(UnknownAction, action)
	case !isField(field):
		b.report(UnknownField, action)
	case !b.has(field):
		b.report(OtherMailsField, action)
	case inside == "."+field:
		b.print(action, field)
	default:
		b.begin(action, inside, field)
	}
}

// begin checks the beginning of a condition or a list.
func (b *bodyChecker) begin(action, inside, name string) {
	field, _ := b.field(name)
	kind, _, _ := strings.Cut(inside, " ")
	switch {
	case b.open != "":
		b.report(Nested, action)
	case kind == "if" && !field.Optional:
		b.report(ConditionField, action)
	case kind == "range" && name != "Advisors":
		b.report(RangeField, action)
	}
	b.open, b.since = kind, b.number
	if kind == "if" {
		b.open = "if " + name
	}
}

// print checks a field whose value is printed.
func (b *bodyChecker) print(action, name string) {
	field, _ := b.field(name)
	switch {
	case name == "Advisors":
		b.report(ListField, action)
	case b.open == "range":
		b.report(FieldInList, action)
	case field.Optional && b.open != "if "+name:
		b.report(OptionalField, action)
	case isMarkdown(b.name, name) && (strings.TrimSpace(b.lines[b.number-1]) != action || !b.standsAlone()):
		b.report(OwnParagraph, action)
	}
	if b.open == "" {
		b.always[name] = true
	}
}

// standsAlone tells whether the line is a paragraph of its own.
func (b *bodyChecker) standsAlone() bool {
	blank := func(number int) bool {
		return number < 1 || number > len(b.lines) || strings.TrimSpace(b.lines[number-1]) == ""
	}
	return blank(b.number-1) && blank(b.number+1)
}

// button checks a line with the brackets of a button.
func (b *bodyChecker) button(line, within string) {
	switch {
	case !buttonSource.MatchString(line) || !b.standsAlone():
		b.report(ButtonForm, "")
	case within != "":
		b.report(ButtonCondition, "")
	case b.buttons > 0:
		b.report(SecondButton, "")
	}
	b.buttons++
}

// required asks for what the product's text has and a text must not lack. The button leads to the page that settles what
// the mail is about; the footer says who writes, and that opening a link changes nothing.
func (b *bodyChecker) required() {
	if b.name == footerTemplate {
		if strings.TrimSpace(strings.Join(b.lines, "")) == "" {
			b.add(Finding{Rule: NoText})
		}
		return
	}
	paragraphs := splitParagraphs(strings.Join(b.lines, "\n"))
	if b.footer > 0 {
		paragraphs = paragraphs[:max(0, len(paragraphs)-1)]
	}
	if len(paragraphs) < 2 {
		b.add(Finding{Rule: NoText})
	}
	for _, field := range b.fields {
		switch {
		case !field.Needed:
		case field.Name == "Link":
			if b.buttons == 0 {
				b.add(Finding{Rule: NoButton})
			}
		case !b.always[field.Name]:
			b.add(Finding{Rule: MissingField, What: "{{." + field.Name + "}}"})
		}
	}
	if b.footer == 0 {
		b.add(Finding{Rule: NoFooter})
	}
}
