package bench

import (
	"strings"
	"testing"
	"time"
)

// TestOnlyWhatWasMeasuredIsReplaced: the report keeps the other parts, goals and all.
func TestOnlyWhatWasMeasuredIsReplaced(t *testing.T) {
	section := func(key, title, value string) Section {
		return Section{Key: key, Title: title, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Machine: "2 cores", Result: Result{
			Goals:  []Goal{{Measure: "measure " + key, Value: value, Wanted: "≤ 5", Met: key != "g", Reason: "slow disk"}},
			Tables: []Table{{Head: []string{"a", "b"}, Rows: [][]string{{"one", value}}}},
			Notes:  []string{"Note of " + value + "."},
		}}
	}
	first := merge("", []Section{section("c", "Decisions", "1"), section("d", "Pages with many consultations", "2"), section("g", "Start", "3")})
	if again := merge(first, nil); again != first {
		t.Errorf("keeping everything changes the report:\n%s", again)
	}
	second := merge(first, []Section{section("d", "Pages with many consultations", "4")})
	if second != strings.NewReplacer("| 2 |", "| 4 |", "Note of 2.", "Note of 4.").Replace(first) {
		t.Errorf("the report is\n%s", second)
	}
	if !strings.Contains(second, "| g | measure g | 3 | ≤ 5 | **missed**: slow disk |") {
		t.Errorf("a missed goal is not told with its reason:\n%s", second)
	}
}
