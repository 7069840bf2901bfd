package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// ErrNotText is the error of a file that is no CSV file, such as a workbook.
var ErrNotText = errors.New("file is not text")

// Table is a CSV file that was read. Nothing of it was judged.
type Table struct {
	Head  []string // cells of the first line; nil where the file is empty
	Lines []Line
	// Encoding is the one that the file was read in where it was not UTF-8, for people; "" otherwise.
	Encoding string
}

// Line is one line of a table, as somebody typed it: without the apostrophe that keeps formulas from being computed.
type Line struct {
	Number int // in the file, from 1; of its beginning where a cell has line breaks
	Cells  []string
	Broken bool // quotation marks that do not fit together: there are no cells
}

// Read reads a CSV file as spreadsheets write them: separated by semicolons, commas or tabs, in UTF-8, UTF-16 or
// Windows-1252. Empty lines are left out. ErrNotText where it is something else.
func Read(content []byte) (Table, error) {
	var table Table
	text, err := table.decode(content)
	if err != nil {
		return Table{}, err
	}
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma, rows.FieldsPerRecord = separatorOf(text), -1
	for {
		cells, err := rows.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return table, nil
		case errors.As(err, &broken):
			table.add(Line{Number: broken.StartLine, Broken: true})
		case err != nil:
			return Table{}, err
		default:
			number, _ := rows.FieldPos(0)
			table.add(Line{Number: number, Cells: cells})
		}
	}
}

func (t *Table) decode(content []byte) (string, error) {
	fallback := encoding.Nop
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}), bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		t.Encoding = "UTF-16"
	case !utf8.Valid(content):
		fallback, t.Encoding = charmap.Windows1252, "Windows-1252"
	}
	decoder := &encoding.Decoder{Transformer: unicode.BOMOverride(fallback.NewDecoder())}
	text, err := decoder.Bytes(content)
	if err != nil || bytes.ContainsRune(text, 0) {
		return "", ErrNotText
	}
	return string(text), nil
}

// separatorOf is what separates the headings.
func separatorOf(text string) rune {
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best, most := ';', 0
	for _, separator := range []rune{';', ',', '\t'} {
		if n := strings.Count(head, string(separator)); n > most {
			best, most = separator, n
		}
	}
	return best
}

func (t *Table) add(line Line) {
	empty := !line.Broken
	for i, cell := range line.Cells {
		line.Cells[i] = Typed(cell)
		empty = empty && strings.TrimSpace(cell) == ""
	}
	switch {
	case empty:
	case t.Head == nil && !line.Broken:
		t.Head = line.Cells
	default:
		t.Lines = append(t.Lines, line)
	}
}

// Exact is text for a cell from which Typed makes the same text again, also where somebody typed an apostrophe in front of
// what looks like a formula.
func Exact(text string) string {
	if strings.HasPrefix(text, "'") && isGuarded(text) {
		return "'" + text
	}
	return text
}

// Typed is the text behind a cell that a Writer wrote: without the apostrophe in front of what looks like a formula.
func Typed(cell string) string {
	if isGuarded(cell) {
		return cell[1:]
	}
	return cell
}

// isGuarded tells whether an apostrophe, or several, stand in front of what would begin a formula.
func isGuarded(cell string) bool {
	bare := strings.TrimLeft(cell, "'")
	return bare != cell && harmless(bare) != bare
}
