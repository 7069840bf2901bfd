// Package texts holds every word that people see, in German and English:
// labels, forms, pages and mails. No other package writes a sentence.
package texts

import (
	"embed"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

//go:embed ui forms pages/*/*.md mails/*/*.md
var files embed.FS

// Lang is a language of the product, as in the lang attribute of HTML.
type Lang string

// The languages. German is written first and is authoritative.
const (
	German  Lang = "de"
	English Lang = "en"
)

// Langs lists the languages, the authoritative one first.
var Langs = []Lang{German, English}

// ParseLang reads a language tag such as "en" or "en-GB". Whatever is not
// English is German.
func ParseLang(tag string) Lang {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	if strings.EqualFold(strings.TrimSpace(primary), string(English)) {
		return English
	}
	return German
}

// Catalog is all texts in all languages. It never changes after Load and may
// be used by many goroutines at once.
type Catalog struct {
	ui    map[Lang]map[string]string
	forms map[Lang]formsFile
	pages map[Lang]map[string]pageSource
	mails map[Lang]map[string]MailText

	missing sync.Map
}

// Load reads the embedded texts and checks that both languages fit together;
// the error names every finding.
func Load() (*Catalog, error) {
	c := &Catalog{
		ui:    map[Lang]map[string]string{},
		forms: map[Lang]formsFile{},
		pages: map[Lang]map[string]pageSource{},
		mails: map[Lang]map[string]MailText{},
	}
	for _, lang := range Langs {
		if err := c.loadLang(lang); err != nil {
			return nil, fmt.Errorf("load texts of language %s: %w", lang, err)
		}
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("texts do not fit together: %w", err)
	}
	return c, nil
}

func (c *Catalog) loadLang(lang Lang) error {
	var err error
	if c.ui[lang], err = loadUI(lang); err != nil {
		return err
	}
	if c.forms[lang], err = loadForms(lang); err != nil {
		return err
	}
	if c.pages[lang], err = loadPages(lang); err != nil {
		return err
	}
	c.mails[lang], err = loadMails(lang)
	return err
}

// UI returns a text of ui/*.yaml by its dotted key and fills its
// placeholders from pairs of names and values. Tasks of additional_tasks are
// found below tasks, too. An unknown key is logged once and returned as it
// is, so that a page never breaks.
func (c *Catalog) UI(lang Lang, key string, pairs ...any) string {
	text, ok := c.ui[lang][key]
	if !ok {
		return c.reportMissing(lang, key)
	}
	return Fill(text, pairs...)
}

// HasUI tells whether ui/*.yaml has this key.
func (c *Catalog) HasUI(lang Lang, key string) bool {
	_, ok := c.ui[lang][key]
	return ok
}

// Count returns the singular (key_one) or plural (key_many) for n and fills
// in {n}.
func (c *Catalog) Count(lang Lang, key string, n int, pairs ...any) string {
	return c.UI(lang, pluralKey(key, n), append([]any{"n", n}, pairs...)...)
}

// FormText returns a text of forms/*.yaml below common, errors or notes by
// its dotted key, such as "common.next".
func (c *Catalog) FormText(lang Lang, key string, pairs ...any) string {
	text, ok := c.forms[lang].texts[key]
	if !ok {
		return c.reportMissing(lang, key)
	}
	return Fill(text, pairs...)
}

// FormCount is Count for the texts of FormText.
func (c *Catalog) FormCount(lang Lang, key string, n int, pairs ...any) string {
	return c.FormText(lang, pluralKey(key, n), append([]any{"n", n}, pairs...)...)
}

func pluralKey(key string, n int) string {
	if n == 1 {
		return key + "_one"
	}
	return key + "_many"
}

func (c *Catalog) reportMissing(lang Lang, key string) string {
	if _, known := c.missing.LoadOrStore(string(lang)+"/"+key, true); !known {
		slog.Warn("text is missing", "lang", string(lang), "key", key)
	}
	return key
}

// Fill replaces placeholders such as {n} by values, given as pairs of a name
// and a value. Placeholders without a value stay.
func Fill(text string, pairs ...any) string {
	if len(pairs) == 0 {
		return text
	}
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		replacements = append(replacements, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(replacements...).Replace(text)
}
