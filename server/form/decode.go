package form

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/texts"
)

// Decode reads posted values into answers: only fields of the form, trimmed,
// with "\n" as line end, dates as 2006-01-02 and times as 15:04 where they
// can be understood. What cannot stays as it was typed, for Validate to
// refuse and for the page to show again. Empty fields have no entry.
// The sources say how often an open step repeats.
func Decode(f *texts.Form, values url.Values, sources Sources) advisory.Answers {
	answers := advisory.Answers{}
	for _, q := range questions(sections(f, labelsOf(sources))) {
		if decoded := q.decode(values[q.key], sources); len(decoded) > 0 {
			answers[q.key] = decoded
		}
	}
	return answers
}

// Merge puts the posted answers of one step in the place of those that a
// draft has so far. An empty step means the whole form.
func Merge(f *texts.Form, step string, stored, posted advisory.Answers) advisory.Answers {
	merged := maps.Clone(stored)
	if merged == nil {
		merged = advisory.Answers{}
	}
	for _, q := range questions(sections(f, labelsIn(stored))) {
		if step == "" || q.step.Key == step {
			delete(merged, q.key)
		}
	}
	maps.Copy(merged, posted)
	return merged
}

func (q question) decode(values []string, sources Sources) []string {
	var out []string
	for _, value := range values {
		value = q.normalise(cleanText(value))
		if value == "" || slices.Contains(out, value) {
			continue
		}
		out = append(out, value)
		if !q.severalChoices() {
			break
		}
	}
	return q.inOrder(out, sources)
}

// inOrder puts chosen answers in the order of the form; unknown ones last.
func (q question) inOrder(chosen []string, sources Sources) []string {
	if len(chosen) < 2 {
		return chosen
	}
	options := q.options(sources)
	rank := func(key string) int {
		i := slices.IndexFunc(options, func(o texts.Option) bool { return o.Key == key })
		if i < 0 {
			return len(options)
		}
		return i
	}
	slices.SortStableFunc(chosen, func(a, b string) int { return rank(a) - rank(b) })
	return chosen
}

// normalise gives a value the one form that it is stored in.
func (q question) normalise(value string) string {
	switch {
	case q.field.Type == "textarea":
		return value
	case q.field.Type == "date":
		if day, ok := parseDate(value); ok {
			return day.Format(isoDate)
		}
	case q.field.Format == "time":
		if clock, ok := parseTime(value); ok {
			return clock
		}
	case q.field.Format == "number":
		return strings.ToUpper(oneLine(value))
	}
	return oneLine(value)
}

// oneLine keeps line breaks out of fields of one line, which end up in
// subjects and headings.
func oneLine(value string) string { return strings.ReplaceAll(value, "\n", " ") }

// cleanText makes a value storable: valid UTF-8, "\n" as line end, no other
// control characters, no white space around it.
func cleanText(value string) string {
	value = strings.ToValidUTF8(value, "\uFFFD")
	value = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(value)
	value = strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, value)
	return strings.TrimSpace(value)
}
