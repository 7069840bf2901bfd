package server

import (
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// restWish shows the coordinator who asked for a rest and why; nothing where the task is about a long quiet.
func (b *panelBuilder) restWish() {
	said, err := b.server.store.RestWish(b.ctx(), b.desk.ID)
	if b.fails(err) || said.Form == "" {
		return
	}
	b.add(taskPanel{
		ID: "rest-wish", Title: b.T("rest_pages.wish_of", "name", said.ActorName, "date", b.date(said)),
		Lists: b.answers(said.Form, said.Answers),
	})
}

// restState shows since when, until when and why the consultation rests.
func (b *panelBuilder) restState() {
	consultation := b.consultation()
	if b.err != nil || !consultation.IsResting() {
		return
	}
	until, reason := "", ""
	if consultation.RestUntil != nil {
		until = texts.Date(b.Lang, *consultation.RestUntil)
	}
	if consultation.RestReason != "" {
		reason = b.server.texts.OptionLabel(b.Lang, "rest_reasons", consultation.RestReason)
	}
	b.add(taskPanel{ID: "rest", Title: b.T("rest_pages.panel"), Lists: list(
		fact(b.T("rest_pages.since"), texts.Date(b.Lang, *consultation.RestingSince)), fact(b.T("rest_pages.until"), until),
		fact(b.T("rest_pages.reason_label"), reason),
	)})
}

// restChoices says what follows from each choice.
func (b *panelBuilder) restChoices() {
	if b.choice != "" {
		return
	}
	panel := taskPanel{ID: "choices", Title: b.T("rest_pages.what_follows")}
	key := string(b.desk.Kind)
	for _, choice := range b.desk.Rule.Choices {
		follows := b.T("rest_pages.choices."+key+"."+string(choice), "n", b.desk.Programme.UndoDays)
		panel.Lists = append(panel.Lists, list(fact(b.T("tasks."+key+".choices."+string(choice)), follows))...)
	}
	b.add(panel)
}

// wishedRest is what somebody asked for, as far as it is possible still.
func (s *Server) wishedRest(c *Context, d taskDesk) (advisory.Answers, error) {
	said, err := s.store.RestWish(c.Request().Context(), d.ID)
	if err != nil || said.Form == "" {
		return nil, err
	}
	known := advisory.Answers{"reason": said.Answers.All("reason")}
	if day := said.Answers.Get("resume_on"); day > c.Now().In(advisory.Berlin).Format(time.DateOnly) {
		known.Set("resume_on", day)
	}
	return known, nil
}

// restDescription says why a coordinator has to decide about a rest.
func (s *Server) restDescription(c *Context, task store.Task) (string, error) {
	said, err := s.store.RestWish(c.Request().Context(), task.ID)
	if err != nil {
		return "", err
	}
	if said.Form != "" {
		return c.T("rest_pages.wish_description", "name", said.ActorName), nil
	}
	programme, err := s.store.ProgrammeVersion(c.Request().Context(), task.ProgrammeVersion)
	if err != nil {
		return "", err
	}
	return c.T("tasks.decide_rest.description", "n", programme.QuietDays[len(programme.QuietDays)-1]), nil
}
