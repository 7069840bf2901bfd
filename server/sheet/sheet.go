// Package sheet writes tables as files that spreadsheets open: CSV as German spreadsheets want it, and XLSX. Rows leave as
// they come, so a table may be long. What somebody typed never becomes a formula.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"miglobe/advisory"
)

// Writer writes one table. The first row is its headings. Cells are strings, numbers (int, float64 with
// one decimal), and times, which show as days of Europe/Berlin.
type Writer interface {
	Row(cells ...any) error
	// Close ends the file; without it there is none.
	Close() error
}

// harmless is text that no spreadsheet reads as a formula: an apostrophe stands before a first character that would begin
// one, also behind white space, which some programs cut off.
func harmless(text string) string {
	begin := strings.TrimLeft(text, " \t\r\n\u00a0")
	if begin != "" && strings.ContainsAny(begin[:1], "=+-@") || strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") {
		return "'" + text
	}
	return text
}

type csvTable struct{ rows *csv.Writer }

// CSV writes UTF-8 with a byte order mark, semicolons and days as 02.01.2006.
func CSV(w io.Writer) Writer {
	table := csvTable{csv.NewWriter(&marked{w: w})}
	table.rows.Comma = ';'
	table.rows.UseCRLF = true
	return table
}

// marked puts the byte order mark before the first byte, so that nothing leaves where there is no row.
type marked struct {
	w    io.Writer
	done bool
}

func (m *marked) Write(p []byte) (int, error) {
	if !m.done {
		m.done = true
		if _, err := io.WriteString(m.w, "\ufeff"); err != nil {
			return 0, err
		}
	}
	return m.w.Write(p)
}

func (t csvTable) Row(cells ...any) error {
	record := make([]string, len(cells))
	for i, cell := range cells {
		switch value := cell.(type) {
		case time.Time:
			record[i] = value.In(advisory.Berlin).Format("02.01.2006")
		case int:
			record[i] = strconv.Itoa(value)
		case float64:
			record[i] = strings.Replace(strconv.FormatFloat(value, 'f', 1, 64), ".", ",", 1)
		default:
			record[i] = harmless(fmt.Sprint(cell))
		}
	}
	return t.rows.Write(record)
}

func (t csvTable) Close() error {
	t.rows.Flush()
	return t.rows.Error()
}

// maxCell is the longest text that fits into a cell of XLSX.
const maxCell = 32_000

type xlsxTable struct {
	to        io.Writer
	file      *excelize.File
	rows      *excelize.StreamWriter
	day, head int // styles
	written   int
	err       error
}

// XLSX writes one sheet whose headings stay in view. The rows wait in a temporary file for Close.
func XLSX(w io.Writer) Writer {
	t := &xlsxTable{to: w, file: excelize.NewFile()}
	t.rows, t.err = t.file.NewStreamWriter("Sheet1")
	if t.err == nil {
		t.day, t.err = t.file.NewStyle(&excelize.Style{CustomNumFmt: ptr("dd.mm.yyyy")})
	}
	if t.err == nil {
		t.head, t.err = t.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	}
	return t
}

func ptr[T any](value T) *T { return &value }

// begin must come before the first row.
func (t *xlsxTable) begin(columns int) error {
	if err := t.rows.SetColWidth(1, max(columns, 1), 22); err != nil {
		return err
	}
	return t.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (t *xlsxTable) Row(cells ...any) error {
	if t.err != nil {
		return t.err
	}
	if t.written == 0 {
		if t.err = t.begin(len(cells)); t.err != nil {
			return t.err
		}
	}
	t.written++
	row := make([]any, len(cells))
	for i, cell := range cells {
		row[i] = t.cell(cell)
	}
	t.err = t.rows.SetRow(fmt.Sprintf("A%d", t.written), row)
	return t.err
}

func (t *xlsxTable) cell(cell any) any {
	switch value := cell.(type) {
	case time.Time:
		year, month, date := value.In(advisory.Berlin).Date()
		return excelize.Cell{StyleID: t.day, Value: time.Date(year, month, date, 0, 0, 0, 0, time.UTC)}
	case int:
		return excelize.Cell{Value: value}
	case float64:
		return excelize.Cell{Value: math.Round(10*value) / 10}
	}
	text := []rune(harmless(fmt.Sprint(cell)))
	shown := excelize.Cell{Value: string(text[:min(len(text), maxCell)])}
	if t.written == 1 {
		shown.StyleID = t.head
	}
	return shown
}

func (t *xlsxTable) Close() error {
	defer t.file.Close() //nolint:errcheck // removes the temporary file
	if t.err != nil {
		return t.err
	}
	if err := t.rows.Flush(); err != nil {
		return err
	}
	_, err := t.file.WriteTo(t.to)
	return err
}
