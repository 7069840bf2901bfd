package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

// changesTopics saves the topics page with other values.
func changesTopics(b *browser, pairs ...string) *answer {
	b.site.t.Helper()
	page := b.get(topicsPath).wantStatus(http.StatusOK)
	return b.post(topicsPath, page.asShown(withNote(pairs)...)...)
}

// withNote gives the reason where the pairs do not.
func withNote(pairs []string) []string {
	if slices.Contains(pairs, noteField) {
		return pairs
	}
	return append(slices.Clone(pairs), noteField, "Wir bieten anderes an.")
}

func TestTopicsAreChangedForNewRequestsAndStayReadable(t *testing.T) {
	f := newConsultation(t)
	head, kim, toni := f.signedIn(f.Head), f.signedIn(f.Coordinator), f.signedIn(f.Contact)
	beside := f.at(time.Now()).signedIn(f.Coordinator) // another server at work
	beside.get("/vorgaenge").wantText("select[name=thema] option[value=partnerships]", "Kommunale Partnerschaften")

	saved := changesTopics(head, "topic-participation-offered", "", "topic-partnerships-label_de", "Partnerschaften weltweit",
		"topic-partnerships-label_en", "Partnerships worldwide", "new-label_de", "Wasser & Böden", "new-label_en", "Water and soil",
		"new-hint_de", "Auch Wälder", "new-hint_en", "Forests, too", "new-position", "1")
	saved.wantStatus(http.StatusSeeOther)
	head.follow(saved).wantText(".kern-alert--success", "Fassung 2")

	draft := head.site.browser()
	path := draft.draft()
	step := draft.get(path + "/topics")
	if keys := step.attr("input[name=topics]", "value"); keys != "wasser_boeden" {
		t.Errorf("the first topic is %s", keys)
	}
	if step.has("input[name=topics][value=participation]") || step.text("input[value=wasser_boeden] + label") != "" && !strings.Contains(step.text("fieldset"), "Auch Wälder") {
		t.Error("the request offers what is no longer offered, or hides a hint")
	}
	draft.fill(path, 3)
	draft.post(path+"/topics", "topics", "participation", "meeting_format", "either").wantStatus(http.StatusUnprocessableEntity)

	toni.get(f.path()).wantText("main", "Beteiligung / interkulturelle Öffnung").wantText("main", "Partnerschaften weltweit")
	kim.get("/en"+consultationPath(f.Number)).wantText("main", "Partnerships worldwide")
	waitFor(t, func() bool { // until the other server has noticed
		return strings.Contains(beside.get("/vorgaenge").text("select[name=thema] option[value=partnerships]"), "weltweit")
	})
	page := beside.get("/vorgaenge?thema=participation")
	if !page.has("select[name=thema] option[value=participation][selected]") {
		t.Error("a filter by a topic that is no longer offered does not work any more")
	}

	f.exec(`UPDATE advisors SET topics = '{participation}' WHERE person_id = $1`, f.Lead.ID)
	profile := f.signedIn(f.Lead).get("/profil")
	if !profile.has("input[name=topics][value=participation][checked]") || profile.has("input[name=topics][value=partnerships][checked]") {
		t.Error("a profile loses a topic that is no longer offered")
	}
}

func TestARunningConsultationKeepsItsTopics(t *testing.T) {
	f := newConsultation(t)
	task, kim := f.reach(advisory.RecordAssessment)
	changesTopics(f.signedIn(f.Head), "topic-participation-offered", "", "topic-education-offered", "").wantStatus(http.StatusSeeOther)
	page := f.signedIn(kim).get("/aufgaben/" + task).wantStatus(http.StatusOK)
	if !page.has("input[name=topics][value=participation][checked]") || !page.has("input[name=topics][value=education]") {
		t.Error("the assessment of a running consultation offers the topics of a later version")
	}
}

func TestWrongTopicsAreRefusedWithWhatWasTyped(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	none := []string{}
	for _, key := range advisory.DefaultProgramme().Topics {
		none = append(none, "topic-"+key+"-offered", "")
	}
	for name, test := range map[string]struct {
		typed []string
		told  string
	}{
		"no topic":          {append(none, "new-offered", ""), "mindestens ein Thema"},
		"label missing":     {[]string{"topic-education-label_en", ""}, "auf Englisch"},
		"label twice":       {[]string{"topic-education-label_de", "Migration und Entwicklung"}, "gibt es schon"},
		"one language only": {[]string{"new-label_de", "Wasser"}, "beiden Sprachen"},
		"hint in one":       {[]string{"topic-education-hint_de", "Schulen"}, "Hinweis in beiden Sprachen"},
		"nothing changed":   {nil, "noch nichts geändert"},
		"no reason":         {[]string{"topic-education-hint_de", "Schulen", "topic-education-hint_en", "Schools", "note", ""}, "den Grund"},
	} {
		t.Run(name, func(t *testing.T) {
			page := changesTopics(head, test.typed...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.told)
			for i := 0; i < len(test.typed); i += 2 {
				if test.typed[i+1] != "" && page.attr(`[name="`+test.typed[i]+`"]`, "value") != test.typed[i+1] {
					t.Errorf("%s: what was typed is lost", test.typed[i])
				}
			}
		})
	}
	if n := f.count(`SELECT count(*) FROM programmes`); n != 1 {
		t.Errorf("%d versions", n)
	}
}

func TestTopicsThatSomebodyElseChangedMeanwhileAreAConflict(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	opened := head.get(topicsPath)
	changesTopics(head, "topic-education-label_de", "Bildung").wantStatus(http.StatusSeeOther)
	page := head.post(topicsPath, opened.asShown("topic-education-label_de", "Lernen", "note", "Kürzer")...)
	page.wantStatus(http.StatusConflict).wantText("main", "neue Fassung").wantText("main", "Lernen")
	head.get(topicsPath).wantText("main", "Bildung")
	f.signedIn(f.Coordinator).get(topicsPath).wantStatus(http.StatusForbidden)
}

func TestATopicKeyIsNeverUsedForAnotherMeaning(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	changesTopics(head, "new-label_de", "Wasser", "new-label_en", "Water").wantStatus(http.StatusSeeOther)
	p, err := f.store.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := advisory.DefaultProgramme() // back to what was before the topic was added
	before.Version = p.Version
	if _, err := f.store.AddProgramme(t.Context(), before, f.Head.ID, "zurück"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return head.get(topicsPath).has(`input[name="topic-wasser-offered"]:not([checked])`) })
	changesTopics(head, "topic-wasser-label_de", "Trinkwasser", "new-label_de", "Wasser", "new-label_en", "Water bodies").
		wantStatus(http.StatusSeeOther)
	if p, err = f.store.Programme(t.Context()); err != nil || p.TopicWords["wasser_2"].Label.English != "Water bodies" {
		t.Errorf("%v, %v", p.TopicWords, err)
	}
}
