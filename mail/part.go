package mail

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"miglobe/texts"
)

// digestTemplate is the one mail whose Reason is Markdown made by the program.
const digestTemplate = "daily_digest"

// footerTemplate is the part that ends every mail.
const footerTemplate = "_footer"

// renderedPart is a mail with its values filled in, its paragraphs still
// Markdown.
type renderedPart struct {
	subject  string
	number   string
	link     string
	greeting string
	body     []string
}

func (w *Wording) renderPart(lang texts.Lang, part Part) (renderedPart, error) {
	source, ok := w.Text(lang, part.Template)
	if !ok {
		return renderedPart{}, errors.New("there is no such mail")
	}
	data := part.Data.transform(clean)
	name := textName{lang, part.Template}
	subject, err := w.fill(sourceName{name, true}, source.Subject, data, data.transform(singleLine))
	if err != nil {
		return renderedPart{}, err
	}
	escaped := data.transform(EscapeMarkdown)
	escaped.Link = data.Link
	if part.Template == digestTemplate {
		escaped.Reason = data.Reason
	}
	body, err := w.fill(sourceName{name, false}, source.Body, data, escaped)
	if err != nil {
		return renderedPart{}, err
	}
	paragraphs := splitParagraphs(body)
	if len(paragraphs) < 2 {
		return renderedPart{}, errors.New("the mail has no text after its greeting")
	}
	if data.Link != "" && !isWebAddress(data.Link) {
		return renderedPart{}, errors.New("the link is not an address of a page")
	}
	return renderedPart{
		subject:  subject,
		number:   data.Number,
		link:     data.Link,
		greeting: paragraphs[0],
		body:     paragraphs[1:],
	}, nil
}

func (w *Wording) renderFooter(lang texts.Lang, data Data) ([]block, error) {
	source, ok := w.Text(lang, footerTemplate)
	if !ok {
		return nil, errors.New("there is no footer")
	}
	data = data.transform(clean)
	filled, err := w.fill(sourceName{textName{lang, footerTemplate}, false}, source.Body, data, data.transform(EscapeMarkdown))
	if err != nil {
		return nil, err
	}
	var footer []block
	for _, paragraph := range splitParagraphs(filled) {
		blocks, err := markdownBlocks(paragraph)
		if err != nil {
			return nil, err
		}
		footer = append(footer, blocks...)
	}
	return footer, nil
}

// splitSubject separates the number from a subject that ends with it.
func (p renderedPart) splitSubject() (title, number string) {
	if title, found := strings.CutSuffix(p.subject, " ("+p.number+")"); found {
		return title, p.number
	}
	return p.subject, ""
}

// buttonLine matches a button. No value can look like one, because brackets in
// values are escaped.
var buttonLine = regexp.MustCompile(`^\[\[([^\[\]]+)\]\]\((\S+)\)$`)

// blocks reads one paragraph of the part: a button or Markdown. A button leads
// to the part's own link and nowhere else.
func (p renderedPart) blocks(paragraph string) ([]block, error) {
	if found := buttonLine.FindStringSubmatch(paragraph); found != nil && found[2] == p.link {
		return []block{{Kind: buttonBlock, Text: found[1], URL: p.link}}, nil
	}
	return markdownBlocks(paragraph)
}

// fill executes a template with the prepared values, after a look whether all
// fields that it needs have one in data. The footer that every body ends with
// stays empty: Compose writes it once.
func (w *Wording) fill(name sourceName, source string, data, prepared Data) (string, error) {
	parsed, err := w.parse(name, source)
	if err != nil {
		return "", err
	}
	values := reflect.ValueOf(data)
	var missing []string
	for _, field := range parsed.needed {
		if value := values.FieldByName(field); value.IsValid() && value.IsZero() {
			missing = append(missing, field)
		}
	}
	if len(missing) > 0 {
		return "", fmt.Errorf("no value for %s", strings.Join(missing, ", "))
	}
	var out strings.Builder
	if err := parsed.template.Execute(&out, prepared); err != nil {
		return "", fmt.Errorf("fill template: %w", err)
	}
	return out.String(), nil
}

// parsedSource is a template of a mail with the fields that it needs.
type parsedSource struct {
	template *template.Template
	needed   []string
}

func parseSource(source string) (parsedSource, error) {
	parsed, err := template.New("mail").Parse(source + `{{define "footer"}}{{end}}`)
	if err != nil {
		return parsedSource{}, fmt.Errorf("parse template: %w", err)
	}
	return parsedSource{parsed, neededFields(parsed.Root)}, nil
}

// neededFields lists the fields that a template prints, other than those that
// it asks for with if.
func neededFields(node parse.Node) []string {
	var names []string
	switch node := node.(type) {
	case *parse.ListNode:
		for _, child := range node.Nodes {
			names = append(names, neededFields(child)...)
		}
	case *parse.ActionNode:
		names = neededFields(node.Pipe)
	case *parse.RangeNode:
		names = neededFields(node.Pipe)
	case *parse.PipeNode:
		for _, command := range node.Cmds {
			for _, argument := range command.Args {
				names = append(names, neededFields(argument)...)
			}
		}
	case *parse.FieldNode:
		names = node.Ident[:1]
	}
	slices.Sort(names)
	return slices.Compact(names)
}

var blankLines = regexp.MustCompile(`\n(?:[ \t]*\n)+`)

// splitParagraphs splits Markdown at its blank lines, however many there are
// in a row.
func splitParagraphs(markdown string) []string {
	var paragraphs []string
	for _, paragraph := range blankLines.Split(markdown, -1) {
		if paragraph = strings.Trim(paragraph, " \t\n"); paragraph != "" {
			paragraphs = append(paragraphs, paragraph)
		}
	}
	return paragraphs
}

func isWebAddress(link string) bool {
	parsed, err := url.Parse(link)
	return err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Host != "" &&
		!strings.ContainsAny(link, " \t\n()<>\"\\")
}
