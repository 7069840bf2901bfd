package workflows_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// standing is what is open, apart from the numbers of the tasks.
func (w *world) standing() (open []string) {
	for _, t := range w.open() {
		about := t.About
		if concerned := w.task(about); concerned != nil {
			about = string(concerned.Kind)
		}
		open = append(open, fmt.Sprintf("%s %s %s %d %d %s", t.Kind, t.Owner.Role, t.Owner.Person, t.Session, t.Version, about))
	}
	slices.Sort(open)
	return open
}

func TestAnUndoneWithdrawalStandsWhereItStoodInEveryStage(t *testing.T) {
	for _, row := range deadlines {
		if row.kind == advisory.AnswerFollowUp {
			continue // after the closing there is nothing to withdraw
		}
		t.Run(string(row.kind), func(t *testing.T) {
			j := newJourney(t)
			j.follow(leadingTo(row.kind))
			var withdrawn, undone *reply
			var before []string
			var old []*testTask
			j.whenOpen(row.kind, "", func(*testTask) {
				j.at(26*time.Hour, func() {
					before, old = j.world.standing(), j.world.open()
					withdrawn = j.do(advisory.Withdraw)
				})
				j.at(5*day, func() { undone = j.do(advisory.UndoWithdrawal) })
				j.at(5*day+time.Minute, func() {
					if after := j.world.standing(); !slices.Equal(after, before) {
						t.Errorf("open\n now %q\n was %q", after, before)
					}
					for _, task := range old {
						if task.state != advisory.Obsolete {
							t.Errorf("%s is %s", task.ID, task.state)
						}
					}
					for _, task := range j.world.open() {
						if fresh := j.world.programme.Dates(northRhine, task.Kind, j.world.now()); !task.dates.DueOn.Equal(fresh.DueOn) {
							t.Errorf("%s is due on %v, want %v", task.Kind, task.dates.DueOn, fresh.DueOn)
						}
					}
				})
				j.at(40*day, j.stop)
			})
			j.start(advisory.Journey{ConsultationID: consultationID})
			for _, fault := range j.world.broken {
				t.Error(fault)
			}
			j.applied(withdrawn, undone)
		})
	}
}

func TestAWithdrawalIsFinalAfterTwoWeeks(t *testing.T) {
	j := newJourney(t)
	var meanwhile, late []*reply
	j.at(time.Hour, func() { j.do(advisory.Withdraw) })
	j.at(14*day, func() {
		meanwhile = []*reply{
			j.do(advisory.Withdraw), j.do(advisory.BeginRest), j.do(advisory.AskForRest), j.do(advisory.ReplaceAdvisor, ofPerson("joseph")),
			j.settle(j.world.tasks[0], advisory.Propose), j.do(advisory.ClarifyAddress, ofPerson("toni")),
		}
	})
	j.at(14*day+2*time.Hour, func() { late = append(late, j.do(advisory.UndoWithdrawal)) })
	j.start(advisory.Journey{ConsultationID: consultationID, Stage: advisory.Dialogue, Coordinator: "kim", Advisors: []string{"amina"}, Lead: "amina"})
	j.refused(advisory.ConsultationEnded, meanwhile...)
	if got := j.world.moments(isHistory(advisory.WithdrawalFinal)); !slices.Equal(got, []string{"2026-03-16 11:00"}) || !j.world.ended() {
		t.Errorf("final %v, ended %t", got, j.world.ended())
	}
	for _, r := range late {
		if r.settled {
			t.Error("undone after it was final")
		}
	}
}

func TestOnlyAWithdrawalIsUndone(t *testing.T) {
	j := newJourney(t)
	var before, twice *reply
	j.at(time.Hour, func() { before = j.do(advisory.UndoWithdrawal) })
	j.at(2*time.Hour, func() { j.do(advisory.Withdraw) })
	j.at(3*time.Hour, func() { j.do(advisory.UndoWithdrawal) })
	j.at(4*time.Hour, func() { twice = j.do(advisory.UndoWithdrawal) })
	j.runFrom(advisory.Dialogue, 30*day)
	j.refused(advisory.NotNow, before, twice)
	if j.world.outcome() != "" {
		t.Errorf("outcome %q", j.world.outcome())
	}
}

// Who withdraws again after an undo has two weeks again.
func TestASecondWithdrawalCountsAnew(t *testing.T) {
	j := newJourney(t)
	var undone *reply
	j.at(time.Hour, func() { j.do(advisory.Withdraw) })
	j.at(13*day, func() { j.do(advisory.UndoWithdrawal); j.do(advisory.Withdraw) })
	j.at(26*day, func() { undone = j.do(advisory.UndoWithdrawal) })
	j.runFrom(advisory.Dialogue, 27*day)
	j.applied(undone)
}

func TestAnUndoneWithdrawalProposesItsAppointmentsAnew(t *testing.T) {
	for name, undo := range map[string]time.Duration{
		"before the date":                    3 * day,
		"after the date has passed":          13 * day,
		"at the very moment of the reminder": 3*day + time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			j := dated(t, 10*day)
			j.at(2*day, func() { j.do(advisory.Withdraw) })
			j.at(undo, func() { j.do(advisory.UndoWithdrawal) })
			j.runFrom(advisory.Dialogue, 14*day)
			j.ofSession(advisory.ProposeSlots, 1)
			if j.world.mailed(advisory.MailAppointmentCancelled) != 1 || j.world.mailed(advisory.MailAppointmentReminder) > 0 || j.world.find(advisory.RecordOutcome) != nil {
				t.Errorf("mails %v, open %s", j.world.mails(), j.world.describe())
			}
		})
	}
}

func TestAnUndoneWithdrawalInvitesAgain(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth", "bela")) })
	j.at(2*time.Hour, func() { j.settle(j.world.find(advisory.AnswerInvitation, "bela"), advisory.Accept) })
	j.at(day, func() { j.do(advisory.Withdraw) })
	j.at(2*day, func() { j.do(advisory.UndoWithdrawal) })
	j.at(3*day, func() { j.settle(j.world.find(advisory.AnswerInvitation, "ruth"), advisory.Accept) })
	j.at(4*day, func() { j.say(advisory.AgreeToAdvisors, advisory.Agree) })
	j.at(5*day, j.stop)
	j.start(advisory.Journey{ConsultationID: consultationID, Stage: advisory.Assignment, Coordinator: "kim"})
	if team := j.team(); team == nil || team.Lead != "ruth" || !slices.Equal(team.Advisors, []string{"ruth", "bela"}) {
		t.Errorf("team %+v", team)
	}
	told := slices.IndexFunc(j.world.entries, func(m moment) bool { return m.Mail == advisory.MailInvitationWithdrawn })
	if told < 0 || !slices.Equal(j.world.entries[told].Persons, []string{"ruth", "bela"}) {
		t.Error("who was invited was not told of the withdrawal")
	}
}

func TestAWithdrawalWhileACounterProposalIsOpen(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.settle(j.ofSession(advisory.ProposeSlots, 1), advisory.Propose) })
	j.at(2*time.Hour, func() { j.settle(j.ofSession(advisory.ChooseSlot, 1), advisory.CounterPropose) })
	j.at(3*time.Hour, func() { j.do(advisory.Withdraw) })
	j.at(4*day, func() { j.do(advisory.UndoWithdrawal) })
	j.at(5*day, func() {
		if counter := j.ofSession(advisory.ChooseSlot, 1); counter.Owner.Person != "amina" {
			t.Errorf("asks %+v", counter.Owner)
		}
		j.settle(j.ofSession(advisory.ChooseSlot, 1), advisory.CounterPropose)
	})
	j.runFrom(advisory.Dialogue, 6*day)
	if back := j.ofSession(advisory.ChooseSlot, 1); back.Owner.Role != advisory.Municipality {
		t.Errorf("asks %+v", back.Owner)
	}
}

func TestAWithdrawalWhileResting(t *testing.T) {
	t.Run("undone within the rest, it rests on", func(t *testing.T) {
		j := newJourney(t)
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(20*day, func() { j.do(advisory.Withdraw) })
		j.at(25*day, func() { j.do(advisory.UndoWithdrawal) })
		j.runFrom(advisory.Dialogue, askedAfter+time.Hour)
		if !j.world.resting || j.world.find(advisory.AnswerRestQuestion) == nil {
			t.Errorf("resting %t, open %s", j.world.resting, j.world.describe())
		}
	})
	t.Run("undone after the resume date, it asks how to go on", func(t *testing.T) {
		j := newJourney(t)
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(52*day, func() { j.do(advisory.Withdraw) })
		j.at(65*day, func() { j.do(advisory.UndoWithdrawal) })
		j.at(65*day+time.Hour, func() { j.say(advisory.AnswerRestQuestion, advisory.Resume) })
		j.runFrom(advisory.Dialogue, 66*day)
		if j.world.resting {
			t.Error("still rests after the answer, although its date has passed")
		}
	})
	t.Run("said in the question at the end, it is undone into the rest", func(t *testing.T) {
		j := newJourney(t)
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(askedAfter+time.Hour, func() { j.say(advisory.AnswerRestQuestion, advisory.End) })
		j.at(askedAfter+day, func() { j.do(advisory.UndoWithdrawal) })
		j.runFrom(advisory.Dialogue, askedAfter+2*day)
		if !j.world.resting || j.world.find(advisory.AnswerRestQuestion) == nil || j.world.outcome() != "" {
			t.Errorf("resting %t, outcome %q, open %s", j.world.resting, j.world.outcome(), j.world.describe())
		}
	})
}

// What was decided just before is written and told before the withdrawal, also where the decision waits for a step that is
// on its way; nothing comes after it.
func TestAWithdrawalRightAfterADecision(t *testing.T) {
	j := newJourney(t)
	j.world.latency = time.Second
	var replies []*reply
	answer := func(person string) func() {
		return func() { replies = append(replies, j.settle(j.world.find(advisory.Evaluate, person), advisory.Submit)) }
	}
	j.at(time.Hour, answer("amina"))
	j.at(time.Hour+time.Second/2, answer("joseph"))
	j.at(time.Hour+time.Second/2, func() { replies = append(replies, j.do(advisory.Withdraw)) })
	j.runFrom(advisory.Evaluation, 2*time.Hour)
	j.applied(replies...)
	want := []advisory.HistoryKind{advisory.EvaluationAnswered, advisory.EvaluationAnswered, advisory.ConsultationWithdrawn}
	if history := j.world.history(); !slices.Equal(history, want) {
		t.Errorf("history %v", history)
	}
}

// An input that is on its way while a refusal ends the consultation hears that it has ended.
func TestAWithdrawalRightAfterTheEnd(t *testing.T) {
	j := newJourney(t)
	var referred, withdrawn *reply
	j.at(time.Hour, func() { j.say(advisory.ClaimRequest, advisory.Claim, by("kim")) })
	j.at(2*time.Hour, func() {
		j.world.latency = time.Second
		referred = j.say(advisory.ReviewRequest, advisory.Refer)
		withdrawn = j.do(advisory.Withdraw)
	})
	j.start(advisory.Journey{ConsultationID: consultationID})
	j.applied(referred)
	j.refused(advisory.ConsultationEnded, withdrawn)
	if j.world.outcome() != advisory.Referred {
		t.Errorf("outcome %q", j.world.outcome())
	}
}
