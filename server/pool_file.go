package server

import (
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/server/sheet"
	"miglobe/store"
	"miglobe/texts"
)

// The file of advisors has a line for each advisor and a column for each field of the form advisor_by_team, beside the
// address, which says whose line it is.
const (
	emailColumn   = "email"
	countryColumn = "origin_country" // for new accounts only; never written
	listSeparator = "|"              // between several answers or places in a cell
)

// poolFile writes and reads the file of advisors in the language of a page.
type poolFile struct {
	*Context
	form *texts.Form // advisor_by_team
}

func (c *Context) poolFile() poolFile {
	c.Sources = form.Sources{"countries": countries[c.Lang]()}
	return poolFile{Context: c, form: c.Form("advisor_by_team")}
}

// fields are those of the form in its order.
func (p poolFile) fields() []texts.Field {
	var fields []texts.Field
	for _, step := range p.form.Steps {
		fields = append(fields, step.Fields...)
	}
	return fields
}

// field is that of a column; the country of origin is no field of the form.
func (p poolFile) field(key string) texts.Field {
	if key == countryColumn {
		return texts.Field{Key: countryColumn, Type: "select", Options: p.Sources["countries"]}
	}
	fields := p.fields()
	at := slices.IndexFunc(fields, func(field texts.Field) bool { return field.Key == key })
	if at < 0 {
		return texts.Field{Key: key, Type: "text"}
	}
	return fields[at]
}

// columns are the keys of what is written, in its order.
func (p poolFile) columns() []string {
	columns := []string{emailColumn}
	for _, field := range p.fields() {
		columns = append(columns, field.Key)
	}
	return columns
}

// heading of a column in a language; the file may have those of both.
func (p poolFile) heading(lang texts.Lang, column string) string {
	return p.server.texts.UI(lang, "advisor_pages.columns."+column)
}

// write writes all of the members.
func (p poolFile) write(rows sheet.Writer, members []store.PoolMember) error {
	var head []any
	for _, column := range p.columns() {
		head = append(head, p.heading(p.Lang, column))
	}
	if err := rows.Row(head...); err != nil {
		return err
	}
	for _, member := range members {
		cells := []any{sheet.Exact(member.Email)}
		answers := p.server.teamAnswers(member)
		for _, field := range p.fields() {
			cells = append(cells, sheet.Exact(p.cell(field, answers.All(field.Key))))
		}
		if err := rows.Row(cells...); err != nil {
			return err
		}
	}
	return nil
}

func (p poolFile) cell(field texts.Field, values []string) string {
	var shown []string
	for _, value := range values {
		if field.Key == "further_places" {
			shown = append(shown, placesOf(value)...)
			continue
		}
		for _, option := range field.Options {
			switch {
			case option.Key == value && field.Key == "capacity":
				value = strconv.Itoa(option.Value)
			case option.Key == value:
				value = option.Label
			}
		}
		shown = append(shown, value)
	}
	return strings.Join(shown, " "+listSeparator+" ")
}

// values are what a cell says in the terms of the form. What is not known stays as it was typed, for the form to refuse.
func (p poolFile) values(field texts.Field, cell string) []string {
	cell = strings.TrimSpace(cell)
	switch {
	case cell == "":
		return nil
	case field.Key == "further_places":
		return []string{strings.Join(placesOf(cell), "\n")}
	case len(field.Options) == 0:
		return []string{cell}
	case field.Type != "checkbox":
		return []string{p.option(field, cell)}
	}
	var values []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == '\n' || string(r) == listSeparator }) {
		if part = strings.TrimSpace(part); part != "" {
			values = append(values, p.option(field, part))
		}
	}
	return values
}

// option finds the key of an answer by what people call it in either language.
func (p poolFile) option(field texts.Field, typed string) string {
	for _, option := range p.inBothLanguages(field) {
		if strings.EqualFold(typed, option.Key) || strings.EqualFold(typed, option.Label) ||
			field.Key == "capacity" && typed == strconv.Itoa(option.Value) {
			return option.Key
		}
	}
	return typed
}

func (p poolFile) inBothLanguages(field texts.Field) []texts.Option {
	if field.Key == countryColumn {
		return slices.Concat(countries[texts.German](), countries[texts.English]())
	}
	var options []texts.Option
	for _, lang := range texts.Langs {
		f, _ := p.server.texts.Form(lang, p.form.Name)
		options = append(options, poolFile{p.Context, f}.field(field.Key).Options...)
	}
	return options
}

// known are the answers of an advisor as the form reads them; of somebody new those that an account begins with.
func (p poolFile) known(member *store.PoolMember) advisory.Answers {
	if member == nil {
		return advisory.Answers{"capacity": {"one"}, "meeting_format": {"either"}, "mail_rhythm": {"immediately"}, "mail_language": {"german"}}
	}
	return p.decoded(p.server.teamAnswers(*member))
}

// decoded are answers as the form keeps them.
func (p poolFile) decoded(values map[string][]string) advisory.Answers {
	answers := form.Decode(p.form, values, nil)
	if answers.Get("other_language") != "" && !answers.Has("languages", "other") {
		answers["languages"] = append(slices.Clone(answers["languages"]), "other")
	}
	if places := placesOf(answers.Get("further_places")); len(places) > 0 {
		answers["further_places"] = []string{strings.Join(places, "\n")}
	}
	return answers
}
