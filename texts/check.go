package texts

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

var fieldTypes = []string{"text", "textarea", "radio", "checkbox", "select", "date", "email", "tel", "municipality"}

// check reports everything that would break a page: what one language has
// and the other lacks, and forms that cannot work.
func (c *Catalog) check() error {
	de, en := c.forms[German], c.forms[English]
	findings := []error{
		sameKeys("ui", c.ui[German], c.ui[English]),
		sameKeys("forms", de.texts, en.texts),
		sameKeys("forms/option_lists", de.OptionLists, en.OptionLists),
		sameKeys("forms/forms", de.Forms, en.Forms),
		sameKeys("mails", c.mails[German], c.mails[English]),
	}
	if de.Version != en.Version {
		findings = append(findings, fmt.Errorf("forms: version %d in de, %d in en", de.Version, en.Version))
	}
	for name, list := range de.OptionLists {
		findings = append(findings, sameOptions("forms/option_lists/"+name, list, en.OptionLists[name]))
	}
	for name, form := range de.Forms {
		findings = append(findings, checkForm(form), c.checkRepeats(form))
		if other, ok := en.Forms[name]; ok {
			findings = append(findings, sameForm(form, other))
		}
	}
	return errors.Join(findings...)
}

func sameKeys[V any](where string, de, en map[string]V) error {
	var findings []error
	for _, key := range slices.Sorted(maps.Keys(de)) {
		if _, ok := en[key]; !ok {
			findings = append(findings, fmt.Errorf("%s: %s is missing in en", where, key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := de[key]; !ok {
			findings = append(findings, fmt.Errorf("%s: %s is missing in de", where, key))
		}
	}
	return errors.Join(findings...)
}

func sameOptions(where string, de, en []Option) error {
	same := slices.EqualFunc(de, en, func(a, b Option) bool { return a.Key == b.Key && a.Value == b.Value })
	if !same {
		return fmt.Errorf("%s: options differ between de and en", where)
	}
	seen := map[string]bool{}
	for _, option := range de {
		if seen[option.Key] {
			return fmt.Errorf("%s: option %s twice", where, option.Key)
		}
		seen[option.Key] = true
	}
	return nil
}

// sameForm compares what is structure and not text.
func sameForm(de, en *Form) error {
	where := "form " + de.Name
	if len(de.Steps) != len(en.Steps) {
		return fmt.Errorf("%s: %d steps in de, %d in en", where, len(de.Steps), len(en.Steps))
	}
	var findings []error
	for i, step := range de.Steps {
		other := en.Steps[i]
		if step.Key != other.Key || step.Repeat != other.Repeat || step.RepeatCount != other.RepeatCount ||
			!sameCondition(step.ShowIf, other.ShowIf) || len(step.Fields) != len(other.Fields) {
			findings = append(findings, fmt.Errorf("%s: step %s differs between de and en", where, step.Key))
			continue
		}
		for j, field := range step.Fields {
			findings = append(findings, sameField(where+"/"+field.Key, field, other.Fields[j]))
		}
	}
	return errors.Join(findings...)
}

func sameField(where string, de, en Field) error {
	if de.Key != en.Key || de.Type != en.Type || de.Required != en.Required || de.Max != en.Max || de.Min != en.Min ||
		de.OptionsFrom != en.OptionsFrom || de.Source != en.Source || de.Format != en.Format ||
		de.Autocomplete != en.Autocomplete || !sameCondition(de.ShowIf, en.ShowIf) || (de.Hint == "") != (en.Hint == "") {
		return fmt.Errorf("%s: differs between de and en", where)
	}
	return errors.Join(sameOptions(where, de.Options, en.Options), sameKeys(where, de.Errors, en.Errors))
}

func sameCondition(a, b *Condition) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func checkForm(form *Form) error {
	where := "form " + form.Name
	if form.Title == "" || form.Submit == "" || len(form.Steps) == 0 {
		return fmt.Errorf("%s: title, submit or steps missing", where)
	}
	var findings []error
	earlier := map[string]Field{}
	for _, step := range form.Steps {
		findings = append(findings, checkCondition(where+"/"+step.Key, step.ShowIf, earlier))
		for _, field := range step.Fields {
			path := where + "/" + field.Key
			if _, twice := earlier[field.Key]; twice {
				findings = append(findings, fmt.Errorf("%s: field twice in one form", path))
			}
			findings = append(findings, checkField(path, field), checkCondition(path, field.ShowIf, earlier))
			earlier[field.Key] = field
		}
	}
	return errors.Join(findings...)
}

func (c *Catalog) checkRepeats(form *Form) error {
	for _, step := range form.Steps {
		if _, ok := c.forms[German].texts["common.repeat_"+step.Repeat]; step.Repeat != "" && !ok {
			return fmt.Errorf("form %s: common.repeat_%s is missing", form.Name, step.Repeat)
		}
	}
	return nil
}

func checkField(where string, field Field) error {
	typed := slices.Contains([]string{"text", "textarea", "email", "tel", "municipality"}, field.Type)
	switch {
	case !slices.Contains(fieldTypes, field.Type):
		return fmt.Errorf("%s: unknown type %q", where, field.Type)
	case field.Key == "" || field.Label == "":
		return fmt.Errorf("%s: key or label missing", where)
	case field.Required && field.Errors["missing"] == "":
		return fmt.Errorf("%s: required without errors.missing", where)
	case typed && field.Max == 0:
		return fmt.Errorf("%s: max missing", where)
	case (field.Type == "radio" || field.Type == "select") && len(field.Options) == 0 && field.Source == "":
		return fmt.Errorf("%s: no options", where)
	case field.Format != "" && field.Format != "time" && field.Format != "number":
		return fmt.Errorf("%s: unknown format %q", where, field.Format)
	}
	return nil
}

func checkCondition(where string, condition *Condition, earlier map[string]Field) error {
	if condition == nil {
		return nil
	}
	target, ok := earlier[condition.Field]
	if !ok {
		return fmt.Errorf("%s: show_if names %s, which is not an earlier field", where, condition.Field)
	}
	wanted := condition.Option + condition.NotOption
	if (condition.Option == "") == (condition.NotOption == "") || !slices.ContainsFunc(target.Options, func(o Option) bool { return o.Key == wanted }) {
		return fmt.Errorf("%s: show_if names %s, which %s does not offer", where, wanted, condition.Field)
	}
	return nil
}
