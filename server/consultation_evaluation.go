package server

import (
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

// evaluationView is what both sides have looked back at: the mirror, the guiding questions in comparison, the own
// answers, and what the follow-up brought.
type evaluationView struct {
	Mirror   *mirrorView
	Baseline *baselineView
	Own      []form.ReadStep // what the reader's side has answered
	FollowUp []form.ReadItem
	Entered  string // that somebody entered the follow-up for the municipality
}

// evaluation gathers the look back. Nil before there is anything to show.
func (s *Server) evaluation(c *Context, f consultationFacts) (*evaluationView, error) {
	ctx := c.Request().Context()
	start, err := s.store.Assessment(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	followUp, err := s.store.LastSaid(ctx, f.ID, "follow_up")
	if err != nil {
		return nil, err
	}
	view := &evaluationView{
		Mirror: c.mirror(f), Baseline: c.baseline(start, closingAnswers(f), followUp.Answers),
		FollowUp: c.followUp(f, followUp),
	}
	if followUp.OnBehalf {
		view.Entered = c.entrySentence(followUp.ActorName, f.Municipality)
	}
	if own := ownEvaluation(f, c.Person.ID); own != nil && own.Answered() {
		view.Own = c.readingAsAsked(own.ProgrammeVersion, "evaluate_"+string(own.Role), own.Answers, "")
	}
	if view.Mirror == nil && view.Baseline == nil {
		return nil, nil
	}
	return view, nil
}

// ownEvaluation is the questionnaire of the reader's side: all contacts of a municipality are one side.
func ownEvaluation(f consultationFacts, personID string) *store.Evaluation {
	for i, e := range f.evaluations {
		mine := e.PersonID != nil && *e.PersonID == personID
		if mine || e.PersonID == nil && f.relation.Contact {
			return &f.evaluations[i]
		}
	}
	return nil
}

// closingAnswers are the municipality's answers at the end, as far as the reader may see them: its own at once, the
// advisors with the mirror (texts/README.md, promise 7).
func closingAnswers(f consultationFacts) advisory.Answers {
	if !f.relation.Contact && !store.Revealed(f.evaluations) {
		return nil
	}
	i := slices.IndexFunc(f.evaluations, func(e store.Evaluation) bool {
		return e.Role == advisory.Municipality && e.Answered()
	})
	if i < 0 {
		return nil
	}
	return f.evaluations[i].Answers
}

// mirrorView is the learning mirror: the same questions to both sides, side by side once both have answered. Before
// that it holds nobody's words, only who has answered.
type mirrorView struct {
	Text    string // why nothing is to be seen yet
	Rows    []mirrorRow
	Answers []mirrorState
	Entered string // that somebody entered the municipality's answers
}

type mirrorRow struct {
	Question     string
	Municipality []string
	Advisors     []mirrorAnswer
}

type mirrorAnswer struct {
	Name  string // "" where there is one advisor only
	Lines []string
}

type mirrorState struct {
	Who  string
	Text string
	Done bool
}

func (c *Context) mirror(f consultationFacts) *mirrorView {
	if len(f.evaluations) == 0 {
		return nil
	}
	view := &mirrorView{}
	for _, e := range f.evaluations {
		view.Answers = append(view.Answers, c.mirrorState(f, e))
		if by := e.EnteredBy(); by != "" {
			view.Entered = c.T("on_behalf.evaluation", "name", by, "municipality", f.Municipality)
		}
	}
	switch own := ownEvaluation(f, c.Person.ID); {
	case store.Revealed(f.evaluations):
		view.Rows = c.mirrorRows(f.evaluations)
	case !anyOpen(f.evaluations):
		view.Text = c.T("mirror.one_side_only")
	case own != nil && own.Answered():
		view.Text = c.T("mirror.waiting_for_other")
	default:
		view.Text = c.T("mirror.hidden")
	}
	return view
}

func anyOpen(evaluations []store.Evaluation) bool {
	return slices.ContainsFunc(evaluations, func(e store.Evaluation) bool { return e.State == advisory.Open })
}

func (c *Context) mirrorState(f consultationFacts, e store.Evaluation) mirrorState {
	state := mirrorState{Who: e.Name, Done: e.Answered()}
	if e.PersonID == nil {
		state.Who = f.Municipality
	}
	switch e.State {
	case advisory.Done:
		state.Text = c.T("questionnaires.answered")
	case advisory.Open:
		state.Text = c.T("task_states.open")
	default:
		state.Text = c.T("questionnaires.closed_without_answer")
	}
	return state
}

// mirrorRows puts the answers side by side, question by question. The caller has made sure that they may be seen.
func (c *Context) mirrorRows(evaluations []store.Evaluation) []mirrorRow {
	var rows []mirrorRow
	advisors := 0
	for _, e := range evaluations {
		if e.Role == advisory.Advisor && e.Answered() {
			advisors++
		}
	}
	for _, e := range evaluations {
		if !e.Answered() {
			continue
		}
		for i, item := range c.mirrorItems(e) {
			if i == len(rows) {
				rows = append(rows, mirrorRow{Question: item.Label})
			}
			if e.Role == advisory.Municipality {
				rows[i].Municipality = item.Lines
				continue
			}
			answer := mirrorAnswer{Lines: item.Lines}
			if advisors > 1 {
				answer.Name = e.Name
			}
			rows[i].Advisors = append(rows[i].Advisors, answer)
		}
	}
	return rows
}

func (c *Context) mirrorItems(e store.Evaluation) []form.ReadItem {
	var items []form.ReadItem
	for _, step := range c.readingAsAsked(e.ProgrammeVersion, "evaluate_"+string(e.Role), e.Answers, "mirror") {
		items = append(items, step.Items...)
	}
	return items
}

// baselineView compares the four guiding questions at the start, at the end and in the follow-up.
type baselineView struct {
	Rows     []baselineRow
	Closing  bool // there are answers at the end
	FollowUp bool
}

type baselineRow struct {
	Question string
	Levels   []baselineLevel // at the start, at the end, in the follow-up
	Change   string
}

type baselineLevel struct {
	Label string // words of the scale, or that there is no answer yet
	Value int
	Known bool
}

// Width of the level's bar in its 36 units.
func (l baselineLevel) Width() int { return l.Value * 9 }

// baseline is nil before the assessment.
func (c *Context) baseline(start, closing, followUp advisory.Answers) *baselineView {
	if start == nil {
		return nil
	}
	view := &baselineView{Closing: closing != nil, FollowUp: followUp != nil}
	for _, question := range c.server.texts.OptionList(c.Lang, "guiding_questions") {
		row := baselineRow{Question: question.Label}
		for _, answers := range []advisory.Answers{start, closing, followUp} {
			row.Levels = append(row.Levels, c.guidingLevel(answers.Get(question.Key+"_level")))
		}
		row.Change = c.guidingChange(row.Levels)
		view.Rows = append(view.Rows, row)
	}
	return view
}

func (c *Context) guidingLevel(key string) baselineLevel {
	for _, option := range c.server.texts.OptionList(c.Lang, "progress_scale") {
		if option.Key == key {
			return baselineLevel{Label: option.Label, Value: option.Value, Known: true}
		}
	}
	return baselineLevel{Label: c.T("baseline.not_yet")}
}

// change says how the latest answer differs from the first; "" where there is only one.
func (c *Context) guidingChange(levels []baselineLevel) string {
	latest := -1
	for i, level := range levels {
		if level.Known {
			latest = i
		}
	}
	if latest < 1 || !levels[0].Known {
		return ""
	}
	switch difference := levels[latest].Value - levels[0].Value; {
	case difference > 0:
		return c.T("baseline.better", "n", difference)
	case difference < 0:
		return c.T("baseline.lower", "n", -difference)
	default:
		return c.T("baseline.same")
	}
}

// followUp tells what has become of the options, and what the municipality wants the advisors to hear.
func (c *Context) followUp(f consultationFacts, said store.Said) []form.ReadItem {
	answers := said.Answers
	if answers == nil {
		return nil
	}
	items := c.progress(f, answers)
	for _, step := range c.readingAsAsked(said.ProgrammeVersion, "follow_up", answers, "outlook") {
		for _, item := range step.Items {
			if item.Key == "message" && answers.Get("message") != "" {
				items = append(items, item)
			}
		}
	}
	return items
}

// progress is how far each option has come, under its title.
func (c *Context) progress(f consultationFacts, answers advisory.Answers) []form.ReadItem {
	if len(f.options) == 0 {
		return nil
	}
	var items []form.ReadItem
	for i, option := range f.options[0].Options() {
		key := "options." + strconv.Itoa(i+1) + "."
		reached := answers.Get(key + "progress")
		if reached == "" {
			continue
		}
		lines := []string{c.server.texts.OptionLabel(c.Lang, "option_progress", reached)}
		if text := answers.Get(key + "progress_text"); text != "" {
			lines = append(lines, strings.Split(text, "\n")...)
		}
		items = append(items, form.ReadItem{Key: key, Label: option.Get("title"), Lines: lines})
	}
	return items
}
