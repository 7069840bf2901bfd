package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"miglobe/server/sheet"
)

// late is still the 1st of March in UTC.
var late = time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)

func write(t *testing.T, table sheet.Writer, rows ...[]any) {
	t.Helper()
	for _, row := range rows {
		if err := table.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCSVIsWhatGermanSpreadsheetsRead(t *testing.T) {
	var file bytes.Buffer
	write(t, sheet.CSV(&file), []any{"Kommune", "Fällig"}, []any{"Köln; \"Mitte\"\nNord", late}, []any{"Hamm", ""})
	want := "\ufeffKommune;Fällig\r\n\"Köln; \"\"Mitte\"\"\r\nNord\";02.03.2026\r\nHamm;\r\n"
	if file.String() != want {
		t.Errorf("got %q, want %q", file.String(), want)
	}
}

func TestNumbersStayNumbers(t *testing.T) {
	var text, book bytes.Buffer
	numbers := []any{3, -2, 2.54}
	write(t, sheet.CSV(&text), numbers)
	if text.String() != "\ufeff3;-2;2,5\r\n" {
		t.Errorf("CSV %q", text.String())
	}
	write(t, sheet.XLSX(&book), []any{"Kopf"}, numbers)
	file, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "3", "B2": "-2", "C2": "2.5"} {
		kind, err := file.GetCellType("Sheet1", cell)
		if got, _ := file.GetCellValue("Sheet1", cell); err != nil || got != want || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
			t.Errorf("%s is %q as %v (%v)", cell, got, kind, err)
		}
	}
}

func TestNothingTypedBecomesAFormula(t *testing.T) {
	typed := []any{"=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", " =1", "\r=1", "'=1", "a=1", "Straße", ""}
	want := []string{"'=1+1", "'+49 30", "'-5", "'@SUM(A1)", "'\t=1", "' =1", "'\r=1", "'=1", "a=1", "Straße", ""}
	var text, book bytes.Buffer
	write(t, sheet.CSV(&text), typed)
	for _, cell := range want[:4] {
		if !strings.Contains(text.String(), cell) {
			t.Errorf("CSV lacks %q: %q", cell, text.String())
		}
	}
	write(t, sheet.XLSX(&book), []any{"Kopf"}, typed)
	file, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	for i, cell := range want {
		name, _ := excelize.CoordinatesToCellName(i+1, 2)
		if strings.ContainsAny(cell, "\t\r") { // how XML keeps white space is not the point
			continue
		}
		if got, err := file.GetCellValue("Sheet1", name); err != nil || got != cell {
			t.Errorf("%s is %q (%v), want %q", name, got, err, cell)
		}
		if formula, _ := file.GetCellFormula("Sheet1", name); formula != "" {
			t.Errorf("%s is a formula: %q", name, formula)
		}
	}
}

func TestDaysOfABookAreDays(t *testing.T) {
	var book bytes.Buffer
	write(t, sheet.XLSX(&book), []any{"Fällig"}, []any{late}, []any{strings.Repeat("ä", 40_000)})
	file, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := file.GetCellValue("Sheet1", "A2"); got != "02.03.2026" {
		t.Errorf("the day shows as %q", got)
	}
	if kind, _ := file.GetCellType("Sheet1", "A2"); kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Error("the day is text, so that nobody can sort by it")
	}
	if got, _ := file.GetCellValue("Sheet1", "A3"); len([]rune(got)) != 32_000 {
		t.Errorf("a long text has %d characters", len([]rune(got)))
	}
}

func TestAnEmptyTableIsAFile(t *testing.T) {
	for name, table := range map[string]func(*bytes.Buffer) sheet.Writer{
		"CSV":  func(file *bytes.Buffer) sheet.Writer { return sheet.CSV(file) },
		"XLSX": func(file *bytes.Buffer) sheet.Writer { return sheet.XLSX(file) },
	} {
		var file bytes.Buffer
		write(t, table(&file), []any{"Kopf"})
		if file.Len() == 0 {
			t.Errorf("%s: nothing written", name)
		}
	}
}
