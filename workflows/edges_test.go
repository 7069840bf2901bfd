package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
)

func invite(lead string, advisors ...string) func(*advisory.Input) {
	return func(in *advisory.Input) { in.Advisors, in.Lead = advisors, lead }
}

// whenOpen does something once, as soon as a task of the kind (and of the person) is open.
func (j *journey) whenOpen(kind advisory.TaskKind, person string, do func(*testTask)) {
	done := false
	j.every(time.Hour, func() {
		for _, t := range j.world.open() {
			if !done && t.Kind == kind && (person == "" || t.Owner.Person == person) {
				done = true
				do(t)
			}
		}
	})
}

func TestAnInvitationThatIsNotAcceptedLeadsBackToAChoice(t *testing.T) {
	for name, c := range map[string]struct {
		answer  func(*journey, *testTask)
		history advisory.HistoryKind
	}{
		"declined": {func(j *journey, task *testTask) { j.settle(task, advisory.Decline) }, advisory.InvitationDeclined},
		"conflict": {func(j *journey, task *testTask) { j.settle(task, advisory.ConflictOfInt) }, advisory.ConflictDeclared},
		"lapsed":   {func(*journey, *testTask) {}, advisory.InvitationLapsed},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t)
			j.follow(until(advisory.AnswerInvitation).with(advisory.ChooseAdvisors))
			j.whenOpen(advisory.ChooseAdvisors, "", func(task *testTask) {
				j.settle(task, advisory.Choose, invite("amina", "amina", "joseph"))
				j.whenOpen(advisory.ChooseAdvisors, "", func(task *testTask) {
					if joseph := j.world.find(advisory.AnswerInvitation, "joseph"); name != "lapsed" && joseph == nil {
						t.Error("the other invitation was touched")
					}
					j.settle(task, advisory.Choose, invite("ruth", "ruth"))
				})
			})
			j.whenOpen(advisory.AnswerInvitation, "amina", func(task *testTask) { c.answer(j, task) })
			j.whenOpen(advisory.AnswerInvitation, "ruth", func(task *testTask) { j.settle(task, advisory.Accept) })
			if name == "lapsed" {
				j.whenOpen(advisory.AnswerInvitation, "joseph", func(task *testTask) { j.settle(task, advisory.Accept) })
			} else {
				j.whenOpen(advisory.AnswerInvitation, "ruth", func(*testTask) {
					j.settle(j.world.find(advisory.AnswerInvitation, "joseph"), advisory.Accept)
				})
			}
			j.run()
			if !slices.Contains(j.world.history(), c.history) {
				t.Errorf("history %v lacks %q", j.world.history(), c.history)
			}
			team := j.team()
			if team == nil || team.Lead != "ruth" || !slices.Equal(team.Advisors, []string{"joseph", "ruth"}) {
				t.Errorf("team %+v", team)
			}
		})
	}
}

func (j *journey) team() (team *advisory.Team) {
	for _, m := range j.world.entries {
		if m.Team != nil {
			team = m.Team
		}
	}
	return team
}

func TestTheMunicipalityMayAskForOthers(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.AgreeToAdvisors, advisory.AskForOthers, advisory.Agree).with(advisory.ChooseAdvisors))
	j.whenOpen(advisory.ChooseAdvisors, "", func(task *testTask) {
		j.settle(task, advisory.Choose, invite("amina", "amina"))
		j.whenOpen(advisory.ChooseAdvisors, "", func(task *testTask) {
			j.settle(task, advisory.Choose, invite("ruth", "ruth"))
		})
	})
	j.run()
	if team := j.team(); team.Lead != "ruth" || len(team.Advisors) != 1 {
		t.Errorf("team %+v", team)
	}
	withdrawn := slices.IndexFunc(j.world.entries, func(m moment) bool { return m.Mail == advisory.MailInvitationWithdrawn })
	if withdrawn < 0 || !slices.Equal(j.world.entries[withdrawn].Persons, []string{"amina"}) {
		t.Error("who had accepted was not told")
	}
}

func TestAChoiceNeedsALead(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.ChooseAdvisors))
	replies := map[string]*reply{}
	j.whenOpen(advisory.ChooseAdvisors, "", func(task *testTask) {
		replies["none"] = j.settle(task, advisory.Choose, invite("", "amina"))
		replies["foreign"] = j.settle(task, advisory.Choose, invite("ruth", "amina"))
		replies["nobody"] = j.settle(task, advisory.Choose, invite(""))
		j.at(time.Hour, func() { j.settle(task, advisory.Choose, invite("amina", "amina")) })
	})
	j.run()
	for name, r := range replies {
		if refusalOf(r) != advisory.LeadMissing {
			t.Errorf("%s: %v", name, r.err)
		}
	}
}

func TestASessionGetsNewDatesUntilItIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		outcomes []advisory.Choice
		missed   int // mails
		calls    int
	}{
		"called off beforehand":    {[]advisory.Choice{advisory.WasExcused, advisory.WasHeld}, 0, 0},
		"missed once":              {[]advisory.Choice{advisory.MunicipalityAway, advisory.WasHeld}, 1, 0},
		"missed twice":             {[]advisory.Choice{advisory.MunicipalityAway, advisory.AdvisorAway, advisory.WasHeld}, 2, 1},
		"not known, then recorded": {[]advisory.Choice{advisory.NotKnown, advisory.WasHeld}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t)
			j.follow(straight().with(advisory.RecordOutcome, c.outcomes...))
			j.run()
			missed, calls := 0, 0
			for _, m := range j.world.entries {
				if m.Mail == advisory.MailSessionMissed {
					missed++
				}
				if m.Open != nil && m.Open.Kind == advisory.CallParticipants {
					calls++
				}
			}
			if missed != c.missed || calls != c.calls || j.world.outcome() != advisory.Completed {
				t.Errorf("missed %d, calls %d, outcome %q", missed, calls, j.world.outcome())
			}
		})
	}
}

func TestWhatTheLeadDoesNotKnowTheCoordinatorRecords(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.RecordOutcome, advisory.NotKnown, advisory.WasHeld))
	j.run()
	var owners []string
	for _, task := range j.world.tasks {
		if task.Kind == advisory.RecordOutcome && task.Session == 1 {
			owners = append(owners, task.Owner.Person)
		}
	}
	if !slices.Equal(owners, []string{"amina", "kim"}) {
		t.Errorf("asked %v", owners)
	}
}

func TestCounterProposalsGoToTheOtherSideAndThenTheCoordinatorCalls(t *testing.T) {
	j := newJourney(t)
	counter := advisory.CounterPropose
	j.follow(straight().with(advisory.ChooseSlot, counter, counter, counter, advisory.Choose).with(advisory.CallParticipants, advisory.Reached))
	j.run()
	var sides []advisory.Role
	var call time.Time
	for _, task := range j.world.tasks {
		if task.Kind == advisory.ChooseSlot && task.Session == 1 {
			sides = append(sides, task.Owner.Role)
		}
		if task.Kind == advisory.CallParticipants && call.IsZero() {
			call = task.opened
		}
	}
	want := []advisory.Role{advisory.Municipality, advisory.Advisor, advisory.Municipality, advisory.Advisor}
	if !slices.Equal(sides, want) || call.IsZero() {
		t.Errorf("asked %v, coordinator called at %v", sides, call)
	}
}

func TestAnUnansweredQuestionLetsTheConsultationRestUntilTheAnswer(t *testing.T) {
	j := newJourney(t)
	j.follow(leadingTo(advisory.AnswerQuestion).with(advisory.ReviewRequest, advisory.Ask, advisory.Refer))
	j.at(60*24*time.Hour, func() { j.say(advisory.AnswerQuestion, advisory.Answer) })
	j.run()
	history := j.world.history()
	want := []advisory.HistoryKind{"request_sent", "request_claimed", "question_asked", "rest_begun", "question_answered", "rest_ended", "request_referred"}
	if !slices.Equal(history, want) {
		t.Errorf("history %v", history)
	}
}

func TestAWithdrawalEndsEverythingInEveryStage(t *testing.T) {
	for _, row := range deadlines {
		if row.kind == advisory.AnswerFollowUp {
			continue // after the closing there is nothing to withdraw
		}
		t.Run(string(row.kind), func(t *testing.T) {
			j := newJourney(t)
			j.follow(leadingTo(row.kind))
			j.whenOpen(row.kind, "", func(task *testTask) {
				withdrawal := j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: "toni"})
				j.at(time.Minute, func() {
					if !withdrawal.settled {
						t.Errorf("withdrawal: %v", withdrawal.err)
					}
				})
			})
			j.run()
			if j.world.outcome() != advisory.Withdrawn || len(j.world.open()) > 0 {
				t.Errorf("outcome %q, open %s", j.world.outcome(), j.world.describe())
			}
			last := j.world.entries[len(j.world.entries)-1]
			for _, m := range j.world.entries {
				if m.Remind > 0 || m.Escalate > 0 {
					t.Errorf("%s pressed although withdrawn within hours", m.Task)
				}
			}
			if !last.Ended {
				t.Errorf("last entry %+v", last)
			}
		})
	}
}

func TestAWithdrawalCancelsTheAppointment(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.RecordOutcome))
	j.every(time.Hour, func() {
		if slices.Contains(j.world.mails(), advisory.MailAppointmentConfirmed) && j.world.outcome() == "" {
			j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: "toni"})
		}
	})
	j.run()
	mails := j.world.mails()
	for _, want := range []advisory.Template{advisory.MailAppointmentCancelled, advisory.MailWithdrawn, advisory.MailWithdrawnAdvisor} {
		if !slices.Contains(mails, want) {
			t.Errorf("mails %v lack %q", mails, want)
		}
	}
	if slices.Contains(mails, advisory.MailAppointmentReminder) {
		t.Error("reminded of a cancelled appointment")
	}
}

func TestAWithdrawalTellsWhoIsOnlyInvited(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.AnswerInvitation))
	j.whenOpen(advisory.AnswerInvitation, "amina", func(*testTask) {
		j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: "toni"})
	})
	j.run()
	mails := j.world.mails()
	if !slices.Contains(mails, advisory.MailInvitationWithdrawn) || slices.Contains(mails, advisory.MailWithdrawnAdvisor) {
		t.Errorf("mails %v", mails)
	}
}

func TestOfTwoDecisionsAtOnceOneIsRefused(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.ReviewRequest))
	var replies []*reply
	j.whenOpen(advisory.ReviewRequest, "", func(task *testTask) {
		for _, choice := range []advisory.Choice{advisory.Accept, advisory.Refer} {
			replies = append(replies, j.settle(task, choice))
		}
	})
	j.run()
	if !replies[0].settled || refusalOf(replies[1]) == "" {
		t.Errorf("first: %+v, second: %+v", replies[0], replies[1])
	}
	if j.world.outcome() != advisory.Completed {
		t.Errorf("outcome %q", j.world.outcome())
	}
}

func TestRefusedInputs(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.ReviewRequest))
	replies := map[advisory.Refusal]*reply{}
	j.whenOpen(advisory.ReviewRequest, "", func(task *testTask) {
		replies[advisory.ChoiceNotOffered] = j.settle(task, advisory.Choose)
		replies[advisory.TaskIsSettled] = j.settle(j.world.tasks[0], advisory.Claim)
		j.at(time.Minute, func() { j.settle(task, advisory.Refer) })
	})
	j.run()
	for want, r := range replies {
		if got := refusalOf(r); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
}

func TestAnInputDeliveredTwiceHasOneEffect(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.ClaimRequest))
	var first, again *reply
	j.at(time.Hour, func() {
		in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: j.world.tasks[0].ID, Choice: advisory.Claim, Actor: "kim"}
		first = j.input(in)
		j.at(time.Hour, func() {
			in.Actor = "kim"
			again = j.input(in)
		})
	})
	j.run()
	claimed := 0
	for _, kind := range j.world.history() {
		if kind == advisory.RequestClaimed {
			claimed++
		}
	}
	if claimed != 1 || !first.settled || again.err != nil {
		t.Errorf("claimed %d times; again: %v", claimed, again.err)
	}
}

func TestAHandedOverTaskBelongsToTheOther(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.ReviewRequest))
	j.whenOpen(advisory.ReviewRequest, "kim", func(task *testTask) {
		j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.HandOver, Task: task.ID, Actor: "kim", To: "robin"})
		j.at(time.Hour, func() {
			if task.Owner.Person != "robin" {
				t.Errorf("owner %q", task.Owner.Person)
			}
			j.settle(task, advisory.Refer)
		})
	})
	j.run()
	if !slices.Contains(j.world.history(), advisory.TaskHandedOver) {
		t.Errorf("history %v", j.world.history())
	}
}

func TestATaskIsClaimedOnce(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.ReviewRequest, advisory.Decline).with(advisory.ApproveRefusal))
	j.whenOpen(advisory.ApproveRefusal, "", func(task *testTask) {
		claims := func(person string) *reply {
			return j.input(advisory.Input{ID: uuid.NewString(), Kind: advisory.HandOver, Choice: advisory.Claim, Task: task.ID, Actor: person, To: person})
		}
		own := claims("kim")
		var first, second *reply
		j.at(time.Hour, func() { first = claims("robin") })
		j.at(2*time.Hour, func() { second = claims("lea") })
		j.at(3*time.Hour, func() {
			if refusalOf(own) != advisory.SecondPersonNeeded || first.err != nil || refusalOf(second) != advisory.TaskIsClaimed {
				t.Errorf("who proposed the refusal: %v; the first: %v; the second: %v", own.err, first.err, second.err)
			}
			if task.Owner.Person != "robin" {
				t.Errorf("owner %q", task.Owner.Person)
			}
			j.settle(task, advisory.Approve)
		})
	})
	j.run()
	if j.world.outcome() != advisory.Declined {
		t.Errorf("outcome %q", j.world.outcome())
	}
}
