package server

import (
	"reflect"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

func (s *Server) showQuestions(c *Context) error {
	d, err := s.questionsDesk(c)
	if err != nil {
		return err
	}
	return c.showQuestions(d, d.answers(), nil, nil)
}

func (c *Context) showQuestions(d questionsDesk, answers advisory.Answers, errs form.Errors, preview *form.View) error {
	intro := c.T("settings_questions.step_intro")
	switch others := c.othersWith(d.Standard, d.Step); {
	case len(others) > 0:
		intro = c.T("settings_questions.shared_intro", "forms", strings.Join(others, ", "))
	case d.Step.Repeat != "":
		intro = c.T("settings_questions.repeat_intro")
	case !d.Free:
		intro = c.T("settings_questions.fixed." + string(advisory.Computed))
	}
	return c.showSettingsForm(statusOfForm(errs), settingsFormPage{
		Title: c.T("settings_questions.names."+d.Standard.Name) + ": " + d.Step.Title, Intro: intro, Base: d.Programme.Version,
		BackPath: questionsPath, BackLabel: c.T("settings_questions.all"), Previews: true, Preview: preview,
	}, d.Form, answers, errs)
}

// saveQuestions makes a new version, or shows what would be asked.
func (s *Server) saveQuestions(c *Context) error {
	d, err := s.questionsDesk(c)
	if err != nil {
		return err
	}
	if err := c.newestFrom(d.Programme); err != nil {
		return err
	}
	answers := form.Decode(d.Form, c.Posted(), c.Sources)
	changed, items := d.changed(answers)
	errs := s.checkQuestions(c, d, answers, changed, items)
	preview := c.Posted().Get(actionField) == previewAction
	if preview {
		errs = slices.DeleteFunc(errs, func(e form.Error) bool { return e.Key == noteField })
	} else if d.same(changed) {
		errs = errs.Add(d.Form, c.Sources, c.FormContext(), "", "list_unchanged")
	}
	switch {
	case len(errs) > 0:
		return c.showQuestions(d, answers, errs, nil)
	case preview:
		return c.showQuestions(d, answers, nil, c.previewOf(d, changed))
	}
	version, err := s.addVersion(c, changed, answers.Get(noteField))
	if err != nil {
		return err
	}
	return c.Done(questionsPath, "settings_questions.done", "n", version)
}

func (s *Server) checkQuestions(c *Context, d questionsDesk, answers advisory.Answers, changed advisory.Programme, items map[string]string) form.Errors {
	errs := form.Validate(d.Form, answers, c.Sources, c.FormContext())
	prefix := d.Source + "/" + d.Of + "/"
	problems := slices.DeleteFunc(changed.QuestionProblems(), func(p advisory.ContentProblem) bool { return !strings.HasPrefix(p.Item, prefix) })
	errs = addProblems(errs, d.Form, c, problems, func(item string) string { return items[strings.TrimPrefix(item, prefix)] })
	errs = d.answerCounts(c, changed, errs)
	if texts.CheckOrder(s.texts.Tailored(c.Lang, d.Standard, changed.Questions)) != nil {
		errs = errs.Add(d.Form, c.Sources, c.FormContext(), "", "programme_question_order")
	}
	return errs
}

// same tells whether a programme asks the section as the newest one does.
func (d questionsDesk) same(p advisory.Programme) bool {
	return reflect.DeepEqual(texts.QuestionsOf(p.Questions, d.Source, d.Of), texts.QuestionsOf(d.Programme.Questions, d.Source, d.Of))
}

// previewOf shows the questionnaire as it would be asked.
func (c *Context) previewOf(d questionsDesk, changed advisory.Programme) *form.View {
	f := c.server.texts.Tailored(c.Lang, d.Standard, changed.Questions)
	if asksForTopics(f) {
		f = c.offering(f, changed.Topics, nil)
	}
	c.form = d.Form
	fc := c.FormContext()
	fc.IDPrefix = previewAction
	sources := form.Sources{"options": {{Key: "1", Label: c.T("settings_questions.sample_option")}}}
	view := form.NewView(f, nil, nil, sources, fc)
	return &view
}
