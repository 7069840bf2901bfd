package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"miglobe/advisory"
	"miglobe/texts"
)

// Data holds the values of a mail's fields; texts/mails/FIELDS.md says which
// mail uses which, and what Due and Reason mean in it. All of them are plain
// text and cannot bring in markup. Only Reason of the mail daily_digest is
// Markdown, made by the program: values in it go through EscapeMarkdown.
//
// Name and Number are the same in all parts of one mail. Days is 2 or more,
// because the sentences are in the plural.
type Data struct {
	Name         string
	Municipality string
	Number       string
	Due          string
	Link         string
	Coordinator  string
	Subject      string
	Advisors     []string
	When         string
	Where        string
	Reason       string
	Days         int
}

// Part is one of the mails of texts/mails with its values.
type Part struct {
	Template string
	Data     Data
}

// Settings are what the footer of every mail says about the sender.
type Settings struct {
	SiteURL      string // address of the pages, without a path
	OperatorName string // who runs the pages; may be empty
}

// Message is a mail in both of its forms, without addresses.
type Message struct {
	Lang    texts.Lang
	Subject string
	Text    string
	HTML    string
}

// Compose writes one mail for one person. Several parts become one mail, the
// most urgent one first: it gives the subject. The parts share the greeting,
// the closing lines and the footer; each keeps its button.
//
// An error has the code advisory.Internal and is never cured by trying again:
// a part that does not exist, a field without a value that the mail needs, a
// link that is none, or parts for different people or consultations.
func Compose(wording *Wording, lang texts.Lang, parts []Part, settings Settings) (Message, error) {
	if err := checkBelongTogether(parts); err != nil {
		return Message{}, err
	}
	rendered := make([]renderedPart, len(parts))
	for i, part := range parts {
		var err error
		if rendered[i], err = wording.renderPart(lang, part); err != nil {
			return Message{}, advisory.Errorf(advisory.Internal, "compose mail %s (%s): %w", part.Template, lang, err)
		}
	}
	body, err := combine(rendered)
	if err != nil {
		return Message{}, advisory.Errorf(advisory.Internal, "combine %d mails (%s): %w", len(parts), lang, err)
	}
	footer, err := wording.renderFooter(lang, parts[0].Data)
	if err != nil {
		return Message{}, advisory.Errorf(advisory.Internal, "compose footer (%s): %w", lang, err)
	}
	title, number := rendered[0].splitSubject()
	layout := layout{
		Lang:      lang,
		Brand:     wording.catalog.UI(lang, "app.name"),
		Subject:   rendered[0].subject,
		Title:     title,
		Number:    number,
		Preheader: preheader(body),
		Body:      body,
		Footer:    footer,
		Operator:  settings.OperatorName,
		Pages:     footerPages(wording.catalog, lang, settings),
	}
	html, err := layout.html()
	if err != nil {
		return Message{}, advisory.Errorf(advisory.Internal, "write HTML of mail %s (%s): %w", parts[0].Template, lang, err)
	}
	return Message{Lang: lang, Subject: layout.Subject, Text: layout.text(), HTML: html}, nil
}

func checkBelongTogether(parts []Part) error {
	if len(parts) == 0 {
		return advisory.Errorf(advisory.Internal, "a mail needs at least one part")
	}
	for _, part := range parts[1:] {
		if part.Data.Name != parts[0].Data.Name || part.Data.Number != parts[0].Data.Number {
			return advisory.Errorf(advisory.Internal,
				"mails %s and %s are not for the same person and consultation", parts[0].Template, part.Template)
		}
	}
	return nil
}

// combine puts the bodies one after the other below one greeting. Every further
// one begins with its own subject as a heading, and what a part ends with is
// left out where a later one ends with the same.
func combine(parts []renderedPart) ([]block, error) {
	body, err := parts[0].blocks(parts[0].greeting)
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		ending := 0
		for _, later := range parts[i+1:] {
			ending = max(ending, commonEnding(part.body, later.body))
		}
		own := part.body[:len(part.body)-ending]
		if i > 0 && len(own) > 0 {
			title, _ := part.splitSubject()
			body = append(body, block{Kind: headingBlock, Text: title})
			own = append([]string{upperFirst(own[0])}, own[1:]...)
		}
		for _, paragraph := range own {
			blocks, err := part.blocks(paragraph)
			if err != nil {
				return nil, err
			}
			body = append(body, blocks...)
		}
	}
	return body, nil
}

// commonEnding counts the paragraphs that both end with. A button ends the
// count: each part keeps its own.
func commonEnding(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] && !buttonLine.MatchString(a[len(a)-1-n]) {
		n++
	}
	return n
}

// upperFirst is for a body that no longer follows "Guten Tag …,".
func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// preheaderLength is about what a list of mails shows after the subject.
const preheaderLength = 140

// preheader is the first paragraph after the greeting, which tells more than
// the greeting that a list of mails would show otherwise.
func preheader(body []block) string {
	for _, b := range body[1:] {
		if b.Kind != paragraphBlock {
			continue
		}
		line := upperFirst(singleLine(b.Text))
		if utf8.RuneCountInString(line) <= preheaderLength {
			return line
		}
		short := string([]rune(line)[:preheaderLength])
		if space := strings.LastIndexByte(short, ' '); space > 0 {
			short = short[:space]
		}
		return short + " …"
	}
	return ""
}

// Paths of the pages that every mail links to. English pages have the same
// path below /en.
const (
	imprintPath = "/impressum"
	privacyPath = "/datenschutz"
)

// page is a link of the footer.
type page struct {
	Title string
	URL   string
}

func footerPages(catalog *texts.Catalog, lang texts.Lang, settings Settings) []page {
	site := strings.TrimRight(settings.SiteURL, "/")
	if lang == texts.English {
		site += "/en"
	}
	return []page{
		{Title: catalog.UI(lang, "nav.imprint"), URL: site + imprintPath},
		{Title: catalog.UI(lang, "nav.privacy"), URL: site + privacyPath},
	}
}
