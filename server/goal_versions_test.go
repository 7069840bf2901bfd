package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// agreed is a consultation at its opening whose goal is confirmed.
func (f *consultationFixture) agreed() {
	f.t.Helper()
	f.reach(advisory.ProposeSlots)
}

// proposes lets a person propose a version of the goal, as the engine writes it.
func (f *consultationFixture) proposes(person store.Person, goal string) (task string) {
	f.t.Helper()
	f.tells(advisory.Input{Kind: advisory.ProposeGoal, Actor: person.ID}, "goal_change",
		advisory.Answers{"goal": {goal}, "need": {"Wie fangen wir an?"}, "why": {"Das war im Gespräch wichtig."}}, false,
		advisory.Entry{History: advisory.GoalChangeProposed})
	task, _ = f.openEdge(advisory.ConfirmGoalChange)
	return task
}

func (f *consultationFixture) decidesOnGoal(choice advisory.Choice, told advisory.HistoryKind) {
	f.t.Helper()
	f.say(f.Contact, choice, "", nil, told)
}

func TestWhoseGoalCountsAtOnce(t *testing.T) {
	f := newConsultation(t)
	f.agreed()
	for name, test := range map[string]struct {
		person store.Person
		path   string
		status int
		choice advisory.Choice
		behalf bool
		says   string
	}{
		"contact":                {f.Contact, "/ziel-aendern", http.StatusSeeOther, advisory.Confirm, false, "Ihre neue Fassung gilt sofort"},
		"lead":                   {f.Lead, "/ziel-aendern", http.StatusSeeOther, "", false, "nur, wenn die Kommune sie bestätigt"},
		"member":                 {f.Member, "/ziel-aendern", http.StatusSeeOther, "", false, "nur, wenn die Kommune sie bestätigt"},
		"coordinator":            {f.Coordinator, "/ziel-aendern", http.StatusSeeOther, "", false, "nur, wenn die Kommune sie bestätigt"},
		"coordinator on behalf":  {f.Coordinator, "/ziel-eintragen", http.StatusSeeOther, advisory.Confirm, true, "Worauf beruht der Eintrag?"},
		"contact for themselves": {f.Contact, "/ziel-eintragen", http.StatusForbidden, "", false, ""},
		"lead on behalf":         {f.Lead, "/ziel-eintragen", http.StatusForbidden, "", false, ""},
		"other municipality":     {f.named(advisory.Municipality, "Fred", "Fremd"), "/ziel-aendern", http.StatusNotFound, "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f.site.t, f.engine.inputs = t, nil
			b := f.signedIn(test.person)
			if test.says == "" {
				b.post(f.path()+test.path, "goal", "Neu", "need", "Neu").wantStatus(test.status)
				return
			}
			inBothLanguages(b, f.path()+test.path)
			page := b.get(f.path()+test.path).wantText("main form", test.says).wantText("textarea[name=goal]", "Vereine wirken mit.")
			if !b.get(f.path()).has("a[href='" + f.path() + test.path + "']") {
				t.Error("it is not offered")
			}
			b.post(f.path()+test.path, page.filled("why", "Darum")...).wantStatus(http.StatusUnprocessableEntity).
				wantText("#fehler", "Diese Fassung gilt schon").wantText("textarea[name=why]", "Darum")
			b.post(f.path()+test.path, page.filled("goal", "", "why", "Darum")...).wantStatus(http.StatusUnprocessableEntity).wantText("textarea[name=why]", "Darum")
			b.post(f.path()+test.path, page.filled("goal", "Vereine entscheiden mit.")...).wantStatus(test.status)
			in := f.engine.inputs[0]
			if in.Message.Kind != advisory.ProposeGoal || in.Message.Choice != test.choice || in.OnBehalf != test.behalf || in.Form != "goal_change" ||
				in.Answers.Get("goal") != "Vereine entscheiden mit." || (in.Answers.Get("behalf_basis") != "") != test.behalf {
				t.Errorf("input %+v", in)
			}
		})
	}
	f.site.t, f.engine.err = t, refusal(advisory.UnderWay)
	b := f.signedIn(f.Lead)
	b.post(f.path()+"/ziel-aendern", "goal", "Anders", "need", "Anders", "why", "Darum").wantStatus(http.StatusConflict).
		wantText("main", "wird gerade entschieden").wantText("main", "Darum")
}

func TestTheGoalChangesFromAssignmentToOptions(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Contact)
	for _, stage := range advisory.Stages {
		if stage == advisory.Draft {
			continue
		}
		f.exec(`UPDATE consultations SET stage = $1`, stage)
		can := stage == advisory.Assignment || stage == advisory.Opening || stage == advisory.Dialogue || stage == advisory.Options
		if offered := b.get(f.path()).has("a[href$=ziel-aendern]"); offered != can {
			t.Errorf("%s: offered %v", stage, offered)
		}
		want := http.StatusSeeOther
		if can {
			want = http.StatusOK
		}
		b.get(f.path() + "/ziel-aendern").wantStatus(want)
	}
}

func TestAProposalIsNotTheGoal(t *testing.T) {
	f := newConsultation(t)
	f.agreed()
	f.proposes(f.Lead, "Vereine entscheiden mit.")
	for name, person := range map[string]store.Person{"contact": f.Contact, "lead": f.Lead, "coordinator": f.Coordinator} {
		page := f.signedIn(person).get(f.path()).wantText("blockquote.mg-quote", "Vereine wirken mit.")
		if !strings.Contains(page.text("main"), "Vorschlag von Amina Exempel, noch nicht bestätigt") || !page.has("a[href='"+f.path()+"/ziel']") {
			t.Errorf("%s: the proposal is not shown as one", name)
		}
	}
	page := f.signedIn(f.Contact).get(f.path()).wantText("section[aria-labelledby=ziel]", "Fassung 1, von der Kommune bestätigt")
	if quotes := page.all("section[aria-labelledby=ziel] blockquote"); len(quotes) != 2 {
		t.Errorf("%d versions in the goal section", len(quotes))
	}
	// What shows the goal beside a task shows the one that counts.
	slots := f.signedIn(f.Lead)
	f.openNext(advisory.ProposeSlots)
	if text := slots.get("/aufgaben/" + f.last).text("main"); !strings.Contains(text, "Vereine wirken mit.") || strings.Contains(text, "entscheiden") {
		t.Errorf("a task shows %s", text)
	}
	f.signedIn(f.Contact).get(f.path()+"/ziel-aendern").wantText("textarea[name=goal]", "Vereine wirken mit.").wantText("main", "Vereine entscheiden mit.")
}

func TestVersionsSideBySide(t *testing.T) {
	f := newConsultation(t)
	f.agreed()
	f.tells(advisory.Input{Kind: advisory.ProposeGoal, Actor: f.Coordinator.ID, Choice: advisory.Confirm}, "goal_change",
		advisory.Answers{"goal": {"Vereine wirken überall mit."}, "need": {"Wie fangen wir an?"}}, true, advisory.Entry{History: advisory.GoalChanged})
	task := f.proposes(f.Lead, "Vereine entscheiden überall mit.")
	b := f.signedIn(f.Contact)
	page := inBothLanguages(b, "/aufgaben/"+task)["de"]
	columns := page.all("main ol.mg-quad > li")
	if len(columns) != 3 {
		t.Fatalf("%d versions beside each other", len(columns))
	}
	for i, wants := range [][]string{
		{"Erste Fassung (zum Vergleich)", "Vereine wirken mit."},
		{"Gültige Fassung", "Kim Beispiel für Musterstadt", "Entfällt:", "wirken"},
		{"Vorschlag, noch nicht bestätigt", "Amina Exempel", "Neu:", "entscheiden"},
	} {
		for _, want := range wants {
			if got := strings.Join(strings.Fields(textOf(columns[i])), " "); !strings.Contains(got, want) {
				t.Errorf("version %d: %q is missing in %q", i+1, want, got)
			}
		}
	}
	if page.text("main ins") != "Neu: entscheiden Ende des Neuen." || page.text("main del") != "Entfällt: wirken Ende des Entfallenden." || len(page.all("main ins, main del")) != 2 {
		t.Errorf("marked as new: %q, as left out: %q", page.text("main ins"), page.text("main del"))
	}
	page.wantText("main", "Das war im Gespräch wichtig.").wantText("main", "Vorgeschlagen von Amina Exempel").
		wantText("main form", "Neue Fassung bestätigen").wantText("main form", "Bei der bisherigen Fassung bleiben")
	if page.has(".mg-wrap--narrow") {
		t.Error("three versions have no room side by side")
	}
	all := inBothLanguages(b, f.path()+"/ziel")["de"]
	if n := len(all.all("main ol.mg-quad > li")); n != 3 {
		t.Errorf("%d versions", n)
	}
	for _, person := range []store.Person{f.Member, f.Colleague} {
		f.signedIn(person).get(f.path() + "/ziel").wantStatus(http.StatusOK)
	}
	f.signedIn(f.named(advisory.Advisor, "Otto", "Anderswo")).get(f.path() + "/ziel").wantStatus(http.StatusNotFound)

	f.decidesOnGoal(advisory.Keep, advisory.GoalKept)
	b.get(f.path()).wantText("blockquote.mg-quote", "Vereine wirken überall mit.")
	b.get(f.path()+"/ziel").wantText("main", "nicht übernommen").wantText("main", "Nicht übernommen am")
	f.proposes(f.Member, "Vereine entscheiden mit.")
	f.decidesOnGoal(advisory.Confirm, advisory.GoalChanged)
	b.get(f.path()).wantText("blockquote.mg-quote", "Vereine entscheiden mit.")
}

func TestBeforeAnythingIsRecordedThePageShowsTheRequest(t *testing.T) {
	f := newConsultation(t)
	f.signedIn(f.Contact).get(f.path()+"/ziel").wantText("main", "So steht es in der Anfrage").wantText("main", "Vereine wirken mit.")
}

func TestAChangedGoalPointsToTheAssignment(t *testing.T) {
	f := newConsultation(t)
	f.agreed()
	staff := f.signedIn(f.Coordinator)
	f.proposes(f.Lead, "Vereine entscheiden mit.")
	const hint = "#eckdaten .kern-alert a[href$=zuordnung-neu]"
	if staff.get(f.path()).has(hint) {
		t.Error("a proposal alone points to the assignment")
	}
	f.decidesOnGoal(advisory.Confirm, advisory.GoalChanged)
	staff.get(f.path()).wantText("#eckdaten .kern-alert", "Die Kommune hat ihr Ziel am").wantText(hint, "Zuordnung erneut öffnen")
	if f.signedIn(f.Contact).get(f.path()).has("a[href$=zuordnung-neu]") {
		t.Error("the municipality is led to a page of the coordination team")
	}
	f.exec(`UPDATE consultations SET stage_since = $1`, time.Now().AddDate(0, 0, 1))
	if staff.get(f.path()).has(hint) {
		t.Error("the advisors were agreed to after the change")
	}
}

func TestComparingWordForWord(t *testing.T) {
	marked := func(parts []wordPart) string {
		var text strings.Builder
		for _, part := range parts {
			if part.Changed {
				text.WriteString("[" + part.Text + "]")
			} else {
				text.WriteString(part.Text)
			}
		}
		return text.String()
	}
	for name, test := range map[string]struct{ before, after, was, is string }{
		"same":           {"Vereine wirken mit.", "Vereine wirken mit.", "Vereine wirken mit.", "Vereine wirken mit."},
		"a word":         {"Vereine wirken mit.", "Vereine entscheiden mit.", "Vereine [wirken ]mit.", "Vereine [entscheiden ]mit."},
		"more at an end": {"Wir fragen.", "Wir fragen.\nWir hören zu.", "Wir [fragen.]", "Wir [fragen.\nWir hören zu.]"},
		"left out":       {"Alle Vereine wirken mit.", "Vereine wirken mit.", "[Alle ]Vereine wirken mit.", "Vereine wirken mit."},
		"from nothing":   {"", "Neu.", "", "[Neu.]"},
		"case and marks": {"Über Straßen, Äcker", "über Straßen, Äcker", "[Über ]Straßen, Äcker", "[über ]Straßen, Äcker"},
		"markup is text": {"<b>alt</b> ja", "<b>neu</b> ja", "[<b>alt</b> ]ja", "[<b>neu</b> ]ja"},
	} {
		t.Run(name, func(t *testing.T) {
			was, is := compareWords(test.before, test.after)
			if marked(was) != test.was || marked(is) != test.is {
				t.Errorf("was %q, is %q", marked(was), marked(is))
			}
		})
	}
}
