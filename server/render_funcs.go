package server

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// templateFuncs are the functions of all templates, bound to one language.
func templateFuncs(catalog wording, lang texts.Lang, files assets) template.FuncMap {
	return template.FuncMap{
		"lang": func() string { return string(lang) },
		// Texts: a key and pairs of placeholder and value.
		"t":      func(key string, pairs ...any) string { return catalog.UI(lang, key, pairs...) },
		"count":  func(key string, n int, pairs ...any) string { return catalog.Count(lang, key, n, pairs...) },
		"ft":     func(key string, pairs ...any) string { return catalog.FormText(lang, key, pairs...) },
		"fcount": func(key string, n int, pairs ...any) string { return catalog.FormCount(lang, key, n, pairs...) },
		// fill fills the placeholders of a text that the page has already.
		"fill": texts.Fill,
		// label is the label of an answer of an option list.
		"label": func(list, key any) string { return catalog.OptionLabel(lang, fmt.Sprint(list), fmt.Sprint(key)) },
		// Dates, as GUIDE.md writes them, and for the datetime attribute.
		"date":      func(t time.Time) string { return texts.Date(lang, t) },
		"longdate":  func(t time.Time) string { return texts.LongDate(lang, t) },
		"shortdate": func(t time.Time) string { return texts.ShortDate(lang, t) },
		"datetime":  func(t time.Time) string { return texts.DateTime(lang, t) },
		"timerange": func(from, to time.Time) string { return texts.TimeRange(lang, from, to) },
		"when":      func(from, to time.Time) string { return texts.DateTimeRange(lang, from, to) },
		"month":     func(t time.Time) string { return texts.Month(lang, t) },
		"weekday":   func(t time.Time) string { return texts.WeekdayShort(lang, t) },
		"isodate":   isoDate,
		// url joins the parts of a path and puts it into the language.
		"url":   func(parts ...any) string { return localURL(lang, joinPath(parts)) },
		"asset": files.url,
		// icon is an icon of KERN by its name; it is hidden from screen readers.
		"icon": icon,
		// dict makes the argument of a shared part from pairs of name and value.
		"dict": dict,
		"key":  func(parts ...any) string { return joinPath(parts) },
		"add":  func(a, b int) int { return a + b },
	}
}

func joinPath(parts []any) string {
	var path strings.Builder
	for _, part := range parts {
		fmt.Fprint(&path, part)
	}
	return path.String()
}

func isoDate(t time.Time) string { return t.In(advisory.Berlin).Format(time.DateOnly) }

func icon(name string) template.HTML {
	return template.HTML(`<span class="kern-icon kern-icon--` + template.HTMLEscapeString(name) + //nolint:gosec // escaped
		`" aria-hidden="true"></span>`)
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs")
	}
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		values[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return values, nil
}
