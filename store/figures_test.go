package store_test

import (
	"testing"

	"miglobe/advisory"
)

func TestFiguresCountEveryOutcome(t *testing.T) {
	d := newWorkbench(t)
	d.addConsultations(3, "Musterau", advisory.Review, advisory.Declined)
	d.addConsultations(2, "Musterau", advisory.FollowUp, advisory.Completed)
	counts, err := d.store.OutcomeCounts(d.ctx)
	d.must(err)
	want := map[advisory.Outcome]int{advisory.Declined: 3, advisory.Completed: 2}
	if len(counts) != len(advisory.Outcomes) {
		t.Fatalf("counts %v", counts)
	}
	for _, count := range counts {
		if count.N != want[count.Outcome] {
			t.Errorf("%s: %d, want %d", count.Outcome, count.N, want[count.Outcome])
		}
	}
}
