package mail

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	markdownhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// blockKind says how a block looks.
type blockKind string

const (
	paragraphBlock blockKind = "paragraph"
	listBlock      blockKind = "list"
	headingBlock   blockKind = "heading"
	buttonBlock    blockKind = "button"
)

// block is a piece of a mail from which both the HTML and the text are
// written, so that they cannot differ. HTML is set for paragraphs only, Items
// for lists, URL for buttons.
type block struct {
	Kind  blockKind
	Text  string // line ends in it are meant
	HTML  template.HTML
	Items [][]block
	URL   string
}

// linkStyle is the inline style of a link in running text.
const linkStyle = "color:#2044aa;word-break:break-word;"

// markdown leaves out raw HTML and links to anything but pages and addresses.
var markdown = goldmark.New()

// markdownBlocks reads what texts/mails/FIELDS.md allows: paragraphs and lists
// with emphasis and links. Anything else is an error, so that nothing vanishes
// from a mail unnoticed.
func markdownBlocks(source string) ([]block, error) {
	raw := []byte(source)
	return childBlocks(markdown.Parser().Parse(text.NewReader(raw)), raw)
}

// unknownMarkdown is a kind of Markdown that mails do not have.
type unknownMarkdown string

func (kind unknownMarkdown) Error() string {
	return "a mail has no Markdown of the kind " + string(kind)
}

func childBlocks(parent ast.Node, source []byte) ([]block, error) {
	var blocks []block
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		b, err := readBlock(node, source)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	return blocks, nil
}

func readBlock(node ast.Node, source []byte) (block, error) {
	switch node := node.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return readParagraph(node, source)
	case *ast.List:
		if node.IsOrdered() {
			return block{}, unknownMarkdown("OrderedList")
		}
		list := block{Kind: listBlock}
		for item := node.FirstChild(); item != nil; item = item.NextSibling() {
			blocks, err := childBlocks(item, source)
			if err != nil {
				return block{}, err
			}
			list.Items = append(list.Items, blocks)
		}
		return list, nil
	}
	return block{}, unknownMarkdown(node.Kind().String())
}

func readParagraph(node ast.Node, source []byte) (block, error) {
	var plain strings.Builder
	if err := writePlain(&plain, node, source); err != nil {
		return block{}, err
	}
	var marked bytes.Buffer
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if err := markdown.Renderer().Render(&marked, source, child); err != nil {
			return block{}, fmt.Errorf("render Markdown: %w", err)
		}
	}
	// #nosec G203 -- goldmark escapes text and leaves out raw HTML.
	return block{Kind: paragraphBlock, Text: plain.String(), HTML: template.HTML(marked.String())}, nil
}

// writePlain writes the children of a node as plain text, a link followed by
// its address, and gives links their style on the way.
func writePlain(out *strings.Builder, parent ast.Node, source []byte) error {
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		switch node := node.(type) {
		case *ast.Text:
			out.WriteString(plainText(node.Value(source)))
			if node.HardLineBreak() {
				out.WriteByte('\n')
			} else if node.SoftLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.String:
			out.WriteString(plainText(node.Value))
		case *ast.Emphasis:
			if err := writePlain(out, node, source); err != nil {
				return err
			}
		case *ast.Link:
			if markdownhtml.IsDangerousURL(node.Destination) {
				return unknownMarkdown("link to anything but pages")
			}
			node.SetAttributeString("class", []byte("lnk"))
			node.SetAttributeString("style", []byte(linkStyle))
			if err := writePlain(out, node, source); err != nil {
				return err
			}
			fmt.Fprintf(out, " <%s>", node.Destination)
		default:
			return unknownMarkdown(node.Kind().String())
		}
	}
	return nil
}

// plainText resolves what is escaped in Markdown. It takes the way through
// goldmark's own writer, because escapes and entities need one pass.
func plainText(segment []byte) string {
	var escaped bytes.Buffer
	out := bufio.NewWriter(&escaped)
	markdownhtml.DefaultWriter.Write(out, segment)
	_ = out.Flush() // a bytes.Buffer takes everything
	return html.UnescapeString(escaped.String())
}
