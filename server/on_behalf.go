package server

import "miglobe/store"

// What a coordinator enters after a telephone call is shown as such wherever its author is named (journey.md, Act on
// behalf).

// author names who entered something, and for whom.
func (c *Context) author(name string, onBehalf bool, municipality string) string {
	if onBehalf {
		return c.T("history.by_on_behalf", "coordinator", name, "municipality", municipality)
	}
	return name
}

// authorOf is author for what was said in a form.
func (c *Context) authorOf(said store.Said, municipality string) string {
	return c.author(said.ActorName, said.OnBehalf, municipality)
}

// enteredFor adds to what the municipality did that somebody entered it for the municipality; name is "" where the
// municipality did it itself.
func (c *Context) enteredFor(text, name, municipality string) string {
	if name == "" {
		return text
	}
	return text + ", " + c.T("on_behalf.entered", "name", name, "municipality", municipality)
}

// entrySentence says that somebody entered something for the municipality; "" where the municipality did it itself.
func (c *Context) entrySentence(name, municipality string) string {
	if name == "" {
		return ""
	}
	return c.T("on_behalf.sentence", "name", name, "municipality", municipality)
}
