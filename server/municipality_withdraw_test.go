package server

import (
	"net/http"
	"testing"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

func TestWithdrawAsksFirst(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b := f.signedIn(f.Contact)
	status := b.get(f.path())
	path := status.attr("a[href$=zurueckziehen]", "href")
	page := b.get(path).wantStatus(http.StatusOK)
	page.wantText("h1", "Möchten Sie die Beratung wirklich zurückziehen?").wantText("main form", "innerhalb von 14 Tagen").
		wantText("main button[type=submit]", "Beratung zurückziehen").wantText(".mg-buttons a", "Nicht zurückziehen")
	b.get("/en"+path).wantStatus(http.StatusOK).wantText("main form", "within 14 days")
	if len(f.engine.inputs) != 0 || f.count(`SELECT count(*) FROM consultations WHERE outcome <> ''`) != 0 {
		t.Fatal("looking at the page has changed something")
	}
	answer := b.post(path, "reason", "no_time", "comment", "Später gern")
	b.follow(answer).wantText(".kern-alert--success", "zurückgezogen")
	if len(f.engine.inputs) != 1 {
		t.Fatalf("%d inputs", len(f.engine.inputs))
	}
	in := f.engine.inputs[0]
	if in.ConsultationID != f.ID || in.Message.Kind != advisory.Withdraw || in.Message.Actor != f.Contact.ID || in.OnBehalf ||
		in.Form != "withdraw" || in.Answers.Get("reason") != "no_time" || in.Answers.Get("comment") != "Später gern" {
		t.Errorf("input %+v", in)
	}
}

func TestWhoMayWithdraw(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	path := f.path() + "/zurueckziehen"
	for name, test := range map[string]struct {
		person   store.Person
		status   int
		onBehalf bool
	}{
		"contact":            {f.Contact, http.StatusSeeOther, false},
		"coordinator":        {f.Coordinator, http.StatusSeeOther, true},
		"colleague":          {f.Colleague, http.StatusSeeOther, true},
		"lead advisor":       {f.Lead, http.StatusForbidden, false},
		"other municipality": {f.named(advisory.Municipality, "Fred", "Fremd"), http.StatusNotFound, false},
		"reader":             {f.named(advisory.Reader, "Rita", "Leser"), http.StatusForbidden, false},
	} {
		t.Run(name, func(t *testing.T) {
			f.engine.inputs = nil
			f.signedIn(test.person).post(path).wantStatus(test.status)
			if submitted := test.status == http.StatusSeeOther; (len(f.engine.inputs) == 1) != submitted {
				t.Fatalf("%d inputs", len(f.engine.inputs))
			} else if submitted && f.engine.inputs[0].OnBehalf != test.onBehalf {
				t.Errorf("on behalf: %v", !test.onBehalf)
			}
		})
	}
	f.signedIn(f.Coordinator).get(path).wantText("main", "Sie tragen den Rückzug für Musterstadt ein")
}

func TestWithdrawWhereTheEngineIsAwayOrRefuses(t *testing.T) {
	f := newConsultation(t)
	path := f.path() + "/zurueckziehen"
	b := f.signedIn(f.Contact)
	f.engine.away = true
	b.post(path).wantStatus(http.StatusAccepted)
	f.engine.err = advisory.Errorf(advisory.Conflict, "input: %w", &inbox.Refused{Reason: advisory.ConsultationEnded})
	b.post(path, "comment", "Wir hören auf").wantStatus(http.StatusConflict).wantText("main", "schon beendet").wantText("main", "Wir hören auf")
	b.post(path, "reason", "erfunden").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Grund")
	f.exec(`UPDATE consultations SET outcome = 'withdrawn', closed_at = now(), ended_at = now()`)
	b.get(path).wantLocation(f.path())
}
