package server

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/server/form"
	"miglobe/texts"
)

var statusOf = map[advisory.Code]int{
	advisory.Invalid: http.StatusBadRequest, advisory.Unauthorized: http.StatusUnauthorized,
	advisory.Forbidden: http.StatusForbidden, advisory.NotFound: http.StatusNotFound,
	advisory.Conflict: http.StatusConflict, advisory.TooLarge: http.StatusRequestEntityTooLarge,
	advisory.TooMany: http.StatusTooManyRequests, advisory.Unavailable: http.StatusServiceUnavailable,
	advisory.Internal: http.StatusInternalServerError,
}

// Explained is an error whose page says more than its code alone could: what changed meanwhile, or where to go on. What
// is empty is said by the code. All of it is for people to read.
type Explained struct {
	Err         error
	Title, Text string
	ActionLabel string
	ActionPath  string // of ours, without language
}

func (e *Explained) Error() string { return e.Err.Error() }

// Unwrap returns the error that has the code.
func (e *Explained) Unwrap() error { return e.Err }

const (
	errorTemplate   = "errors"
	maxTypedRepeats = 50
)

// errorPage is every page that says that something did not work. What was typed stays on it: to copy, and, where
// trying again can help, to send once more.
type errorPage struct {
	Title, Text string
	ActionLabel string
	ActionURL   string
	Typed       []typedAnswer
	Retry       *retry
	Success     bool // 202: it is saved
	Phone       string
}

// Template implements Page.
func (errorPage) Template() string { return errorTemplate }

type typedAnswer struct{ ID, Label, Value string }

type retry struct {
	Action, Label string
	Values        []typedAnswer // names as labels
}

func errorPages() []Page { return []Page{errorPage{}} }

// fail answers an error: with the sign-in where that helps, else with a page.
func (s *Server) fail(c *Context, err error) {
	code := advisory.CodeOf(err)
	status, ok := statusOf[code]
	if !ok {
		code, status = advisory.Internal, http.StatusInternalServerError
	}
	reference := ""
	if status >= http.StatusInternalServerError {
		reference = uuid.NewString()[:8]
		c.Log.ErrorContext(c.Request().Context(), "request failed", "err", err, "code", code, "reference", reference)
	} else {
		c.Log.InfoContext(c.Request().Context(), "request refused", "err", err, "code", code)
	}
	if c.Response().Committed {
		return
	}
	if code == advisory.Unauthorized && !c.isPost() {
		if err := c.Go(signInPath + "?" + url.Values{returnField: {c.URL(c.pathWithQuery())}}.Encode()); err != nil {
			c.Log.ErrorContext(c.Request().Context(), "redirect to sign-in", "err", err)
		}
		return
	}
	if err := c.Show(status, c.errorPage(code, reference, err)); err != nil {
		c.Log.ErrorContext(c.Request().Context(), "error page", "err", err)
		c.String(status, http.StatusText(status)) //nolint:errcheck // nothing left to try
	}
}

func (c *Context) errorPage(code advisory.Code, reference string, err error) errorPage {
	key := "errors.e" + strconv.Itoa(statusOf[code])
	if code == advisory.Unavailable {
		key = "public.unavailable" // errors.e503 promises that the input is saved
	}
	n := minutesUntil(c, err)
	page := errorPage{
		Title: c.T(key + ".title"), ActionLabel: c.T(key + ".action"), ActionURL: c.URL("/"),
		Text:  c.T(key+".text", "reference", reference, "max", "1 MB", "n", n),
		Typed: c.typed(), Phone: c.server.settings.CoordinationPhone,
	}
	switch code {
	case advisory.Unauthorized:
		page.ActionURL = c.URL(signInPath + "?" + url.Values{returnField: {c.URL(c.Path())}}.Encode())
	case advisory.Conflict, advisory.Invalid, advisory.TooLarge:
		page.ActionURL = c.URL(c.Path())
	case advisory.TooMany, advisory.Unavailable, advisory.Internal:
		page.ActionURL = c.URL(c.Path())
		page.Retry = c.retry(page.ActionLabel)
	}
	if code == advisory.Unavailable && page.Retry == nil {
		page.Text = c.T("public.unavailable.text_reading")
	}
	var refused *inbox.Refused
	if errors.As(err, &refused) {
		page.Text = c.T("public.refusals." + string(refused.Reason))
	}
	var told *Explained
	if errors.As(err, &told) {
		told.explain(c, &page)
	}
	return page
}

func (e *Explained) explain(c *Context, page *errorPage) {
	if e.Title != "" {
		page.Title = e.Title
	}
	if e.Text != "" {
		page.Text = e.Text
	}
	if e.ActionLabel != "" {
		page.ActionLabel = e.ActionLabel
	}
	if e.ActionPath != "" {
		page.ActionURL = c.URL(e.ActionPath)
		page.Retry = nil
	}
}

// minutesUntil tells somebody who tried too often when to try again, on the page and to the browser.
func minutesUntil(c *Context, err error) int {
	var limited *tooMany
	if !errors.As(err, &limited) {
		return 0
	}
	wait := max(time.Until(limited.until), time.Second)
	c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return max(2, int(math.Ceil(wait.Minutes()))) // the text speaks of minutes
}

// retry is a form that sends the same once more.
func (c *Context) retry(label string) *retry {
	if len(c.posted) == 0 {
		return nil
	}
	again := &retry{Action: c.URL(c.Path()), Label: label}
	for _, name := range sortedKeys(c.posted) {
		for _, value := range c.posted[name] {
			again.Values = append(again.Values, typedAnswer{Label: name, Value: value})
		}
	}
	return again
}

// typed is what somebody wrote, as the form reads it.
func (c *Context) typed() []typedAnswer {
	if len(c.posted) == 0 {
		return nil
	}
	forms := []*texts.Form{c.form}
	if c.form == nil { // it failed before the handler said which form it is
		forms = c.server.formsWith(c.Lang, c.posted)
	}
	var answers []typedAnswer
	for _, f := range forms {
		if f != nil {
			answers = append(answers, c.typedIn(f)...)
		}
	}
	for i := range answers {
		answers[i].ID = fmt.Sprintf("typed-%d", i+1)
	}
	return answers
}

func (c *Context) typedIn(f *texts.Form) []typedAnswer {
	sources := repeatsOf(f, c.posted, c.Sources)
	decoded := form.Decode(f, c.posted, sources)
	var answers []typedAnswer
	for _, step := range form.Reading(f, decoded, sources, c.FormContext()) {
		for _, item := range step.Items {
			if decoded.Get(item.Key) != "" {
				answers = append(answers, typedAnswer{Label: item.Label, Value: strings.Join(item.Lines, "\n")})
			}
		}
	}
	return answers
}

// repeatsOf lets open steps repeat as often as they were posted, where the handler did not come to say it.
func repeatsOf(f *texts.Form, posted url.Values, known form.Sources) form.Sources {
	sources := maps.Clone(known)
	if sources == nil {
		sources = form.Sources{}
	}
	for _, step := range f.Steps {
		for key := range posted {
			rest, ok := strings.CutPrefix(key, step.Key+".")
			number, _, _ := strings.Cut(rest, ".")
			n, err := strconv.Atoi(number)
			if !ok || err != nil || step.Repeat == "" || known[step.Repeat] != nil || n > maxTypedRepeats {
				continue
			}
			for len(sources[step.Repeat]) < n {
				sources[step.Repeat] = append(sources[step.Repeat], texts.Option{})
			}
		}
	}
	return sources
}

// formsWith finds the form that shares most fields with what was posted.
func (s *Server) formsWith(lang texts.Lang, posted url.Values) []*texts.Form {
	var best *texts.Form
	most := 0
	for _, name := range slices.Sorted(slices.Values(s.texts.FormNames())) {
		candidate, _ := s.texts.Form(lang, name)
		if n := len(form.Decode(candidate, posted, nil)); n > most {
			best, most = candidate, n
		}
	}
	return []*texts.Form{best}
}

func sortedKeys(values url.Values) []string {
	return slices.Sorted(maps.Keys(values))
}

// processingPage says that an input is saved and will be processed.
func processingPage(c *Context, path string) errorPage {
	return errorPage{
		Title: c.T("errors.e503.title"), Text: c.T("errors.e503.text"), ActionLabel: c.T("errors.e503.action"),
		ActionURL: c.URL(path), Success: true, Phone: c.server.settings.CoordinationPhone,
	}
}
