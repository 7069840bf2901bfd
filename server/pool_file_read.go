package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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

// Bounds of a file of advisors.
const (
	maxPoolFile  = 512 << 10 // bytes
	maxPoolLines = 1000
)

// poolFault is something wrong with a file of advisors. Its words are for people.
type poolFault struct {
	Line            int    // 0: the whole file
	Column          string // "" where it is the line as a whole
	Found, Expected string
}

// poolLine is what a line without faults does.
type poolLine struct {
	Number   int
	Name     string
	New      bool        // makes an account
	Changes  []changeRow // none: the line changes nothing
	Warnings []string

	member store.PoolMember
	effect []any // what it changes, for the fingerprint
}

// poolPlan is what a file of advisors does, and what of it is wrong.
type poolPlan struct {
	Faults   []poolFault
	Lines    []poolLine // without faults
	BadLines int        // with faults
	Encoding string     // that the file was read in where it was not UTF-8
}

// poolTable is a file of advisors whose headings are known.
type poolTable struct {
	sheet.Table
	columns []string // key of each column; "" of one that is empty
}

// emails are the addresses that the file names, normalised.
func (t poolTable) emails() []string {
	at := slices.Index(t.columns, emailColumn)
	var emails []string
	for _, line := range t.Lines {
		if at >= 0 && at < len(line.Cells) {
			emails = append(emails, advisory.NormalEmail(line.Cells[at]))
		}
	}
	return emails
}

// read reads the headings. Where one of them is wrong, nobody knows what the columns mean: the faults are of the whole file.
func (p poolFile) read(content []byte) (poolTable, []poolFault) {
	read, err := sheet.Read(content)
	table := poolTable{Table: read}
	switch {
	case err != nil:
		return table, []poolFault{p.fault(0, "", "", "not_csv")}
	case len(read.Head) == 0 || len(read.Lines) == 0:
		return table, []poolFault{p.fault(0, "", "", "no_lines")}
	case len(read.Lines) > maxPoolLines:
		return table, []poolFault{p.fault(0, "", fmt.Sprint(len(read.Lines)), "too_many_lines", "max", maxPoolLines)}
	}
	var faults []poolFault
	for _, heading := range read.Head {
		column, ok := p.columnOf(heading)
		switch {
		case !ok:
			faults = append(faults, p.fault(0, heading, heading, "unknown_column", "columns", p.headings()))
		case column != "" && slices.Contains(table.columns, column):
			faults = append(faults, p.fault(0, heading, heading, "column_twice"))
		}
		table.columns = append(table.columns, column)
	}
	if !slices.Contains(table.columns, emailColumn) {
		faults = append(faults, p.fault(0, p.heading(p.Lang, emailColumn), "", "no_email_column"))
	}
	return table, faults
}

func (p poolFile) columnOf(heading string) (string, bool) {
	heading = strings.TrimSpace(heading)
	if heading == "" {
		return "", true
	}
	for _, column := range append(p.columns(), countryColumn) {
		for _, lang := range texts.Langs {
			if strings.EqualFold(heading, p.heading(lang, column)) {
				return column, true
			}
		}
	}
	return "", false
}

func (p poolFile) headings() string {
	var headings []string
	for _, column := range p.columns() {
		headings = append(headings, p.heading(p.Lang, column))
	}
	return strings.Join(headings, ", ")
}

// fault words what was expected by its code in texts/ui.
func (p poolFile) fault(line int, column, found, code string, pairs ...any) poolFault {
	return poolFault{Line: line, Column: column, Found: shortened(found), Expected: p.T("advisor_pages.faults."+code, pairs...)}
}

const shownOfCell = 80 // characters

func shortened(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > shownOfCell {
		return string(runes[:shownOfCell]) + "…"
	}
	return string(runes)
}

// plan checks every line against the accounts with its addresses.
func (p poolFile) plan(table poolTable, accounts map[string]store.PoolMember) poolPlan {
	plan := poolPlan{Encoding: table.Encoding}
	first := map[string]int{} // line by address
	for _, line := range table.Lines {
		reader := lineReader{poolFile: p, columns: table.columns, line: line, accounts: accounts, first: first}
		done := reader.read()
		if len(reader.faults) > 0 {
			plan.BadLines++
			plan.Faults = append(plan.Faults, reader.faults...)
			continue
		}
		plan.Lines = append(plan.Lines, done)
	}
	return plan
}

// effective are the lines that change something.
func (p poolPlan) effective() []poolLine {
	return slices.DeleteFunc(slices.Clone(p.Lines), func(line poolLine) bool { return !line.New && len(line.Changes) == 0 })
}

// fingerprint stands for all that the plan does: another plan has another one.
func (p poolPlan) fingerprint() string {
	effects := []any{p.BadLines}
	for _, line := range p.Lines {
		effects = append(effects, line.effect)
	}
	told, err := json.Marshal(effects)
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(told)
	return hex.EncodeToString(sum[:])
}

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
