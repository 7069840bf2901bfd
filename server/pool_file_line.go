package server

import (
	"slices"
	"strings"
	"unicode"

	"miglobe/advisory"
	"miglobe/matching/towns"
	"miglobe/server/form"
	"miglobe/server/sheet"
	"miglobe/store"
	"miglobe/texts"
)

// lineReader reads one line.
type lineReader struct {
	poolFile
	columns  []string
	line     sheet.Line
	accounts map[string]store.PoolMember
	first    map[string]int
	faults   []poolFault
}

func (r *lineReader) wrong(column, found, code string, pairs ...any) {
	if column != "" {
		column = r.heading(r.Lang, column)
	}
	r.faults = append(r.faults, r.fault(r.line.Number, column, found, code, pairs...))
}

func (r *lineReader) read() poolLine {
	if r.line.Broken {
		r.wrong("", "", "quotes")
		return poolLine{}
	}
	if got, want := len(r.line.Cells), len(r.columns); got != want {
		r.wrong("", r.T("advisor_pages.faults.cells", "n", got), "cell_count", "n", want)
		return poolLine{}
	}
	cells := map[string]string{}
	for i, column := range r.columns {
		if cell := r.line.Cells[i]; column != "" {
			cells[column] = cell
		} else if strings.TrimSpace(cell) != "" {
			r.wrong("", cell, "no_heading")
		}
	}
	member := r.account(cells[emailColumn])
	if len(r.faults) > 0 {
		return poolLine{}
	}
	return r.entry(member, cells)
}

// account is who has the address; nil where nobody has.
func (r *lineReader) account(typed string) *store.PoolMember {
	email := advisory.NormalEmail(typed)
	if !form.IsEmail(email) {
		r.wrong(emailColumn, typed, "email")
		return nil
	}
	if line, twice := r.first[email]; twice {
		r.wrong(emailColumn, typed, "email_twice", "n", line)
		return nil
	}
	r.first[email] = r.line.Number
	found, known := r.accounts[email]
	switch {
	case !known:
		return nil
	case found.Role != advisory.Advisor:
		r.wrong(emailColumn, typed, "other_role")
	case !found.Active:
		r.wrong(emailColumn, typed, "blocked")
	}
	return &found
}

// entry compares what the line says with what is known.
func (r *lineReader) entry(account *store.PoolMember, cells map[string]string) poolLine {
	known := r.known(account)
	values := map[string][]string{}
	for key, value := range known {
		values[key] = value
	}
	for column, cell := range cells {
		isEmpty := strings.TrimSpace(cell) == ""
		if column != emailColumn && column != countryColumn && !(isEmpty && account == nil) {
			values[column] = r.values(r.field(column), cell)
		}
	}
	answers := r.decoded(values)
	r.check(cells, account, answers)
	country := r.country(account, cells)
	if len(r.faults) > 0 {
		return poolLine{}
	}
	done := poolLine{Number: r.line.Number, New: account == nil, Changes: r.changes(r.form, known, answers)}
	member := store.PoolMember{Person: store.Person{Email: advisory.NormalEmail(cells[emailColumn])}}
	if account != nil {
		member = *account
	} else {
		member.Profile.OriginCountry = country
		done.Changes = r.changes(r.form, advisory.Answers{}, answers)
		for _, option := range r.field(countryColumn).Options {
			if option.Key == country {
				done.Changes = append(done.Changes, changeRow{Label: r.heading(r.Lang, countryColumn), After: []string{option.Label}})
			}
		}
	}
	done.member = r.server.memberOf(member, form.WithoutHidden(r.form, answers))
	done.Name, done.Warnings = done.member.Name(), r.warnings(known, answers)
	done.effect = []any{done.Number, done.New, done.member.Email, country, known, answers}
	return done
}

// check lets the form judge what the line changes: what is stored already is not the file's fault.
func (r *lineReader) check(cells map[string]string, account *store.PoolMember, answers advisory.Answers) {
	for _, found := range form.Validate(r.form, answers, r.Sources, r.FormContext()) {
		cell := cells[found.Key]
		if account != nil && slices.Equal(r.known(account).All(found.Key), answers.All(found.Key)) {
			continue
		}
		expected := found.Message
		if field := r.field(found.Key); len(field.Options) > 0 && strings.TrimSpace(cell) != "" {
			expected = r.T("advisor_pages.faults.one_of", "options", r.offered(field))
		}
		r.faults = append(r.faults, poolFault{Line: r.line.Number, Column: r.heading(r.Lang, found.Key),
			Found: r.unknownIn(found.Key, cell), Expected: expected})
	}
	for column, cell := range cells {
		if strings.ContainsRune(cell, unicode.ReplacementChar) {
			r.wrong(column, cell, "unreadable")
		}
	}
	slices.SortStableFunc(r.faults, func(a, b poolFault) int { return r.place(a.Column) - r.place(b.Column) })
}

// place of a column in the file.
func (r *lineReader) place(heading string) int {
	return slices.IndexFunc(r.columns, func(column string) bool { return column != "" && r.heading(r.Lang, column) == heading })
}

// unknownIn is what of a cell is no answer of the field; of other cells all.
func (r *lineReader) unknownIn(column, cell string) string {
	field := r.field(column)
	if field.Type != "checkbox" {
		return shortened(cell)
	}
	unknown := slices.DeleteFunc(r.values(field, cell), func(value string) bool {
		return slices.ContainsFunc(field.Options, func(option texts.Option) bool { return option.Key == value })
	})
	return shortened(strings.Join(unknown, " "+listSeparator+" "))
}

func (r *lineReader) offered(field texts.Field) string {
	if field.Key == "capacity" {
		return "0, 1, 2, 3"
	}
	var labels []string
	for _, option := range field.Options {
		labels = append(labels, option.Label)
	}
	return strings.Join(labels, " "+listSeparator+" ")
}

// country of origin is taken for new accounts only: later it is the advisor's, and nobody learns it from a refusal.
func (r *lineReader) country(account *store.PoolMember, cells map[string]string) string {
	typed := strings.TrimSpace(cells[countryColumn])
	if typed == "" {
		return ""
	}
	field := r.field(countryColumn)
	key := r.option(field, typed)
	switch {
	case !slices.ContainsFunc(field.Options, func(option texts.Option) bool { return option.Key == key }):
		r.wrong(countryColumn, typed, "country")
	case account != nil:
		r.wrong(countryColumn, typed, "country_is_the_advisors")
	}
	return key
}

// warnings name towns whose place nobody knows, where the line brings them.
func (r *lineReader) warnings(known, answers advisory.Answers) []string {
	before := append(placesOf(known.Get("further_places")), known.Get("home"))
	var warnings []string
	for _, place := range append([]string{answers.Get("home")}, placesOf(answers.Get("further_places"))...) {
		if _, ok := towns.Find(place, ""); !ok && place != "" && !slices.Contains(before, place) {
			warnings = append(warnings, r.T("advisor_pages.import.unknown_town", "town", place))
		}
	}
	return warnings
}
