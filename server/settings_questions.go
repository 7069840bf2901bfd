package server

import (
	"net/http"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/texts"
)

const questionsPath = settingsPath + "/fragebogen"

func (s *Server) questionSettingsRoutes() []Route {
	const step = questionsPath + "/:name/:step"
	return []Route{
		{Method: http.MethodGet, Path: questionsPath, Who: settingsAccess, Handle: s.showQuestionnaires},
		{Method: http.MethodGet, Path: step, Who: settingsAccess, Handle: s.showQuestions},
		{Method: http.MethodPost, Path: step, Who: settingsAccess, Handle: s.saveQuestions},
	}
}

// questionnairesPage lists the questionnaires with their sections.
type questionnairesPage struct {
	Base           int
	Questionnaires []questionnaireRow
}

// Template implements Page.
func (questionnairesPage) Template() string { return "settings_questionnaires" }

type questionnaireRow struct {
	Name, Title string
	Steps       []questionStepRow
}

type questionStepRow struct {
	Title, Path, Meta string // Path without language
	Changed           *taskBadge
}

func (s *Server) showQuestionnaires(c *Context) error {
	p, err := s.store.Programme(c.Request().Context())
	if err != nil {
		return err
	}
	page := questionnairesPage{Base: p.Version}
	for _, name := range advisory.Questionnaires {
		f, _ := s.texts.Form(c.Lang, name)
		row := questionnaireRow{Name: name, Title: c.T("settings_questions.forms." + name)}
		for _, step := range f.Steps {
			row.Steps = append(row.Steps, c.questionStepRow(f, step, p))
		}
		page.Questionnaires = append(page.Questionnaires, row)
	}
	return c.Show(http.StatusOK, page)
}

func (c *Context) questionStepRow(f *texts.Form, step texts.Step, p advisory.Programme) questionStepRow {
	_, questions := c.server.texts.StepQuestions(f.Name, step.Key, p.Questions)
	asked, own := 0, 0
	for _, q := range questions {
		switch {
		case q.Removed:
			continue
		case q.IsOwn():
			own++
		}
		asked++
	}
	meta := []string{c.server.texts.Count(c.Lang, "settings_questions.questions", asked)}
	if own > 0 {
		meta = append(meta, c.server.texts.Count(c.Lang, "settings_questions.own", own))
	}
	if others := c.othersWith(f, step); len(others) > 0 {
		meta = append(meta, c.T("settings_questions.shared", "forms", strings.Join(others, ", ")))
	}
	row := questionStepRow{Title: step.Title, Path: questionsPath + "/" + f.Name + "/" + step.Key, Meta: strings.Join(meta, " · ")}
	if source, of := texts.SourceOf(f, step); len(texts.QuestionsOf(p.Questions, source, of)) > 0 {
		row.Changed = badge("info", c.T("settings_questions.changed"))
	}
	return row
}

// othersWith names the other questionnaires that ask the same set of questions.
func (c *Context) othersWith(f *texts.Form, step texts.Step) []string {
	var names []string
	for _, name := range advisory.Questionnaires {
		other, _ := c.server.texts.Form(c.Lang, name)
		if name != f.Name && step.Include != "" &&
			slices.ContainsFunc(other.Steps, func(s texts.Step) bool { return s.Include == step.Include }) {
			names = append(names, c.T("settings_questions.names."+name))
		}
	}
	return names
}
