package robot

import (
	"net/url"
	"slices"

	"golang.org/x/net/html"
)

// Form is a form of a page, ready to be filled in and sent.
type Form struct {
	Action   *url.URL
	Controls []Control
	Values   url.Values // what is sent
	buttons  []button
}

// Control is one question of a form: a field, or all boxes of one name.
type Control struct {
	Name    string
	Kind    string   // text, textarea, date, time, email, tel, radio, checkbox, select
	Options []string // of radio, checkbox and select
	Value   string   // what it begins with
	Min     string   // earliest date
}

type button struct{ name, value string }

func readForm(n *html.Node, action *url.URL) *Form {
	f := &Form{Action: action, Values: url.Values{}}
	for _, c := range all(n, "input, textarea, select, button") {
		name := attribute(c, "name")
		switch {
		case c.Data == "button":
			f.buttons = append(f.buttons, button{name, attribute(c, "value")})
		case name == "":
		case c.Data == "textarea":
			f.add(Control{Name: name, Kind: "textarea", Value: text(c)})
		case c.Data == "select":
			f.add(readSelect(c, name))
		case attribute(c, "type") == "hidden":
			f.Values.Add(name, attribute(c, "value"))
		default:
			f.addInput(c, name)
		}
	}
	return f
}

func (f *Form) add(c Control) { f.Controls = append(f.Controls, c) }

func (f *Form) addInput(n *html.Node, name string) {
	kind, value := attribute(n, "type"), attribute(n, "value")
	if kind != "radio" && kind != "checkbox" {
		f.add(Control{Name: name, Kind: kind, Value: value, Min: attribute(n, "min")})
		return
	}
	i := slices.IndexFunc(f.Controls, func(c Control) bool { return c.Name == name })
	if i < 0 {
		i = len(f.Controls)
		f.add(Control{Name: name, Kind: kind})
	}
	f.Controls[i].Options = append(f.Controls[i].Options, value)
	if _, checked := lookUp(n, "checked"); checked && f.Controls[i].Value == "" {
		f.Controls[i].Value = value
	}
}

func readSelect(n *html.Node, name string) Control {
	c := Control{Name: name, Kind: "select"}
	for _, option := range all(n, "option") {
		value := attribute(option, "value")
		if value != "" {
			c.Options = append(c.Options, value)
		}
		if _, selected := lookUp(option, "selected"); selected {
			c.Value = value
		}
	}
	return c
}

// press takes the button that sends a choice; it tells whether the form has one.
func (f *Form) press(choice string) bool {
	for _, b := range f.buttons {
		if b.name == choiceField && b.value == choice {
			f.Values.Set(b.name, b.value)
			return true
		}
	}
	return false
}

// pressAnyChoice takes the first button that is a choice, where the form has such and none was taken.
func (f *Form) pressAnyChoice() {
	for _, b := range f.buttons {
		if b.name == choiceField && !f.Values.Has(choiceField) {
			f.Values.Set(b.name, b.value)
		}
	}
}

// fill lets the writer answer every question.
func (f *Form) fill(w Writer) {
	w.led = slices.ContainsFunc(f.Controls, func(c Control) bool { return c.Value == "lead" })
	for _, c := range f.Controls {
		if value := w.answer(c); value != "" {
			f.Values.Set(c.Name, value)
		}
	}
}
