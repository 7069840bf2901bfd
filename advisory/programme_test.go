package advisory_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miglobe/advisory"
)

// rowsOf reads the tables of docs/journey.md that begin with a column of this name.
func rowsOf(t *testing.T, columns ...string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("../docs/journey.md")
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "|") {
			inside = false
			continue
		}
		var cells []string
		for _, cell := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "*"))
		}
		switch {
		case slices.Contains(columns, cells[0]):
			inside = true
		case inside && !strings.HasPrefix(cells[0], "---"):
			rows = append(rows, cells)
		}
	}
	return rows
}

var (
	numbers  = regexp.MustCompile(`\d+`)
	bracket  = regexp.MustCompile(`\(.*?\)`)
	noLetter = regexp.MustCompile(`[^a-z]+`)
)

func ints(cell string) (all []int) {
	for _, n := range numbers.FindAllString(cell, -1) {
		i, _ := strconv.Atoi(n)
		all = append(all, i)
	}
	return all
}

// formChoices are cells of the column choices that name a form, and the button that sends it.
var formChoices = map[string]advisory.Choice{
	"three slots": "propose", "note": "share", "options": "share", "questionnaire": "submit",
}

func choices(cell string) (all []advisory.Choice) {
	for _, name := range strings.Split(cell, "·") {
		name = strings.TrimSpace(bracket.ReplaceAllString(name, ""))
		if choice, ok := formChoices[name]; ok {
			all = append(all, choice)
			continue
		}
		all = append(all, advisory.Choice(strings.Trim(noLetter.ReplaceAllString(strings.ToLower(name), "_"), "_")))
	}
	return all
}

func TestTheDefaultProgrammeIsTheTableOfTheJourney(t *testing.T) {
	programme := advisory.DefaultProgramme()
	rows := rowsOf(t, "task", "further task")
	if len(rows) != 25 || len(programme.Tasks) != len(rows) {
		t.Fatalf("journey.md has %d tasks, the programme %d", len(rows), len(programme.Tasks))
	}
	for _, row := range rows {
		rule, ok := programme.Rule(advisory.TaskKind(row[0]))
		if !ok {
			t.Errorf("%s is not in the programme", row[0])
			continue
		}
		if due := ints(row[2]); due[0] != rule.Due {
			t.Errorf("%s: due %d, journey.md says %s", row[0], rule.Due, row[2])
		}
		if want := ints(row[3]); !slices.Equal(want, rule.Reminders) {
			t.Errorf("%s: reminders %v, journey.md says %s", row[0], rule.Reminders, row[3])
		}
		var after []int
		for _, escalation := range rule.Escalations {
			after = append(after, escalation.After)
		}
		if want := ints(row[4]); !slices.Equal(want, after) {
			t.Errorf("%s: escalations after %v, journey.md says %s", row[0], after, row[4])
		}
		if want := choices(row[5]); !slices.Equal(want, rule.Choices) {
			t.Errorf("%s: choices %v, journey.md says %v", row[0], rule.Choices, want)
		}
	}
}

func TestTheStagesAreThoseOfTheJourney(t *testing.T) {
	var want []advisory.Stage
	for _, row := range rowsOf(t, "stage") {
		want = append(want, advisory.Stage(strings.ReplaceAll(row[0], "-", "_")))
	}
	if !slices.Equal(want, advisory.Stages) {
		t.Errorf("stages %v, journey.md says %v", advisory.Stages, want)
	}
}

func TestAProgrammeFromBeforeTheMatchingWeightsGetsTheDefault(t *testing.T) {
	if got := (advisory.Programme{}).Completed().Matching; got != advisory.DefaultMatchingWeights() {
		t.Errorf("%+v", got)
	}
	own := advisory.Programme{Matching: advisory.MatchingWeights{Topic: 1}} // zero is a decision where there are weights
	if got := own.Completed().Matching; got != own.Matching {
		t.Errorf("its own weights became %+v", got)
	}
	w := advisory.DefaultMatchingWeights()
	if sum := w.Topic + w.Competence + w.Language + w.Distance + w.Load + w.Rotation; sum != 100 {
		t.Errorf("the default makes %d points", sum)
	}
}
