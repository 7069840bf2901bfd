package server

import (
	"miglobe/advisory"
	"miglobe/texts"
)

// asked is a form as a programme asks its questions, in the language of the request.
func (c *Context) asked(f *texts.Form, p advisory.Programme) *texts.Form {
	if len(p.Questions) == 0 {
		return f
	}
	f = c.server.texts.Tailored(c.Lang, f, p.Questions)
	c.form = f
	return f
}

// formAsAsked is a form with the questions that a version of the programme asked, to read answers that were given to them.
// Version 0 are the questions of the release. The form of the page is left alone.
func (c *Context) formAsAsked(name string, version int) (*texts.Form, bool) {
	f, ok := c.server.texts.Form(c.Lang, name)
	if !ok || version == 0 {
		return f, ok
	}
	p, err := c.server.store.ProgrammeVersion(c.Request().Context(), version)
	if err != nil { // what was answered to questions of the release can still be read
		c.Log.ErrorContext(c.Request().Context(), "questions of the programme", "version", version, "err", err)
		return f, true
	}
	return c.server.texts.Tailored(c.Lang, f, p.Questions), true
}
