package texts

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// Values of these keys are structure, not text: they are the same in both languages.
var structural = []string{"key", "type", "source", "options_from", "format", "autocomplete", "include", "repeat", "field", "option", "not_option"}

func TestLanguagesAreBuiltTheSame(t *testing.T) {
	for _, folder := range []string{"ui", "forms"} {
		de, en := sources(t, folder, German), sources(t, folder, English)
		if len(de) != len(en) {
			t.Fatalf("%s: %q in de, %q in en", folder, de, en)
		}
		for i := range de {
			compare(t, de[i], "", parse(t, de[i]), parse(t, en[i]))
		}
	}
}

func sources(t *testing.T, kind string, lang Lang) []string {
	t.Helper()
	names, err := sourcesOf(kind, lang)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func parse(t *testing.T, name string) *yaml.Node {
	t.Helper()
	source, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return document.Content[0]
}

func compare(t *testing.T, path, key string, de, en *yaml.Node) {
	t.Helper()
	if de.Kind != en.Kind || de.Tag != en.Tag || len(de.Content) != len(en.Content) {
		t.Errorf("%s: built differently in de (line %d) and en (line %d)", path, de.Line, en.Line)
		return
	}
	switch de.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(de.Content); i += 2 {
			name := de.Content[i].Value
			if en.Content[i].Value != name {
				t.Errorf("%s: key %s in de, %s in en", path, name, en.Content[i].Value)
				return
			}
			compare(t, path+"/"+name, name, de.Content[i+1], en.Content[i+1])
		}
	case yaml.SequenceNode:
		for i := range de.Content {
			compare(t, fmt.Sprintf("%s[%d]", path, i), key, de.Content[i], en.Content[i])
		}
	case yaml.ScalarNode:
		compareScalar(t, path, key, de, en)
	}
}

func compareScalar(t *testing.T, path, key string, de, en *yaml.Node) {
	t.Helper()
	if de.Tag != "!!str" || slices.Contains(structural, key) {
		if de.Value != en.Value {
			t.Errorf("%s: %q in de, %q in en", path, de.Value, en.Value)
		}
		return
	}
	if strings.TrimSpace(de.Value) == "" || strings.TrimSpace(en.Value) == "" {
		t.Errorf("%s: empty text", path)
	}
	if a, b := placeholders(de.Value), placeholders(en.Value); !slices.Equal(a, b) {
		t.Errorf("%s: placeholders %v in de, %v in en", path, a, b)
	}
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

func TestPluralsComeInPairs(t *testing.T) {
	c := load(t)
	for key := range c.ui[German] {
		if base, ok := strings.CutSuffix(key, "_one"); ok && !c.HasUI(German, base+"_many") {
			t.Errorf("%s has no plural", key)
		}
		if base, ok := strings.CutSuffix(key, "_many"); ok && !c.HasUI(German, base+"_one") {
			t.Errorf("%s has no singular", key)
		}
	}
}

var (
	mailAction = regexp.MustCompile(`\{\{-?\s*(.*?)\s*-?\}\}`)
	mailField  = regexp.MustCompile(`^(?:if |range )?\.([A-Z][a-z]+)$`)
	mailButton = regexp.MustCompile(`\[\[[^\[\]]+\]\]\(\{\{\.Link\}\}\)`)
	mailRow    = regexp.MustCompile(`(?m)^\| ([a-z_]+) \| [^|]* \| ([^|]*) \|`)
)

func TestMailsUseTheFieldsThatAreDocumented(t *testing.T) {
	c := load(t)
	source, err := os.ReadFile("mails/FIELDS.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, row := range mailRow.FindAllStringSubmatch(string(source), -1) {
		documented[row[1]] = strings.TrimSpace(row[2])
	}
	for _, name := range c.MailNames() {
		for _, lang := range Langs {
			mail, _ := c.Mail(lang, name)
			if used := strings.Join(fieldsOf(mail), ", "); used != documented[name] {
				t.Errorf("%s/%s uses %s, FIELDS.md says %s", lang, name, used, documented[name])
			}
		}
	}
	if _, ok := c.Mail(German, "_footer"); !ok {
		t.Error("mails have no footer")
	}
}

func fieldsOf(mail MailText) []string {
	var used []string
	for _, action := range mailAction.FindAllStringSubmatch(mail.Subject+"\n"+mail.Body, -1) {
		if field := mailField.FindStringSubmatch(action[1]); field != nil && !slices.Contains(used, field[1]) {
			used = append(used, field[1])
		}
	}
	slices.Sort(used)
	return used
}

func TestMailsUseOnlyAllowedActions(t *testing.T) {
	c := load(t)
	allowed := []string{"if .Reason", "if .Number", "range .Advisors", ".", "end", `template "footer" .`}
	for _, lang := range Langs {
		for name, mail := range c.mails[lang] {
			where := string(lang) + "/" + name
			for _, action := range mailAction.FindAllStringSubmatch(mail.Subject+mail.Body, -1) {
				if !slices.Contains(allowed, action[1]) && !regexp.MustCompile(`^\.[A-Z][a-z]+$`).MatchString(action[1]) {
					t.Errorf("%s: action %q is not allowed", where, action[1])
				}
			}
			if buttons := mailButton.FindAllString(mail.Body, -1); len(buttons) > 1 {
				t.Errorf("%s: %d buttons", where, len(buttons))
			}
			if !strings.HasPrefix(name, "_") && !strings.HasSuffix(strings.TrimSpace(mail.Body), `{{template "footer" .}}`) {
				t.Errorf("%s: does not end with the footer", where)
			}
		}
	}
}

func TestPagesHaveTheSamePlaceholdersInBothLanguages(t *testing.T) {
	c := load(t)
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range c.pages[German] {
		for _, found := range placeholders(page.markdown) {
			if !strings.Contains(string(readme), found) {
				t.Errorf("%s: %s is not documented in README.md", name, found)
			}
		}
		if name == "leichte-sprache" {
			continue
		}
		if a, b := placeholders(page.markdown), placeholders(c.pages[English][name].markdown); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in de, %v in en", name, a, b)
		}
	}
}

func TestWording(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\bleider\b|\bbitte beachten\b|\berfolgreich\b|eskal|TODO|FIXME|Lorem|“[^„]*?”|\b[Dd]u\b|\b[Dd]eine?[nmrs]?\b`)
	for _, name := range slices.Concat(sources(t, "ui", German), sources(t, "forms", German)) {
		source, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.FindAllString(string(source), -1); found != nil {
			t.Errorf("%s: words that we do not use: %q", name, found)
		}
	}
}

func TestCheckFindsWhatDoesNotFit(t *testing.T) {
	for name, spoil := range map[string]func(*Catalog){
		"text in one language only":    func(c *Catalog) { c.ui[German]["new.key"] = "neu" },
		"mail in one language only":    func(c *Catalog) { delete(c.mails[English], "note_shared") },
		"option in one language only":  func(c *Catalog) { c.forms[English].OptionLists["topics"] = nil },
		"condition on a later field":   func(c *Catalog) { firstField(c, "note").ShowIf = &Condition{Field: "next_step", Option: "x"} },
		"required without a message":   func(c *Catalog) { firstField(c, "note").Errors = nil },
		"unknown type":                 func(c *Catalog) { firstField(c, "note").Type = "slider" },
		"limit in one language only":   func(c *Catalog) { firstField(c, "note").Max++ },
		"step missing in one language": func(c *Catalog) { c.forms[English].Forms["assessment"].Steps = nil },
		"condition on an unknown answer": func(c *Catalog) {
			c.forms[German].Forms["confirm_options"].Steps[0].Fields[1].ShowIf.Option = "never"
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t)
			spoil(c)
			if c.check() == nil {
				t.Error("not found")
			}
		})
	}
}

func firstField(c *Catalog, form string) *Field {
	return &c.forms[German].Forms[form].Steps[0].Fields[0]
}
