package server

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// settlements are all ways to settle every task: the query of the page, what is posted instead of what the page has,
// and what the engine hears.
var settlements = map[advisory.TaskKind][]settlement{
	advisory.ClaimRequest: {{want: advisory.Claim, form: "claim_request"}},
	advisory.ReviewRequest: {
		{query: "?wahl=accept", want: advisory.Accept, form: "accept_request"},
		{query: "?wahl=ask", want: advisory.Ask, form: "ask_question"},
		{query: "?wahl=refer", want: advisory.Refer, form: "refer_request"},
		{query: "?wahl=decline", want: advisory.Decline, form: "decline_request"},
	},
	advisory.AnswerQuestion: {{want: advisory.Answer, form: "answer_question"}},
	advisory.ApproveRefusal: {
		{posted: []string{"choice", "approve"}, want: advisory.Approve, form: "approve_refusal"},
		{posted: []string{"choice", "return"}, want: advisory.Return, form: "approve_refusal"},
	},
	advisory.RecordAssessment: {{want: advisory.Record, form: "assessment"}},
	advisory.ConfirmNeed: {
		{want: advisory.Confirm, form: "confirm_need"},
		{posted: []string{"goal", "Vereine entscheiden mit."}, want: advisory.Change, form: "confirm_need"},
		{posted: []string{"need", "Wen sprechen wir an?"}, want: advisory.Change, form: "confirm_need"},
	},
	advisory.AnswerInvitation: {
		{posted: []string{"answer", "accept"}, want: advisory.Accept, form: "answer_invitation"},
		{posted: []string{"answer", "decline"}, want: advisory.Decline, form: "answer_invitation"},
		{posted: []string{"answer", "conflict_of_interest", "conflict_exists", "possible"}, want: advisory.ConflictOfInt, form: "answer_invitation"},
	},
	advisory.AgreeToAdvisors: {
		{posted: []string{"decision", "agree"}, want: advisory.Agree, form: "agree_to_advisors"},
		{posted: []string{"decision", "ask_for_others"}, want: advisory.AskForOthers, form: "agree_to_advisors"},
	},
	advisory.ProposeSlots: {{want: advisory.Propose, form: "propose_slots"}},
	advisory.ChooseSlot: {
		{posted: []string{"slot", "2"}, want: advisory.Choose, form: "choose_slot"},
		{query: "?wahl=counter_propose", want: advisory.CounterPropose, form: "propose_slots"},
	},
	advisory.RecordOutcome: {
		{posted: []string{"outcome", "held"}, want: advisory.WasHeld, form: "record_outcome"},
		{posted: []string{"outcome", "excused"}, want: advisory.WasExcused, form: "record_outcome"},
		{posted: []string{"outcome", "municipality_absent"}, want: advisory.MunicipalityAway, form: "record_outcome"},
		{posted: []string{"outcome", "advisor_absent"}, want: advisory.AdvisorAway, form: "record_outcome"},
		{posted: []string{"outcome", "unknown"}, want: advisory.NotKnown, form: "record_outcome"},
	},
	advisory.WriteNote: {
		{posted: []string{"further_sessions", "another"}, want: advisory.Share, form: "note"},
		{posted: []string{"further_sessions", "enough"}, want: advisory.Share, form: "note", enough: true},
	},
	advisory.DecideAccompaniment: {
		{posted: []string{"decision", "continue"}, want: advisory.Continue, form: "decide_accompaniment"},
		{posted: []string{"decision", "end_here"}, want: advisory.EndHere, form: "decide_accompaniment"},
	},
	advisory.ConfirmOptions: {
		{posted: []string{"decision", "confirm"}, want: advisory.Confirm, form: "confirm_options"},
		{posted: []string{"decision", "change"}, want: advisory.Change, form: "confirm_options"},
	},
	advisory.Evaluate:          {{want: advisory.Submit, form: "evaluate_municipality"}},
	advisory.CloseConsultation: {{want: advisory.Close, form: "close_consultation"}},
	advisory.AnswerFollowUp:    {{want: advisory.Submit, form: "follow_up"}},
	advisory.CallParticipants: {
		{posted: []string{"choice", "reached"}, want: advisory.Reached, form: "call_participants"},
		{posted: []string{"choice", "not_reached"}, want: advisory.NotReached, form: "call_participants"},
		{posted: []string{"choice", "entered_on_behalf"}, want: advisory.EnteredOnBehalf, form: "call_participants"},
	},
	advisory.CheckAddress:       {{posted: []string{"choice", "address_works"}, want: advisory.AddressWorks}},
	advisory.ConfirmGoalChange:  {{posted: []string{"choice", "keep"}, want: advisory.Keep}},
	advisory.DecideRest:         {{posted: []string{"choice", "go_on"}, want: advisory.GoOn}},
	advisory.AnswerRestQuestion: {{posted: []string{"answer", "resume"}, want: advisory.Resume, form: "answer_rest_question"}},
	advisory.DecideAfterRest:    {{posted: []string{"choice", "resume"}, want: advisory.Resume}},
}

type settlement struct {
	query  string
	posted []string
	want   advisory.Choice
	form   string
	enough bool
}

func TestEveryWayToSettleEveryTask(t *testing.T) {
	for _, rule := range advisory.DefaultProgramme().Tasks {
		if rule.Kind == advisory.ChooseAdvisors || rule.Kind == advisory.DraftOptions {
			continue // pages of their own
		}
		t.Run(string(rule.Kind), func(t *testing.T) {
			if len(settlements[rule.Kind]) == 0 {
				t.Fatal("nobody can settle it")
			}
			f := newConsultation(t)
			id, owner := f.reach(rule.Kind)
			b := f.signedIn(owner)
			for _, way := range settlements[rule.Kind] {
				f.engine.inputs = nil
				page := b.get("/aufgaben/" + id + way.query).wantStatus(http.StatusOK)
				b.post("/aufgaben/"+id, page.filled(way.posted...)...).wantStatus(http.StatusSeeOther)
				f.wantSaid(id, owner.ID, way)
			}
		})
	}
}

func (f *consultationFixture) wantSaid(task, actor string, way settlement) {
	f.t.Helper()
	if len(f.engine.inputs) != 1 {
		f.t.Fatalf("%+v: %d inputs", way, len(f.engine.inputs))
	}
	said := f.engine.inputs[0]
	in := said.Message
	if in.Kind != advisory.TaskInput || in.Task != task || in.Choice != way.want || in.Actor != actor || in.Enough != way.enough {
		f.t.Errorf("%+v: the engine hears %+v", way, in)
	}
	if said.ConsultationID != f.ID || said.Form != way.form || said.OnBehalf {
		f.t.Errorf("%+v: journaled as %+v", way, said)
	}
}

func TestSettledTaskLeadsToItsConsultationWithThanks(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AnswerQuestion)
	b := f.signedIn(owner)
	b.post("/aufgaben/"+id, "answer", "Seit 2014.").wantLocation("/beratungen/" + f.Number)
	b.get("/impressum").wantText(".kern-alert--success", "Ihre Antwort ist angekommen")
}

func TestHiddenFieldsAreNotSent(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AgreeToAdvisors)
	f.signedIn(owner).post("/aufgaben/"+id, "decision", "agree", "wish", "Lieber jemand anderes").wantStatus(http.StatusSeeOther)
	if wish := f.engine.inputs[0].Answers.Get("wish"); wish != "" {
		t.Errorf("the answer of a field that does not apply is kept: %q", wish)
	}
}

func TestInvalidAnswersKeepWhatWasTyped(t *testing.T) {
	for _, test := range []struct {
		kind     advisory.TaskKind
		query    string
		posted   []string
		selector string // has what was typed
		typed    string
		summary  string
	}{
		{advisory.ReviewRequest, "?wahl=decline", []string{"reason", "", "message", "Danke, aber"}, "textarea[name=message]", "Danke, aber", "Warum lehnen Sie ab?"},
		{advisory.ConfirmNeed, "", []string{"goal", "", "need", "Neuer Bedarf"}, "textarea[name=need]", "Neuer Bedarf", "Unser Ziel"},
		{advisory.AnswerInvitation, "", []string{"answer", "", "comment", "Ich überlege noch."}, "textarea[name=comment]", "Ich überlege noch.", "Möchten Sie diese Beratung begleiten?"},
		{advisory.ProposeSlots, "", []string{"slots.1.date", "2020-01-02", "message", "Gern früh."}, "textarea[name=message]", "Gern früh.", "Vorschlag 1, Tag"},
		{advisory.ChooseSlot, "", []string{"slot", "7", "participants", "Integrationsbeauftragte"}, "input[value=Integrationsbeauftragte]", "", "Welcher Termin passt Ihnen?"},
		{advisory.WriteNote, "", []string{"learned", "", "topics", "Runder Tisch"}, "textarea[name=topics]", "Runder Tisch", "Was wir gelernt haben"},
		{advisory.CloseConsultation, "", []string{"follow_up_from", "2020-01-02", "summary", "Es ging voran."}, "textarea[name=summary]", "Es ging voran.", "Nachschau ab"},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			f := newConsultation(t)
			id, owner := f.reach(test.kind)
			b := f.signedIn(owner)
			page := b.get("/aufgaben/" + id + test.query)
			again := b.post("/aufgaben/"+id, page.filled(test.posted...)...).wantStatus(http.StatusUnprocessableEntity)
			again.wantText("#fehler", test.summary).wantText(test.selector, test.typed).wantText("title", "Fehler:")
			if !again.has(test.selector) {
				t.Errorf("no %s", test.selector)
			}
			if len(f.engine.inputs) != 0 {
				t.Errorf("the engine heard %+v", f.engine.inputs)
			}
			corrected := b.post("/aufgaben/"+id, again.filled(undo(page, test.posted)...)...)
			corrected.wantStatus(http.StatusSeeOther)
		})
	}
}

// undo replaces the wrong values by those that fit on the first page.
func undo(page *answer, wrong []string) []string {
	right := page.filled()
	var pairs []string
	for i := 0; i < len(wrong); i += 2 {
		if at := slices.Index(right, wrong[i]); at >= 0 && at%2 == 0 {
			pairs = append(pairs, wrong[i], right[at+1])
		}
	}
	return pairs
}

// christmas is a public holiday that appointments can be proposed for.
func christmas() string {
	return time.Now().AddDate(0, 1, 0).Format("2006") + "-12-25"
}

func TestSlotsAreThreeDifferentWorkdaysAhead(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ProposeSlots)
	b := f.signedIn(owner)
	page := b.get("/aufgaben/" + id)
	for name, test := range map[string]struct {
		posted []string
		want   string
	}{
		"in the past":     {[]string{"slots.2.date", "2020-01-02"}, "in der Vergangenheit"},
		"earlier today":   {[]string{"slots.2.date", workday(0), "slots.2.start_time", "00:00"}, "Vorschlag 2, Tag"},
		"public holiday":  {[]string{"slots.2.date", christmas()}, "Feiertag"},
		"twice the same":  {[]string{"slots.2.date", workday(1), "slots.1.date", workday(1)}, "schon vorgeschlagen"},
		"only two":        {[]string{"slots.3.date", ""}, "Vorschlag 3, Tag"},
		"no time of day":  {[]string{"slots.1.start_time", "25:99"}, "Vorschlag 1, Beginn"},
		"unknown choice":  {[]string{"slots.1.duration", "minutes_9999"}, "Vorschlag 1, Dauer"},
		"nowhere to meet": {[]string{"meeting_format", ""}, "Wie soll das Gespräch stattfinden?"},
	} {
		t.Run(name, func(t *testing.T) {
			b.site.t = t
			b.post("/aufgaben/"+id, page.filled(test.posted...)...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.want)
		})
	}
}

func TestNoneFitsLeadsToOtherDates(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ChooseSlot)
	b := f.signedIn(owner)
	page := b.follow(b.post("/aufgaben/"+id, "slot", "none_fits")).wantStatus(http.StatusOK)
	b.post("/aufgaben/"+id, page.filled()...).wantStatus(http.StatusSeeOther)
	b.get("/impressum").wantText(".kern-alert--success", "die Termine sind vorgeschlagen")
	if got := f.engine.inputs[0].Message.Choice; got != advisory.CounterPropose {
		t.Errorf("choice %q", got)
	}
}

func TestLongAnswersCanBeSavedInBetween(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.Evaluate)
	b := f.signedIn(owner)
	b.post("/aufgaben/"+id, "learned_text", "Zuhören lohnt sich.", "action", "save").wantLocation("/aufgaben/" + id)
	b.get("/aufgaben/"+id).wantText("textarea[name=learned_text]", "Zuhören lohnt sich.").wantText(".kern-alert--success", "gespeichert")
	if len(f.engine.inputs) != 0 {
		t.Errorf("a draft reaches the engine: %+v", f.engine.inputs)
	}
	f.signedIn(f.Head).get("/aufgaben/"+id).wantText("textarea[name=learned_text]", "")
}

func TestAnswersThatCanNotBeAppliedYetAreSaved(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AnswerQuestion)
	f.engine.away = true
	f.signedIn(owner).post("/aufgaben/"+id, "answer", "Seit 2014.").wantStatus(http.StatusAccepted).wantText("h1", "Gespeichert")
}
