package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// What somebody says at the very instant of a deadline counts, or the deadline does: never both, never neither.
func TestADecisionAtTheVeryInstantOfItsDeadline(t *testing.T) {
	for _, c := range []struct {
		kind    advisory.TaskKind
		stage   advisory.Stage
		days    int // after which it is still open
		choice  advisory.Choice
		answers advisory.HistoryKind
		passes  advisory.HistoryKind
	}{
		{advisory.AnswerInvitation, advisory.Assignment, 5, advisory.Accept, advisory.InvitationAccepted, advisory.InvitationLapsed},
		{advisory.Evaluate, advisory.Evaluation, 20, advisory.Submit, advisory.EvaluationAnswered, advisory.EvaluationClosed},
	} {
		for _, offset := range []time.Duration{-time.Second, 0, time.Second} {
			for _, latency := range []time.Duration{0, 3 * time.Second} {
				j := newJourney(t)
				j.world.latency = latency
				if c.kind == advisory.AnswerInvitation {
					j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth")) })
				}
				opened := berlin(2026, time.March, 2, 10)
				deadline := northRhine.AddWorkdays(opened, c.days+1).Add(8 * time.Hour)
				var said *reply
				var task *testTask
				j.at(since(deadline)-time.Hour, func() { task = j.world.open()[0] })
				j.at(since(deadline)+offset, func() { said = j.settle(task, c.choice) })
				j.runFrom(c.stage, since(deadline)+time.Minute)
				if applied := said.settled && task.state == advisory.Done; applied == (task.state == advisory.Lapsed) {
					t.Errorf("%s %v: %+v, task %s", c.kind, offset, said, task.state)
				}
				if offset != 0 && said.settled != (offset < 0) {
					t.Errorf("%s %v: %+v", c.kind, offset, said)
				}
			}
		}
	}
}

// An answer at the instant at which the question lets the consultation rest: it does not rest in the end.
func TestAnAnswerAtTheInstantAtWhichItWouldRest(t *testing.T) {
	for _, offset := range []time.Duration{-time.Second, 0, time.Second} {
		j := newJourney(t)
		j.at(time.Minute, func() { j.say(advisory.ClaimRequest, advisory.Claim, by("kim")) })
		j.at(2*time.Minute, func() { j.say(advisory.ReviewRequest, advisory.Ask) })
		var said *reply
		j.at(since(berlin(2026, time.March, 17, 8))+offset, func() { said = j.say(advisory.AnswerQuestion, advisory.Answer) })
		j.at(16*day, j.stop)
		j.start(advisory.Journey{ConsultationID: consultationID})
		j.applied(said)
		if j.world.resting || j.world.told(advisory.RestBegun) != j.world.told(advisory.RestEnded) || j.world.find(advisory.ReviewRequest) == nil {
			t.Errorf("%v: history %v, open %s", offset, j.world.history(), j.world.describe())
		}
	}
}

// Two decisions on their way at once: the second is told that the task is settled.
func TestOfTwoCoordinatorsTheSecondIsTold(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Second} {
		j := newJourney(t)
		j.world.latency = latency
		var first, second *reply
		j.at(time.Hour, func() {
			task := j.world.find(advisory.CloseConsultation)
			first, second = j.settle(task, "nonsense", by("kim")), j.settle(task, advisory.Close, by("robin"))
		})
		var claims []*reply
		j.runFrom(advisory.Closing, 2*time.Hour)
		j.refused(advisory.ChoiceNotOffered, first)
		j.applied(second)

		j = newJourney(t)
		j.world.latency = latency
		j.at(time.Hour, func() {
			task := j.world.find(advisory.ClaimRequest)
			claims = []*reply{j.settle(task, advisory.Claim, by("kim")), j.settle(task, advisory.Claim, by("robin"))}
		})
		j.at(2*time.Hour, j.stop)
		j.start(advisory.Journey{ConsultationID: consultationID})
		j.applied(claims[0])
		j.refused(advisory.TaskIsSettled, claims[1])
		if owners := j.world.owners(advisory.ReviewRequest); !slices.Equal(owners, []string{"kim"}) {
			t.Errorf("reviewed by %q", owners)
		}
	}
}

// During an outage more is said than the engine remembers of the past; everybody gets an answer when it is over.
func TestEverybodyIsAnsweredAfterAnOutage(t *testing.T) {
	j := newJourney(t)
	var said []*reply
	j.at(time.Hour, func() {
		j.world.away = j.world.now().Add(3 * time.Hour)
		for range 30 {
			said = append(said, j.do(advisory.ProposeGoal, itself))
		}
	})
	j.runFrom(advisory.Dialogue, 5*time.Hour)
	j.applied(said...)
	for _, steps := range j.world.applied {
		if len(steps) != 1 {
			t.Errorf("applied in %v", steps)
		}
	}
}
