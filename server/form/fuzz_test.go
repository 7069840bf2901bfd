package form

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"miglobe/texts"
)

// FuzzForm posts anything to any form: nothing panics, only fields of the
// form come back, what was typed is kept, and the page that shows it again
// posts the same answers.
func FuzzForm(f *testing.F) {
	names := catalog.FormNames()
	slices.Sort(names)
	f.Add(uint8(0), "")
	f.Add(uint8(1), "situation=a%0D%0Ab&topics=education&topics=x&email=a%40b&slots.1.date=31.2.26")
	for i := range names {
		form := catalogForm(f, texts.German, names[i])
		values := url.Values{}
		for key, answers := range filled(form, sourcesFor(form)) {
			values[key] = answers
		}
		f.Add(uint8(i), values.Encode())
		f.Add(uint8(i), strings.ReplaceAll(values.Encode(), "2027", "%00%FF%0A"))
	}
	f.Fuzz(func(t *testing.T, index uint8, body string) {
		values, _ := url.ParseQuery(body)
		form := catalogForm(t, texts.Langs[int(index)%2], names[int(index)%len(names)])
		sources, c := sourcesFor(form), context(texts.Langs[int(index)%2])

		answers := Decode(form, values, sources)
		known := map[string]question{}
		for _, q := range questions(sections(form, labelsOf(sources))) {
			known[q.key] = q
		}
		for key, got := range answers {
			q, ok := known[key]
			if !ok || len(got) == 0 || slices.Contains(got, "") {
				t.Fatalf("answer that nobody asked for: %s=%q", key, got)
			}
			if typed := cleanText(values.Get(key)); q.field.Type == "textarea" && typed != "" && got[0] != typed {
				t.Fatalf("%s: typed %q, kept %q", key, typed, got[0])
			}
		}

		errors := Validate(form, answers, sources, c)
		page := render(t, "form-fields", NewView(form, answers, errors, sources, c))
		checkPage(t, page, errors)
		if again := Decode(form, posted(page), sources); !reflect.DeepEqual(selectable(again, known, sources), selectable(answers, known, sources)) {
			t.Fatalf("posted again: got %q, want %q", again, answers)
		}

		visible := WithoutHidden(form, answers)
		for key := range visible {
			if _, ok := answers[key]; !ok {
				t.Fatalf("%s appeared from nowhere", key)
			}
		}
		if remaining := Validate(form, visible, sources, c); !reflect.DeepEqual(messages(remaining), messages(errors)) {
			t.Fatalf("hidden answers change the errors: %v, %v", messages(remaining), messages(errors))
		}
		render(t, "form-reading", Reading(form, visible, sources, c))
	})
}

// selectable leaves out choices that no page can show.
func selectable(answers map[string][]string, known map[string]question, sources Sources) map[string][]string {
	out := map[string][]string{}
	for key, values := range answers {
		q := known[key]
		for _, value := range values {
			if !q.isChoice() || slices.ContainsFunc(q.options(sources), func(o texts.Option) bool { return o.Key == value }) {
				out[key] = append(out[key], value)
			}
		}
	}
	return out
}
