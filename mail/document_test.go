package mail_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// document is a parsed page.
type document struct{ root *html.Node }

func parse(t *testing.T, page string) document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("parse HTML: %v", err)
	}
	return document{root}
}

func (d document) all(element string) []*html.Node {
	var found []*html.Node
	for node := range d.root.Descendants() {
		if node.Type == html.ElementNode && node.Data == element {
			found = append(found, node)
		}
	}
	return found
}

func (d document) texts(element string) []string {
	var found []string
	for _, node := range d.all(element) {
		found = append(found, textOf(node))
	}
	return found
}

// belowHeading is the text after the h1, one piece a line.
func (d document) belowHeading() string {
	var text strings.Builder
	var heading *html.Node
	for node := range d.root.Descendants() {
		switch {
		case node.Type == html.ElementNode && node.Data == "h1":
			heading = node
		case node.Type == html.TextNode && heading != nil && !slices.Contains(slices.Collect(node.Ancestors()), heading):
			text.WriteString(node.Data + "\n")
		}
	}
	return text.String()
}

func (d document) links() []string {
	var found []string
	for _, node := range d.all("a") {
		found = append(found, attributeOf(node, "href"))
	}
	return found
}

func (d document) attribute(element, name string) string {
	for _, node := range d.all(element) {
		return attributeOf(node, name)
	}
	return ""
}

func attributeOf(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			text.WriteString(child.Data)
		}
	}
	return strings.TrimSpace(text.String())
}

// elements names all elements in their order, but for one kind.
func (d document) elements(without string) []string {
	var found []string
	for node := range d.root.Descendants() {
		if node.Type == html.ElementNode && node.Data != without {
			found = append(found, node.Data)
		}
	}
	return found
}

func (d document) attributeNames() []string {
	var found []string
	for node := range d.root.Descendants() {
		for _, attribute := range node.Attr {
			found = append(found, attribute.Key)
		}
	}
	return found
}
