package server

import (
	"net/http"
	"testing"

	"miglobe/advisory"
)

// filledOption is an option as a browser posts it.
func filledOption(title string) []string {
	pairs := []string{"title", title}
	for key, values := range optionAnswers {
		if key != "title" {
			pairs = append(pairs, key, values[0])
		}
	}
	return pairs
}

func TestOptionsAreDraftedOneByOneAndSharedTogether(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.DraftOptions)
	b := f.signedIn(owner)
	task := "/aufgaben/" + id
	b.post(task).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "noch keine Handlungsoption")

	b.post(task+"/optionen/1", filledOption("Runder Tisch")...).wantLocation(task)
	b.post(task+"/optionen/2", filledOption("Schulpartnerschaft")...).wantLocation(task)
	b.post(task+"/optionen/3", filledOption("Faire Woche")...).wantLocation(task)
	b.post(task+"/optionen/1", filledOption("Runder Tisch der Vereine")...).wantLocation(task)
	b.get(task+"/optionen/2/entfernen").wantStatus(http.StatusOK).wantText("main h2", "Schulpartnerschaft")
	b.get(task).wantText("main", "Schulpartnerschaft")
	b.post(task + "/optionen/2/entfernen").wantLocation(task)
	if len(f.engine.inputs) != 0 {
		t.Fatalf("drafting reaches the engine: %+v", f.engine.inputs)
	}

	b.post(task).wantStatus(http.StatusSeeOther)
	said := f.engine.inputs[0]
	if said.Message.Choice != advisory.Share || said.Form != "option" {
		t.Errorf("the engine hears %+v, form %s", said.Message, said.Form)
	}
	options := splitOptions(said.Answers)
	if len(options) != 2 || options[0].Get("title") != "Runder Tisch der Vereine" || options[1].Get("title") != "Faire Woche" {
		t.Errorf("shared: %v", options)
	}
}

func TestIncompleteOptionIsKeptButNotShared(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.DraftOptions)
	b := f.signedIn(owner)
	task := "/aufgaben/" + id
	b.post(task+"/optionen/1", "title", "Runder Tisch").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Beschreibung")
	b.post(task+"/optionen/1", "title", "Runder Tisch", "action", "save").wantLocation(task)
	b.get(task).wantText(".kern-badge", "unvollständig")
	b.post(task).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Runder Tisch")
	if got := b.get(task+"/optionen/1").attr("input[name=title]", "value"); got != "Runder Tisch" {
		t.Errorf("title %q", got)
	}
	if len(f.engine.inputs) != 0 {
		t.Errorf("the engine heard %+v", f.engine.inputs)
	}
}

func TestOptionsThatDoNotExist(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.DraftOptions)
	b := f.signedIn(owner)
	for _, n := range []string{"0", "2", "-1", "x", "99999999999999999999"} {
		b.get("/aufgaben/" + id + "/optionen/" + n).wantStatus(http.StatusNotFound)
		b.post("/aufgaben/"+id+"/optionen/"+n, "title", "x", "action", "save").wantStatus(http.StatusNotFound)
	}
	b.get("/aufgaben/" + id + "/optionen/1/entfernen").wantStatus(http.StatusNotFound)
	f.signedIn(f.Contact).get("/aufgaben/" + id + "/optionen/1").wantStatus(http.StatusForbidden)
}

func TestNewVersionBeginsWithTheLastOne(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmOptions)
	f.say(f.Contact, advisory.Change, "confirm_options", advisory.Answers{"decision": {"change"}, "change_text": {"Bitte mit Schulen."}}, advisory.OptionsChanged)
	id := f.open(advisory.OpenTask{Kind: advisory.DraftOptions, Version: 2, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}})
	page := f.signedIn(f.Lead).get("/aufgaben/" + id)
	page.wantText("main", "Bitte mit Schulen.").wantText("main", "Vereine zum Runden Tisch einladen")
}
