package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// replaces writes the replacement of an advisor as the engine would, with whoever stays.
func (f *consultationFixture) replaces(leaves store.Person, lead string, stays ...string) {
	f.t.Helper()
	in := advisory.Input{ID: uuid.Must(uuid.NewV7()).String(), Kind: advisory.ReplaceAdvisor, Person: leaves.ID, Actor: f.Coordinator.ID}
	f.journal(in, "replace_advisor", advisory.Answers{
		"advisor": {leaves.ID}, "reason": {"long_absence"}, "handover_note": {"Lieber morgens anrufen.\nFrau Muster kennt alle."}})
	f.write(advisory.Entry{History: advisory.ReplacementBegun, Input: in.ID},
		advisory.Entry{Team: &advisory.Team{Advisors: append([]string{}, stays...), Lead: lead}})
}

func (f *consultationFixture) journal(in advisory.Input, form string, answers advisory.Answers) {
	f.t.Helper()
	if _, err := f.store.JournalInput(f.t.Context(), store.NewInput{ConsultationID: f.ID, Message: in, Form: form, FormVersion: 1,
		Answers: answers, EnteredAt: time.Now()}); err != nil {
		f.t.Fatal(err)
	}
}

// accepts lets a new advisor be invited and accept.
func (f *consultationFixture) accepts(person store.Person) {
	f.t.Helper()
	f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: person.ID}})
	f.say(person, advisory.Accept, "answer_invitation", advisory.Answers{}, advisory.InvitationAccepted)
}

// everyText fails where a page shows the key of a text.
func (a *answer) everyText() *answer {
	a.t.Helper()
	if page := a.text("html"); strings.Contains(page, "team_pages.") {
		a.t.Errorf("%s: a text is missing: %s", a.what, page[strings.Index(page, "team_pages."):][:60])
	}
	return a.wantNoMissingText()
}

func TestReplacementSaysWhatFollowsAndReachesTheEngine(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.RecordOutcome) // the appointment stands
	b := f.signedIn(f.Coordinator)
	path := b.get(f.path()).attr("a[href$=wechsel]", "href")
	page := b.get(path).wantStatus(http.StatusOK).everyText()
	for _, want := range []string{"Zugang zu dieser Beratung endet sofort", "Offene Aufgaben der Federführung übernimmt die zuständige Koordination",
		"Termine bleiben bestehen", "bekommen eine Einladung", "wenn die Kommune zustimmt", "Auftaktgespräch"} {
		page.wantText("main form", want)
	}
	page.wantText("select[name=advisor]", "Amina Exempel (Federführung)").wantText("select[name=advisor]", "Joseph Vorlage (Poolmitglied)")
	b.get("/en"+path).wantStatus(http.StatusOK).everyText().wantText("main form", "Access to this consultation ends at once")
	b.post(path, "advisor", f.Lead.ID, "handover_note", "Alles Wichtige.").wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Grund").wantText("textarea[name=handover_note]", "Alles Wichtige.")
	b.post(path, "advisor", f.Lead.ID, "reason", "long_absence").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Übergabe")
	b.post(path, "advisor", f.Contact.ID, "reason", "other", "handover_note", "X").wantStatus(http.StatusUnprocessableEntity)
	if len(f.engine.inputs) != 0 {
		t.Fatalf("too early: %+v", f.engine.inputs)
	}
	answer := b.post(path, "advisor", f.Lead.ID, "reason", "long_absence", "handover_note", "Alles Wichtige.").wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "Amina Exempel ist nicht mehr dabei")
	in := f.engine.inputs[0]
	if in.Message.Kind != advisory.ReplaceAdvisor || in.Message.Person != f.Lead.ID || in.Form != "replace_advisor" ||
		in.Answers.Get("reason") != "long_absence" || in.Answers.Get("handover_note") != "Alles Wichtige." || in.OnBehalf {
		t.Errorf("%+v", in)
	}
	f.engine.err = advisory.Errorf(advisory.Conflict, "input: %w", &inbox.Refused{Reason: advisory.NotNow})
	b.post(path, "advisor", f.Member.ID, "reason", "other", "handover_note", "Steht im Ordner.").wantStatus(http.StatusConflict).
		wantText("main", "Es wurde nichts geändert").wantText("main", "Steht im Ordner.")
}

func TestWhoMayReplace(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	for name, test := range map[string]struct {
		person store.Person
		status int
	}{
		"colleague": {f.Colleague, http.StatusOK}, "head": {f.Head, http.StatusOK}, "contact": {f.Contact, http.StatusForbidden},
		"lead": {f.Lead, http.StatusForbidden}, "reader": {f.named(advisory.Reader, "Rita", "Leser"), http.StatusForbidden},
	} {
		b := f.signedIn(test.person)
		for _, path := range []string{f.path() + "/wechsel", f.path() + "/zuordnung-neu", "/pool/" + f.Lead.ID + "/verabschieden"} {
			if got := b.get(path).StatusCode; got != test.status {
				t.Errorf("%s, %s: %d, want %d", name, path, got, test.status)
			}
		}
	}
	f.exec(`UPDATE consultations SET outcome = 'completed', closed_at = now()`)
	b := f.signedIn(f.Coordinator)
	b.get(f.path() + "/wechsel").wantLocation(f.path())
	if b.get(f.path()).has("a[href$=wechsel]") {
		t.Error("a consultation that is over offers a replacement")
	}
}

func TestReplacementIsOfferedFromTheAssignmentOn(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Coordinator)
	for stage, want := range map[advisory.Stage][2]bool{
		advisory.Assessment: {false, false}, advisory.Assignment: {true, false}, advisory.Opening: {true, true},
		advisory.Dialogue: {true, true}, advisory.Options: {true, true}, advisory.Evaluation: {true, false},
	} {
		f.exec(`UPDATE consultations SET stage = $1`, stage)
		page := b.get(f.path())
		if got := [2]bool{page.has("a[href$=wechsel]"), page.has("a[href$=zuordnung-neu]")}; got != want {
			t.Errorf("%s: replace and re-open are offered: %v, want %v", stage, got, want)
		}
	}
	b.get(f.path()+"/wechsel").wantStatus(http.StatusOK).wantText("main", "niemand dabei oder eingeladen")
}

func TestWhoIsOnlyInvitedNeedsNoHandover(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.AnswerInvitation)
	b := f.signedIn(f.Coordinator)
	b.get(f.path()+"/wechsel").wantText("select[name=advisor]", "Amina Exempel (Federführung, eingeladen, wartet auf Antwort)").
		wantText("main form", "wird die Einladung zurückgezogen")
	answer := b.post(f.path()+"/wechsel", "advisor", f.Lead.ID, "reason", "other").wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "Die Einladung an Amina Exempel ist zurückgezogen")
	if f.engine.inputs[0].Message.Person != f.Lead.ID {
		t.Errorf("%+v", f.engine.inputs[0])
	}
}

func TestFormerAdvisorSeesNothingAtOnce(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	token, err := f.store.IssueTaskLink(t.Context(), task, f.Lead.ID)
	if err != nil {
		t.Fatal(err)
	}
	visitor, lead := f.browser(), f.signedIn(f.Lead)
	visitor.follow(visitor.get("/a/" + token)).wantStatus(http.StatusOK)
	lead.get(f.path()).wantStatus(http.StatusOK)
	f.replaces(f.Lead, "", f.Member.ID)
	for _, path := range []string{f.path(), "/aufgaben/" + task, f.path() + goalPath, f.path() + planPath} {
		if status := lead.get(path).StatusCode; status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status := visitor.get("/aufgaben/" + task).StatusCode; status < 400 && status != http.StatusSeeOther {
		t.Errorf("the opened link still shows the task: %d", status)
	}
	lead.post("/aufgaben/"+task, "message", "Ich noch einmal").wantStatus(http.StatusNotFound)
	if len(f.engine.inputs) != 0 {
		t.Error("the engine heard somebody who has left")
	}
	if lead.get("/beratungen").has("a[href='" + f.path() + "']") {
		t.Error("the consultation is still in the list")
	}
	f.signedIn(f.Member).get(f.path()).wantStatus(http.StatusOK)
}

func TestHandoverReachesTheNewAdvisorOnly(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	nora := f.advisor("Nora", "")
	f.replaces(f.Lead, "", f.Member.ID)
	invitation := f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: nora.ID}})
	page := f.signedIn(nora).get("/aufgaben/"+invitation).wantStatus(http.StatusOK).everyText().wantText("#panel-handover", "Übergabe").
		wantText("main", "Für Sie liegt eine Übergabe bereit")
	for _, secret := range []string{"Lieber morgens", "Längere Abwesenheit", "Amina"} {
		if strings.Contains(page.text("main"), secret) {
			t.Errorf("the invitation tells %q", secret)
		}
	}
	f.say(nora, advisory.Accept, "answer_invitation", advisory.Answers{}, advisory.InvitationAccepted)
	f.openNext(advisory.AgreeToAdvisors)
	f.say(f.Contact, advisory.Agree, "agree_to_advisors", advisory.Answers{}, advisory.AdvisorReplaced,
		advisory.Entry{Team: &advisory.Team{Advisors: []string{f.Member.ID, nora.ID}, Lead: nora.ID}})
	for name, test := range map[string]struct {
		person       store.Person
		note, reason bool
	}{
		"new advisor": {nora, true, false}, "who stays": {f.Member, false, false}, "municipality": {f.Contact, false, false},
		"coordinator": {f.Coordinator, true, true},
	} {
		text := f.signedIn(test.person).get(f.path()).wantStatus(http.StatusOK).everyText().text("main")
		if got := strings.Contains(text, "Lieber morgens anrufen."); got != test.note {
			t.Errorf("%s reads the hand-over: %v", name, got)
		}
		if got := strings.Contains(text, "Längere Abwesenheit"); got != test.reason {
			t.Errorf("%s reads the reason: %v", name, got)
		}
	}
	f.signedIn(nora).get("/en"+f.path()).everyText().wantText("section[aria-labelledby='handovers-h']", "Hand-over")
}

func TestMunicipalitySeesWhoLeavesStaysAndComes(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	nora := f.advisor("Nora", "")
	f.replaces(f.Lead, "", f.Member.ID)
	f.accepts(nora)
	f.exec(`UPDATE invitations SET lead = true WHERE advisor_id = $1`, nora.ID)
	id, _ := f.openNext(advisory.AgreeToAdvisors)
	b := f.signedIn(f.Contact)
	page := b.get("/aufgaben/" + id).wantStatus(http.StatusOK).everyText()
	change := page.text("section[aria-labelledby='panel-change']")
	for _, want := range []string{"Nicht mehr dabeiAmina Exempel (Federführung)", "Bleibt dabeiJoseph Vorlage", "Neu dabeiNora Norasen (Federführung)",
		"FederführungNora Norasen"} {
		if !strings.Contains(change, want) {
			t.Errorf("%q is missing in %q", want, change)
		}
	}
	page.wantText("section[aria-labelledby='panel-advisors']", "Federführung, neu").wantText("section[aria-labelledby='panel-advisors']", "Poolmitglied, bleibt dabei")
	for _, secret := range []string{"Lieber morgens", "Längere Abwesenheit"} {
		if strings.Contains(page.text("main"), secret) {
			t.Errorf("the municipality reads %q", secret)
		}
	}
	b.get("/en/aufgaben/"+id).everyText().wantText("section[aria-labelledby='panel-change']", "No longer takes part")
}

func TestFirstTeamIsNoChange(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.AgreeToAdvisors)
	if f.signedIn(f.Contact).get("/aufgaben/" + id).wantStatus(http.StatusOK).has("#panel-change") {
		t.Error("nothing changes where nobody accompanied before")
	}
}

func TestChoosingInAReplacement(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	nora := f.advisor("Nora", "")
	f.replaces(f.Lead, "", f.Member.ID)
	id, owner := f.openNext(advisory.ChooseAdvisors)
	b := f.signedIn(owner)
	page := b.get("/aufgaben/"+id).wantStatus(http.StatusOK).everyText().
		wantText("section[aria-labelledby='occasion-h']", "Lieber morgens anrufen.").
		wantText("section[aria-labelledby='occasion-h']", "Grund: Längere Abwesenheit").
		wantText("section[aria-labelledby='staying-h']", "Joseph Vorlage").
		wantText("#again", "Amina Exempel").wantText("#again", "Längere Abwesenheit")
	if page.has("input[name='advisor."+f.Member.ID+"'][value='']") || page.has("section[aria-labelledby='suggestions-h'] > #candidate-"+f.Lead.ID) {
		t.Error("who stays can be left out, or who left is suggested")
	}
	if page.attr("input[name='advisor."+f.Member.ID+"'][checked]", "value") != "member" {
		t.Error("who stays is no member")
	}
	b.get("/en/aufgaben/" + id).everyText()
	b.post("/aufgaben/"+id, "advisor."+nora.ID, "member").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "genau eine Federführung")
	b.post("/aufgaben/"+id, "advisor."+f.Member.ID, "lead", "advisor."+nora.ID, "member").wantLocation(f.path())
	answer := b.post("/aufgaben/"+id, "advisor."+f.Member.ID, "lead").wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "niemand neu eingeladen")
	first, second := f.engine.inputs[0].Message, f.engine.inputs[1].Message
	if first.Lead != f.Member.ID || len(first.Advisors) != 1 || first.Advisors[0] != nora.ID {
		t.Errorf("with somebody new: %+v", first)
	}
	if second.Lead != f.Member.ID || len(second.Advisors) != 0 {
		t.Errorf("with who stays: %+v", second)
	}
}

func TestReopeningAsksWhyAndSaysWhoStays(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b := f.signedIn(f.Coordinator)
	path := f.path() + "/zuordnung-neu"
	b.get(path).wantStatus(http.StatusOK).everyText().wantText("main", "Amina Exempel (Federführung)").wantText("main", "geht die Beratung weiter wie bisher")
	b.get("/en"+path).wantStatus(http.StatusOK).everyText().wantText("h1", "Re-open the assignment")
	b.post(path).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "warum neu gewählt wird")
	answer := b.post(path, "why", "Das Ziel ist jetzt Klimaschutz.").wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "Die Zuordnung ist wieder offen")
	in := f.engine.inputs[0]
	if in.Message.Kind != advisory.ReopenAssignment || in.Form != "reopen_assignment" || in.Answers.Get("why") != "Das Ziel ist jetzt Klimaschutz." {
		t.Errorf("%+v", in)
	}
	f.engine.err = advisory.Errorf(advisory.Conflict, "input: %w", &inbox.Refused{Reason: advisory.UnderWay})
	b.post(path, "why", "Noch einmal").wantStatus(http.StatusConflict).wantText("main", "läuft schon eine Auswahl").wantText("main", "Noch einmal")

	input := advisory.Input{ID: uuid.Must(uuid.NewV7()).String(), Kind: advisory.ReopenAssignment, Actor: f.Coordinator.ID}
	f.journal(input, "reopen_assignment", advisory.Answers{"why": {"Das Ziel ist jetzt Klimaschutz."}})
	f.write(advisory.Entry{History: advisory.AssignmentReopened, Input: input.ID})
	id, _ := f.openNext(advisory.ChooseAdvisors)
	page := b.get("/aufgaben/"+id).wantStatus(http.StatusOK).everyText().wantText("section[aria-labelledby='occasion-h']", "Das Ziel ist jetzt Klimaschutz.")
	if page.attr("input[name='advisor."+f.Lead.ID+"'][checked]", "value") != "lead" {
		t.Error("who leads does not lead any more")
	}
	b.get(path).wantText("main", "läuft schon eine Auswahl")
	for _, person := range []store.Person{f.Contact, f.Lead} {
		if text := f.signedIn(person).get(f.path()).text("main"); strings.Contains(text, "Klimaschutz") {
			t.Errorf("%s reads why", person.Role)
		}
	}
}
