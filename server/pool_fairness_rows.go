package server

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// fairnessColumn is a column of the table, without the name. One that counts invitations has of alone.
type fairnessColumn struct {
	key   string // of its heading, and in the address
	of    func(store.InvitationCounts) int
	order func(a, b store.AdvisorInvitations) int // where of is nil
}

var fairnessColumns = []fairnessColumn{
	{key: "accepted", of: func(n store.InvitationCounts) int { return n.Accepted }},
	{key: "declined", of: func(n store.InvitationCounts) int { return n.Declined }},
	{key: "conflicts", of: func(n store.InvitationCounts) int { return n.Conflicts }},
	{key: "lapsed", of: func(n store.InvitationCounts) int { return n.Lapsed }},
	{key: "withdrawn", of: func(n store.InvitationCounts) int { return n.Withdrawn }},
	{key: "open", of: func(n store.InvitationCounts) int { return n.Open }},
	{key: "answer", order: func(a, b store.AdvisorInvitations) int { return cmp.Compare(a.AverageAnswer(), b.AverageAnswer()) }},
	{key: "load", order: func(a, b store.AdvisorInvitations) int { return cmp.Compare(a.Load, b.Load) }},
	{key: "last", order: func(a, b store.AdvisorInvitations) int {
		return advisory.CompareMoments(a.LastInvitedAt, b.LastInvitedAt)
	}},
	{key: "absent", order: func(a, b store.AdvisorInvitations) int { return cmp.Compare(a.AbsentDays, b.AbsentDays) }},
}

// nameColumn and invitedColumn stand before the others.
var (
	nameColumn    = fairnessColumn{key: "name", order: func(_, _ store.AdvisorInvitations) int { return 0 }} // they come by name
	invitedColumn = fairnessColumn{key: "invited", of: func(n store.InvitationCounts) int { return n.Invited }}
)

func allFairnessColumns() []fairnessColumn {
	return append([]fairnessColumn{nameColumn, invitedColumn}, fairnessColumns...)
}

func (f fairnessColumn) compare(a, b store.AdvisorInvitations) int {
	if f.of != nil {
		return cmp.Compare(f.of(a.InvitationCounts), f.of(b.InvitationCounts))
	}
	return f.order(a, b)
}

// fairnessHeading is the heading of a column, which sorts by it.
type fairnessHeading struct {
	Label, URL string
	Sorted     string // of aria-sort, "" for none
	Numeric    bool
}

// fairnessRow is one person, or all former ones together.
type fairnessRow struct {
	ID, Name, Note string // no ID: no profile to go to
	Cells          []string
}

// fairnessSort is the column that the address asks for, by name where it asks for none; a minus stands for the other way.
func (c *Context) fairnessSort() (fairnessColumn, bool) {
	key, descending := strings.CutPrefix(c.QueryParam(sortQuery), "-")
	for _, column := range allFairnessColumns() {
		if column.key == key {
			return column, descending
		}
	}
	return nameColumn, false
}

func (c *Context) fairnessHead(sorted fairnessColumn, descending bool) []fairnessHeading {
	var head []fairnessHeading
	for _, column := range allFairnessColumns() {
		heading := fairnessHeading{Label: c.T("fairness.column." + column.key), Numeric: column.key != nameColumn.key,
			URL: c.linkWith(sortQuery, column.key) + "#persons-h"}
		if column.key == sorted.key {
			heading.Sorted = "ascending"
			if descending {
				heading.Sorted = "descending"
			} else {
				heading.URL = c.linkWith(sortQuery, "-"+column.key) + "#persons-h"
			}
		}
		head = append(head, heading)
	}
	return head
}

func (p poolInvitations) sorted(column fairnessColumn, descending bool) []store.AdvisorInvitations {
	persons := slices.Clone(p.persons)
	if column.key == nameColumn.key && descending {
		slices.Reverse(persons)
		return persons
	}
	slices.SortStableFunc(persons, func(a, b store.AdvisorInvitations) int {
		if descending {
			return column.compare(b, a)
		}
		return column.compare(a, b)
	})
	return persons
}

func (c *Context) fairnessRows(pool poolInvitations, period askedPeriod, column fairnessColumn, descending bool) (rows []fairnessRow, totals []string) {
	for _, advisor := range pool.sorted(column, descending) {
		rows = append(rows, c.fairnessRow(advisor, period))
	}
	if pool.former.Invited > 0 {
		row := fairnessRow{Name: c.T("fairness.former"), Cells: c.countCells(pool.former)}
		rows = append(rows, fairnessRow{Name: row.Name, Cells: append(row.Cells, c.answerTime(pool.former), "–", "–", "–")})
	}
	return rows, append(c.countCells(pool.total), c.answerTime(pool.total), "", "", "")
}

func (c *Context) fairnessRow(advisor store.AdvisorInvitations, period askedPeriod) fairnessRow {
	row := fairnessRow{ID: advisor.PersonID, Name: fullName(advisor), Cells: c.countCells(advisor.InvitationCounts)}
	last := c.T("fairness.never")
	if advisor.LastInvitedAt != nil {
		last = texts.ShortDate(c.Lang, *advisor.LastInvitedAt)
	}
	load := "–"
	switch {
	case !advisor.Active:
		row.Note = c.T("fairness.left")
	case advisor.CreatedAt.After(period.From) && advisor.Invited == 0:
		row.Note = c.T("fairness.since", "date", texts.ShortDate(c.Lang, advisor.CreatedAt))
	}
	if advisor.Active {
		load = c.T("coordination_pages.pool.load", "n", advisor.Load, "max", advisor.Capacity)
	}
	row.Cells = append(row.Cells, c.answerTime(advisor.InvitationCounts), load, last, c.oneDecimal(inHalfDays(advisor.AbsentDays)))
	return row
}

// inHalfDays rounds away the hour of the change to summer time.
func inHalfDays(days float64) float64 { return math.Round(2*days) / 2 }

func (c *Context) countCells(counts store.InvitationCounts) []string {
	cells := []string{strconv.Itoa(counts.Invited)}
	for _, column := range fairnessColumns {
		if column.of != nil {
			cells = append(cells, strconv.Itoa(column.of(counts)))
		}
	}
	return cells
}
