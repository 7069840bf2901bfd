package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// owners are those who are asked by the open tasks of a kind.
func (w *world) owners(kind advisory.TaskKind) (owners []string) {
	for _, t := range w.open() {
		if t.Kind == kind {
			owners = append(owners, t.Owner.Person)
		}
	}
	slices.Sort(owners)
	return owners
}

// findSuccessor lets ruth be asked, accept and be agreed to.
func (j *journey) findSuccessor(lead string) {
	j.say(advisory.ChooseAdvisors, advisory.Choose, invite(lead, "ruth"))
	j.at(time.Minute, func() { j.settle(j.world.find(advisory.AnswerInvitation, "ruth"), advisory.Accept) })
	j.at(2*time.Minute, func() { j.say(advisory.AgreeToAdvisors, advisory.Agree) })
}

func TestTheLeadIsReplacedInEveryStage(t *testing.T) {
	for kind, c := range map[advisory.TaskKind]struct{ before, meanwhile, after []string }{
		advisory.ProposeSlots:        {[]string{"amina"}, []string{"kim"}, []string{"ruth"}},
		advisory.ChooseSlot:          {[]string{""}, []string{""}, []string{""}},
		advisory.RecordOutcome:       {[]string{"amina"}, []string{"kim"}, []string{"ruth"}},
		advisory.WriteNote:           {[]string{"amina"}, []string{"kim"}, []string{"ruth"}},
		advisory.DecideAccompaniment: {[]string{""}, []string{""}, []string{""}},
		advisory.DraftOptions:        {[]string{"amina"}, []string{"kim"}, []string{"ruth"}},
		advisory.ConfirmOptions:      {[]string{"", "amina", "joseph"}, []string{"", "joseph"}, []string{"", "joseph", "ruth"}},
		advisory.Evaluate:            {[]string{"", "amina", "joseph"}, []string{"", "joseph"}, []string{"", "joseph", "ruth"}},
		advisory.CloseConsultation:   {[]string{"kim"}, []string{"kim"}, []string{"kim"}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			j := newJourney(t)
			answers := until(kind)
			j.follow(answers)
			var replaced, again *reply
			expect := func(when string, want []string) {
				if got := j.world.owners(kind); !slices.Equal(got, want) {
					t.Errorf("%s asks %q, want %q", when, got, want)
				}
			}
			j.whenOpen(kind, "", func(*testTask) {
				expect("before", c.before)
				delete(answers, advisory.ChooseAdvisors)
				replaced = j.do(advisory.ReplaceAdvisor, ofPerson("amina"))
				j.at(2*time.Minute, func() {
					expect("meanwhile", c.meanwhile)
					again = j.do(advisory.ReplaceAdvisor, ofPerson("amina"))
					j.findSuccessor("ruth")
				})
				j.at(10*time.Minute, func() { expect("after", c.after) })
				j.at(20*time.Minute, j.stop)
			})
			j.start(advisory.Journey{ConsultationID: consultationID})
			for _, fault := range j.world.broken {
				t.Error(fault)
			}
			j.applied(replaced)
			j.refused(advisory.NotNow, again)
			if team := j.team(); team.Lead != "ruth" || !slices.Equal(team.Advisors, []string{"joseph", "ruth"}) {
				t.Errorf("team %+v", team)
			}
			if j.world.told(advisory.ReplacementBegun) != 1 || j.world.told(advisory.AdvisorReplaced) != 1 || j.world.mailed(advisory.MailAdvisorReleased) != 1 {
				t.Errorf("history %v, mails %v", j.world.history(), j.world.mails())
			}
		})
	}
}

func TestASuccessorMayBeOneOfTheTeam(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.ReplaceAdvisor, ofPerson("amina")) })
	j.at(2*time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("joseph")) })
	j.at(3*time.Hour, func() { j.say(advisory.AgreeToAdvisors, advisory.Agree) })
	j.runFrom(advisory.Dialogue, 4*time.Hour)
	if team := j.team(); team.Lead != "joseph" || len(team.Advisors) != 1 || j.ofSession(advisory.ProposeSlots, 1).Owner.Person != "joseph" {
		t.Errorf("team %+v, open %s", team, j.world.describe())
	}
}

func TestAnInvitationIsTakenBack(t *testing.T) {
	j := newJourney(t)
	var taken, foreign *reply
	j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth", "bela")) })
	j.at(2*time.Hour, func() {
		foreign = j.do(advisory.ReplaceAdvisor, ofPerson("chris"))
		taken = j.do(advisory.ReplaceAdvisor, ofPerson("bela"))
	})
	j.at(3*time.Hour, func() {
		if j.world.find(advisory.AnswerInvitation, "ruth") == nil || j.world.find(advisory.AnswerInvitation, "bela") != nil {
			t.Errorf("open %s", j.world.describe())
		}
		j.settle(j.world.find(advisory.AnswerInvitation, "ruth"), advisory.Accept)
		j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "chris"))
	})
	j.at(4*time.Hour, func() { j.settle(j.world.find(advisory.AnswerInvitation, "chris"), advisory.Accept) })
	j.at(5*time.Hour, func() { j.say(advisory.AgreeToAdvisors, advisory.Agree) })
	j.at(6*time.Hour, j.stop)
	j.start(advisory.Journey{ConsultationID: consultationID, Stage: advisory.Assignment, Coordinator: "kim"})
	j.applied(taken)
	j.refused(advisory.NotNow, foreign)
	if team := j.team(); team == nil || !slices.Equal(team.Advisors, []string{"ruth", "chris"}) {
		t.Errorf("team %+v", team)
	}
	for _, fault := range j.world.broken {
		t.Error(fault)
	}
}

func TestWhoAcceptedLeavesBeforeTheMunicipalityAgrees(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("ruth", "ruth")) })
	j.at(2*time.Hour, func() { j.settle(j.world.find(advisory.AnswerInvitation, "ruth"), advisory.Accept) })
	j.at(3*time.Hour, func() { j.do(advisory.ReplaceAdvisor, ofPerson("ruth")) })
	j.at(4*time.Hour, j.stop)
	j.start(advisory.Journey{ConsultationID: consultationID, Stage: advisory.Assignment, Coordinator: "kim"})
	if j.world.find(advisory.AgreeToAdvisors) != nil || j.world.find(advisory.ChooseAdvisors) == nil {
		t.Errorf("open %s", j.world.describe())
	}
}

func TestAReplacementWhileASessionIsDueTomorrow(t *testing.T) {
	j := dated(t, 10*day)
	j.at(9*day+2*time.Hour, func() { j.do(advisory.ReplaceAdvisor, ofPerson("amina")) })
	j.at(9*day+3*time.Hour, func() { j.findSuccessor("ruth") })
	j.at(10*day+2*time.Hour, func() {
		if owners := j.world.owners(advisory.RecordOutcome); !slices.Equal(owners, []string{"ruth"}) {
			t.Errorf("outcome asked of %q", owners)
		}
	})
	j.runFrom(advisory.Dialogue, 10*day+3*time.Hour)
	if j.world.sessions[1].change != 1 {
		t.Error("the date did not stay")
	}
	wanted := map[advisory.Template]string{advisory.MailAppointmentCancelled: "amina", advisory.MailAdvisorReleased: "amina", advisory.MailAppointmentConfirmed: "ruth"}
	for template, person := range wanted {
		if !slices.ContainsFunc(j.world.entries, func(m moment) bool { return m.Mail == template && slices.Equal(m.Persons, []string{person}) }) {
			t.Errorf("no %s to %s", template, person)
		}
	}
}

func TestTheSecondAdvisorLeavesWhileTheFirstIsReplaced(t *testing.T) {
	for name, second := range map[string]time.Duration{"later": 2 * time.Hour, "at the same moment": time.Hour} {
		for _, latency := range []time.Duration{0, time.Second} {
			j := newJourney(t)
			j.world.latency = latency
			var replies []*reply
			j.at(time.Hour, func() { replies = append(replies, j.do(advisory.ReplaceAdvisor, ofPerson("amina"))) })
			j.at(second, func() { replies = append(replies, j.do(advisory.ReplaceAdvisor, ofPerson("joseph"))) })
			j.at(3*time.Hour, func() { j.findSuccessor("ruth") })
			j.runFrom(advisory.Evaluation, 5*time.Hour)
			j.applied(replies...)
			if team := j.team(); team.Lead != "ruth" || !slices.Equal(team.Advisors, []string{"ruth"}) {
				t.Errorf("%s: team %+v, open %s", name, team, j.world.describe())
			}
			if owners := j.world.owners(advisory.Evaluate); !slices.Equal(owners, []string{"", "ruth"}) {
				t.Errorf("%s: evaluate asked of %q", name, owners)
			}
		}
	}
}

func TestTheMunicipalityAsksForOthersInAReplacement(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.ReplaceAdvisor, ofPerson("joseph")) })
	j.at(2*time.Hour, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("amina", "ruth")) })
	j.at(3*time.Hour, func() { j.settle(j.world.find(advisory.AnswerInvitation, "ruth"), advisory.Accept) })
	j.at(4*time.Hour, func() { j.say(advisory.AgreeToAdvisors, advisory.AskForOthers) })
	j.at(5*time.Hour, func() {
		j.say(advisory.ChooseAdvisors, advisory.Choose, invite("amina", "bela"))
	})
	j.at(6*time.Hour, func() { j.settle(j.world.find(advisory.AnswerInvitation, "bela"), advisory.Accept) })
	j.at(7*time.Hour, func() { j.say(advisory.AgreeToAdvisors, advisory.Agree) })
	j.runFrom(advisory.Dialogue, 8*time.Hour)
	if team := j.team(); team.Lead != "amina" || !slices.Equal(team.Advisors, []string{"amina", "bela"}) {
		t.Errorf("team %+v", team)
	}
	if j.ofSession(advisory.ProposeSlots, 1).Owner.Person != "amina" {
		t.Error("the lead who stays lost a task")
	}
}

func TestTheAssignmentIsReopened(t *testing.T) {
	j := newJourney(t)
	var reopened, twice *reply
	j.at(time.Hour, func() { reopened = j.do(advisory.ReopenAssignment); twice = j.do(advisory.ReopenAssignment) })
	j.at(2*time.Hour, func() {
		if j.ofSession(advisory.ProposeSlots, 1).Owner.Person != "amina" {
			t.Error("who accompanies did not go on meanwhile")
		}
		j.findSuccessor("ruth")
	})
	j.runFrom(advisory.Dialogue, 4*time.Hour)
	j.applied(reopened)
	j.refused(advisory.UnderWay, twice)
	if team := j.team(); team.Lead != "ruth" || !slices.Equal(team.Advisors, []string{"amina", "joseph", "ruth"}) {
		t.Errorf("team %+v", team)
	}
	if j.ofSession(advisory.ProposeSlots, 1).Owner.Person != "ruth" {
		t.Errorf("the new lead owes nothing: %s", j.world.describe())
	}
}

func TestTheAssignmentIsReopenedInItsStagesOnly(t *testing.T) {
	for stage, want := range map[advisory.Stage]advisory.Refusal{
		advisory.Assessment: advisory.NotNow, advisory.Assignment: advisory.UnderWay, advisory.Opening: "", advisory.Dialogue: "",
		advisory.Options: "", advisory.Evaluation: advisory.NotNow, advisory.Closing: advisory.NotNow,
	} {
		j := newJourney(t)
		var reopened *reply
		j.at(time.Hour, func() { reopened = j.do(advisory.ReopenAssignment) })
		j.runFrom(stage, 2*time.Hour)
		if got := refusalOf(reopened); got != want {
			t.Errorf("%s: told %q, want %q", stage, got, want)
		}
	}
}

func TestClosingTellsWhoIsStillInvited(t *testing.T) {
	j := newJourney(t)
	answers := until(advisory.CloseConsultation)
	j.follow(answers)
	j.whenOpen(advisory.CloseConsultation, "", func(closing *testTask) {
		delete(answers, advisory.ChooseAdvisors)
		delete(answers, advisory.AnswerInvitation)
		j.do(advisory.ReplaceAdvisor, ofPerson("joseph"))
		j.at(time.Minute, func() { j.say(advisory.ChooseAdvisors, advisory.Choose, invite("amina", "ruth")) })
		j.at(2*time.Minute, func() { j.settle(closing, advisory.Close) })
	})
	j.run()
	if !slices.ContainsFunc(j.world.entries, func(m moment) bool {
		return m.Mail == advisory.MailInvitationWithdrawn && slices.Equal(m.Persons, []string{"ruth"})
	}) {
		t.Errorf("mails %v", j.world.mails())
	}
	if j.world.outcome() != advisory.Completed {
		t.Errorf("outcome %q", j.world.outcome())
	}
}
