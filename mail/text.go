package mail

import (
	"strings"
	"unicode/utf8"
)

// textWidth is the number of columns of the plain text.
const textWidth = 72

// text writes the plain text twin in the order of the HTML, without the
// subject, which the reader has seen in the header.
func (l layout) text() string {
	var out strings.Builder
	writeBlocks(&out, l.Body)
	out.WriteString("\n-- \n")
	writeBlocks(&out, l.Footer)
	out.WriteByte('\n')
	if l.Operator != "" {
		out.WriteString(wrap(l.Operator, "", ""))
	}
	for _, page := range l.Pages {
		out.WriteString(wrap(page.Title+": "+page.URL, "", ""))
	}
	return out.String()
}

// writeBlocks writes blocks with a blank line between them.
func writeBlocks(out *strings.Builder, blocks []block) {
	for i, b := range blocks {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(b.plain("", ""))
	}
}

// plain writes a block as wrapped lines, the first of them behind one
// indentation, all others behind another.
func (b block) plain(first, further string) string {
	switch b.Kind {
	case listBlock:
		var out strings.Builder
		for _, item := range b.Items {
			indentation := first + "- "
			for _, child := range item {
				out.WriteString(child.plain(indentation, further+"  "))
				indentation = further + "  "
			}
			first = further
		}
		return out.String()
	case buttonBlock:
		return wrap(b.Text+": "+b.URL, first, further)
	}
	return wrap(b.Text, first, further)
}

// wrap breaks text into lines of at most textWidth columns. Only plain spaces
// break, and a word that is too long for a line, such as an address, stays
// whole.
func wrap(text, first, further string) string {
	var out strings.Builder
	line, indentation := "", first
	flush := func() {
		out.WriteString(strings.TrimRight(indentation+line, " ") + "\n")
		line, indentation = "", further
	}
	for _, meant := range strings.Split(text, "\n") {
		for _, word := range strings.FieldsFunc(meant, isBreakable) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(indentation+line+" "+word) <= textWidth:
				line += " " + word
			default:
				flush()
				line = word
			}
		}
		flush()
	}
	return out.String()
}
