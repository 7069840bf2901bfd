package server

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// behalfPrefix keeps the fields on whose basis somebody acts for the municipality apart from the fields of the task.
const (
	behalfPrefix = texts.BehalfPrefix
	basisForm    = texts.BasisForm
)

const (
	noneFits          = "none_fits" // the answer of choose_slot that leads to other dates
	participantsField = "participants"
)

// taskForm is the form that a choice is entered with, and what the program gives to it. A coordinator who acts for the
// municipality also says on what basis; both are one form.
func (s *Server) taskForm(c *Context, d taskDesk, choice advisory.Choice) (*texts.Form, error) {
	f := &texts.Form{Title: c.T("tasks." + string(d.Kind) + ".title")}
	if choice != "" { // a choice without a form is confirmed by its own button
		f.Submit = c.T("tasks." + string(d.Kind) + ".choices." + string(choice))
	}
	if name := d.Rule.FormOf(choice, d.OwnerRole); name != "" {
		f = c.asked(c.Form(name), d.Programme)
	}
	if f.Name == restForm {
		f = withRestMonths(f, d.Programme)
	}
	if d.Kind == advisory.ChooseSlot && choice == advisory.CounterPropose {
		f = c.withParticipants(f)
	}
	c.Sources = form.Sources{}
	if d.OnBehalf {
		f = c.withBasis(f)
	}
	if asksForTopics(f) {
		consultation, err := s.store.ConsultationByID(c.Request().Context(), d.ConsultationID)
		if err != nil {
			return nil, err
		}
		f = c.offering(f, d.Programme.Topics, consultation.Request.All(topicList))
	}
	c.form = f
	return f, s.taskSources(c, d, f)
}

// withBasis puts the basis of acting on behalf before a form.
func (c *Context) withBasis(f *texts.Form) *texts.Form {
	basis := c.Form(basisForm)
	combined := *f
	combined.Steps = nil
	if f.Name == "" {
		combined.Name = basisForm // so that a history reads what is there
	}
	for _, step := range basis.Steps {
		step.Key, step.Title, step.Intro = behalfPrefix+step.Key, basis.Title, basis.Intro
		step.Fields = slices.Clone(step.Fields)
		for i := range step.Fields {
			step.Fields[i].Key = behalfPrefix + step.Fields[i].Key
		}
		combined.Steps = append(combined.Steps, step)
	}
	combined.Steps = append(combined.Steps, f.Steps...)
	return &combined
}

// withParticipants lets whoever proposes other dates say who takes part, as whoever chooses one does.
func (c *Context) withParticipants(f *texts.Form) *texts.Form {
	combined := *f
	combined.Steps = slices.Clone(f.Steps)
	last := &combined.Steps[len(combined.Steps)-1]
	last.Fields = slices.Clone(last.Fields)
	for _, step := range c.Form("choose_slot").Steps {
		for _, field := range step.Fields {
			if field.Key == participantsField {
				last.Fields = append(last.Fields, field)
			}
		}
	}
	return &combined
}

// taskSources reads the answers that only the program knows, as far as the form asks for them.
func (s *Server) taskSources(c *Context, d taskDesk, f *texts.Form) error {
	readers := map[string]func(*Context, taskDesk) ([]texts.Option, error){
		"contacts": s.contactOptions, "proposed_slots": s.slotOptions, "options": s.optionTitles,
	}
	for _, name := range sourcesOf(f) {
		read, ok := readers[name]
		if !ok {
			continue
		}
		options, err := read(c, d)
		if err != nil {
			return err
		}
		c.Sources[name] = options
	}
	return nil
}

func sourcesOf(f *texts.Form) []string {
	var names []string
	for _, step := range f.Steps {
		if step.Repeat != "" && step.RepeatCount == 0 {
			names = append(names, step.Repeat)
		}
		for _, field := range step.Fields {
			if field.Source != "" {
				names = append(names, field.Source)
			}
		}
	}
	return names
}

func (s *Server) contactOptions(c *Context, d taskDesk) ([]texts.Option, error) {
	contacts, err := s.store.Contacts(c.Request().Context(), d.ConsultationID)
	var options []texts.Option
	for _, contact := range contacts {
		options = append(options, texts.Option{Key: contact.ID, Label: contact.Name()})
	}
	return options, err
}

// slotOptions are the dates to choose from, each with what it collides with. A date that has passed meanwhile is no
// choice.
func (s *Server) slotOptions(c *Context, d taskDesk) ([]texts.Option, error) {
	sessions, err := s.store.Sessions(c.Request().Context(), d.ConsultationID)
	if err != nil {
		return nil, err
	}
	var options []texts.Option
	var dates []wishedDate
	for _, slot := range sessionOf(sessions, d.Session).Slots {
		if slot.StartsAt.After(c.Now()) {
			key := strconv.Itoa(slot.Position)
			dates = append(dates, wishedDate{group: key, Start: slot.StartsAt, End: slot.EndsAt})
			options = append(options, texts.Option{
				Key: key, Label: texts.DateTimeRange(c.Lang, slot.StartsAt, slot.EndsAt),
				Description: c.where(slot.Format, slot.Place), Day: slot.StartsAt,
			})
		}
	}
	collisions, err := s.collisions(c, d.ConsultationID, d.Session, dates)
	for i := range options {
		for _, sentence := range collisions[options[i].Key] {
			options[i].Description = strings.TrimPrefix(options[i].Description+" · "+sentence, " · ")
		}
	}
	return options, err
}

// sessionOf finds the session that a task is about; a zero Session where it is about none.
func sessionOf(sessions []store.Session, number int) store.Session {
	for _, session := range sessions {
		if session.Number == number {
			return session
		}
	}
	return store.Session{}
}

// where is how and where people meet, as far as it is known.
func (c *Context) where(format, place string) string {
	var parts []string
	if format != "" {
		parts = append(parts, c.server.texts.OptionLabel(c.Lang, "meeting_formats", format))
	}
	if place != "" {
		parts = append(parts, place)
	}
	return strings.Join(parts, ", ")
}

func (s *Server) optionTitles(c *Context, d taskDesk) ([]texts.Option, error) {
	latest, err := s.latestOptions(c, d)
	var titles []texts.Option
	for i, option := range latest.Options() {
		titles = append(titles, texts.Option{Key: strconv.Itoa(i + 1), Label: option.Get("title")})
	}
	return titles, err
}

// latestOptions is the latest version of the options; Version is 0 where there is none.
func (s *Server) latestOptions(c *Context, d taskDesk) (store.OptionVersion, error) {
	versions, err := s.store.OptionVersions(c.Request().Context(), d.ConsultationID)
	if err != nil || len(versions) == 0 {
		return store.OptionVersion{}, err
	}
	return versions[0], nil
}

// latestGoal is goal and need as they count now, whatever is proposed; Version is 0 where nothing is recorded.
func (s *Server) latestGoal(c *Context, d taskDesk) (store.GoalVersion, error) {
	versions, err := s.store.GoalVersions(c.Request().Context(), d.ConsultationID)
	return store.CurrentGoal(versions), err
}

// taskFormContext sets the limits of dates: appointments and what is planned lie ahead and on working days, what was
// said lies behind.
func (c *Context) taskFormContext(d taskDesk) form.Context {
	fc := c.limitDates(c.FormContext(), d.Calendar(), d.Programme)
	today := c.Now()
	fc.NotAfter[behalfPrefix+"on_date"] = today
	return limitRest(fc, d.Programme)
}

// validateTask checks the answers and the dates among them.
func (c *Context) validateTask(f *texts.Form, answers advisory.Answers, fc form.Context) form.Errors {
	return c.checkDates(f, answers, fc, form.Validate(f, answers, c.Sources, fc))
}

// prefilled is what the form begins with: what the person saved, else what the consultation knows already.
func (s *Server) prefilled(c *Context, d taskDesk) (advisory.Answers, time.Time, error) {
	ctx := c.Request().Context()
	if d.savesBetween() {
		draft, err := s.store.TaskDraft(ctx, d.ID, d.Actor.ID)
		if err != nil || draft.Answers != nil {
			return draft.Answers, s.clock.At(draft.UpdatedAt), err
		}
	}
	answers, err := s.known(c, d)
	return answers, time.Time{}, err
}

func (s *Server) known(c *Context, d taskDesk) (advisory.Answers, error) {
	switch d.Kind {
	case advisory.RecordAssessment:
		consultation, err := s.store.ConsultationByID(c.Request().Context(), d.ConsultationID)
		known := advisory.Answers{}
		for _, key := range []string{"situation", "goal", "need", "topics"} {
			known[key] = consultation.Request.All(key)
		}
		return known, err
	case advisory.ConfirmNeed:
		goal, err := s.latestGoal(c, d)
		return advisory.Answers{"goal": {goal.Goal}, "need": {goal.Need}}, err
	case advisory.ChooseSlot: // what was typed before none of the dates fitted
		draft, err := s.store.TaskDraft(c.Request().Context(), d.ID, d.Actor.ID)
		return draft.Answers, err
	case advisory.DraftOptions:
		latest, err := s.latestOptions(c, d)
		return latest.Answers, err
	case advisory.DecideRest:
		return s.wishedRest(c, d)
	case advisory.CloseConsultation:
		from := c.Now().In(advisory.Berlin).AddDate(0, d.Programme.FollowUpMonths, 0)
		return advisory.Answers{"follow_up_from": {from.Format(time.DateOnly)}}, nil
	}
	return nil, nil
}
