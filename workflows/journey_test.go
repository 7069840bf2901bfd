package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestJourneyFromRequestToFollowUp(t *testing.T) {
	j := newJourney(t)
	j.follow(straight())
	j.run()

	want := []advisory.HistoryKind{
		"request_sent", "request_claimed", "request_accepted", "assessment_recorded", "need_confirmed", "advisors_chosen",
		"invitation_accepted", "invitation_accepted", "advisors_agreed",
		"slots_proposed", "appointment_confirmed", "outcome_recorded", "note_shared", "accompaniment_continued",
		"slots_proposed", "appointment_confirmed", "outcome_recorded", "note_shared", "sessions_done",
		"options_shared", "options_confirmed", "evaluation_answered", "evaluation_answered", "evaluation_answered",
		"consultation_closed", "follow_up_answered",
	}
	if got := j.world.history(); !slices.Equal(got, want) {
		t.Errorf("history\n got %v\nwant %v", got, want)
	}
	var stages []advisory.Stage
	for _, m := range j.world.entries {
		if m.Stage != "" {
			stages = append(stages, m.Stage)
		}
	}
	if want := advisory.Stages[1:]; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
	if got := j.world.outcome(); got != advisory.Completed {
		t.Errorf("outcome %q", got)
	}
	if open := j.world.open(); len(open) > 0 {
		t.Errorf("still open: %s", j.world.describe())
	}
	closed, asked := j.when(advisory.ConsultationClosed), j.opened(advisory.AnswerFollowUp)
	if !asked.Equal(closed.AddDate(0, 6, 0)) {
		t.Errorf("closed %v, follow-up opened %v", closed, asked)
	}
}

func TestMailsOfTheStraightJourney(t *testing.T) {
	j := newJourney(t)
	j.follow(straight())
	j.run()
	want := []advisory.Template{
		"request_received", "request_accepted", "need_confirmed_copy", "advisors_introduced",
		"appointment_confirmed", "appointment_reminder", "appointment_reminder", "note_shared", "note_shared",
		"appointment_confirmed", "appointment_reminder", "appointment_reminder", "note_shared", "note_shared",
		"options_confirmed", "consultation_closed", "follow_up_thanks",
	}
	if got := j.world.mails(); !slices.Equal(got, want) {
		t.Errorf("mails\n got %v\nwant %v", got, want)
	}
}

func TestBranchesOfReview(t *testing.T) {
	for name, c := range map[string]struct {
		script  script
		history []advisory.HistoryKind
		mail    advisory.Template
		outcome advisory.Outcome
	}{
		"referred": {straight().with(advisory.ReviewRequest, advisory.Refer),
			[]advisory.HistoryKind{"request_referred"}, "request_referred", advisory.Referred},
		"declined by two": {straight().with(advisory.ReviewRequest, advisory.Decline),
			[]advisory.HistoryKind{"refusal_proposed", "request_declined"}, "request_declined", advisory.Declined},
		"refusal returned, then referred": {
			straight().with(advisory.ReviewRequest, advisory.Decline, advisory.Refer).with(advisory.ApproveRefusal, advisory.Return),
			[]advisory.HistoryKind{"refusal_proposed", "refusal_returned", "request_referred"}, "request_referred", advisory.Referred},
		"asked, answered, referred": {straight().with(advisory.ReviewRequest, advisory.Ask, advisory.Refer),
			[]advisory.HistoryKind{"question_asked", "question_answered", "request_referred"}, "request_referred", advisory.Referred},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t)
			j.follow(c.script)
			j.run()
			want := append([]advisory.HistoryKind{"request_sent", "request_claimed"}, c.history...)
			if got := j.world.history(); !slices.Equal(got, want) {
				t.Errorf("history %v, want %v", got, want)
			}
			if got := j.world.outcome(); got != c.outcome {
				t.Errorf("outcome %q, want %q", got, c.outcome)
			}
			if mails := j.world.mails(); mails[len(mails)-1] != c.mail {
				t.Errorf("last mail %q, want %q", mails[len(mails)-1], c.mail)
			}
		})
	}
}

func TestRefusalNeedsASecondPerson(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.ReviewRequest, advisory.Decline).with(advisory.ApproveRefusal))
	var own *reply
	j.at(5*time.Hour, func() {
		own = j.say(advisory.ApproveRefusal, advisory.Approve, by("kim"))
	})
	j.at(6*time.Hour, func() { j.say(advisory.ApproveRefusal, advisory.Approve, by("robin")) })
	j.run()
	if refusalOf(own) != advisory.SecondPersonNeeded {
		t.Errorf("who proposed the refusal was told %v", own.err)
	}
	if j.world.outcome() != advisory.Declined {
		t.Errorf("outcome %q", j.world.outcome())
	}
}

func TestEndAfterTheOpening(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.DecideAccompaniment, advisory.EndHere))
	j.run()
	if j.world.outcome() != advisory.NotAccompanied {
		t.Errorf("outcome %q", j.world.outcome())
	}
	if mails := j.world.mails(); mails[len(mails)-1] != advisory.MailNotAccompanied {
		t.Errorf("mails %v", mails)
	}
}

func TestOptionsAreConfirmedInTheSameVersion(t *testing.T) {
	j := newJourney(t)
	j.follow(straight().with(advisory.ConfirmOptions, advisory.Confirm, advisory.Change, advisory.Confirm))
	j.run()
	var asked [4]int
	for _, task := range j.world.tasks {
		if task.Kind == advisory.ConfirmOptions {
			asked[task.Version]++
		}
	}
	if asked[1] != 3 || asked[2] != 3 {
		t.Errorf("asked to confirm by version: %v, want everybody again for version 2", asked)
	}
	history := j.world.history()
	from := slices.Index(history, advisory.OptionsShared)
	want := []advisory.HistoryKind{"options_shared", "options_changed", "options_shared", "options_confirmed"}
	if got := history[from : from+4]; !slices.Equal(got, want) {
		t.Errorf("history %v", got)
	}
}

func TestSeveralDialogueSessions(t *testing.T) {
	j := newJourney(t)
	sessions := 0
	j.follow(until(advisory.WriteNote))
	j.every(time.Hour, func() {
		if task := j.world.find(advisory.WriteNote); task != nil {
			sessions++
			enough := sessions == 4
			j.settle(task, advisory.Share, func(in *advisory.Input) { in.Enough = enough })
		}
	})
	j.run()
	if sessions != 4 || j.world.outcome() != advisory.Completed {
		t.Errorf("%d sessions, outcome %q", sessions, j.world.outcome())
	}
}

func TestWritesSurviveAnOutageOfTheDatabase(t *testing.T) {
	j := newJourney(t)
	j.follow(straight())
	j.at(30*time.Minute, func() { j.world.outages = 12 })
	j.run()
	if j.world.outcome() != advisory.Completed || j.world.outages > 0 {
		t.Errorf("outcome %q after an outage", j.world.outcome())
	}
}
