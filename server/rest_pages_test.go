package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// inDays is a day as a form posts it.
func inDays(n int) string {
	return time.Now().In(advisory.Berlin).AddDate(0, 0, n).Format(time.DateOnly)
}

// rests lets the consultation rest until a day, as a coordinator decided.
func (f *consultationFixture) rests(until string) {
	f.t.Helper()
	resting := true
	f.tells(advisory.Input{Kind: advisory.BeginRest, Actor: f.Coordinator.ID}, "rest",
		advisory.Answers{"reason": {"election"}, "resume_on": {until}, "comment": {secrets[0]}}, false,
		advisory.Entry{Rest: &resting, History: advisory.RestBegun})
}

func TestACoordinatorLetsItRest(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b := f.signedIn(f.Coordinator)
	path := b.get(f.path()).attr("a[href$='/ruhen']", "href")
	for _, page := range inBothLanguages(b, path) {
		page.wantText("main form", "6")
	}
	b.get(path).wantText("h1", "Beratung ruhen lassen").wantText("main form", "höchstens 6 Monate am Stück").
		wantText("main form", "Termine vor diesem Tag werden abgesagt").wantText("main form", "Nur für die Koordination sichtbar")
	tooLate := time.Now().In(advisory.Berlin).AddDate(0, 6, 1).Format(time.DateOnly)
	for name, test := range map[string]struct{ reason, until, want string }{
		"today":         {"election", inDays(0), "Bitte wählen Sie ein Datum ab"},
		"in the past":   {"election", inDays(-3), "in der Vergangenheit"},
		"too long":      {"election", tooLate, "Bitte wählen Sie ein Datum bis"},
		"no date":       {"election", "", "ab wann es weitergehen soll"},
		"no reason":     {"", inDays(30), "Bitte wählen Sie einen Anlass aus."},
		"made-up cause": {"krank", inDays(30), "Anlass"},
	} {
		t.Run(name, func(t *testing.T) {
			b.site.t = t
			b.post(path, "reason", test.reason, "resume_on", test.until, "comment", "Ruft im Mai an").wantStatus(http.StatusUnprocessableEntity).
				wantText("#fehler", test.want).wantText("textarea[name=comment]", "Ruft im Mai an")
		})
	}
	b.site.t = t
	if len(f.engine.inputs) != 0 {
		t.Fatalf("the engine heard %+v", f.engine.inputs)
	}
	b.follow(b.post(path, "reason", "election", "resume_on", inDays(1), "comment", "Ruft an")).wantText(".kern-alert--success", "Die Beratung ruht.")
	in := f.engine.inputs[0]
	if in.Message.Kind != advisory.BeginRest || in.Form != "rest" || in.OnBehalf || in.Answers.Get("reason") != "election" || in.Answers.Get("resume_on") != inDays(1) {
		t.Errorf("input %+v", in)
	}
	f.engine.err = refusal(advisory.NotNow)
	b.post(path, "reason", "election", "resume_on", inDays(9), "comment", "Ruft im Mai an").wantStatus(http.StatusConflict).
		wantText("main", "kann zurzeit nicht ruhen").wantText("main", "Ruft im Mai an")
}

func TestARestIsChangedOrEnded(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.rests(inDays(30))
	b := f.signedIn(f.Colleague)
	page := b.get(f.path())
	if page.has("a[href$='/ruhen']") || f.signedIn(f.Contact).get(f.path()).has("a[href$='/ruhezeit']") {
		t.Error("a consultation that rests can begin to rest, or somebody can ask for it")
	}
	change := page.attr("a[href$='/ruhezeit-aendern']", "href")
	form := b.get(change).wantText("h1", "Ruhezeit ändern").wantText("main button[type=submit]", "Ruhezeit speichern")
	if got := form.attr("input[name=resume_on]", "value"); got != inDays(30) || !form.has("option[value=election][selected]") {
		t.Errorf("the form begins with %q", got)
	}
	b.post(change, form.filled("resume_on", inDays(60))...).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0]; in.Message.Kind != advisory.BeginRest || in.Answers.Get("resume_on") != inDays(60) {
		t.Errorf("input %+v", in)
	}
	end := page.attr("a[href$='/weiterfuehren']", "href")
	for _, page := range inBothLanguages(b, end) {
		if !page.has("main form button[type=submit]") {
			t.Error("it is not asked once more")
		}
	}
	b.get(end).wantText("h1", "Möchten Sie die Ruhezeit wirklich beenden?").wantText(".mg-buttons a", "Weiter ruhen lassen")
	if len(f.engine.inputs) != 1 {
		t.Fatal("looking at the page has changed something")
	}
	b.follow(b.post(end)).wantText(".kern-alert--success", "Die Beratung geht weiter.")
	if in := f.engine.inputs[1]; in.Message.Kind != advisory.EndRest || in.OnBehalf {
		t.Errorf("input %+v", in)
	}
	f.engine.err = refusal(advisory.NotNow)
	b.post(end).wantStatus(http.StatusConflict).wantText("main", "ruht nicht mehr")
}

func TestEverybodySeesThatItRests(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.rests("2030-01-15")
	for name, person := range map[string]store.Person{"contact": f.Contact, "lead": f.Lead, "member": f.Member, "coordinator": f.Coordinator} {
		t.Run(name, func(t *testing.T) {
			f.site.t = t
			for lang, page := range inBothLanguages(f.signedIn(person), f.path()) {
				if lang == "en" {
					page.wantText("#ruhe", "The consultation rests until").wantText("main", "Occasion: Election")
					continue
				}
				page.wantText("#ruhe", "Die Beratung ruht bis Di., 15.01.2030").wantText("main", "Anlass: Wahl oder Neubildung der Gremien").
					wantText("main", "stehen alle Fristen still").wantText("main", "Von selbst endet die Beratung nicht").
					wantText("[aria-current=step]", "ruht bis 15.01.2030")
				if own := strings.Contains(page.text("main"), "fragen wir Sie"); own != (name == "contact") {
					t.Errorf("is told to be asked: %v", own)
				}
				if !person.Role.Coordinates() && strings.Contains(page.text("main"), secrets[0]) {
					t.Error("reads the note for the coordination team")
				}
			}
		})
	}
	f.site.t = t
	f.signedIn(f.Lead).get("/aufgaben").wantText("main", "Ruht")
}

func TestContactsAndAdvisorsAskForARest(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	path := f.path() + "/ruhezeit"
	for name, test := range map[string]struct {
		person store.Person
		status int
	}{
		"contact":       {f.Contact, http.StatusSeeOther},
		"lead":          {f.Lead, http.StatusSeeOther},
		"member":        {f.Member, http.StatusSeeOther},
		"other advisor": {f.named(advisory.Advisor, "Otto", "Anderswo"), http.StatusNotFound},
		"coordinator":   {f.Coordinator, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			f.site.t, f.engine.inputs = t, nil
			b := f.signedIn(test.person)
			if offered := b.get(f.path()).has("a[href$='/ruhezeit']"); offered != (test.status == http.StatusSeeOther) {
				t.Errorf("offered: %v", offered)
			}
			b.post(path, "reason", "workload", "comment", "Zu viel los").wantStatus(test.status)
			if test.status == http.StatusSeeOther && (len(f.engine.inputs) != 1 || f.engine.inputs[0].Message.Kind != advisory.AskForRest ||
				f.engine.inputs[0].Form != "ask_for_rest" || f.engine.inputs[0].Answers.Get("comment") != "Zu viel los") {
				t.Errorf("inputs %+v", f.engine.inputs)
			}
		})
	}
	f.site.t = t
	b := f.signedIn(f.Contact)
	inBothLanguages(b, path)
	b.get(path).wantText("main form", "Die Koordination entscheidet").wantText("main form", "höchstens 6 Monate")
	b.post(path, "comment", "Zu viel los").wantStatus(http.StatusUnprocessableEntity).wantText("textarea[name=comment]", "Zu viel los")
	b.post(path, "reason", "workload", "resume_on", inDays(400)).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte wählen Sie ein Datum bis")
	f.engine.err = refusal(advisory.UnderWay)
	b.post(path, "reason", "workload", "comment", "Zu viel los").wantStatus(http.StatusConflict).
		wantText("main", "wird schon entschieden").wantText("main", "Zu viel los")
}

func TestTheCoordinatorReadsWhyARestIsDecidedOn(t *testing.T) {
	for name, asked := range map[string]bool{"quiet": false, "somebody asked": true} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			f.reach(advisory.ProposeSlots)
			if asked {
				f.tells(advisory.Input{Kind: advisory.AskForRest, Actor: f.Lead.ID}, "ask_for_rest",
					advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(40)}, "comment": {"Bis zum Sommer"}}, false,
					advisory.Entry{History: advisory.RestAsked})
			}
			id, owner := f.openEdge(advisory.DecideRest)
			b := f.signedIn(owner)
			page := b.get("/aufgaben/" + id).wantStatus(http.StatusOK)
			shown := page.text("main")
			for part, want := range map[string]bool{
				"Seit 60 Tagen gab es kein Gespräch": !asked, "Amina Exempel bittet um eine Ruhezeit": asked,
				"Amina Exempel hat am": asked, "Zurzeit fehlt die Zeit.": asked, "Bis zum Sommer": asked,
				"Alle Fristen stehen still": true, "Toni Muster": true, "{": false,
			} {
				if strings.Contains(shown, part) != want {
					t.Errorf("%q shown: %v in %s", part, !want, shown)
				}
			}
			form := b.get("/aufgaben/"+id+"?wahl=rest").wantText("main", "höchstens 6 Monate am Stück")
			if got := form.attr("input[name=resume_on]", "value"); asked && got != inDays(40) || !asked && got != "" {
				t.Errorf("the form begins with %q", got)
			}
			b.post("/aufgaben/"+id, "choice", "rest", "reason", "workload", "resume_on", inDays(0)).wantStatus(http.StatusUnprocessableEntity)
			b.post("/aufgaben/"+id, "choice", "rest", "reason", "workload", "resume_on", inDays(7)).wantStatus(http.StatusSeeOther)
			if in := f.engine.inputs[0]; in.Form != "rest" || in.Message.Choice != advisory.Rest {
				t.Errorf("input %+v", in)
			}
			b.get(f.path()).wantText("#aufgaben", map[bool]string{true: "bittet um eine Ruhezeit", false: "Seit 60 Tagen"}[asked])
		})
	}
}

func TestTheQuestionAtTheEndOfARest(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.rests(inDays(10))
	question, _ := f.openEdge(advisory.AnswerRestQuestion)
	b := f.signedIn(f.Contact)
	page := b.get("/aufgaben/"+question).wantText("main", "Ohne Antwort entscheidet die Koordination").wantText("main", "Wahl oder Neubildung der Gremien")
	if strings.Contains(page.text("main"), "Frist steht still") {
		t.Error("the question's own time stands still")
	}
	for until, want := range map[string]int{
		"": http.StatusUnprocessableEntity, inDays(0): http.StatusUnprocessableEntity, inDays(400): http.StatusUnprocessableEntity, inDays(30): http.StatusSeeOther,
	} {
		b.post("/aufgaben/"+question, "answer", "rest_longer", "rest_until", until).wantStatus(want)
	}
	f.engine.inputs = nil
	b.post("/aufgaben/"+question, "answer", "end", "rest_until", inDays(5)).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0]; in.Message.Choice != advisory.End || in.Answers.Has("rest_until", inDays(5)) {
		t.Errorf("input %+v", in)
	}

	decision, owner := f.openEdge(advisory.DecideAfterRest)
	staff := f.signedIn(owner)
	staff.get("/aufgaben/"+decision).wantText("main", "Innerhalb von 14 Tagen lässt sich das rückgängig machen").
		wantText("main", "Wahl oder Neubildung der Gremien").wantText("main", "Toni Muster")
	staff.get("/arbeitsplatz").wantText("main", "Entscheiden Sie, wie es nach der Ruhezeit weitergeht")
	f.engine.inputs = nil
	staff.post("/aufgaben/"+decision, "choice", "rest_longer", "reason", "election", "resume_on", inDays(20)).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0]; in.Message.Choice != advisory.RestLonger || in.Form != "rest" {
		t.Errorf("input %+v", in)
	}
}
