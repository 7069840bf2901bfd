package server

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

// questionsDesk is one section of a questionnaire that is changed.
type questionsDesk struct {
	Programme advisory.Programme
	Standard  *texts.Form // the questionnaire of the release
	Step      texts.Step
	Source    string
	Of        string // step of the source; "" for a shared set
	Release   []texts.StepQuestion
	Questions []texts.StepQuestion
	Form      *texts.Form
	Free      bool // questions can be moved and added
}

func questionItem(key string) string { return "question-" + key }

func (s *Server) questionsDesk(c *Context) (questionsDesk, error) {
	p, err := s.store.Programme(c.Request().Context())
	if err != nil {
		return questionsDesk{}, err
	}
	d := questionsDesk{Programme: p}
	name, step := c.Param("name"), c.Param("step")
	if slices.Contains(advisory.Questionnaires, name) {
		d.Standard, _ = s.texts.Form(c.Lang, name)
		d.Release, d.Questions = s.texts.StepQuestions(name, step, p.Questions)
	}
	if len(d.Release) == 0 {
		return d, advisory.Errorf(advisory.NotFound, "no such questionnaire")
	}
	d.Step = d.Standard.Steps[slices.IndexFunc(d.Standard.Steps, func(s texts.Step) bool { return s.Key == step })]
	d.Source, d.Of = texts.SourceOf(d.Standard, d.Step)
	d.Free = d.Step.Include == "" && d.Step.Repeat == ""
	d.Form = c.questionsForm(d)
	c.form, c.Sources = d.Form, positions(len(d.Questions)+1)
	return d, nil
}

// questionsForm has a part for every question, one for a new one, and the reason.
func (c *Context) questionsForm(d questionsDesk) *texts.Form {
	template := c.Form("settings_question")
	f := &texts.Form{Name: template.Name, Title: template.Title, Submit: template.Submit}
	for i, q := range d.Questions {
		title := strconv.Itoa(i+1) + ". " + texts.Word(c.Lang, q.Label)
		if q.Removed {
			title += " – " + c.T("settings_questions.not_asked")
		}
		f.Steps = append(f.Steps, itemStep(template, questionItem(q.Key), title, c.aboutQuestion(q), d.fields(q)...))
	}
	if d.Free {
		added := itemStep(template, newItem, c.T("settings_questions.new"), c.T("settings_questions.new_intro"),
			"label_de", "label_en", "hint_de", "hint_en", "type", "answers_de", "answers_en", positionField, "required")
		for i, field := range added.Fields {
			if strings.HasPrefix(field.Key, itemField(newItem, "answers")) {
				added.Fields[i].ShowIf = &texts.Condition{Field: itemField(newItem, "type"), Option: string(advisory.ChoiceQuestion)}
			}
		}
		f.Steps = append(f.Steps, optional(added))
	}
	f.Steps = append(f.Steps, c.Form("settings_note").Steps...)
	return f
}

// fields are what can be changed about a question.
func (d questionsDesk) fields(q texts.StepQuestion) []string {
	fields := []string{"label_de", "label_en", "hint_de", "hint_en"}
	if d.Free {
		fields = append(fields, positionField)
	}
	if advisory.WhyFixed(q.Source, q.Key) != "" {
		return fields
	}
	if len(q.Answers) > 0 {
		fields = append(fields, "answers_de", "answers_en")
	}
	return append(fields, "required", "asked")
}

// aboutQuestion says of which kind a question is and why not all of it can be changed.
func (c *Context) aboutQuestion(q texts.StepQuestion) string {
	var about []string
	if q.IsOwn() {
		for _, field := range c.Form("settings_question").Steps[0].Fields {
			if field.Key == "type" {
				about = append(about, c.T("settings_questions.own", "type", labelIn(field.Options)(string(q.Type))))
			}
		}
	}
	if why := advisory.WhyFixed(q.Source, q.Key); why != "" {
		about = append(about, c.T("settings_questions.fixed."+string(why)))
	}
	return strings.Join(about, " ")
}

// answers show the questions as they are.
func (d questionsDesk) answers() advisory.Answers {
	answers := advisory.Answers{itemField(newItem, positionField): {strconv.Itoa(len(d.Questions) + 1)}}
	for i, q := range d.Questions {
		item := questionItem(q.Key)
		setWords(answers, item, "label", q.Label)
		setWords(answers, item, "hint", *q.Hint)
		setWords(answers, item, "answers", answerLines(q.Answers))
		answers.Set(itemField(item, positionField), strconv.Itoa(i+1))
		if *q.Required {
			answers.Set(itemField(item, "required"), form.Checked)
		}
		if !q.Removed {
			answers.Set(itemField(item, "asked"), form.Checked)
		}
	}
	return answers
}

func answerLines(of []advisory.QuestionAnswer) advisory.Words {
	var german, english []string
	for _, answer := range of {
		german, english = append(german, answer.Label.German), append(english, answer.Label.English)
	}
	return advisory.Words{German: strings.Join(german, "\n"), English: strings.Join(english, "\n")}
}

// changed is the programme with the questions of the section as they were typed, and the items of the form by the key of
// their question.
func (d questionsDesk) changed(answers advisory.Answers) (p advisory.Programme, items map[string]string) {
	typed, items := slices.Clone(d.Questions), map[string]string{}
	for i, q := range typed {
		items[q.Key] = questionItem(q.Key)
		typed[i].Question = d.typedQuestion(q.Question, items[q.Key], answers)
	}
	added := d.typedQuestion(advisory.Question{Source: d.Source, Step: d.Of, Key: newItem}, newItem, answers)
	added.Type = advisory.QuestionType(answers.Get(itemField(newItem, "type")))
	if d.Free && (added.Label != (advisory.Words{}) || *added.Hint != (advisory.Words{}) || added.Type != "") {
		added.Key = advisory.NewQuestionKey(added.Type, d.Programme.Version+1, 1)
		if added.Type == advisory.ChoiceQuestion {
			added.Answers = d.typedAnswers(nil, newItem, answers)
		}
		items[added.Key] = newItem
		typed = append(typed, texts.StepQuestion{Question: added})
	}
	if d.Free {
		typed = placed(typed, func(i int) string { return answers.Get(itemField(items[typed[i].Key], positionField)) })
	}
	p = d.Programme
	p.Questions = slices.DeleteFunc(slices.Clone(p.Questions), func(q advisory.Question) bool { return q.Source == d.Source && q.Step == d.Of })
	p.Questions = append(p.Questions, d.differences(typed)...)
	return p, items
}

// typedQuestion is a question with what was typed about it.
func (d questionsDesk) typedQuestion(q advisory.Question, item string, answers advisory.Answers) advisory.Question {
	q.Label = wordsIn(answers, item, "label")
	hint := wordsIn(answers, item, "hint")
	q.Hint = &hint
	if advisory.WhyFixed(q.Source, q.Key) != "" {
		return q
	}
	required := answers.Has(itemField(item, "required"), form.Checked)
	q.Required = &required
	q.Removed = item != newItem && !answers.Has(itemField(item, "asked"), form.Checked)
	if len(q.Answers) > 0 {
		q.Answers = d.typedAnswers(q.Answers, item, answers)
	}
	return q
}

// typedAnswers are the answers of a question, one a line. A line that was there keeps its key wherever it stands now; where
// the number of lines is the same, a line with other words keeps the key of its place.
func (d questionsDesk) typedAnswers(before []advisory.QuestionAnswer, item string, answers advisory.Answers) []advisory.QuestionAnswer {
	german, english := linesOf(answers.Get(itemField(item, "answers_de"))), linesOf(answers.Get(itemField(item, "answers_en")))
	typed := make([]advisory.QuestionAnswer, max(len(german), len(english)))
	for i := range typed {
		if i < len(german) {
			typed[i].Label.German = german[i]
		}
		if i < len(english) {
			typed[i].Label.English = english[i]
		}
		for _, answer := range before {
			if answer.Label.German == typed[i].Label.German {
				typed[i].Key = answer.Key
			}
		}
	}
	taken := func(key string) bool {
		return slices.ContainsFunc(typed, func(a advisory.QuestionAnswer) bool { return a.Key == key })
	}
	for i := range typed {
		if typed[i].Key == "" && len(typed) == len(before) && !taken(before[i].Key) {
			typed[i].Key = before[i].Key
		}
		if typed[i].Key == "" {
			typed[i].Key = fmt.Sprintf("answer_%d_%d", d.Programme.Version+1, i+1)
		}
	}
	return typed
}

func linesOf(text string) []string {
	var found []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			found = append(found, line)
		}
	}
	return found
}

// differences are what a programme has to say about the questions: nothing where all are as in the release. An own question
// that is not asked any more is gone.
func (d questionsDesk) differences(typed []texts.StepQuestion) []advisory.Question {
	var said []advisory.Question
	same := true
	for _, t := range typed {
		q := t.Question
		if q.IsOwn() {
			if !q.Removed {
				said, same = append(said, q), false
			}
			continue
		}
		release := d.Release[slices.IndexFunc(d.Release, func(r texts.StepQuestion) bool { return r.Key == q.Key })]
		difference := advisory.Question{Source: q.Source, Step: q.Step, Key: q.Key, Removed: q.Removed}
		if q.Label != release.Label {
			difference.Label = q.Label
		}
		if *q.Hint != *release.Hint {
			difference.Hint = q.Hint
		}
		if *q.Required != *release.Required {
			difference.Required = q.Required
		}
		if !slices.Equal(q.Answers, release.Answers) {
			difference.Answers = q.Answers
		}
		plain := difference.Label == (advisory.Words{}) && difference.Hint == nil && difference.Required == nil &&
			!difference.Removed && len(difference.Answers) == 0
		same = same && plain && len(said) < len(d.Release) && d.Release[len(said)].Key == q.Key
		said = append(said, difference)
	}
	if same {
		return nil
	}
	return said
}

// answerCounts refuses another number of answers than the release has.
func (d questionsDesk) answerCounts(c *Context, p advisory.Programme, errs form.Errors) form.Errors {
	for _, q := range texts.QuestionsOf(p.Questions, d.Source, d.Of) {
		i := slices.IndexFunc(d.Release, func(r texts.StepQuestion) bool { return r.Key == q.Key })
		if i >= 0 && len(q.Answers) > 0 && !sameAnswers(q.Answers, d.Release[i].Answers) {
			errs = errs.Add(d.Form, c.Sources, c.FormContext(), itemField(questionItem(q.Key), "answers_de"), "programme_answers_fixed_count")
		}
	}
	return errs
}

func sameAnswers(a, b []advisory.QuestionAnswer) bool {
	keys := func(of []advisory.QuestionAnswer) map[string]bool {
		found := map[string]bool{}
		for _, answer := range of {
			found[answer.Key] = true
		}
		return found
	}
	return len(a) == len(b) && maps.Equal(keys(a), keys(b))
}
