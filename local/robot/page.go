package robot

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// page is what a browser would show.
type page struct {
	root *html.Node
	url  *url.URL
}

func parsePage(content []byte, address *url.URL) (page, error) {
	root, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		return page{}, fmt.Errorf("robot: %s: %w", address.Path, err)
	}
	return page{root: root, url: address}, nil
}

func all(root *html.Node, selector string) []*html.Node {
	return cascadia.QueryAll(root, cascadia.MustCompile(selector))
}

func attribute(n *html.Node, name string) string {
	value, _ := lookUp(n, name)
	return value
}

func lookUp(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var parts []string
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if part := strings.TrimSpace(text(child)); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// errors are what the page says is wrong with the answers.
func (p page) errors() []string {
	var found []string
	for _, n := range all(p.root, ".kern-error, .mg-errors li") {
		found = append(found, text(n))
	}
	return found
}

// heading is what the page is about.
func (p page) heading() string {
	for _, n := range all(p.root, "h1") {
		return text(n)
	}
	return ""
}

// form finds the form that posts to a path, and of several the first that a choice is sent with. Of its buttons it takes
// the one of the choice.
func (p page) form(path, choice string) (*Form, bool) {
	var found *Form
	for _, n := range all(p.root, `form[method="post"]`) {
		if attribute(n, "action") != path {
			continue
		}
		f := readForm(n, p.url.ResolveReference(&url.URL{Path: path}))
		if f.press(choice) {
			return f, true
		}
		if found == nil {
			found = f
		}
	}
	return found, found != nil
}

// choices are the links to the forms of a task's choices.
func (p page) choices() []string {
	var found []string
	for _, n := range all(p.root, "a[href]") {
		address, err := url.Parse(attribute(n, "href"))
		if err == nil && address.Path == p.url.Path && address.Query().Has(choiceQuery) {
			found = append(found, attribute(n, "href"))
		}
	}
	return found
}
