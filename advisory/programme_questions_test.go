package advisory

import "testing"

func TestQuestionProblems(t *testing.T) {
	yes, words := true, Words{German: "Frage?", English: "Question?"}
	own := Question{Source: "assessment", Step: "goal_need", Key: "own_text_2_1", Type: TextQuestion, Label: words}
	choice := func(answers ...QuestionAnswer) Question {
		return Question{Source: "assessment", Step: "goal_need", Key: "own_choice_2_1", Type: ChoiceQuestion, Label: words, Answers: answers}
	}
	answer := func(key, german, english string) QuestionAnswer { return QuestionAnswer{key, Words{german, english}} }
	for name, test := range map[string]struct {
		asked []Question
		code  string
	}{
		"standard wording kept":       {[]Question{{Source: "assessment", Step: "goal_need", Key: "goal"}}, ""},
		"own question":                {[]Question{own}, ""},
		"own answers":                 {[]Question{choice(answer("a", "Ja", "Yes"), answer("b", "Nein", "No"))}, ""},
		"one language":                {[]Question{{Source: "assessment", Step: "goal_need", Key: "goal", Label: Words{German: "Ziel?"}}}, "no_label"},
		"hint in one language":        {[]Question{{Source: "effects", Key: "recognition", Hint: &Words{English: "Hint"}}}, "hint_in_one_language"},
		"computed question taken out": {[]Question{{Source: "follow_up", Step: "outlook", Key: "new_need", Removed: true}}, "question_fixed"},
		"compared question optional":  {[]Question{{Source: "guiding_questions", Key: "include_migrants_level", Required: &yes}}, "question_fixed"},
		"consent required":            {[]Question{{Source: "evaluate_advisor", Step: "process", Key: "share_with_pool", Required: &yes}}, "question_fixed"},
		"optional question taken out": {[]Question{{Source: "evaluate_advisor", Step: "process", Key: "improve", Removed: true}}, ""},
		"own question in a set":       {[]Question{{Source: "mirror_questions", Key: "own_text_2_1", Type: TextQuestion, Label: words}}, "question_fixed"},
		"no type":                     {[]Question{{Source: "assessment", Step: "goal_need", Key: "own_text_2_1", Label: words}}, "no_question_type"},
		"one answer":                  {[]Question{choice(answer("a", "Ja", "Yes"))}, "few_answers"},
		"answer in one language":      {[]Question{choice(answer("a", "Ja", "Yes"), answer("b", "Nein", ""))}, "answers_in_one_language"},
		"same answer":                 {[]Question{choice(answer("a", "Ja", "Yes"), answer("b", "ja", "Yes, too"))}, "answer_twice"},
		"twice":                       {[]Question{own, own}, "question_twice"},
	} {
		p := DefaultProgramme()
		p.Questions = test.asked
		problems := p.QuestionProblems()
		if test.code == "" && len(problems) > 0 || test.code != "" && (len(problems) != 1 || problems[0].Code != test.code) {
			t.Errorf("%s: %v, want %q", name, problems, test.code)
		}
	}
}

func TestTopicKeys(t *testing.T) {
	taken := map[string]bool{"wasser": true, "wasser_2": true}
	for label, want := range map[string]string{
		"Wasser": "wasser_3", "Größere Öffentlichkeit": "groessere_oeffentlichkeit", "Klima, Umwelt & Agenda 2030": "klima_umwelt_agenda_2030",
		"???": "topic", "Ein sehr langer Name eines Themas, der kein Ende nehmen will": "ein_sehr_langer_name_eines_themas_der",
	} {
		if got := TopicKey(label, func(key string) bool { return taken[key] }); got != want {
			t.Errorf("%s: %s, want %s", label, got, want)
		}
	}
}
