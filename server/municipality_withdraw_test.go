package server

import (
	"net/http"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// basis is on what an entry for the municipality is based.
func (f *consultationFixture) basis() []string {
	return []string{"behalf_basis", "phone_call", "behalf_on_date", time.Now().In(advisory.Berlin).Format(time.DateOnly), "behalf_contact", f.Contact.ID}
}

func refusal(reason advisory.Refusal) error {
	return advisory.Errorf(advisory.Conflict, "input: %w", &inbox.Refused{Reason: reason})
}

func TestWithdrawAsksFirst(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b := f.signedIn(f.Contact)
	status := b.get(f.path())
	path := status.attr("a[href$=zurueckziehen]", "href")
	page := b.get(path).wantStatus(http.StatusOK)
	page.wantText("h1", "Möchten Sie die Beratung wirklich zurückziehen?").wantText("main form", "Innerhalb von 14 Tagen lässt sich das rückgängig machen").
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

func TestWhoMayWithdrawAndTakeUpAgain(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
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
		for _, path := range []string{"/zurueckziehen", "/wiederaufnehmen"} {
			t.Run(name+path, func(t *testing.T) {
				f.engine.inputs = nil
				f.signedIn(test.person).post(f.path()+path, f.basis()...).wantStatus(test.status)
				if submitted := test.status == http.StatusSeeOther; (len(f.engine.inputs) == 1) != submitted {
					t.Fatalf("%d inputs", len(f.engine.inputs))
				} else if submitted && f.engine.inputs[0].OnBehalf != test.onBehalf {
					t.Errorf("on behalf: %v", !test.onBehalf)
				}
			})
		}
	}
}

func TestWithdrawalOnBehalfSaysOnWhatItIsBased(t *testing.T) {
	f := newConsultation(t)
	path := f.path() + "/zurueckziehen"
	b := f.signedIn(f.Coordinator)
	b.get(path).wantText("main", "Sie tragen den Rückzug für Musterstadt ein").wantText("main form", "Worauf beruht der Eintrag?")
	b.post(path, "comment", "Am Telefon gesagt").wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Worauf beruht der Eintrag?").wantText("textarea[name=comment]", "Am Telefon gesagt")
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	b.post(path, append(f.basis(), "behalf_on_date", tomorrow)[2:]...).wantStatus(http.StatusUnprocessableEntity)
	b.post(path, append(f.basis(), "comment", "Am Telefon gesagt")...).wantStatus(http.StatusSeeOther)
	in := f.engine.inputs[0]
	if !in.OnBehalf || in.Form != "withdraw" || in.Answers.Get("behalf_basis") != "phone_call" ||
		in.Answers.Get("behalf_contact") != f.Contact.ID || in.Answers.Get("comment") != "Am Telefon gesagt" {
		t.Errorf("input %+v", in)
	}
}

func TestWithdrawWhereTheEngineIsAwayOrRefuses(t *testing.T) {
	f := newConsultation(t)
	path := f.path() + "/zurueckziehen"
	b := f.signedIn(f.Contact)
	f.engine.away = true
	b.post(path).wantStatus(http.StatusAccepted)
	f.engine.err = refusal(advisory.ConsultationEnded)
	b.post(path, "comment", "Wir hören auf").wantStatus(http.StatusConflict).wantText("main", "schon beendet").wantText("main", "Wir hören auf")
	b.post(path, "reason", "erfunden").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Grund")
	f.exec(`UPDATE consultations SET outcome = 'withdrawn', closed_at = now(), ended_at = now()`)
	b.get(path).wantLocation(f.path())
}

func TestAWithdrawalCanBeTakenBack(t *testing.T) {
	f := newConsultation(t)
	f.ended(advisory.Withdrawn)
	b := f.signedIn(f.Contact)
	page := b.get(f.path()).wantText("#ende", "Die Beratung ist zurückgezogen").wantText("section[aria-labelledby=ende] a.kern-btn", "Doch weitermachen")
	path := page.attr("section[aria-labelledby=ende] a.kern-btn", "href")
	for _, page := range inBothLanguages(b, path) {
		if !page.has("main form button[type=submit]") || page.has("main form input") {
			t.Error("it is not asked once more, or asks for something")
		}
	}
	b.get(path).wantText("h1", "Möchten Sie die Beratung wieder aufnehmen?").wantText("main form", "Auftakt").wantText(".mg-buttons a", "Zurückgezogen lassen")
	if len(f.engine.inputs) != 0 {
		t.Fatal("looking at the page has changed something")
	}
	b.follow(b.post(path)).wantText(".kern-alert--success", "Schön, dass es weitergeht.")
	if in := f.engine.inputs[0]; in.Message.Kind != advisory.UndoWithdrawal || in.Message.Actor != f.Contact.ID || in.OnBehalf || in.Form != "" {
		t.Errorf("input %+v", in)
	}
	if advisor := f.signedIn(f.Lead).get(f.path()); advisor.has("a[href$=wiederaufnehmen]") {
		t.Error("an advisor can take the withdrawal back")
	}

	staff := f.signedIn(f.Coordinator)
	own := staff.get(f.path()).wantText(".kern-alert--info", "kann sie wieder aufgenommen werden").attr("a[href$=wiederaufnehmen]", "href")
	staff.post(own).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Worauf beruht der Eintrag?")
	staff.post(own, f.basis()...).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[1]; !in.OnBehalf || in.Form != "act_on_behalf" || in.Answers.Get("behalf_basis") != "phone_call" {
		t.Errorf("input %+v", in)
	}
}

func TestAfterTheLastDayAWithdrawalIsFinal(t *testing.T) {
	f := newConsultation(t)
	f.ended(advisory.Withdrawn)
	f.exec(`UPDATE consultations SET undo_until = now() - interval '1 minute'`)
	b := f.signedIn(f.Contact)
	page := b.get(f.path()).wantText("section[aria-labelledby=ende]", "Eine neue Anfrage ist jederzeit möglich")
	if page.has("a[href$=wiederaufnehmen]") || f.signedIn(f.Coordinator).get(f.path()).has("a[href$=wiederaufnehmen]") {
		t.Error("it can be taken up again")
	}
	b.get(f.path() + "/wiederaufnehmen").wantLocation(f.path())
	f.engine.err = refusal(advisory.ConsultationEnded)
	b.post(f.path()+"/wiederaufnehmen").wantStatus(http.StatusConflict).wantText("main", "Eine neue Anfrage ist jederzeit möglich")
}

func TestWithdrawnForAllListsWhileItCanBeTakenBack(t *testing.T) {
	f := newConsultation(t)
	f.ended(advisory.Withdrawn)
	f.signedIn(f.Contact).get("/beratungen").wantText(".mg-row", "zurückgezogen")
	staff := f.signedIn(f.Coordinator)
	staff.get("/vorgaenge?stand=withdrawn").wantText("tbody", f.Number).wantText("tbody", "zurückgezogen").wantText("main", "0 laufende Beratungen")
	if staff.get("/vorgaenge?stand=running").has("tbody") {
		t.Error("it is among the running ones")
	}
	staff.get(f.path()).wantText("#aufgaben", "Die Beratung ist beendet")
}

func TestTheEndSaysWhoEnteredTheWithdrawal(t *testing.T) {
	for name, test := range map[string]struct {
		actor    func(*consultationFixture) store.Person
		onBehalf bool
		want     string
	}{
		"municipality": {func(f *consultationFixture) store.Person { return f.Contact }, false, "Die Kommune hat die Beratung am"},
		"on behalf":    {func(f *consultationFixture) store.Person { return f.Coordinator }, true, "Eingetragen von Kim Beispiel für Musterstadt."},
		"after a rest": {func(f *consultationFixture) store.Person { return f.Coordinator }, false, "hat die Koordination die Beratung beendet"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			f.reach(advisory.ProposeSlots)
			f.tells(advisory.Input{Kind: advisory.Withdraw, Actor: test.actor(f).ID}, "withdraw", nil, test.onBehalf,
				advisory.Entry{History: advisory.ConsultationWithdrawn}, advisory.Entry{Outcome: advisory.Withdrawn})
			for _, person := range []store.Person{f.Contact, f.Lead} {
				f.signedIn(person).get(f.path()).wantText("section[aria-labelledby=ende]", test.want)
			}
			inBothLanguages(f.signedIn(f.Contact), f.path())
		})
	}
}

func TestTheTimelineSaysOnWhatAnEntryForTheMunicipalityIsBased(t *testing.T) {
	f := newConsultation(t)
	f.ended(advisory.Withdrawn)
	f.tells(advisory.Input{Kind: advisory.UndoWithdrawal, Actor: f.Coordinator.ID}, "act_on_behalf", advisory.Answers{
		"behalf_basis": {"phone_call"}, "behalf_on_date": {"2026-03-02"}, "behalf_contact": {f.Contact.ID}}, true,
		advisory.Entry{Undone: true, History: advisory.WithdrawalUndone})
	page := f.signedIn(f.Colleague).get(f.path()).wantText("#verlauf", "Beratung wieder aufgenommenKim Beispiel für Musterstadt").
		wantText("#verlauf", "Telefongespräch")
	if page.has("#ende") || !page.has("a[href$=zurueckziehen]") {
		t.Error("it does not run again")
	}
	f.signedIn(f.Contact).get(f.path()).wantText("#verlauf", "Kim Beispiel für Musterstadt")
}
