package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// chosen is the address of the page on which somebody does something with several tasks.
func chosen(d deed, ids ...string) string {
	return selectionPath + "?" + url.Values{deedField: {string(d)}, selectedField: ids, backField: {"liste=team&seite=2"}}.Encode()
}

// does sends the form of that page with its hidden fields and more.
func (b *browser) does(d deed, ids []string, pairs ...string) *answer {
	pairs = append(pairs, deedField, string(d), backField, "liste=team")
	for _, id := range ids {
		pairs = append(pairs, selectedField, id)
	}
	return b.post(selectionPath, pairs...)
}

// owed opens a task of the staff; nil is nobody.
func (f *consultationFixture) owed(kind advisory.TaskKind, owner *store.Person) string {
	f.t.Helper()
	task := advisory.OpenTask{Kind: kind, Owner: advisory.Owner{Role: advisory.Coordinator}}
	if owner != nil {
		task.Owner.Person = owner.ID
	}
	return f.open(task)
}

func refused(reason advisory.Refusal) error {
	return advisory.Errorf(advisory.Conflict, "engine: %w", &inbox.Refused{Reason: reason})
}

func TestSeveralTasksAreClaimed(t *testing.T) {
	f := newConsultation(t)
	claim, approve := f.owed(advisory.ClaimRequest, nil), f.owed(advisory.ApproveRefusal, nil)
	b := f.signedIn(f.Colleague)
	list := b.get("/arbeitsplatz?liste=unclaimed&q=muster").wantStatus(http.StatusOK)
	for _, id := range []string{claim, approve} {
		if list.attr("input[name=auswahl][value='"+id+"']", "form") != list.attr("form.mg-selection", "id") || list.has("input[name=auswahl][checked]") {
			t.Errorf("task %s cannot be chosen, or is already", id)
		}
	}
	if list.has("button[name=aktion][value=remind]") || !list.has("button[name=aktion][value=claim]") {
		t.Error("the list offers the wrong actions")
	}
	if got := list.attr(".mg-selection input[name=zurueck]", "value"); got != "liste=unclaimed&q=muster" {
		t.Errorf("leads back to %q", got)
	}
	if all := b.get(list.attr("a[href*='alle=']", "href")); len(all.all("input[name=auswahl][checked]")) != 2 {
		t.Error("not every task of the page is chosen")
	}
	page := b.get(chosen(claimDeed, claim, approve)).wantStatus(http.StatusOK).wantText("h1", "Aufgaben übernehmen").
		wantText("#chosen-h", "2 Aufgaben").wantText("main form button", "2 Aufgaben übernehmen")
	if len(page.all("input[name=auswahl]")) != 2 || len(f.engine.inputs) != 0 {
		t.Error("the page loses what was chosen, or has already done it")
	}
	b.does(claimDeed, []string{claim, approve, claim}).wantLocation("/arbeitsplatz?liste=team")
	b.get("/arbeitsplatz").wantText(".kern-alert--success", "Sie haben 2 Aufgaben übernommen.")
	if len(f.engine.inputs) != 2 {
		t.Fatalf("%d inputs", len(f.engine.inputs))
	}
	ids := map[string]bool{}
	for _, in := range f.engine.inputs {
		ids[in.Message.ID] = true
		switch {
		case in.Message.Choice != advisory.Claim || in.Message.Actor != f.Colleague.ID || in.ConsultationID != f.ID:
			t.Errorf("%+v", in)
		case in.Message.Task == claim && (in.Message.Kind != advisory.TaskInput || in.Form != "claim_request"):
			t.Errorf("the request: %+v", in)
		case in.Message.Task == approve && (in.Message.Kind != advisory.HandOver || in.Message.To != f.Colleague.ID):
			t.Errorf("the refusal: %+v", in)
		}
	}
	if len(ids) != 2 {
		t.Error("two inputs have one id")
	}
}

func TestWhatSomebodyElseTookMeanwhileIsNamed(t *testing.T) {
	f := newConsultation(t)
	approve, claim := f.owed(advisory.ApproveRefusal, nil), f.owed(advisory.ClaimRequest, nil)
	mine := f.owed(advisory.ReviewRequest, &f.Colleague)
	b := f.signedIn(f.Colleague)
	b.get(chosen(claimDeed, approve, claim, mine)).wantText("#chosen-h", "2 Aufgaben").
		wantText("section[aria-labelledby=left-h]", "Diese Aufgabe haben Sie schon.")
	third := f.owed(advisory.DecideRest, nil)
	f.engine.refuses = func(in store.NewInput) error {
		switch in.Message.Task {
		case approve:
			f.exec(`UPDATE tasks SET owner_id = $2 WHERE id = $1`, approve, f.Head.ID)
			return refused(advisory.TaskIsClaimed)
		case claim:
			f.last = claim
			f.say(f.Coordinator, advisory.Claim, "claim_request", nil, advisory.RequestClaimed)
			return refused(advisory.TaskIsSettled)
		}
		return nil
	}
	page := b.follow(b.does(claimDeed, []string{approve, claim, mine, third, "unsinn"})).wantStatus(http.StatusOK).
		wantText(".kern-alert--success", "Sie haben 1 Aufgabe übernommen.").
		wantText("#left-h", "4")
	rows := page.text("section[aria-labelledby=left-h]")
	for _, words := range []string{
		"Inzwischen von Lea Leitner übernommen.", "Inzwischen von Kim Beispiel übernommen.", "Diese Aufgabe haben Sie schon.",
		"Eine ausgewählte Aufgabe gibt es nicht.", "Musterstadt",
	} {
		if !strings.Contains(rows, words) {
			t.Errorf("the page does not say %q: %s", words, rows)
		}
	}
	b.get(selectionResultPath).wantText("#left-h", "4") // looked at again, nothing is done again
	if len(f.engine.inputs) != 1 {
		t.Errorf("%d inputs", len(f.engine.inputs))
	}
	// What is gone already when the page opens cannot be confirmed.
	gone := b.get(chosen(claimDeed, claim)).wantStatus(http.StatusOK).wantText("section[aria-labelledby=left-h]", "Inzwischen von Kim Beispiel übernommen.")
	if gone.has("main form button") {
		t.Error("there is something to confirm")
	}
}

func TestNothingChosen(t *testing.T) {
	f := newConsultation(t)
	id := f.owed(advisory.ReviewRequest, &f.Coordinator)
	b := f.signedIn(f.Coordinator)
	for _, d := range []deed{claimDeed, handOverDeed, bringForwardDeed, remindDeed} {
		b.get(chosen(d)).wantStatus(http.StatusUnprocessableEntity).wantText(".kern-alert--danger", "Es ist keine Aufgabe ausgewählt")
	}
	if href := b.get(chosen(claimDeed)).attr("main a.kern-link", "href"); href != "/arbeitsplatz?liste=team&seite=2" {
		t.Errorf("back to %q", href)
	}
	b.does(remindDeed, nil).wantStatus(http.StatusUnprocessableEntity).wantText(".kern-alert--danger", "Es ist keine Aufgabe ausgewählt")
	b.does("verschenken", []string{id}).wantStatus(http.StatusBadRequest)
	b.get(chosen("", id)).wantStatus(http.StatusBadRequest)
	many := make([]string, 0, 26)
	for n := range 26 {
		many = append(many, fmt.Sprint(n))
	}
	b.does(claimDeed, many).wantStatus(http.StatusBadRequest)
	b.get(selectionResultPath).wantLocation("/arbeitsplatz")
	f.signedIn(f.Contact).get(chosen(claimDeed, id)).wantStatus(http.StatusForbidden)
	f.signedIn(f.Lead).post(selectionPath, deedField, "claim", selectedField, id).wantStatus(http.StatusForbidden)
	b.post(selectionPath, deedField, "bring_forward", selectedField, id, "date", time.Now().AddDate(0, 0, 3).Format(time.DateOnly),
		backField, "//example.org/?x=%").wantLocation("/arbeitsplatz")
}

func TestSeveralTasksAreHandedOver(t *testing.T) {
	f := newConsultation(t)
	first, second := f.owed(advisory.ReviewRequest, &f.Coordinator), f.owed(advisory.RecordAssessment, &f.Colleague)
	refusal := f.open(advisory.OpenTask{Kind: advisory.ApproveRefusal, Owner: advisory.Owner{Role: advisory.Coordinator}, Not: f.Head.ID})
	theirs := f.owed(advisory.ChooseAdvisors, &f.Head)
	need := f.open(advisory.OpenTask{Kind: advisory.ConfirmNeed, Owner: advisory.Owner{Role: advisory.Municipality}})
	all := []string{first, second, refusal, theirs, need}
	b := f.signedIn(f.Coordinator)
	b.get(chosen(handOverDeed, all...)).wantStatus(http.StatusOK).wantText("#chosen-h", "4 Aufgaben").
		wantText("section[aria-labelledby=left-h]", "Diese Aufgabe liegt nicht beim Team, sondern bei: Musterstadt.")
	page := b.does(handOverDeed, all, "note", "Bitte bald").wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Bitte wählen Sie eine Person aus.").wantText("textarea", "Bitte bald")
	if len(page.all("input[name=auswahl]")) != len(all) {
		t.Error("the choice is lost")
	}
	b.does(handOverDeed, all, "person", f.Lead.ID).wantStatus(http.StatusUnprocessableEntity)
	first, second = min(first, second), max(first, second)
	result := b.follow(b.does(handOverDeed, all, "person", f.Head.ID, "note", "Bitte bald")).
		wantText(".kern-alert--success", "2 Aufgaben sind übergeben.").
		wantText("section[aria-labelledby=left-h]", "Diese Aufgabe hat Lea Leitner schon.").
		wantText("section[aria-labelledby=left-h]", "Lea Leitner hat die Ablehnung selbst vorgeschlagen.")
	if result.text("#left-h .mg-num") != "3" {
		t.Errorf("%s not done", result.text("#left-h .mg-num"))
	}
	var handed []string
	for _, in := range f.engine.inputs {
		handed = append(handed, in.Message.Task)
		if in.Message.Kind != advisory.HandOver || in.Message.To != f.Head.ID || in.Message.Choice != "" || in.Answers.Get("note") != "Bitte bald" {
			t.Errorf("%+v", in)
		}
	}
	slices.Sort(handed)
	if want := []string{first, second}; !slices.Equal(handed, want) {
		t.Errorf("handed over %v, want %v", handed, want)
	}
	if err := f.store.EnterAbsence(t.Context(), advisory.Absence{Person: f.Head.ID, From: time.Now().Add(-time.Hour), Until: time.Now().AddDate(0, 0, 3)}); err != nil {
		t.Fatal(err)
	}
	b.does(handOverDeed, all, "person", f.Head.ID).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "abwesend")
}

func TestWhatTheEngineHasNotTakenYetIsSaidToBeSaved(t *testing.T) {
	f := newConsultation(t)
	f.engine.away = true
	ids := []string{f.owed(advisory.ReviewRequest, &f.Colleague), f.owed(advisory.RecordAssessment, &f.Colleague)}
	b := f.signedIn(f.Coordinator)
	b.follow(b.does(handOverDeed, ids, "person", f.Head.ID)).wantText(".kern-alert--info", "2 Aufgaben sind gespeichert und werden verarbeitet.")
}

func TestSeveralTasksAreBroughtForward(t *testing.T) {
	f := newConsultation(t)
	ids := []string{f.owed(advisory.ReviewRequest, &f.Coordinator), f.owed(advisory.RecordAssessment, &f.Coordinator), f.owed(advisory.ChooseAdvisors, &f.Colleague)}
	b := f.signedIn(f.Coordinator)
	b.does(bringForwardDeed, ids, "date", time.Now().AddDate(0, 0, -1).Format(time.DateOnly)).wantStatus(http.StatusUnprocessableEntity)
	b.follow(b.does(bringForwardDeed, ids, "date", time.Now().AddDate(0, 0, 7).Format(time.DateOnly), "note", "nach der Sitzung")).
		wantText(".kern-alert--success", "2 Aufgaben liegen auf Wiedervorlage.").
		wantText("section[aria-labelledby=left-h]", "Diese Aufgabe liegt bei: Robin Probe.")
	b.get("/arbeitsplatz").wantText(".mg-empty", "Für Sie steht nichts an.")
	b.get("/arbeitsplatz?liste=team").wantText(".mg-task", "nach der Sitzung")
}

func TestOwnersOfSeveralTasksAreReminded(t *testing.T) {
	f := newConsultation(t)
	need := f.open(advisory.OpenTask{Kind: advisory.ConfirmNeed, Owner: advisory.Owner{Role: advisory.Municipality}})
	own, late := f.owed(advisory.ReviewRequest, &f.Coordinator), f.owed(advisory.RecordAssessment, &f.Colleague)
	f.exec(`UPDATE tasks SET due_on = current_date - 3 WHERE id = $1`, late)
	f.exec(`UPDATE mails SET state = 'sent', sent_at = now() - interval '3 days'`)
	b := f.signedIn(f.Coordinator)
	reminders := func() int {
		return f.count(`SELECT count(*) FROM mails WHERE reminder AND template = 'confirm_need_reminder'`)
	}
	b.get(chosen(remindDeed, need, own, late)).wantStatus(http.StatusOK).wantText("#chosen-h", "1 Aufgabe").
		wantText("section[aria-labelledby=left-h]", "Das ist Ihre eigene Aufgabe.").wantText("section[aria-labelledby=left-h]", "ist die Frist vorbei")
	if reminders() != 0 {
		t.Error("looking at the page has reminded")
	}
	b.does(remindDeed, []string{need}).wantLocation("/arbeitsplatz?liste=team")
	b.follow(b.does(remindDeed, []string{need})).wantText("section[aria-labelledby=left-h]", "Für diesen Arbeitstag gibt es schon eine Erinnerung.")
	if reminders() != 1 || len(f.engine.inputs) != 0 {
		t.Errorf("%d reminders, %d inputs", reminders(), len(f.engine.inputs))
	}
}
