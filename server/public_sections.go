package server

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// section is a part of a text page: a heading and what follows it, up to the next heading of the same level.
type section struct {
	Heading string
	Body    template.HTML
	Parts   []section // by headings one level below; Body is what stands before the first of them
	nodes   []*html.Node
}

// sectionsOf cuts a rendered text page at its headings, so that a page with a design of its own can place them. The
// first section is that of the h1.
func sectionsOf(page template.HTML) ([]section, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(string(page)), body)
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	before, sections := cut(nodes, atom.H2)
	_, first := cut(before, atom.H1)
	sections = append(first, sections...)
	for i := range sections {
		rest, parts := cut(sections[i].nodes, atom.H3)
		sections[i].nodes, sections[i].Parts = rest, parts
		if sections[i].Body, err = render(rest...); err != nil {
			return nil, err
		}
		for j := range parts {
			if parts[j].Body, err = render(parts[j].nodes...); err != nil {
				return nil, err
			}
		}
	}
	return sections, nil
}

// cut divides nodes at the headings of one level.
func cut(nodes []*html.Node, level atom.Atom) (before []*html.Node, sections []section) {
	for _, node := range nodes {
		switch {
		case node.DataAtom == level:
			sections = append(sections, section{Heading: textOf(node)})
		case len(sections) == 0:
			before = append(before, node)
		default:
			last := &sections[len(sections)-1]
			last.nodes = append(last.nodes, node)
		}
	}
	return before, sections
}

// items are the entries of the n-th ordered list of a section; each begins with what is strong in it.
func (s section) items(n int) ([]section, error) {
	for _, node := range s.nodes {
		if node.DataAtom != atom.Ol {
			continue
		}
		if n--; n >= 0 {
			continue
		}
		var items []section
		for li := node.FirstChild; li != nil; li = li.NextSibling {
			if li.DataAtom == atom.Li {
				item, err := itemOf(li)
				if err != nil {
					return nil, err
				}
				items = append(items, item)
			}
		}
		return items, nil
	}
	return nil, nil
}

func itemOf(li *html.Node) (section, error) {
	var item section
	for child := li.FirstChild; child != nil; child = child.NextSibling {
		if child.DataAtom == atom.Strong && item.Heading == "" {
			item.Heading = strings.TrimSuffix(textOf(child), ".")
			continue
		}
		item.nodes = append(item.nodes, child)
	}
	var err error
	item.Body, err = render(item.nodes...)
	return item, err
}

// without leaves out the ordered lists of a section, which stand elsewhere on the page, and the paragraph before each.
func (s section) without(listed atom.Atom) (template.HTML, error) {
	var kept []*html.Node
	for _, node := range s.nodes {
		if node.DataAtom != listed {
			kept = append(kept, node)
			continue
		}
		for len(kept) > 0 && kept[len(kept)-1].DataAtom != atom.P {
			kept = kept[:len(kept)-1]
		}
		kept = kept[:max(0, len(kept)-1)]
	}
	return render(kept...)
}

// firstParagraph of a section; an empty one where it has none.
func firstParagraph(s section) *html.Node {
	for _, node := range s.nodes {
		if node.DataAtom == atom.P {
			return node
		}
	}
	return &html.Node{Type: html.TextNode}
}

func render(nodes ...*html.Node) (template.HTML, error) {
	var out bytes.Buffer
	for _, node := range nodes {
		if err := html.Render(&out, node); err != nil {
			return "", fmt.Errorf("render section: %w", err)
		}
	}
	return template.HTML(strings.TrimSpace(out.String())), nil // #nosec G203 -- a part of texts.Page, which has no raw HTML
}

func textOf(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	var text strings.Builder
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		text.WriteString(textOf(child))
	}
	return text.String()
}
