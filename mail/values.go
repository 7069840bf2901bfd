package mail

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/util"
)

// transform returns the data with every text changed by f.
func (d Data) transform(f func(string) string) Data {
	for _, text := range []*string{
		&d.Name, &d.Municipality, &d.Number, &d.Due, &d.Link, &d.Coordinator,
		&d.Subject, &d.When, &d.Where, &d.Reason,
	} {
		*text = f(*text)
	}
	advisors := make([]string, len(d.Advisors))
	for i, advisor := range d.Advisors {
		advisors[i] = f(advisor)
	}
	d.Advisors = nil
	if len(advisors) > 0 {
		d.Advisors = advisors
	}
	return d
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ")

// clean removes what no text needs: control characters, blanks around it, and
// line ends other than \n.
func clean(value string) string {
	value = lineEnds.Replace(value)
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, "\uFFFD"))
	return strings.TrimSpace(value)
}

// singleLine is for places that have only one line, such as a header. No-break
// spaces stay.
func singleLine(value string) string {
	return strings.Join(strings.FieldsFunc(clean(value), isBreakable), " ")
}

func isBreakable(r rune) bool { return r == ' ' || r == '\n' }

// EscapeMarkdown makes a value plain text inside Markdown: nothing in it is
// markup, and each of its lines stays a line of the paragraph that it stands
// in. Whoever makes the list for the mail daily_digest calls it for each value.
func EscapeMarkdown(value string) string {
	lines := strings.Split(clean(value), "\n")
	for i, line := range lines {
		var escaped strings.Builder
		for _, r := range strings.TrimSpace(line) {
			if r < unicode.MaxASCII && util.IsPunct(byte(r)) {
				escaped.WriteByte('\\')
			}
			escaped.WriteRune(r)
		}
		lines[i] = escaped.String()
	}
	return strings.Join(lines, "\\\n")
}
