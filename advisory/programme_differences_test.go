package advisory_test

import (
	"fmt"
	"slices"
	"testing"

	"miglobe/advisory"
)

func TestDifferencesNameWhatChanged(t *testing.T) {
	later := changed(func(p *advisory.Programme) {
		p.Version = 7
		need := row(p, advisory.ConfirmNeed)
		need.Due, need.Escalations = 12, []advisory.Escalation{{After: 13, Then: advisory.Call}}
		p.Closures, p.Topics = []string{}, p.Topics[:5]
		p.QuietDays, p.DeskOpens, p.Matching.Topic = []int{20, 40}, 9, 40
		p.Tasks = slices.DeleteFunc(p.Tasks, func(r advisory.TaskRule) bool { return r.Kind == advisory.DecideRest })
	})
	var got []string
	for _, d := range later.Differences(advisory.DefaultProgramme()) {
		got = append(got, fmt.Sprintf("%s %s", d.Task, d.Field))
	}
	want := []string{"confirm_need due", "confirm_need escalations", "decide_rest ", " topics", " desk_opens", " quiet_days", " matching.topic"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := later.Differences(advisory.DefaultProgramme())[0]; d.Was != 10 || d.Is != 12 {
		t.Errorf("%+v", d)
	}
	if found := advisory.DefaultProgramme().Differences(advisory.DefaultProgramme()); found != nil {
		t.Errorf("a programme differs from itself: %+v", found)
	}
}
