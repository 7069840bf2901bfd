package mail

import (
	"errors"
	"strings"
)

// markdown finds Markdown that mails do not have, with its line: every action is replaced by a word that keeps the line.
func (b *bodyChecker) markdown() {
	begin := 0
	for i := 0; i <= len(b.lines); i++ {
		if i < len(b.lines) && strings.TrimSpace(b.lines[i]) != "" {
			continue
		}
		b.paragraph(begin, i)
		begin = i + 1
	}
}

// paragraph checks the lines from begin to before end.
func (b *bodyChecker) paragraph(begin, end int) {
	var filled []string
	for _, line := range b.lines[begin:end] {
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
	b.number = begin + 1
	for i, line := range filled {
		if kindUnknown(strings.TrimSpace(line)) == kind {
			b.number += i
			break
		}
	}
	b.report(Markdown, kind)
}

// filled is a line with a word in the place of every value.
func (b *bodyChecker) filled(line string) string {
	return templateAction.ReplaceAllStringFunc(line, func(action string) string {
		switch inside := inside(action); {
		case inside == ".Link":
			return checkSettings.SiteURL
		case inside == ".", fieldOf(inside) != "" && inside == "."+fieldOf(inside) && !isMarkdown(b.name, fieldOf(inside)):
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
