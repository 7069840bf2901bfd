package workflows_test

import (
	"testing"
	"time"

	"miglobe/advisory"
)

func itself(in *advisory.Input) { in.Choice, in.Actor = advisory.Confirm, "toni" }

func TestAProposedGoalIsConfirmedByTheMunicipalityOnly(t *testing.T) {
	for choice, history := range map[advisory.Choice]advisory.HistoryKind{
		advisory.Confirm: advisory.GoalChanged,
		advisory.Keep:    advisory.GoalKept,
	} {
		j := newJourney(t)
		var proposed, second, own, after *reply
		j.at(time.Hour, func() { proposed = j.do(advisory.ProposeGoal, by("amina")) })
		j.at(2*time.Hour, func() {
			if task := j.world.find(advisory.ConfirmGoalChange); task == nil || task.Owner.Role != advisory.Municipality {
				t.Errorf("open %s", j.world.describe())
			}
			second = j.do(advisory.ProposeGoal, by("joseph"))
		})
		j.at(3*time.Hour, func() { j.say(advisory.ConfirmGoalChange, choice) })
		j.at(4*time.Hour, func() { after = j.do(advisory.ProposeGoal) })
		j.at(5*time.Hour, func() { own = j.do(advisory.ProposeGoal, itself) })
		j.runFrom(advisory.Dialogue, 6*time.Hour)
		j.applied(proposed, after, own)
		j.refused(advisory.UnderWay, second)
		if j.world.told(advisory.GoalChangeProposed) != 2 || j.world.told(history) == 0 {
			t.Errorf("%s: history %v", choice, j.world.history())
		}
	}
}

func TestWhatTheMunicipalitySaysItselfCountsAtOnce(t *testing.T) {
	j := newJourney(t)
	var own *reply
	j.at(time.Hour, func() { own = j.do(advisory.ProposeGoal, itself) })
	j.runFrom(advisory.Options, 2*time.Hour)
	j.applied(own)
	if j.world.told(advisory.GoalChanged) != 1 || j.world.mailed(advisory.MailNeedConfirmed) != 1 || j.world.find(advisory.ConfirmGoalChange) != nil {
		t.Errorf("history %v, open %s", j.world.history(), j.world.describe())
	}
}

func TestOfTwoProposalsAtTheSameMomentOneIsRefused(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Second} {
		j := newJourney(t)
		j.world.latency = latency
		var first, second *reply
		j.at(time.Hour, func() { first, second = j.do(advisory.ProposeGoal), j.do(advisory.ProposeGoal) })
		j.runFrom(advisory.Dialogue, 2*time.Hour)
		j.applied(first)
		j.refused(advisory.UnderWay, second)
	}
}

func TestTheGoalChangesInItsStagesOnly(t *testing.T) {
	for stage, want := range map[advisory.Stage]advisory.Refusal{
		advisory.Assessment: advisory.NotNow, advisory.Assignment: "", advisory.Opening: "", advisory.Dialogue: "", advisory.Options: "",
		advisory.Evaluation: advisory.NotNow, advisory.Closing: advisory.NotNow,
	} {
		j := newJourney(t)
		var proposed, own *reply
		j.at(time.Hour, func() { proposed, own = j.do(advisory.ProposeGoal), j.do(advisory.ProposeGoal, itself) })
		j.runFrom(stage, 2*time.Hour)
		if a, b := refusalOf(proposed), refusalOf(own); a != want || b != want {
			t.Errorf("%s: told %q and %q, want %q", stage, a, b, want)
		}
	}
}

func TestASilentMunicipalityIsCalledAboutTheGoalOnce(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.ProposeGoal) })
	j.at(20*day, func() { j.do(advisory.Withdraw) })
	j.at(21*day, func() { j.do(advisory.UndoWithdrawal) })
	j.runFrom(advisory.Options, 50*day)
	open := 0
	for _, task := range j.world.open() {
		if task.Kind == advisory.CallParticipants && task.About == j.world.find(advisory.ConfirmGoalChange).ID {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d calls about one question: %s", open, j.world.describe())
	}
}
