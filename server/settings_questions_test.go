package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/texts"
)

const (
	processPath = questionsPath + "/evaluate_municipality/process"
	mirrorPath  = questionsPath + "/evaluate_municipality/mirror"
)

// changesQuestions saves a section of a questionnaire with other values.
func changesQuestions(b *browser, path string, pairs ...string) *answer {
	b.site.t.Helper()
	page := b.get(path).wantStatus(http.StatusOK)
	return b.post(path, page.asShown(withNote(pairs)...)...)
}

// addsQuestion adds one that is answered by choosing.
var addsQuestion = []string{"new-label_de", "Wer war dabei?", "new-label_en", "Who took part?", "new-type", "radio",
	"new-answers_de", "Verwaltung\nPolitik", "new-answers_en", "Administration\nPolitics", "new-required", "yes", "new-position", "1"}

func TestAConsultationAsksTheQuestionsOfItsProgramme(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	first, toni := f.reach(advisory.Evaluate)
	contact := f.signedIn(toni)

	head.get(processPath).wantStatus(http.StatusOK).wantNoMissingText()
	saved := changesQuestions(head, processPath, append(addsQuestion, "question-goal_reached-label_de", "Wie nah ist das Ziel?",
		"question-goal_reached-label_en", "How close is the goal?", "question-recommend-asked", "", "question-improve-required", "yes",
		"question-own_goal-position", "7")...)
	saved.wantStatus(http.StatusSeeOther)
	list := head.follow(saved)
	list.wantText(".kern-alert--success", "Fassung 2").wantText("main", "davon 1 eigene").wantText("main", "geändert")

	old := contact.get("/aufgaben/" + first).wantStatus(http.StatusOK)
	if old.has("input[name=own_choice_2_1]") || !old.has("input[name=recommend]") {
		t.Error("a running consultation does not keep its questionnaire")
	}

	f.exec(`UPDATE consultations SET programme_version = 2`)
	page := contact.get("/aufgaben/"+first).wantStatus(http.StatusOK).wantText("main", "Wie nah ist das Ziel?")
	if page.has("input[name=recommend]") || len(page.all("input[name=own_choice_2_1]")) != 2 {
		t.Error("the questionnaire is not that of the programme")
	}
	if html := page.text("main form"); strings.Index(html, "Wer war dabei?") > strings.Index(html, "Wie nah ist das Ziel?") ||
		strings.Index(html, "Unser Ziel stand") < strings.Index(html, "besser machen") {
		t.Error("the questions are not in their order")
	}
	contact.get("/en/aufgaben/"+first).wantText("main", "Who took part?").wantText("main", "Politics")
	answers := page.filled("own_choice_2_1", "", "improve", "")
	contact.post("/aufgaben/"+first, answers...).wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Wer war dabei?").wantText("#fehler", "besser machen")

	key := answerKeys(t, f, "own_choice_2_1")[1]
	f.say(toni, advisory.Submit, "evaluate_municipality", advisory.Answers{"own_choice_2_1": {key}, "goal_reached": {"level_3"}}, advisory.EvaluationAnswered)
	changesQuestions(head, processPath, "question-own_choice_2_1-asked", "", "question-goal_reached-label_de", "Anders gefragt",
		"question-goal_reached-label_en", "Asked differently").wantStatus(http.StatusSeeOther)
	f.exec(`UPDATE consultations SET programme_version = 3`) // moved to the newest version
	read := contact.get(f.path()).wantText("main", "Wer war dabei?").wantText("main", "Politik").wantText("main", "Wie nah ist das Ziel?")
	if strings.Contains(read.text("main"), "Anders gefragt") {
		t.Error("an answer is shown below a question that nobody asked")
	}
	kept := catalog().WithoutWords("evaluate_municipality", advisory.Answers{"own_choice_2_1": {key}, "own_text_2_1": {"Kim war dabei."}})
	if kept.Get("own_choice_2_1") != key || kept.Get("own_text_2_1") != advisory.Erased {
		t.Errorf("after anonymising: %v", kept)
	}
}

func answerKeys(t *testing.T, f *consultationFixture, question string) []string {
	t.Helper()
	p, err := f.store.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, q := range p.Questions {
		for _, answer := range q.Answers {
			if q.Key == question {
				keys = append(keys, answer.Key)
			}
		}
	}
	if len(keys) == 0 {
		t.Fatalf("%s has no answers", question)
	}
	return keys
}

func TestSharedQuestionsChangeTheirWordsOnly(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	page := head.get(mirrorPath).wantText("main", "Rückblick der Poolmitglieder").wantText("main", "verglichen")
	if page.has("[name$=-required]") || page.has("[name$=-asked]") || page.has("[name$=-position]") || page.has("[name^=new-]") {
		t.Error("the mirror can be changed in more than its words")
	}
	changesQuestions(head, mirrorPath, "question-equal_footing-label_de", "Wir sprachen als Gleiche.", "question-equal_footing-label_en", "We spoke as equals.",
		"question-learned_text-asked", "", "question-equal_footing-required", "").wantStatus(http.StatusSeeOther)
	f.exec(`UPDATE consultations SET programme_version = 2`)
	f.evaluated()
	f.signedIn(f.Contact).get("/aufgaben/"+advisory.TaskID(f.ID, f.tasks-2)).wantText("main form", "Wir sprachen als Gleiche.").wantText("main form", "Was haben Sie gelernt?")
	f.signedIn(f.Lead).get("/aufgaben/"+advisory.TaskID(f.ID, f.tasks-1)).wantText("main form", "Wir sprachen als Gleiche.")
}

func TestAnswersKeepTheirKeysWhenTheirWordsChange(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	changesQuestions(head, processPath, addsQuestion...).wantStatus(http.StatusSeeOther)
	before := answerKeys(t, f, "own_choice_2_1")
	changesQuestions(head, processPath, "question-own_choice_2_1-answers_de", "Rat\nPolitik\nVerwaltung",
		"question-own_choice_2_1-answers_en", "Council\nPolitics\nAdministration").wantStatus(http.StatusSeeOther)
	after := answerKeys(t, f, "own_choice_2_1")
	if after[1] != before[1] || after[2] != before[0] || after[0] == before[0] || after[0] == before[1] {
		t.Errorf("%v became %v", before, after)
	}
}

func TestWrongQuestionsAreRefusedWithWhatWasTyped(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	for name, test := range map[string]struct {
		path  string
		typed []string
		told  string
	}{
		"no words":              {processPath, []string{"question-improve-label_en", ""}, "auf Englisch"},
		"one language":          {processPath, []string{"new-label_de", "Noch etwas?", "new-type", "text"}, "beiden Sprachen"},
		"no type":               {processPath, []string{"new-label_de", "Noch etwas?", "new-label_en", "More?"}, "wie geantwortet wird"},
		"one answer":            {processPath, []string{"new-label_de", "Noch?", "new-label_en", "More?", "new-type", "radio", "new-answers_de", "Ja", "new-answers_en", "Yes"}, "mindestens zwei"},
		"answer missing":        {processPath, []string{"question-recommend-answers_en", "Yes\nNo"}, "gleich viele"},
		"other number":          {processPath, []string{"question-recommend-answers_de", "Ja\nNein", "question-recommend-answers_en", "Yes\nNo"}, "Zahl dieser Antworten"},
		"before its condition":  {questionsPath + "/follow_up/outlook", []string{"question-new_need_text-position", "1"}, "von der sie abhängt"},
		"nothing changed":       {processPath, nil, "noch nichts geändert"},
		"no reason":             {processPath, []string{"question-improve-required", "yes", "note", ""}, "den Grund"},
		"preview of what fails": {processPath, []string{"question-improve-label_en", "", "action", previewAction}, "auf Englisch"},
	} {
		t.Run(name, func(t *testing.T) {
			page := changesQuestions(head, test.path, test.typed...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.told)
			for i := 0; i < len(test.typed); i += 2 {
				if field := page.all(`textarea[name="` + test.typed[i] + `"]`); len(field) == 1 && textOf(field[0]) != strings.ReplaceAll(test.typed[i+1], "\n", " ") {
					if strings.Join(strings.Fields(textOf(field[0])), " ") != strings.Join(strings.Fields(test.typed[i+1]), " ") {
						t.Errorf("%s: what was typed is lost: %q", test.typed[i], textOf(field[0]))
					}
				}
			}
		})
	}
	if n := f.count(`SELECT count(*) FROM programmes`); n != 1 {
		t.Errorf("%d versions", n)
	}
}

func TestQuestionsArePreviewedBeforeTheyAreSaved(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	for path, words := range map[string]string{
		processPath: "Wer war dabei?", questionsPath + "/follow_up/outlook": "Beispiel einer Handlungsoption", questionsPath + "/assessment/goal_need": "Kommunale Partnerschaften",
	} {
		page := changesQuestions(head, path, append(addsQuestion, "note", "", "action", previewAction)...).wantStatus(http.StatusOK)
		page.wantText("section[aria-labelledby=vorschau-h]", words)
		if page.attr("[name=new-position] [selected]", "value") != "1" {
			t.Error("what was typed is lost")
		}
	}
	if n := f.count(`SELECT count(*) FROM programmes`); n != 1 {
		t.Errorf("a preview made %d versions", n)
	}
}

func TestQuestionsThatSomebodyElseChangedMeanwhileAreAConflict(t *testing.T) {
	f := newConsultation(t)
	head := f.signedIn(f.Head)
	opened := head.get(processPath)
	changesQuestions(head, processPath, addsQuestion...).wantStatus(http.StatusSeeOther)
	head.post(processPath, opened.asShown("question-improve-label_de", "Was fehlt noch?", "note", "Kürzer")...).
		wantStatus(http.StatusConflict).wantText("main", "neue Fassung").wantText("main", "Was fehlt noch?")
	f.signedIn(f.Coordinator).get(processPath).wantStatus(http.StatusForbidden)
	head.get(questionsPath + "/evaluate_municipality/nowhere").wantStatus(http.StatusNotFound)
	head.get(questionsPath + "/request/goal").wantStatus(http.StatusNotFound)
	for lang, page := range inBothLanguages(head, questionsPath) {
		if lang == texts.English {
			page.wantText("main", "shared with")
		}
	}
}
