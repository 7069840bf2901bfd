package workflows_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
)

func berlin(year int, month time.Month, date, hour int) time.Time {
	return time.Date(year, month, date, hour, 0, 0, 0, advisory.Berlin)
}

// since is how long after the start of a test a moment comes.
func since(at time.Time) time.Duration { return at.Sub(berlin(2026, time.March, 2, 10)) }

// A reminder that was 2 working days away is 2 working days away again, and so is all the rest.
func TestARestFreezesEveryRemainingTime(t *testing.T) {
	for _, row := range deadlines {
		if row.kind == advisory.AnswerFollowUp || row.kind == advisory.AnswerQuestion {
			continue // its workflow begins months later; the answer ends the rest
		}
		t.Run(string(row.kind), func(t *testing.T) {
			j := newJourney(t)
			j.world.pause = 100 * day
			j.follow(leadingTo(row.kind))
			var task *testTask
			var planned advisory.Schedule
			var frozen time.Time
			j.whenOpen(row.kind, "", func(opened *testTask) {
				j.at(26*time.Hour, func() {
					task, frozen = opened, j.world.now()
					planned = slices.DeleteFunc(slices.Clone(opened.dates.Presses), func(press advisory.Instant) bool { return !press.At.After(frozen) })
					j.do(advisory.BeginRest)
					j.at(30*day, func() {
						if now := j.world.open(); len(now) == 0 || !slices.Contains(now, task) {
							t.Errorf("resting: %s", j.world.describe())
						}
						j.do(advisory.EndRest)
						j.at(time.Minute, func() {
							resumed := j.world.now().Add(-time.Minute)
							for i, press := range task.dates.Presses {
								was, is := planned[i].At, press.At
								if northRhine.WorkdaysBetween(frozen, was) != northRhine.WorkdaysBetween(resumed, is) || was.In(advisory.Berlin).Format("15:04") != is.In(advisory.Berlin).Format("15:04") {
									t.Errorf("%+v was %v away at %v and is at %v", press, was, frozen, is)
								}
							}
						})
						j.at(60*day, j.stop)
					})
				})
			})
			j.start(advisory.Journey{ConsultationID: consultationID})
			for _, fault := range j.world.broken { // every press came at its new instant, none before
				t.Error(fault)
			}
			if task == nil || len(planned) == 0 {
				t.Fatal("nothing was frozen")
			}
		})
	}
}

func TestAReminderTwoWorkingDaysAwayIsSoAgain(t *testing.T) {
	j := newJourney(t)
	rested, resumed := berlin(2026, time.March, 5, 10), berlin(2026, time.April, 22, 15) // a Thursday, a Wednesday
	j.world.pause = 90 * day
	j.at(time.Minute, func() { j.say(advisory.RecordAssessment, advisory.Record) }) // Monday: confirm_need reminds on Monday, 9 March
	j.at(since(rested), func() { j.do(advisory.BeginRest) })
	j.at(since(resumed), func() { j.do(advisory.EndRest) })
	j.runFrom(advisory.Assessment, 60*day)
	reminders := j.world.moments(func(entry advisory.Entry) bool { return entry.Remind == 1 })
	if !slices.Equal(reminders, []string{"2026-04-24 08:00"}) {
		t.Errorf("reminded %v", reminders)
	}
}

func TestEitherSideAsksForARest(t *testing.T) {
	for choice, c := range map[advisory.Choice]struct {
		history advisory.HistoryKind
		resting bool
	}{
		advisory.Rest: {advisory.RestBegun, true},
		advisory.GoOn: {advisory.RestRefused, false},
	} {
		j := newJourney(t)
		var asked, twice, resting *reply
		j.at(time.Hour, func() { asked = j.do(advisory.AskForRest) })
		j.at(2*time.Hour, func() { twice = j.do(advisory.AskForRest) })
		j.at(day, func() { j.say(advisory.DecideRest, choice) })
		j.at(2*day, func() { resting = j.do(advisory.AskForRest) })
		j.runFrom(advisory.Dialogue, 3*day)
		j.applied(asked)
		j.refused(advisory.UnderWay, twice)
		if j.world.resting != c.resting || j.world.told(advisory.RestAsked) == 0 || j.world.told(c.history) != 1 {
			t.Errorf("%s: resting %t, history %v", choice, j.world.resting, j.world.history())
		}
		if c.resting {
			j.refused(advisory.NotNow, resting)
		} else {
			j.applied(resting)
		}
	}
}

func TestARestAskedForIsDecidedByARestAsWell(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.AskForRest) })
	j.at(2*time.Hour, func() { j.do(advisory.BeginRest) })
	j.runFrom(advisory.Dialogue, 3*time.Hour)
	if j.world.find(advisory.DecideRest) != nil || !j.world.resting {
		t.Errorf("resting %t, open %s", j.world.resting, j.world.describe())
	}
}

// The world's rests last 60 days, and the question comes 7 days before their end.
const askedAfter = 53*day + time.Hour

func TestTheQuestionBeforeTheEndOfARest(t *testing.T) {
	for choice, c := range map[advisory.Choice]struct {
		at      time.Duration // when it shows
		resting bool
		outcome advisory.Outcome
	}{
		advisory.Resume:     {60*day + 2*time.Hour, false, ""},
		advisory.RestLonger: {62 * day, true, ""},
		advisory.End:        {55 * day, true, advisory.Withdrawn},
	} {
		t.Run(string(choice), func(t *testing.T) {
			j := newJourney(t)
			j.at(time.Hour, func() { j.do(advisory.BeginRest) })
			j.at(askedAfter-time.Minute, func() {
				if j.world.find(advisory.AnswerRestQuestion) != nil {
					t.Error("asked too early")
				}
			})
			j.at(askedAfter+day, func() { j.say(advisory.AnswerRestQuestion, choice) })
			j.at(askedAfter+2*day, func() {
				if choice == advisory.Resume && !j.world.resting {
					t.Error("goes on before the date that everybody was told")
				}
			})
			j.runFrom(advisory.Dialogue, c.at)
			if j.world.resting != c.resting || j.world.outcome() != c.outcome {
				t.Errorf("resting %t, outcome %q, history %v", j.world.resting, j.world.outcome(), j.world.history())
			}
		})
	}
}

func TestWithoutAnAnswerTheCoordinatorDecides(t *testing.T) {
	for choice, c := range map[advisory.Choice]struct {
		resting bool
		outcome advisory.Outcome
	}{
		advisory.Resume:     {false, ""},
		advisory.RestLonger: {true, ""},
		advisory.End:        {true, advisory.Withdrawn},
	} {
		for _, kind := range []advisory.TaskKind{advisory.DecideAfterRest, advisory.AnswerRestQuestion} {
			t.Run(fmt.Sprintf("%s in %s", choice, kind), func(t *testing.T) {
				j := newJourney(t)
				j.at(time.Hour, func() { j.do(advisory.BeginRest) })
				j.at(askedAfter+12*day, func() {
					if !j.world.resting {
						t.Error("a machine ended the rest")
					}
					j.say(kind, choice)
				})
				j.at(askedAfter+13*day, func() {
					if j.world.find(advisory.DecideAfterRest) != nil || j.world.find(advisory.AnswerRestQuestion) != nil {
						t.Errorf("still asked: %s", j.world.describe())
					}
				})
				j.runFrom(advisory.Dialogue, askedAfter+14*day)
				if j.world.resting != c.resting || j.world.outcome() != c.outcome {
					t.Errorf("resting %t, outcome %q", j.world.resting, j.world.outcome())
				}
			})
		}
	}
}

func TestARestEndsEarlyOrIsProlonged(t *testing.T) {
	t.Run("ended before its date", func(t *testing.T) {
		j := newJourney(t)
		var ended, again *reply
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(10*day, func() { ended = j.do(advisory.EndRest) })
		j.at(11*day, func() { again = j.do(advisory.EndRest) })
		j.runFrom(advisory.Dialogue, 80*day)
		j.applied(ended)
		j.refused(advisory.NotNow, again)
		if len(j.world.moments(opensKind(advisory.AnswerRestQuestion))) > 0 {
			t.Error("asked about a rest that was over")
		}
	})
	t.Run("ended while the question is open", func(t *testing.T) {
		j := newJourney(t)
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(askedAfter+day, func() { j.do(advisory.EndRest) })
		j.runFrom(advisory.Dialogue, askedAfter+2*day)
		if j.world.resting || j.world.find(advisory.AnswerRestQuestion) != nil {
			t.Errorf("open %s", j.world.describe())
		}
	})
	t.Run("prolonged", func(t *testing.T) {
		j := newJourney(t)
		j.at(time.Hour, func() { j.do(advisory.BeginRest) })
		j.at(30*day, func() { j.do(advisory.BeginRest) })
		j.runFrom(advisory.Dialogue, 84*day)
		asked := j.world.moments(opensKind(advisory.AnswerRestQuestion))
		if !slices.Equal(asked, []string{"2026-05-24 11:00"}) || j.world.told(advisory.RestProlonged) != 1 || j.world.told(advisory.RestBegun) != 1 {
			t.Errorf("asked %v, history %v", asked, j.world.history())
		}
	})
}

func TestARestBegunAndEndedInTheSameMoment(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Second} {
		j := newJourney(t)
		j.world.latency = latency
		var begun, ended *reply
		j.at(day, func() { begun, ended = j.do(advisory.BeginRest), j.do(advisory.EndRest) })
		j.runFrom(advisory.Assessment, 30*day)
		j.applied(begun, ended)
		reminders := j.world.moments(func(entry advisory.Entry) bool { return entry.Remind > 0 })
		if j.world.resting || !slices.Equal(reminders, []string{"2026-03-12 08:00"}) {
			t.Errorf("resting %t, reminded %v", j.world.resting, reminders)
		}
	}
}

func TestAppointmentsAndARest(t *testing.T) {
	t.Run("inside it is cancelled and proposed anew afterwards", func(t *testing.T) {
		j := dated(t, 40*day)
		j.at(5*day, func() { j.do(advisory.BeginRest) })
		j.at(6*day, func() {
			if j.world.sessions[1].state != advisory.Cancelled || j.world.find(advisory.ProposeSlots) != nil {
				t.Errorf("session %q, open %s", j.world.sessions[1].state, j.world.describe())
			}
		})
		j.at(30*day, func() { j.do(advisory.EndRest) })
		j.runFrom(advisory.Dialogue, 41*day)
		j.ofSession(advisory.ProposeSlots, 1)
		if j.world.mailed(advisory.MailAppointmentReminder) > 0 || j.world.mailed(advisory.MailAppointmentCancelled) != 1 {
			t.Errorf("mails %v", j.world.mails())
		}
	})
	t.Run("after it stays", func(t *testing.T) {
		j := dated(t, 90*day)
		j.at(5*day, func() { j.do(advisory.BeginRest) })
		j.at(64*day, func() { j.do(advisory.EndRest) })
		j.runFrom(advisory.Dialogue, 91*day)
		if j.world.mailed(advisory.MailAppointmentReminder) != 2 || j.world.mailed(advisory.MailAppointmentCancelled) > 0 {
			t.Errorf("mails %v", j.world.mails())
		}
		j.ofSession(advisory.RecordOutcome, 1)
	})
	t.Run("prolonged over it, it is cancelled then", func(t *testing.T) {
		j := dated(t, 90*day)
		j.at(5*day, func() { j.do(advisory.BeginRest) })
		j.at(50*day, func() { j.do(advisory.BeginRest) })
		j.runFrom(advisory.Dialogue, 51*day)
		if j.world.sessions[1].state != advisory.Cancelled {
			t.Errorf("session %q", j.world.sessions[1].state)
		}
	})
}

func TestARestDuringAnOpenInvitation(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth")) })
	j.at(3*day, func() { j.do(advisory.BeginRest) }) // lapses on 10 March, in 3 working days
	j.at(23*day, func() {
		if j.world.find(advisory.AnswerInvitation, "ruth") == nil {
			t.Error("the invitation did not wait")
		}
		j.do(advisory.EndRest) // on 25 March
	})
	j.runFrom(advisory.Assignment, 40*day)
	if got := j.world.moments(isHistory(advisory.InvitationLapsed)); !slices.Equal(got, []string{"2026-03-30 08:00"}) {
		t.Errorf("lapsed %v", got)
	}
}

// The new times come with a step; while it waits for another one, nothing happens at the old ones.
func TestTheEndOfARestWhileAStepIsOnItsWay(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth")) })
	j.at(3*time.Hour, func() { j.do(advisory.BeginRest) })
	j.at(30*day, func() {
		j.world.latency = time.Second
		j.do(advisory.ClarifyAddress, ofPerson("toni"))
	})
	j.at(30*day+time.Second/2, func() { j.do(advisory.EndRest) })
	j.runFrom(advisory.Assignment, 31*day)
	if j.world.resting || j.world.find(advisory.AnswerInvitation, "ruth") == nil || len(j.world.moments(func(entry advisory.Entry) bool { return entry.Remind > 0 })) > 0 {
		t.Errorf("lapsed or reminded although it rested: %v", j.world.history())
	}
}

func TestARestOfTheFollowUpThatEndsClosesIt(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.AnswerFollowUp))
	j.whenOpen(advisory.AnswerFollowUp, "", func(*testTask) {
		j.do(advisory.BeginRest)
		j.whenOpen(advisory.AnswerRestQuestion, "", func(question *testTask) { j.settle(question, advisory.End) })
	})
	j.run()
	if j.world.outcome() != advisory.Completed || j.world.told(advisory.FollowUpClosed) != 1 || j.world.told(advisory.ConsultationWithdrawn) > 0 {
		t.Errorf("outcome %q, history %v", j.world.outcome(), j.world.history())
	}
}

// An answer ends the rest that began for want of it, and no other.
func TestAnAnswerEndsNoRestThatACoordinatorBegan(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.AnswerQuestion).with(advisory.ReviewRequest, advisory.Ask, advisory.Accept))
	j.whenOpen(advisory.AnswerQuestion, "", func(task *testTask) {
		j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.BeginRest, Actor: "kim"})
		j.at(time.Hour, func() {
			j.settle(task, advisory.Answer)
			j.at(time.Hour, func() {
				if !j.world.resting {
					t.Error("the answer ended the rest")
				}
				j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: "toni"})
			})
		})
	})
	j.run()
}
