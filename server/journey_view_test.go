package server

import (
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// speaking is a request as far as views need it that read nothing.
func speaking(lang texts.Lang) *Context {
	return &Context{Lang: lang, server: &Server{texts: wording{Catalog: catalog()}, clock: advisory.RealClock()}, Person: &store.Person{ID: "p", Role: advisory.Municipality}}
}

var march = time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)

// dates lets a stage begin every day from the second of March on, up to the one that is reached.
func datesUpTo(reached advisory.Stage) map[advisory.Stage]time.Time {
	dates := map[advisory.Stage]time.Time{}
	for i, stage := range advisory.Stages[1:] {
		dates[stage] = march.AddDate(0, 0, i)
		if stage == reached {
			break
		}
	}
	return dates
}

func TestJourneyOfEveryStage(t *testing.T) {
	for i, stage := range []advisory.Stage{advisory.Review, advisory.Assessment, advisory.Assignment, advisory.Opening,
		advisory.Dialogue, advisory.Options, advisory.Evaluation, advisory.Closing} {
		position := min(i+2, 8) // closing belongs to the evaluation
		view := speaking(texts.German).journey(store.Consultation{Stage: stage, SentAt: march, StageSince: march}, datesUpTo(stage), false)
		if len(view.Stops) != 9 || view.Position != position || view.Badge != nil {
			t.Errorf("%s: %d stops, position %d, want 9 and %d", stage, len(view.Stops), view.Position, position)
		}
		for n, stop := range view.Stops {
			want := stopDone
			switch {
			case n+1 == position:
				want = stopCurrent
			case n+1 > position:
				want = stopOpen
			}
			if stop.State != want {
				t.Errorf("%s, stop %d: %s, want %s", stage, n+1, stop.State, want)
			}
			if stop.State == stopDone && stop.Note == "" {
				t.Errorf("%s, stop %d is done without a date", stage, n+1)
			}
		}
		if view.Stops[position-1].Note != "jetzt" || view.Stops[0].Note != "02.03.2026" {
			t.Errorf("%s: notes %q and %q", stage, view.Stops[0].Note, view.Stops[position-1].Note)
		}
	}
}

func TestJourneyHasFourPhases(t *testing.T) {
	var phases []string
	view := speaking(texts.German).journey(store.Consultation{Stage: advisory.Review}, nil, false)
	for _, stop := range view.Stops {
		if stop.Phase != "" {
			phases = append(phases, stop.Phase)
		}
	}
	if want := []string{"Einstieg", "Vorbereitung", "Beratung", "Wirkung"}; !slices.Equal(phases, want) {
		t.Errorf("phases %v", phases)
	}
}

func TestJourneyOfWhatEndedOrRests(t *testing.T) {
	closed := march.AddDate(0, 0, 40)
	followUp := march.AddDate(0, 6, 0)
	for name, test := range map[string]struct {
		consultation store.Consultation
		stops        int
		last         stopState
		note, badge  string
	}{
		"declined":        {store.Consultation{Stage: advisory.Review, Outcome: advisory.Declined}, 2, stopCurrent, "abgelehnt", "mg-neutral"},
		"referred":        {store.Consultation{Stage: advisory.Review, Outcome: advisory.Referred}, 2, stopCurrent, "weiterverwiesen", "mg-neutral"},
		"withdrawn":       {store.Consultation{Stage: advisory.Dialogue, Outcome: advisory.Withdrawn}, 6, stopCurrent, "zurückgezogen", "mg-neutral"},
		"not accompanied": {store.Consultation{Stage: advisory.Opening, Outcome: advisory.NotAccompanied}, 5, stopCurrent, "ohne Begleitung", "mg-neutral"},
		"follow-up announced": {store.Consultation{Stage: advisory.Closing, Outcome: advisory.Completed, FollowUpFrom: &followUp}, 9, stopCurrent,
			"ab 02.09.2026", "kern-badge--success"},
		"follow-up running": {store.Consultation{Stage: advisory.FollowUp, Outcome: advisory.Completed}, 9, stopCurrent, "jetzt", "kern-badge--success"},
		"follow-up over":    {store.Consultation{Stage: advisory.FollowUp, Outcome: advisory.Completed, EndedAt: &followUp}, 9, stopDone, "02.09.2026", "kern-badge--success"},
		"resting":           {store.Consultation{Stage: advisory.Opening, RestingSince: &closed}, 9, stopOpen, "", "kern-badge--info"},
	} {
		consultation := test.consultation
		consultation.SentAt, consultation.StageSince = march, march
		if consultation.Outcome != "" {
			consultation.ClosedAt = &closed
			if consultation.EndedAt == nil && consultation.Outcome != advisory.Completed {
				consultation.EndedAt = &closed
			}
		}
		view := speaking(texts.German).journey(consultation, datesUpTo(consultation.Stage), false)
		last := view.Stops[len(view.Stops)-1]
		if len(view.Stops) != test.stops || last.State != test.last || last.Note != test.note {
			t.Errorf("%s: %d stops, the last is %+v", name, len(view.Stops), last)
		}
		if view.Badge == nil || view.Badge.Class != test.badge {
			t.Errorf("%s: badge %+v", name, view.Badge)
		}
		if consultation.Outcome == advisory.Completed && view.Stops[7].Note != "11.04.2026" {
			t.Errorf("%s: evaluation done on %q", name, view.Stops[7].Note)
		}
		if consultation.RestingSince != nil && view.Stops[4].Note != "ruht seit 11.04.2026" {
			t.Errorf("%s: note %q", name, view.Stops[4].Note)
		}
	}
}

func TestJourneyForStaffTellsSinceWhen(t *testing.T) {
	view := speaking(texts.English).journey(store.Consultation{Stage: advisory.Opening, StageSince: march}, nil, true)
	if note := view.Stops[4].Note; !strings.HasPrefix(note, "since 2 Mar 2026") || !view.Compact {
		t.Errorf("note %q", note)
	}
}

func TestStepsAheadTellNothingInternal(t *testing.T) {
	contact, lead := store.Relation{Contact: true}, store.Relation{Advisor: true, Lead: true}
	task := func(kind advisory.TaskKind, role advisory.Role, owner string) store.Task {
		open := store.Task{Kind: kind, OwnerRole: role, DueOn: march, State: advisory.Open}
		if owner != "" {
			open.OwnerID = &owner
		}
		return open
	}
	programme := advisory.DefaultProgramme()
	for name, test := range map[string]struct {
		stage    advisory.Stage
		relation store.Relation
		open     []store.Task
		want     string // who and what, first to last
	}{
		"claiming is reviewing": {advisory.Review, contact, []store.Task{task(advisory.ClaimRequest, advisory.Coordinator, "")},
			"Koordination: Anfrage prüfen | Koordination: Bedarf"},
		"a refusal on its way is reviewing": {advisory.Review, contact, []store.Task{task(advisory.ApproveRefusal, advisory.Coordinator, "")},
			"Koordination: Anfrage prüfen |"},
		"a question comes first": {advisory.Review, contact, []store.Task{task(advisory.AnswerQuestion, advisory.Municipality, "")},
			"Sie: Rückfrage beantworten | Koordination: Anfrage prüfen"},
		"the call is nobody's business": {advisory.Assessment, contact,
			[]store.Task{task(advisory.ConfirmNeed, advisory.Municipality, ""), task(advisory.CallParticipants, advisory.Coordinator, "k")},
			"Sie: Ziel und Bedarf bestätigen | Koordination: Passende"},
		"dates by the lead": {advisory.Opening, contact, []store.Task{task(advisory.ProposeSlots, advisory.Advisor, "l")},
			"Beratungsteam: Drei Termine vorschlagen | Sie: Termin wählen | Alle: Auftaktgespräch führen"},
		"dates come back": {advisory.Opening, contact, []store.Task{task(advisory.ChooseSlot, advisory.Advisor, "l")},
			"Beratungsteam: Termin wählen | Alle:"},
		"as the lead sees it": {advisory.Dialogue, lead, []store.Task{task(advisory.ProposeSlots, advisory.Advisor, "p")},
			"Sie: Drei Termine vorschlagen | Kommune: Termin wählen"},
	} {
		c := speaking(texts.German)
		if test.relation.Lead {
			c.Person.Role = advisory.Advisor
		}
		var told []string
		for _, step := range c.ahead(store.Consultation{Stage: test.stage}, test.relation, test.open, nil, &programme) {
			told = append(told, step.Who+": "+step.Title)
		}
		if got := strings.Join(told, " | "); !strings.HasPrefix(got, test.want) || len(told) > stepsShown {
			t.Errorf("%s: %s", name, got)
		}
	}
}
