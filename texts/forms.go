package texts

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"gopkg.in/yaml.v3"
)

// Form is one form with all its words in one language. Callers must not
// change it.
type Form struct {
	Name        string `yaml:"-"`
	Title       string `yaml:"title"`
	Intro       string `yaml:"intro"`
	Submit      string `yaml:"submit"`
	SentTitle   string `yaml:"sent_title"`
	SentText    string `yaml:"sent_text"`
	VerifyTitle string `yaml:"verify_title"`
	VerifyText  string `yaml:"verify_text"`
	Steps       []Step `yaml:"steps"`
}

// Step is a part of a form with a heading of its own. A step with Repeat
// appears several times: RepeatCount times, or as often as the program says.
type Step struct {
	Key         string     `yaml:"key"`
	Title       string     `yaml:"title"`
	Intro       string     `yaml:"intro"`
	Include     string     `yaml:"include"`
	Repeat      string     `yaml:"repeat"`
	RepeatCount int        `yaml:"repeat_count"`
	ShowIf      *Condition `yaml:"show_if"`
	Fields      []Field    `yaml:"fields"`
}

// Field is one question. Max counts characters, Min the fewest chosen
// options. Options hold the answers of OptionsFrom and then those written
// at the field; answers of Source come from the program and stand before
// the written ones.
type Field struct {
	Key          string            `yaml:"key"`
	Type         string            `yaml:"type"`
	Label        string            `yaml:"label"`
	Hint         string            `yaml:"hint"`
	Required     bool              `yaml:"required"`
	Max          int               `yaml:"max"`
	Min          int               `yaml:"min"`
	Options      []Option          `yaml:"options"`
	OptionsFrom  string            `yaml:"options_from"`
	Source       string            `yaml:"source"`
	ShowIf       *Condition        `yaml:"show_if"`
	Format       string            `yaml:"format"`
	Autocomplete string            `yaml:"autocomplete"`
	Errors       map[string]string `yaml:"errors"`
}

// Option is one answer to choose. Value is the number behind an answer of a
// scale.
type Option struct {
	Key   string `yaml:"key"`
	Label string `yaml:"label"`
	Value int    `yaml:"value"`
	// Description explains the answer and Day shows it with the leaf of a
	// calendar. Both come from the program, never from the texts.
	Description string    `yaml:"-"`
	Day         time.Time `yaml:"-"`
}

// Condition shows a field or step only if the other field has Option, or,
// with NotOption, any other answer.
type Condition struct {
	Field     string `yaml:"field"`
	Option    string `yaml:"option"`
	NotOption string `yaml:"not_option"`
}

type questionSet struct {
	Title  string  `yaml:"title"`
	Intro  string  `yaml:"intro"`
	Fields []Field `yaml:"fields"`
}

type formsFile struct {
	Version      int                    `yaml:"version"`
	Common       map[string]string      `yaml:"common"`
	Errors       map[string]string      `yaml:"errors"`
	Notes        map[string]string      `yaml:"notes"`
	OptionLists  map[string][]Option    `yaml:"option_lists"`
	QuestionSets map[string]questionSet `yaml:"question_sets"`
	Forms        map[string]*Form       `yaml:"forms"`

	texts map[string]string
}

// Form returns a form with its question sets and option lists resolved.
func (c *Catalog) Form(lang Lang, name string) (*Form, bool) {
	form, ok := c.forms[lang].Forms[name]
	return form, ok
}

// FormNames lists all forms, in no particular order.
func (c *Catalog) FormNames() []string {
	names := make([]string, 0, len(c.forms[German].Forms))
	for name := range c.forms[German].Forms {
		names = append(names, name)
	}
	return names
}

// OptionList returns the answers of a list such as "topics", or nothing.
func (c *Catalog) OptionList(lang Lang, name string) []Option {
	return c.forms[lang].OptionLists[name]
}

// OptionLabel returns the label of one answer of a list; the key itself if
// the list does not have it.
func (c *Catalog) OptionLabel(lang Lang, list, key string) string {
	for _, option := range c.forms[lang].OptionLists[list] {
		if option.Key == key {
			return option.Label
		}
	}
	return c.reportMissing(lang, key)
}

// FormVersion is the version of the forms that answers are stored with.
func (c *Catalog) FormVersion() int { return c.forms[German].Version }

func loadForms(lang Lang) (formsFile, error) {
	var doc formsFile
	err := eachSource("forms", lang, func(name string, source []byte) error {
		var more formsFile
		decoder := yaml.NewDecoder(bytes.NewReader(source))
		decoder.KnownFields(true)
		if err := decoder.Decode(&more); err != nil {
			return err
		}
		return doc.add(more)
	})
	if err == nil {
		err = doc.resolve()
	}
	if err != nil {
		return formsFile{}, fmt.Errorf("forms: %w", err)
	}
	doc.texts = map[string]string{}
	for section, texts := range map[string]map[string]string{"common": doc.Common, "errors": doc.Errors, "notes": doc.Notes} {
		for key, text := range texts {
			doc.texts[section+"."+key] = text
		}
	}
	return doc, nil
}

// add takes over what a further file has; a name that is there already is an error.
func (doc *formsFile) add(more formsFile) error {
	if doc.Forms == nil {
		*doc = more
		return nil
	}
	return errors.Join(
		addNames(doc.Common, more.Common), addNames(doc.Errors, more.Errors), addNames(doc.Notes, more.Notes),
		addNames(doc.OptionLists, more.OptionLists), addNames(doc.QuestionSets, more.QuestionSets), addNames(doc.Forms, more.Forms))
}

func addNames[V any](to, more map[string]V) error {
	for name, value := range more {
		if _, twice := to[name]; twice {
			return fmt.Errorf("%s is in two files", name)
		}
		to[name] = value
	}
	return nil
}

// resolve puts question sets and option lists where forms name them.
func (doc *formsFile) resolve() error {
	for name, form := range doc.Forms {
		form.Name = name
		for i := range form.Steps {
			if err := doc.resolveStep(&form.Steps[i]); err != nil {
				return fmt.Errorf("form %s: %w", name, err)
			}
		}
	}
	return nil
}

func (doc *formsFile) resolveStep(step *Step) error {
	if step.Include != "" {
		set, ok := doc.QuestionSets[step.Include]
		if !ok {
			return fmt.Errorf("step %s: question set %s does not exist", step.Key, step.Include)
		}
		step.Fields = append([]Field(nil), set.Fields...)
		if step.Intro == "" {
			step.Intro = set.Intro
		}
	}
	for i := range step.Fields {
		field := &step.Fields[i]
		if field.OptionsFrom == "" {
			continue
		}
		list, ok := doc.OptionLists[field.OptionsFrom]
		if !ok {
			return fmt.Errorf("field %s: option list %s does not exist", field.Key, field.OptionsFrom)
		}
		field.Options = append(append([]Option(nil), list...), field.Options...)
	}
	return nil
}
