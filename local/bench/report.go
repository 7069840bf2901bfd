package bench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Result is what a part found out.
type Result struct {
	Goals  []Goal
	Tables []Table
	Notes  []string
}

// Goal compares a value with what is wanted.
type Goal struct {
	Measure, Value, Wanted string
	Met                    bool
	// Reason is what the measurement says about why the goal is missed.
	Reason string
}

// Table is raw figures.
type Table struct {
	Head []string
	Rows [][]string
}

// Section is a part's results as the report keeps them.
type Section struct {
	Key, Title string
	At         time.Time
	Machine    string
	Result     Result
}

const (
	reportHead = `# Benchmarks

` + "`make bench`" + ` measures and writes this page; ` + "`make bench ARGS=\"--only d,e\"`" + ` measures some of the parts anew and leaves the others.
PostgreSQL is durable (fsync and synchronous commit as by default), PostgreSQL, Temporal and MiGlobe share the machine. What
is compared is measured in the same run, in turns.

`
	goalHead = "| part | measure | value | goal | |\n| --- | --- | --- | --- | --- |\n"
)

func (g Goal) row(key string) string {
	result := "met"
	if !g.Met {
		result = "**missed**"
		if g.Reason != "" {
			result += ": " + g.Reason
		}
	}
	return row([]string{key, g.Measure, g.Value, g.Wanted, result})
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// goalTable is the table of all goals.
func goalTable(sections []Section) string {
	var out strings.Builder
	out.WriteString(goalHead)
	for _, s := range sections {
		out.WriteString(s.goalRows())
	}
	return out.String()
}

func (s Section) goalRows() string {
	var out strings.Builder
	for _, g := range s.Result.Goals {
		out.WriteString(g.row(s.Key))
	}
	return out.String()
}

func (s Section) heading() string { return "## " + s.Key + " · " + s.Title + "\n" }

// text is the part's own section.
func (s Section) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\nMeasured on %s: %s.\n", s.heading(), s.At.UTC().Format("2006-01-02 15:04 UTC"), s.Machine)
	for _, t := range s.Result.Tables {
		out.WriteString("\n" + row(t.Head) + "|" + strings.Repeat(" --- |", len(t.Head)) + "\n")
		for _, cells := range t.Rows {
			out.WriteString(row(cells))
		}
	}
	for _, note := range s.Result.Notes {
		out.WriteString("\n" + note + "\n")
	}
	return out.String()
}

// keep writes the results into the report and leaves the parts as they are that were not measured.
func keep(path string, measured []Section) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("report: %w", err)
	}
	if err := os.WriteFile(path, []byte(merge(string(old), measured)), 0o644); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func merge(old string, measured []Section) string {
	var goals, sections strings.Builder
	for _, p := range parts {
		i := slices.IndexFunc(measured, func(s Section) bool { return s.Key == p.key })
		if i >= 0 {
			goals.WriteString(measured[i].goalRows())
			sections.WriteString("\n" + measured[i].text())
			continue
		}
		goals.WriteString(keptGoals(old, p.key))
		sections.WriteString(keptSection(old, Section{Key: p.key, Title: p.title}.heading()))
	}
	return reportHead + goalHead + goals.String() + sections.String()
}

func keptGoals(old, key string) string {
	var kept strings.Builder
	for line := range strings.Lines(old) {
		if strings.HasPrefix(line, "| "+key+" | ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func keptSection(old, heading string) string {
	_, after, found := strings.Cut(old, "\n"+heading)
	if !found {
		return ""
	}
	body, _, _ := strings.Cut(after, "\n## ")
	return "\n" + heading + strings.TrimRight(body, "\n") + "\n"
}
