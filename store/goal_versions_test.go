package store_test

import (
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

func TestAProposalCountsOnlyOnceItIsConfirmed(t *testing.T) {
	d := newDesk(t)
	goal := func(text string) advisory.Answers {
		return advisory.Answers{"goal": {text}, "need": {"N"}, "why": {"Darum"}}
	}
	current := func() string {
		versions, err := d.store.GoalVersions(d.ctx, d.consultation)
		d.must(err)
		return store.CurrentGoal(versions).Goal + "/" + store.OpenGoalProposal(versions).Goal
	}
	wants := func(when, want string) {
		t.Helper()
		if got := current(); got != want {
			t.Errorf("%s: counts/proposed is %s, want %s", when, got, want)
		}
	}
	wants("before the assessment", "/")
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	d.write(d.saidWith("assessment", 1, advisory.Record, "kim", goal("Erstes")), d.opens(2, advisory.ConfirmNeed, advisory.Municipality, ""))
	wants("recorded", "Erstes/")
	d.write(d.said(2, advisory.Confirm, "toni", nil))

	proposed := d.tells(advisory.ProposeGoal, "amina", goal("Vorschlag"))
	d.writeAt(days(1), advisory.Entry{History: advisory.GoalChangeProposed, Input: proposed}, d.opens(3, advisory.ConfirmGoalChange, advisory.Municipality, ""))
	wants("proposed", "Erstes/Vorschlag")
	own := d.tells(advisory.ProposeGoal, "toni", goal("Eigenes"), func(in *advisory.Input) { in.Choice = advisory.Confirm })
	d.writeAt(days(2), advisory.Entry{History: advisory.GoalChanged, Input: own})
	wants("the municipality's own", "Eigenes/Vorschlag")
	d.writeAt(days(3), d.said(3, advisory.Confirm, "toni", nil))
	wants("the older proposal is confirmed after all", "Vorschlag/")

	again := d.tells(advisory.ProposeGoal, "kim", goal("Noch einer"))
	d.writeAt(days(4), advisory.Entry{History: advisory.GoalChangeProposed, Input: again}, d.opens(4, advisory.ConfirmGoalChange, advisory.Municipality, ""))
	d.writeAt(days(5), d.said(4, advisory.Keep, "toni", nil))
	wants("declined", "Vorschlag/")
	versions, err := d.store.GoalVersions(d.ctx, d.consultation)
	d.must(err)
	if len(versions) != 4 || versions[3].DeclinedAt == nil || versions[3].Counts() || versions[0].Goal != "Erstes" {
		t.Errorf("versions %+v", versions)
	}
}
