package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"miglobe/server/form"
	"miglobe/store"
	"miglobe/telemetry"
	"miglobe/texts"
)

// Context is one request: Echo's context and what the pages need to know beside it.
type Context struct {
	echo.Context
	Person    *store.Person // who is signed in; nil: nobody
	TaskGrant *TaskGrant    // what the link of a mail opened, on routes of TaskLink
	Lang      texts.Lang
	Log       *slog.Logger

	// Sources are the answers that the program gives to the form; handlers set them where it needs some.
	Sources form.Sources

	server      *Server
	route       Route
	form        *texts.Form // whose fields were posted, for the labels of an error page
	posted      url.Values  // empty before the request is known to come from our own pages
	sessionOpen bool
	represented []string // ids of the absent persons for whom Person acts, once loadRepresented has read them
}

// TaskGrant is the right that the link of a mail gives: to one open task, as one person, and to nothing else.
type TaskGrant struct {
	TaskID string
	Person store.Person
}

// Actor is the person behind the request, signed in or come by the link of a mail; nil: nobody.
func (c *Context) Actor() *store.Person {
	if c.Person == nil && c.TaskGrant != nil {
		return &c.TaskGrant.Person
	}
	return c.Person
}

// Now is business time: what people read and what due dates are counted from.
func (c *Context) Now() time.Time { return c.server.clock.Now() }

// T is a text of texts/ui, with pairs of placeholder and value.
func (c *Context) T(key string, pairs ...any) string { return c.server.texts.UI(c.Lang, key, pairs...) }

// URL is a path in the language of the request.
func (c *Context) URL(path string) string { return localURL(c.Lang, path) }

// Path is what was asked for, without language prefix and query.
func (c *Context) Path() string { return c.Request().URL.Path }

// Posted is what the form of the page sent.
func (c *Context) Posted() url.Values { return c.posted }

// Form is a form in the language of the request. An error page then shows what was typed under this form's labels.
func (c *Context) Form(name string) *texts.Form {
	found, ok := c.server.texts.Form(c.Lang, name)
	if !ok {
		panic("no form " + name) // a defect; the caller names forms of the texts only
	}
	c.form = found
	return found
}

// FormContext is what the form engine needs to know about the request.
func (c *Context) FormContext() form.Context {
	return form.Context{Catalog: c.server.texts.Catalog, Lang: c.Lang, Today: c.Now()}
}

// Go sends the browser to another page of ours, in the same language.
func (c *Context) Go(path string) error { return c.Redirect(http.StatusSeeOther, c.URL(path)) }

// Done sends the browser to another page, which begins with a success alert: a text of texts/ui.
func (c *Context) Done(path, messageKey string, pairs ...any) error {
	c.remember(messageEntry, c.T(messageKey, pairs...))
	return c.Go(path)
}

// Settled answers what was given to the inbox: with Done where the engine has applied it, else with the page that says
// that it is saved and will be. Whoever came by the link of a mail goes to a page of thanks, as the link is spent.
func (c *Context) Settled(result Result, path, messageKey string, pairs ...any) error {
	if c.Person == nil && c.TaskGrant != nil {
		path = taskLinkDonePath
	}
	if !result.Applied {
		return c.Show(http.StatusAccepted, processingPage(c, path))
	}
	return c.Done(path, messageKey, pairs...)
}

// consultation is the one whose number stands in the path. Code not_found where there is none.
func (c *Context) consultation() (store.Consultation, error) {
	consultation, err := c.server.store.ConsultationByNumber(c.Request().Context(), c.Param("number"))
	if err == nil {
		c.about(consultation.ID)
	}
	return consultation, err
}

// about notes the consultation that the request turned out to be about, for the log.
func (c *Context) about(consultationID string) {
	c.SetRequest(c.Request().WithContext(telemetry.About(c.Request().Context(), telemetry.ConsultationID, consultationID)))
}

// isPost tells whether something was sent, as opposed to looked at.
func (c *Context) isPost() bool { return c.Request().Method == http.MethodPost }

// secret tells whether the path holds a token.
func (c *Context) secret() bool { return c.route.Secret }

// area is the first part of the path, such as "/anfrage".
func area(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + first
}
