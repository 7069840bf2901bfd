package browser_test

import (
	_ "embed"
	"encoding/json"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/controls.js
var controls string

// ask calls a function of controls.js in the page.
func ask[T any](v *visitor, function string, arguments ...any) (T, error) {
	quoted := make([]string, len(arguments))
	for i, argument := range arguments {
		text, err := json.Marshal(argument)
		if err != nil {
			var none T
			return none, err
		}
		quoted[i] = string(text)
	}
	ctx, cancel := v.patiently()
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](controls+"."+function+"("+strings.Join(quoted, ",")+")"))
}

func (v *visitor) look(function string, arguments ...any) bool {
	v.Helper()
	found, err := ask[bool](v, function, arguments...)
	v.must(err)
	return found
}

type point struct{ X, Y float64 }

func (v *visitor) clickAt(function string, arguments ...any) chromedp.Action[chromedp.Void] {
	v.Helper()
	at, err := ask[point](v, function, arguments...)
	v.must(err)
	return chromedp.MouseClickXY(at.X, at.Y)
}

// click clicks at a place without leaving the page.
func (v *visitor) click(at point) {
	v.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at.X, at.Y)))
}

// follow clicks a link by its words; in a part of the page where they stand there several times.
func (v *visitor) follow(name string, part ...string) {
	v.Helper()
	v.travel("follow "+name, v.clickAt("link", name, strings.Join(part, "")))
	v.expectStatus(200)
}

// press clicks a button, and expects that what it does works.
func (v *visitor) press(name string, part ...string) {
	v.Helper()
	v.pressFor(200, name, part...)
}

// pressFor clicks a button, and expects an answer with this status.
func (v *visitor) pressFor(status int64, name string, part ...string) {
	v.Helper()
	v.travel("press "+name, v.clickAt("button", name, strings.Join(part, "")))
	v.expectStatus(status)
}

// fill types into a field in place of what it holds.
func (v *visitor) fill(label, text string, part ...string) {
	v.Helper()
	v.look("focus", label, strings.Join(part, ""))
	_, err := chromedp.Call(v.ctx, input.InsertText, input.InsertTextParams{Text: text})
	v.must(err)
	typed, err := ask[string](v, "value", label, strings.Join(part, ""))
	v.must(err)
	if typed != text {
		v.Fatalf("%s typed %q into %q, it holds %q", v.name, text, label, typed)
	}
}

// set picks a date (2006-01-02), a time (15:04), or an entry of a list by its words.
func (v *visitor) set(label, value string, part ...string) {
	v.Helper()
	v.look("set", label, strings.Join(part, ""), value)
}

// choose answers a question with a click on the words of the answer.
func (v *visitor) choose(question, answer string) {
	v.Helper()
	v.must(chromedp.Do(v.ctx, v.clickAt("answer", answer, question)))
	if !v.look("isChosen", answer, question) {
		v.Fatalf("%s clicked %q of %q, and it is not chosen", v.name, answer, question)
	}
}

// tick clicks a single box.
func (v *visitor) tick(label string) {
	v.Helper()
	v.choose("", label)
}

// unfold opens a part of the page by the words that it is folded under.
func (v *visitor) unfold(title string, part ...string) {
	v.Helper()
	at, err := ask[point](v, "button", title, strings.Join(part, ""))
	v.must(err)
	v.click(at)
	v.here, err = ask[seen](v, "page")
	v.must(err)
}

// unfoldAll opens all parts of the page that are folded under a title with these words.
func (v *visitor) unfoldAll(words string) {
	v.Helper()
	folded, err := ask[[]string](v, "folded", words)
	v.must(err)
	for _, title := range folded {
		v.unfold(title)
	}
}
