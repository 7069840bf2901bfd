package server

import (
	"context"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// taskPanel is something to read beside the form of a task. Whatever is empty is left out.
type taskPanel struct {
	ID, Title string
	Folded    bool     // to look up
	Quote     []string // lines in the municipality's own words
	QuoteNote string
	Text      []string // lines
	Lists     []form.ReadStep
	Persons   []store.Person // with their telephone numbers
	Advisors  []proposedAdvisor
	Versions  []goalColumn // side by side
	Link      *taskChoice
}

// proposedAdvisor is an advisor as a municipality may see one.
type proposedAdvisor struct {
	ID, Name, Initials, Part string
	About                    []string
	List                     form.ReadStep
}

// panelBuilder reads what a task is about. The first error stops it.
type panelBuilder struct {
	*Context
	server *Server
	desk   taskDesk
	choice advisory.Choice
	panels []taskPanel
	err    error
}

// panelSet says what is shown before the form of a task, and what can be looked up below it.
type panelSet struct{ before, after []func(*panelBuilder) }

var panelsOf = map[advisory.TaskKind]panelSet{
	advisory.ClaimRequest:  {before: []func(*panelBuilder){(*panelBuilder).request}},
	advisory.ReviewRequest: {before: []func(*panelBuilder){(*panelBuilder).question, (*panelBuilder).returned, (*panelBuilder).request}},
	advisory.AnswerQuestion: {before: []func(*panelBuilder){(*panelBuilder).openQuestion},
		after: []func(*panelBuilder){(*panelBuilder).request}},
	advisory.ApproveRefusal: {before: []func(*panelBuilder){(*panelBuilder).refusal},
		after: []func(*panelBuilder){(*panelBuilder).request}},
	advisory.RecordAssessment: {before: []func(*panelBuilder){(*panelBuilder).contacts},
		after: []func(*panelBuilder){(*panelBuilder).request, (*panelBuilder).question}},
	advisory.ConfirmNeed:      {after: []func(*panelBuilder){(*panelBuilder).assessment}},
	advisory.AnswerInvitation: {before: []func(*panelBuilder){(*panelBuilder).invitation, (*panelBuilder).why, (*panelBuilder).handover}},
	advisory.AgreeToAdvisors: {before: []func(*panelBuilder){(*panelBuilder).proposedTeam},
		after: []func(*panelBuilder){(*panelBuilder).goal}},
	advisory.ProposeSlots:  {before: []func(*panelBuilder){(*panelBuilder).wishes, (*panelBuilder).goal}},
	advisory.ChooseSlot:    {before: []func(*panelBuilder){(*panelBuilder).offer}},
	advisory.RecordOutcome: {before: []func(*panelBuilder){(*panelBuilder).appointment}},
	advisory.WriteNote: {before: []func(*panelBuilder){(*panelBuilder).appointment},
		after: []func(*panelBuilder){(*panelBuilder).goal}},
	advisory.DecideAccompaniment: {before: []func(*panelBuilder){(*panelBuilder).notes}},
	advisory.DraftOptions: {before: []func(*panelBuilder){(*panelBuilder).changeWish},
		after: []func(*panelBuilder){(*panelBuilder).goal, (*panelBuilder).notes}},
	advisory.ConfirmOptions: {before: []func(*panelBuilder){(*panelBuilder).goal, (*panelBuilder).options}},
	advisory.Evaluate: {before: []func(*panelBuilder){(*panelBuilder).goal},
		after: []func(*panelBuilder){(*panelBuilder).options}},
	advisory.CloseConsultation: {before: []func(*panelBuilder){(*panelBuilder).completeness, (*panelBuilder).goal},
		after: []func(*panelBuilder){(*panelBuilder).options}},
	advisory.AnswerFollowUp: {before: []func(*panelBuilder){(*panelBuilder).goal},
		after: []func(*panelBuilder){(*panelBuilder).options}},
	advisory.CallParticipants: {before: []func(*panelBuilder){(*panelBuilder).openTask, (*panelBuilder).contacts, (*panelBuilder).team}},
	advisory.CheckAddress:     {before: []func(*panelBuilder){(*panelBuilder).unclearAddress, (*panelBuilder).contactsElsewhere}},
	advisory.DecideRest: {before: []func(*panelBuilder){(*panelBuilder).restWish, (*panelBuilder).restChoices, (*panelBuilder).contacts},
		after: []func(*panelBuilder){(*panelBuilder).notes}},
	advisory.AnswerRestQuestion: {before: []func(*panelBuilder){(*panelBuilder).restState}},
	advisory.DecideAfterRest: {before: []func(*panelBuilder){(*panelBuilder).restState, (*panelBuilder).restChoices,
		(*panelBuilder).contacts}},
	advisory.ConfirmGoalChange: {before: []func(*panelBuilder){(*panelBuilder).goalVersions}},
}

// taskPanels reads what stands before and below the form of a task.
func (s *Server) taskPanels(c *Context, d taskDesk, choice advisory.Choice) (before, after []taskPanel, err error) {
	set := panelsOf[d.Kind]
	b := panelBuilder{Context: c, server: s, desk: d, choice: choice}
	if before, err = b.build(set.before); err != nil {
		return nil, nil, err
	}
	after, err = b.build(set.after)
	return before, folded(after), err
}

func (b *panelBuilder) build(parts []func(*panelBuilder)) ([]taskPanel, error) {
	b.panels = nil
	for _, part := range parts {
		if part(b); b.err != nil {
			return nil, b.err
		}
	}
	return b.panels, nil
}

func folded(panels []taskPanel) []taskPanel {
	panels = slices.Clone(panels)
	for i := range panels {
		panels[i].Folded = true
	}
	return panels
}

func (b *panelBuilder) add(panel taskPanel) {
	panel.ID = "panel-" + panel.ID
	b.panels = append(b.panels, panel)
}

// fails keeps an error and tells whether there was one.
func (b *panelBuilder) fails(err error) bool {
	b.err = err
	return err != nil
}

func (b *panelBuilder) ctx() context.Context { return b.Request().Context() }

// fact is a label and what it says; nothing where it says nothing.
func fact(label string, lines ...string) []form.ReadItem {
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
	if len(lines) == 0 {
		return nil
	}
	return []form.ReadItem{{Label: label, Lines: lines}}
}

func list(facts ...[]form.ReadItem) []form.ReadStep {
	return []form.ReadStep{{Items: slices.Concat(facts...)}}
}

func (b *panelBuilder) labels(listName string, keys []string) string {
	var labels []string
	for _, key := range keys {
		labels = append(labels, b.server.texts.OptionLabel(b.Lang, listName, key))
	}
	return strings.Join(labels, " · ")
}

// answers prints the answers of a form for reading, without those that nobody gave.
func (b *panelBuilder) answers(name string, answers advisory.Answers, steps ...string) []form.ReadStep {
	return b.answersAsAsked(0, name, answers, steps...)
}

// answersAsAsked does the same for the questions that a version of the programme asked.
func (b *panelBuilder) answersAsAsked(version int, name string, answers advisory.Answers, steps ...string) []form.ReadStep {
	var read []form.ReadStep
	for _, step := range b.readingAsAsked(version, name, answers, "") {
		step.Items = slices.DeleteFunc(step.Items, func(item form.ReadItem) bool { return answers.Get(item.Key) == "" })
		if len(step.Items) > 0 && (len(steps) == 0 || slices.Contains(steps, step.Key)) {
			read = append(read, step)
		}
	}
	if f, _ := b.server.texts.Form(b.Lang, name); len(f.Steps) == 1 && len(read) == 1 {
		read[0].Title = "" // says nothing that the panel does not say
	}
	return read
}

// consultation reads the consultation; its request above all.
func (b *panelBuilder) consultation() (consultation store.Consultation) {
	consultation, b.err = b.server.store.ConsultationByID(b.ctx(), b.desk.ConsultationID)
	return consultation
}

// items picks answers of a reading by the keys of their fields.
func items(read []form.ReadStep, keys ...string) []form.ReadItem {
	var picked []form.ReadItem
	for _, step := range read {
		for _, item := range step.Items {
			if slices.Contains(keys, item.Key) {
				picked = append(picked, item)
			}
		}
	}
	return picked
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (b *panelBuilder) date(said store.Said) string { return texts.Date(b.Lang, said.EnteredAt) }
