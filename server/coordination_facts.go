package server

import (
	"strings"
	"time"

	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// staffFacts is what a consultation is about, in short.
type staffFacts struct {
	Unit, Land   string
	Municipality string // path of its entry in the directory; "" where it has none
	SentAt       time.Time
	Goal         goalView
	Topics       []string
	Levels       []factLevel
	Structures   []factLine
	Wishes       string // for the advisors
}

// factLevel is a guiding question on its scale.
type factLevel struct {
	Label, Text string
	Width       int // of the bar
}

type factLine struct{ Label, Text string }

const levelWidth = 9 // of the bar for one step of the scale

func (s *Server) addFacts(c *Context, page *staffConsultationPage) error {
	ctx := c.Request().Context()
	consultation := page.Consultation
	page.Facts = staffFacts{
		Unit: consultation.Unit, Land: s.texts.OptionLabel(c.Lang, "laender", string(consultation.Land)), SentAt: consultation.SentAt,
	}
	if consultation.MunicipalityID != nil {
		page.Facts.Municipality = municipalityAt(*consultation.MunicipalityID)
	}
	goals, err := s.store.GoalVersions(ctx, consultation.ID)
	if err != nil {
		return err
	}
	page.Facts.Goal = c.goal(consultation, goals)
	dates, err := s.store.StageDates(ctx, consultation.ID)
	if err != nil {
		return err
	}
	page.GoalHint = c.goalHint(consultation, goals, dates)
	said, err := s.store.LastSaid(ctx, consultation.ID, "assessment")
	if err != nil {
		return err
	}
	assessment := said.Answers
	page.Facts.Wishes = assessment.Get("wishes_for_advisors")
	topics := assessment.All("topics")
	if len(topics) == 0 {
		topics = consultation.Request.All("topics")
	}
	for _, topic := range topics {
		page.Facts.Topics = append(page.Facts.Topics, s.texts.OptionLabel(c.Lang, "topics", topic))
	}
	c.addBaseline(said, &page.Facts)
	request, _ := s.texts.Form(c.Lang, "request")
	fc := c.FormContext()
	fc.IDPrefix = "request"
	page.Request = form.Reading(request, consultation.Request, form.Sources{
		"laender": s.texts.OptionList(c.Lang, "laender"), "countries": countries[c.Lang](),
	}, fc)
	return nil
}

// addBaseline reads the scales and the structure check from the form of the assessment, whatever its questions are.
func (c *Context) addBaseline(said store.Said, facts *staffFacts) {
	assessment := said.Answers
	f, ok := c.formAsAsked("assessment", said.ProgrammeVersion)
	if !ok || len(assessment) == 0 {
		return
	}
	for _, step := range f.Steps {
		for _, field := range step.Fields {
			chosen, ok := optionOf(field, assessment.Get(field.Key))
			switch {
			case !ok:
			case field.OptionsFrom == "progress_scale":
				facts.Levels = append(facts.Levels, c.level(field, chosen))
			case field.OptionsFrom == "structure_states":
				line := factLine{Label: field.Label, Text: chosen.Label}
				if reason := assessment.Get(strings.TrimSuffix(field.Key, "_state") + "_reason"); reason != "" {
					line.Text += " (" + reason + ")"
				}
				facts.Structures = append(facts.Structures, line)
			}
		}
	}
}

func optionOf(field texts.Field, key string) (texts.Option, bool) {
	for _, option := range field.Options {
		if option.Key == key {
			return option, true
		}
	}
	return texts.Option{}, false
}

func (c *Context) level(field texts.Field, chosen texts.Option) factLevel {
	highest := 0
	for _, option := range field.Options {
		highest = max(highest, option.Value)
	}
	return factLevel{
		Label: c.T("coordination_pages.levels." + strings.TrimSuffix(field.Key, "_level")),
		Text:  c.T("coordination_pages.level_of", "n", chosen.Value, "max", highest), Width: levelWidth * chosen.Value,
	}
}

func (s *Server) addSessions(c *Context, page *staffConsultationPage) error {
	sessions, err := s.store.Sessions(c.Request().Context(), page.Consultation.ID)
	page.Sessions = c.sessionViews(page.Consultation, store.Relation{}, sessions)
	return err
}
