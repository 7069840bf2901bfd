package browser_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	chromelog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// device is what somebody looks at the pages with.
type device struct {
	name          string
	width, height int64
	scripts       bool
	axe           bool // every page passed is checked for accessibility
}

var (
	desk  = device{name: "desk", width: 1280, height: 900, scripts: true, axe: true}
	phone = device{name: "phone", width: 390, height: 844, axe: true}
	// pocket is a phone on the long way: TestGallery checks the accessibility of the same pages.
	pocket = device{name: "pocket", width: 390, height: 844}
	// plain is for tests that are about something else than the look of pages.
	plain = device{name: "plain", width: 1280, height: 900, scripts: true}
)

// visitor is a person in front of a browser of their own, signed in or not.
type visitor struct {
	*testing.T
	device
	name string
	// email is where the person's mails go.
	email string
	// language is the prefix of all paths: "" or "/en".
	language string
	ctx      context.Context
	here     seen
	status   int64

	mu       sync.Mutex
	problems []string // what the browser complained about since the last page
	read     map[string]bool
}

// seen is the page that the visitor looks at.
type seen struct {
	Path, Title, Lang, Text string
	Headings, Alerts, Wide  []string
	Errors                  []struct {
		Text    string
		LeadsOn bool
	}
	ScrollWidth, Width int64
}

// newVisitor opens a browser for a person who is known by name in the reports of failures.
func newVisitor(t *testing.T, d device, name, email string) *visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	v := &visitor{T: t, device: d, name: name, email: email, ctx: ctx, read: map[string]bool{}}
	t.Cleanup(func() {
		if t.Failed() {
			v.screenshot(fmt.Sprintf("failed-%s-%s", t.Name(), name))
			t.Logf("%s was at %s (%d)", name, v.here.Path, v.status)
		}
		cancel()
	})
	v.must(chromedp.Do(ctx))
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: d.width, Height: d.height, DeviceScaleFactor: 1})
	v.must(err)
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}})
	v.must(err)
	v.allowScripts(d.scripts)
	v.must(chromedp.Listen(ctx, v.hear))
	return v
}

func (v *visitor) allowScripts(allowed bool) {
	v.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: !allowed})
	v.must(err)
}

// hear notes what the browser reports: refused styles, failed downloads, errors of scripts.
func (v *visitor) hear(event any) {
	entry, ok := event.(*chromelog.EventEntryAdded)
	if !ok || entry.Entry.Level != chromelog.EntryLevelError || strings.Contains(entry.Entry.Text, "the server responded with a status") {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, entry.Entry.Text)
}

// takeProblems returns what the browser has reported since the last time.
func (v *visitor) takeProblems() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	problems := v.problems
	v.problems = nil
	return problems
}

func (v *visitor) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatalf("%s at %s: %v", v.name, v.here.Path, err)
	}
}

// patiently limits one thing that the browser is asked to do.
func (v *visitor) patiently() (context.Context, context.CancelFunc) {
	return context.WithTimeout(v.ctx, patience)
}

// travel does something that leads to another page, waits until it is there, and looks at it.
func (v *visitor) travel(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	if err := v.leave(steps...); err != nil {
		v.Fatalf("%s at %s, %s: %v", v.name, v.here.Path, what, err)
	}
	v.arrive()
}

// leave does something that leads to another page, waits until it is there and reads it.
func (v *visitor) leave(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := v.patiently()
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		return err
	}
	if response == nil {
		return errors.New("no answer")
	}
	v.status = response.Status
	v.here, err = ask[seen](v, "page")
	return err
}

// open goes to an address: a path of the pages, or a whole one.
func (v *visitor) open(address string) {
	v.Helper()
	v.openFor(200, address)
}

// openFor goes to an address and expects an answer with this status.
func (v *visitor) openFor(status int64, address string) {
	v.Helper()
	if strings.HasPrefix(address, "/") {
		address = app.SiteURL + v.language + address
	}
	v.travel("open "+address, chromedp.Navigate(address))
	v.expectStatus(status)
}

func (v *visitor) expectStatus(status int64) {
	v.Helper()
	if v.status != status {
		v.Fatalf("%s got %d instead of %d at %s: %s", v.name, v.status, status, v.here.Path, v.here.Text)
	}
}

// expect wants the page's heading to be this.
func (v *visitor) expect(heading string) {
	v.Helper()
	if !slices.Contains(v.here.Headings, heading) {
		v.Fatalf("%s sees %q at %s instead of %q", v.name, v.here.Headings, v.here.Path, heading)
	}
}

// sees wants words to stand on the page.
func (v *visitor) sees(parts ...string) {
	v.Helper()
	for _, part := range parts {
		if !v.has(part) {
			v.Errorf("%s does not see %q at %s: %s", v.name, part, v.here.Path, v.here.Text)
		}
	}
}

// seesNot wants words not to stand on the page.
func (v *visitor) seesNot(parts ...string) {
	v.Helper()
	for _, part := range parts {
		if v.has(part) {
			v.Errorf("%s sees %q at %s", v.name, part, v.here.Path)
		}
	}
}

// isTold wants an alert with these words.
func (v *visitor) isTold(message string) {
	v.Helper()
	if !slices.ContainsFunc(v.here.Alerts, func(alert string) bool { return strings.Contains(alert, message) }) {
		v.Fatalf("%s is not told %q at %s, but %q", v.name, message, v.here.Path, v.here.Alerts)
	}
}

// until looks at a page again and again until a condition holds.
func (v *visitor) until(path string, what string, holds func() bool) {
	v.Helper()
	for end := time.Now().Add(patience); ; {
		v.open(path)
		if holds() {
			return
		}
		if time.Now().After(end) {
			v.Fatalf("%s waited in vain for %s at %s: %s", v.name, what, path, v.here.Text)
		}
	}
}

// has tells whether words stand on the page; a space that holds words together is read as any other.
func (v *visitor) has(text string) bool {
	return strings.Contains(v.here.Text, strings.ReplaceAll(text, "\u00a0", " "))
}

// unfilled finds placeholders and keys of texts that nobody replaced by words.
var unfilled = regexp.MustCompile(`\{\{?[.a-z_]+\}|<no value>|%!|\b(tasks|stages|errors|forms|roles|public)\.[a-z_]+\.[a-z_.]+`)

// arrive checks what holds for every page.
func (v *visitor) arrive() {
	v.Helper()
	for _, problem := range v.takeProblems() {
		v.Errorf("%s at %s: the browser reports %s", v.name, v.here.Path, problem)
	}
	if len(v.here.Headings) != 1 {
		v.Errorf("%s at %s: %d main headings %q", v.name, v.here.Path, len(v.here.Headings), v.here.Headings)
	}
	if found := unfilled.FindString(v.here.Text); found != "" {
		v.Errorf("%s at %s reads %q", v.name, v.here.Path, found)
	}
	for _, failure := range v.here.Errors {
		if !failure.LeadsOn {
			v.Errorf("%s at %s: the entry %q of the summary leads nowhere", v.name, v.here.Path, failure.Text)
		}
	}
	if v.isTooWide() {
		v.Errorf("%s: %s has to be moved sideways on the %s, because of %s", v.name, v.here.Path, v.device.name,
			strings.Join(v.here.Wide, "\n"))
	}
	if v.device.axe {
		for _, found := range v.violations() {
			v.Errorf("%s: axe at %s on the %s: %s", v.name, v.here.Path, v.device.name, found)
		}
	}
	passed.add(v)
}

// isTooWide tells whether the page is wider than the screen.
func (v *visitor) isTooWide() bool {
	v.Helper()
	metrics, err := chromedp.Call(v.ctx, page.GetLayoutMetrics, cdp.Empty{})
	v.must(err)
	return int64(metrics.CSSContentSize.Width) > v.width || v.here.ScrollWidth > v.here.Width
}
