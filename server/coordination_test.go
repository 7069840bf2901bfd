package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestWorkbenchShowsWhatIsOwed(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ReviewRequest)
	f.exec(`UPDATE tasks SET due_on = current_date - 10 WHERE id = $1`, id)
	page := f.signedIn(f.Coordinator).get("/arbeitsplatz").wantStatus(http.StatusOK).
		wantText("#group-overdue", "Überfällig 1").
		wantText("section[aria-labelledby='group-overdue']", "Prüfen Sie die Anfrage").
		wantText(".mg-tabs a[aria-current]", "Meine 1").
		wantText(".mg-stages", "1 Prüfung")
	if href := page.attr("section[aria-labelledby='group-overdue'] h3 a", "href"); href != "/aufgaben/"+id {
		t.Errorf("the task leads to %q", href)
	}
	f.signedIn(f.Colleague).get("/arbeitsplatz").wantText(".mg-empty", "Für Sie steht nichts an.")
	f.signedIn(f.Colleague).get("/arbeitsplatz?liste=team").wantText(".mg-rows", "Kim Beispiel")
	f.signedIn(f.Head).get("/en/arbeitsplatz?liste=team").wantText("#group-overdue", "Overdue 1")
}

func TestRequestsAreClaimedInTheList(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ClaimRequest)
	b := f.signedIn(owner)
	page := b.get("/arbeitsplatz?liste=unclaimed").wantStatus(http.StatusOK).wantText(".mg-tabs a[aria-current]", "Nicht übernommen 1")
	action := page.attr(".mg-task form", "action")
	if action != "/aufgaben/"+id {
		t.Fatalf("claimed at %q", action)
	}
	b.post(action).wantLocation("/beratungen/" + f.Number)
	if len(f.engine.inputs) != 1 || f.engine.inputs[0].Message.Choice != advisory.Claim {
		t.Errorf("%+v", f.engine.inputs)
	}
	b.get("/arbeitsplatz").wantText("section[aria-labelledby='unclaimed-h']", "Musterstadt")
}

func TestPassedOnTasksReachTheLeadCoordinator(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ReviewRequest)
	f.write(advisory.Entry{Escalate: 1, To: advisory.ToLead, Task: id})
	f.signedIn(f.Head).get("/arbeitsplatz").wantText(".mg-task", "weitergegeben an Leitung")
	f.signedIn(f.Colleague).get("/arbeitsplatz").wantText(".mg-empty", "Für Sie steht nichts an.")
}

func TestWorkbenchIsFilteredAndSearched(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Coordinator)
	for query, found := range map[string]bool{
		"station=review": true, "station=dialogue": false, "station=unsinn": true, "q=musterST": true, "q=MG-2026-0042": true,
		"q=Andersort": false, "frist=overdue": false, "seite=-1": true, "seite=2": false,
	} {
		page := b.get("/arbeitsplatz?" + query).wantStatus(http.StatusOK)
		if page.has(".mg-task") != found {
			t.Errorf("%s: found %v, want %v", query, !found, found)
		}
		if !found && !page.has(".mg-empty a[href='/arbeitsplatz']") {
			t.Errorf("%s: no way back to the whole list", query)
		}
	}
	b.get(`/arbeitsplatz?q=%3Cscript%3E`).wantText(".mg-empty", "Zu „<script>“ haben wir nichts gefunden")
}

func TestListOfConsultations(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Head)
	b.get("/vorgaenge").wantStatus(http.StatusOK).wantText("tbody", "MG-2026-0042").wantText("tbody", "Kim Beispiel").
		wantText(".mg-nav a[aria-current]", "Beratungen")
	for query, found := range map[string]bool{
		"stand=running": true, "stand=declined": false, "station=review": true, "station=follow_up": false, "q=0042+muster": true, "q=Nirgends": false,
	} {
		if page := b.get("/vorgaenge?" + query).wantStatus(http.StatusOK); page.has("tbody") != found || page.has(".mg-empty") == found {
			t.Errorf("%s: found %v, want %v", query, !found, found)
		}
	}
}

func TestStaffSeeTheWholeConsultation(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.CloseConsultation)
	b := f.signedIn(f.Coordinator)
	page := b.get("/beratungen/"+f.Number).wantStatus(http.StatusOK).
		wantText("h1", "Musterstadt").
		wantText("#personen", "Toni Muster").wantText("#personen", "Kim Beispiel").wantText("#personen", "Amina Exempel").
		wantText("#eckdaten", "Vereine wirken mit.").wantText("#eckdaten", "1 von 4").wantText("#eckdaten", "Kommunales Integrationszentrum: beteiligt").
		wantText("#verlauf", "Rückblick abgegeben").
		wantText("#mails", "Toni Muster").
		wantText("#aufgaben", "Schließen Sie die Beratung ab")
	if strings.Contains(page.text("#verlauf"), "Zuhören") {
		t.Error("what one side looks back at is open before the other has answered")
	}
	if !page.has("a[href='/beratungen/MG-2026-0042/zurueckziehen']") || !page.has(".mg-journey") {
		t.Error("no way to record a withdrawal, or no journey")
	}
	b.get("/en/beratungen/"+f.Number).wantText("#aufgaben", "Close the consultation")
}

func TestTimelineHasPages(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.RecordAssessment)
	f.exec(`INSERT INTO history (consultation_id, step, at, kind) SELECT $1, 9, now(), 'reminder_sent' FROM generate_series(1, 30)`, f.ID)
	b := f.signedIn(f.Coordinator)
	path := "/beratungen/" + f.Number
	for range 2 {
		page := b.get(path).wantStatus(http.StatusOK)
		if strings.Contains(page.text("#verlauf"), "Anfrage übernommen") {
			return
		}
		path = strings.TrimSuffix(page.attr("#verlauf .mg-pager a[href*='vor=']", "href"), "#verlauf")
	}
	b.get(path).wantText("#verlauf", "Anfrage übernommen").wantText("#verlauf .mg-pager", "Neueste Einträge")
}

func TestTasksOfTheMunicipalityCanBeEnteredOnBehalf(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ConfirmNeed)
	page := f.signedIn(f.Colleague).get("/beratungen/"+f.Number).wantText("#aufgaben", "Für die Kommune eintragen")
	if !page.has("#aufgaben a[href='/aufgaben/" + id + "']") {
		t.Error("no link to the task")
	}
	if page.has("a[href$='/uebergeben']") {
		t.Error("a task of the municipality cannot be handed over")
	}
}

func TestInternalNotes(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Coordinator)
	path := "/beratungen/" + f.Number
	b.post(path+"/notizen").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte schreiben Sie Ihre Notiz.").wantText("h1", "Musterstadt")
	long := strings.Repeat("x", 2001)
	b.post(path+"/notizen", "note", long).wantStatus(http.StatusUnprocessableEntity).wantText("textarea[name=note]", long)
	b.follow(b.post(path+"/notizen", "note", "Rückruf am Freitag")).wantText("#notizen", "Rückruf am Freitag").wantText("#notizen", "Kim Beispiel")
	f.signedIn(f.Contact).post(path+"/notizen", "note", "x").wantStatus(http.StatusForbidden)
	if page := f.signedIn(f.Contact).get(path); strings.Contains(page.text("main"), "Rückruf am Freitag") {
		t.Error("the municipality reads an internal note")
	}
	b.post("/beratungen/MG-2020-0001/notizen", "note", "x").wantStatus(http.StatusNotFound)
}

func TestHandOver(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ReviewRequest)
	path := "/aufgaben/" + id + "/uebergeben"
	b := f.signedIn(owner)
	page := b.get(path).wantStatus(http.StatusOK).wantText("h1", "Aufgabe übergeben")
	if page.has("option[value='"+owner.ID+"']") || !page.has("option[value='"+f.Head.ID+"']") {
		t.Error("it is offered to the wrong people")
	}
	b.post(path, "person", owner.ID).wantStatus(http.StatusUnprocessableEntity)
	b.post(path, "note", "Bitte bald").wantStatus(http.StatusUnprocessableEntity).wantText("textarea", "Bitte bald")
	b.post(path, "person", f.Colleague.ID, "note", "Bitte bald").wantLocation("/beratungen/" + f.Number)
	in := f.engine.inputs[len(f.engine.inputs)-1]
	if in.Message.Kind != advisory.HandOver || in.Message.Task != id || in.Message.To != f.Colleague.ID || in.Answers.Get("note") != "Bitte bald" {
		t.Errorf("%+v", in)
	}
	f.say(owner, advisory.Accept, "accept_request", nil, advisory.RequestAccepted)
	b.post(path, "person", f.Colleague.ID).wantStatus(http.StatusConflict)
}

func TestARefusalIsNotHandedToWhoProposedIt(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ApproveRefusal)
	page := f.signedIn(owner).get("/aufgaben/" + id + "/uebergeben").wantStatus(http.StatusOK)
	if page.has("option[value='" + f.Coordinator.ID + "']") {
		t.Error("who proposed the refusal can get its check")
	}
}

func TestBringForward(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ReviewRequest)
	path := "/aufgaben/" + id + "/wiedervorlage"
	b := f.signedIn(owner)
	b.get(path).wantStatus(http.StatusOK)
	b.post(path, "date", time.Now().AddDate(0, 0, -1).Format(time.DateOnly)).wantStatus(http.StatusUnprocessableEntity)
	b.post(path, "date", time.Now().AddDate(0, 0, 7).Format(time.DateOnly), "note", "nach der Sitzung").wantStatus(http.StatusSeeOther)
	b.get("/arbeitsplatz").wantText(".mg-empty", "Für Sie steht nichts an.")
	b.get("/arbeitsplatz?liste=team").wantText(".mg-task", "nach der Sitzung")
	if len(f.engine.inputs) != 0 {
		t.Error("the engine heard of it")
	}
	f.signedIn(f.Colleague).get(path).wantStatus(http.StatusNotFound)
}

func TestTasksOfOthersCannotBeMoved(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ConfirmNeed)
	b := f.signedIn(f.Coordinator)
	for _, action := range []string{"/uebergeben", "/wiedervorlage"} {
		b.get("/aufgaben/" + id + action).wantStatus(http.StatusNotFound)
	}
}

func TestPool(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.exec(`UPDATE advisors SET home = 'Witten', origin_country = 'GH', origin_consent = true WHERE person_id = $1`, f.Lead.ID)
	b := f.signedIn(f.Coordinator)
	b.get("/pool").wantStatus(http.StatusOK).wantText("tbody", "Amina Exempel").wantText("tbody", "1 von 1").wantText("tbody", "Kommunale Partnerschaften")
	b.get("/pool?q=witten&thema=partnerships").wantText("tbody", "Amina Exempel")
	b.get("/pool?thema=education").wantText(".mg-empty", "Zu diesem Filter passt kein Eintrag.")
	page := b.get("/pool/"+f.Lead.ID).wantStatus(http.StatusOK).wantText("h1", "Amina Exempel").wantText("main", "Ich moderiere seit 2010.").
		wantText("tbody", "MG-2026-0042").wantText("tbody", "Federführung")
	if strings.Contains(page.text("main"), "Ghana") {
		t.Error("the profile tells the country of origin, which serves the matching alone")
	}
	b.get("/pool/" + f.Coordinator.ID).wantStatus(http.StatusNotFound)
	b.get("/pool/unsinn").wantStatus(http.StatusNotFound)
}

func TestEmptyPool(t *testing.T) {
	s := newSite(t)
	s.signedIn(s.person(advisory.Coordinator, "kim@example.org")).get("/pool").wantText(".mg-empty", "Im Pool ist noch niemand eingetragen.")
}

func TestBadgesNeverShowByColourAlone(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.AgreeToAdvisors)
	page := f.signedIn(f.Coordinator).get("/beratungen/" + f.Number)
	for _, mark := range page.all(".kern-badge") {
		if strings.TrimSpace(textOf(mark)) == "" {
			t.Error("a mark without words")
		}
	}
}
