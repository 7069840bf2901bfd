package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryEdgeOfTheJourneyNamesItsTests keeps docs/journey-tests.md true: every edge of real life and every line of the
// sessions has tests, and those that it names exist.
func TestEveryEdgeOfTheJourneyNamesItsTests(t *testing.T) {
	table := readDoc(t, "journey-tests.md")
	journey := readDoc(t, "journey.md")
	edges := journey[strings.Index(journey, "## Edges of real life"):]
	edges = edges[:strings.Index(edges[3:], "\n## ")]
	for _, edge := range regexp.MustCompile(`(?m)^- \*\*([^*]+)\*\*`).FindAllStringSubmatch(edges, -1) {
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(edge[1]) + ` \|.*$`).FindString(table)
		if row == "" || !strings.Contains(row, "`Test") && !strings.Contains(row, "issue") {
			t.Errorf("no test is named for %q", edge[1])
		}
	}
	existing := tests(t)
	for _, name := range regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(table, -1) {
		if !existing[name[1]] {
			t.Errorf("there is no %s", name[1])
		}
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// tests are the names of all tests of both modules.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		for _, name := range declaration.FindAllStringSubmatch(string(content), -1) {
			found[name[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
