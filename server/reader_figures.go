package server

import (
	"net/http"
	"strconv"
	"time"

	"miglobe/store"
)

const (
	figuresPath = "/zahlen"

	// smallest is the smallest number that is told exactly: fewer could point to one municipality.
	smallest = 5

	// The chart, in units of its viewBox (GUIDE.md, section 9).
	chartRow, chartHead, chartBar = 46, 16, 350
)

// figuresPage is what the commissioning body sees: numbers, and never a name.
type figuresPage struct {
	AsOf    time.Time
	Version int
	Tables  []figuresTable
}

// Template implements Page.
func (figuresPage) Template() string { return "reader_figures" }

// figuresTable is one question with its numbers, as a table and as a chart.
type figuresTable struct {
	ID, Title, Column string
	Finding           string
	Rows              []figureRow
	Height            int // of the chart
	Suppressed        bool
}

// figureRow is one number. Where it is small, Text says so and the bar is hatched.
type figureRow struct {
	Label, Text string
	Small       bool
	Y           int // of the label; the bar hangs below
	Width       string
}

// counted is a number before it is told.
type counted struct {
	label string
	n     int
}

func (s *Server) showFigures(c *Context) error {
	ctx := c.Request().Context()
	stages, err := s.store.StageCounts(ctx)
	if err != nil {
		return err
	}
	outcomes, err := s.store.OutcomeCounts(ctx)
	if err != nil {
		return err
	}
	var byStage, byOutcome []counted
	for _, stage := range stages {
		byStage = append(byStage, counted{c.T("stages." + string(stage.Stage) + ".name"), stage.N})
	}
	for _, outcome := range outcomes {
		byOutcome = append(byOutcome, counted{c.T("outcomes." + string(outcome.Outcome) + ".name"), outcome.N})
	}
	return c.Show(http.StatusOK, figuresPage{
		AsOf: c.Now(), Version: store.FiguresVersion,
		Tables: []figuresTable{c.figures("stages", byStage), c.figures("outcomes", byOutcome)},
	})
}

// figures tells numbers. There is no sum: with it, a small number could be computed from the others.
func (c *Context) figures(id string, numbers []counted) figuresTable {
	key := "coordination_pages.figures." + id
	table := figuresTable{
		ID: id, Title: c.T(key + ".title"), Column: c.T(key + ".column"), Height: chartRow * len(numbers),
		Finding: c.finding(key, numbers),
	}
	most := 4 * smallest // what may not be told takes little room
	for _, number := range numbers {
		most = max(most, number.n)
	}
	for i, number := range numbers {
		row := figureRow{Label: number.label, Text: strconv.Itoa(number.n), Small: number.n < smallest, Y: chartRow*i + chartHead}
		length := number.n
		if row.Small {
			row.Text, length, table.Suppressed = c.T("figures.suppressed", "n", smallest), smallest, true
		}
		row.Width = strconv.FormatFloat(chartBar*float64(length)/float64(most), 'f', 1, 64)
		table.Rows = append(table.Rows, row)
	}
	return table
}

// finding is the one sentence that a table comes to, as far as it may be told.
func (c *Context) finding(key string, numbers []counted) string {
	largest, second := counted{}, 0
	for _, number := range numbers {
		if number.n > largest.n {
			largest, second = number, largest.n
		} else {
			second = max(second, number.n)
		}
	}
	if largest.n < smallest || largest.n == second {
		return c.T(key + ".text")
	}
	return c.T(key+".finding", "label", largest.label, "n", largest.n)
}
