package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"miglobe/advisory"
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
