package sheet_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"miglobe/server/sheet"
)

func TestFilesOfSpreadsheetsAreRead(t *testing.T) {
	want := []sheet.Line{{Number: 2, Cells: []string{"Köln", "a;b"}}}
	for name, test := range map[string]struct{ content, encoding string }{
		"semicolons":      {"Ort;Text\nKöln;\"a;b\"\n", ""},
		"commas, CRLF":    {"Ort,Text\r\nKöln,a;b\r\n", ""},
		"tabs":            {"Ort\tText\nKöln\ta;b", ""},
		"byte order mark": {"\ufeffOrt;Text\nKöln;\"a;b\"", ""},
		"Windows-1252":    {"Ort;Text\nK\xf6ln;\"a;b\"", "Windows-1252"},
		"UTF-16":          {"\xff\xfeO\x00r\x00t\x00,\x00T\x00\n\x00K\x00\xf6\x00l\x00n\x00,\x00a\x00;\x00b\x00", "UTF-16"},
		"empty lines":     {"Ort;Text\nKöln;\"a;b\"\n;\n\n ; \n", ""},
	} {
		got, err := sheet.Read([]byte(test.content))
		if err != nil || !reflect.DeepEqual(got.Lines, want) || got.Encoding != test.encoding || len(got.Head) != 2 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestLinesKeepTheirNumbersAroundBreaksAndBrokenQuotes(t *testing.T) {
	got, err := sheet.Read([]byte("A;B\n\"two\nlines\";1\n\nbad \"quote;2\n\"bad\" end;3\ngood;4\n\"never closed;5\n"))
	want := []sheet.Line{{Number: 2, Cells: []string{"two\nlines", "1"}}, {Number: 5, Broken: true}, {Number: 6, Broken: true},
		{Number: 7, Cells: []string{"good", "4"}}, {Number: 8, Broken: true}}
	if err != nil || !reflect.DeepEqual(got.Lines, want) {
		t.Errorf("%+v, %v", got.Lines, err)
	}
}

func TestWorkbooksAreNoCSV(t *testing.T) {
	var book bytes.Buffer
	write(t, sheet.XLSX(&book), []any{"Kopf"}, []any{"Zelle"})
	if _, err := sheet.Read(book.Bytes()); !errors.Is(err, sheet.ErrNotText) {
		t.Errorf("a workbook was read: %v", err)
	}
	if got, err := sheet.Read(nil); err != nil || got.Head != nil {
		t.Errorf("an empty file: %+v, %v", got, err)
	}
}

// FuzzWhatIsWrittenIsRead: every text without control characters comes back as it was, formulas and quotes included.
func FuzzWhatIsWrittenIsRead(f *testing.F) {
	for _, text := range []string{"=1+1", "'=1", "''=1", "'", "''", "' =1", "-5", "+49 30", "@x", "a\nb", `"`, `""`, ";", "a,b", "'\t=1", "\ufeffx", " x ", "O'Neill"} {
		f.Add(text, "x")
		f.Add("x", text)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		plain := strings.NewReplacer("\r", "", "\x00", "")
		first, second = strings.ToValidUTF8(plain.Replace(first), ""), strings.ToValidUTF8(plain.Replace(second), "")
		if strings.TrimSpace(first+second) == "" {
			return
		}
		var file bytes.Buffer
		write(t, sheet.CSV(&file), []any{"A", "B"}, []any{sheet.Exact(first), sheet.Exact(second)})
		got, err := sheet.Read(file.Bytes())
		if err != nil || len(got.Lines) != 1 || !reflect.DeepEqual(got.Lines[0].Cells, []string{first, second}) {
			t.Fatalf("%q, %q became %+v, %v", first, second, got.Lines, err)
		}
	})
}
