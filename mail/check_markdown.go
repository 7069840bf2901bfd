package mail

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// condition is what only shows where a field has a value; in lists there are none.
var condition = regexp.MustCompile(`(?s)\{\{ *if [^}]*\}\}.*?\{\{ *end *\}\}`)

// markdown finds Markdown that mails do not have, with its line, whether conditions hold or not.
func (b *bodyChecker) markdown() {
	full := strings.Join(b.lines, "\n")
	bare := condition.ReplaceAllStringFunc(full, func(part string) string { return strings.Repeat("\n", strings.Count(part, "\n")) })
	for _, body := range []string{full, bare} {
		lines := strings.Split(body, "\n")
		begin := 0
		for i := 0; i <= len(lines); i++ {
			if i < len(lines) && strings.TrimSpace(lines[i]) != "" {
				continue
			}
			b.paragraph(begin, lines[begin:i])
			begin = i + 1
		}
	}
}

// paragraph checks some lines; above says how many come before.
func (b *bodyChecker) paragraph(above int, lines []string) {
	var filled []string
	for _, line := range lines {
		filled = append(filled, b.filled(line))
	}
	whole := strings.Trim(strings.Join(filled, "\n"), " \t\n")
	if whole == "" || strings.Contains(whole, "[[") { // a button was checked before
		return
	}
	kind := kindUnknown(whole)
	if kind == "" {
		return
	}
	found := Finding{Rule: Markdown, Line: above + 1, What: kind}
	for i, line := range filled {
		if kindUnknown(strings.TrimSpace(line)) == kind {
			found.Line += i
			break
		}
	}
	if !slices.Contains(b.found, found) {
		b.add(found)
	}
}

// filled is a line with a word in the place of every value, so that it stays on its line.
func (b *bodyChecker) filled(line string) string {
	return templateAction.ReplaceAllStringFunc(line, func(action string) string {
		inside := inside(action)
		field := fieldOf(inside)
		switch {
		case inside == ".Link":
			return checkSettings.SiteURL
		case inside == ".", inside == "."+field && !isMarkdown(b.name, field):
			return "x"
		}
		return ""
	})
}

// kindUnknown is the kind of Markdown in a paragraph that mails do not have, or "".
func kindUnknown(paragraph string) string {
	if paragraph == "" {
		return ""
	}
	blocks, err := markdownBlocks(paragraph)
	var unknown unknownMarkdown
	switch {
	case errors.As(err, &unknown):
		return string(unknown)
	case err == nil && len(blocks) == 0:
		return "LinkReferenceDefinition" // it would vanish
	}
	return ""
}
