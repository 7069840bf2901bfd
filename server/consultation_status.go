package server

import (
	"context"
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

// statusPage is a consultation as its municipality and its advisors see it: where it is, who acts next and until when,
// and what the reader owes.
type statusPage struct {
	store.Consultation
	ForMunicipality bool
	DeputyNotice    string     // in whose place the reader sees it, "" in the own name
	Next            *taskCard  // THE next task of the reader
	More            []taskCard // what else the reader owes
	Waiting         *aheadStep // who acts next where the reader does not
	Ended           *endedView // instead of both
	Rest            *restView
	Journey         journeyView //
	Ahead           []aheadStep
	Goal            goalView
	Request         []form.ReadStep
	Sessions        []sessionView
	Options         *optionsView
	Evaluation      *evaluationView
	People          peopleView
	History         historyView
	Actions         []consultationAction
	FollowOn        []consultationAction // what it follows and what follows it
	Handovers       []handoverView       // for an advisor who came in the place of somebody
}

// Template implements Page.
func (statusPage) Template() string { return "consultation_status" }

// consultationFacts is everything that is read for the page of a consultation.
type consultationFacts struct {
	store.Consultation
	relation    store.Relation
	programme   advisory.Programme
	dates       map[advisory.Stage]time.Time
	open        []store.Task
	goals       []store.GoalVersion
	sessions    []store.Session
	options     []store.OptionVersion
	evaluations []store.Evaluation
	team        []store.TeamPerson
	contacts    []store.Contact
	coordinator *store.Person
}

func (s *Server) consultationFacts(ctx context.Context, consultation store.Consultation, relation store.Relation) (consultationFacts, error) {
	f := consultationFacts{Consultation: consultation, relation: relation}
	var err error
	read := func(some func() error) {
		if err == nil {
			err = some()
		}
	}
	id := consultation.ID
	read(func() (e error) {
		f.programme, e = s.store.ProgrammeVersion(ctx, consultation.ProgrammeVersion)
		return
	})
	read(func() (e error) { f.dates, e = s.store.StageDates(ctx, id); return })
	read(func() (e error) { f.open, e = s.store.TasksOf(ctx, id, true); return })
	read(func() (e error) { f.goals, e = s.store.GoalVersions(ctx, id); return })
	read(func() (e error) { f.sessions, e = s.store.Sessions(ctx, id); return })
	read(func() (e error) { f.options, e = s.store.OptionVersions(ctx, id); return })
	read(func() (e error) { f.evaluations, e = s.store.Evaluations(ctx, id); return })
	read(func() (e error) { f.team, e = s.store.Team(ctx, id); return })
	read(func() (e error) { f.contacts, e = s.store.Contacts(ctx, id); return })
	if err == nil && consultation.CoordinatorID != nil {
		var coordinator store.Person
		coordinator, err = s.store.Person(ctx, *consultation.CoordinatorID)
		f.coordinator = &coordinator
	}
	return f, err
}

// showStatus shows the page to a person who takes part in the consultation.
func (s *Server) showStatus(c *Context, consultation store.Consultation, relation store.Relation) error {
	f, err := s.consultationFacts(c.Request().Context(), consultation, relation)
	if err != nil {
		return err
	}
	page := statusPage{
		Consultation: consultation, ForMunicipality: relation.Contact, Actions: c.actions(consultation, relation),
		Journey: c.journey(consultation, f.dates, false), Rest: c.restView(consultation, relation.Contact), Ahead: c.ahead(consultation, relation, f.open, f.sessions, &f.programme),
		Goal: c.goal(consultation, f.goals), Request: c.sentRequest(f), Sessions: c.sessionViews(consultation, relation, f.sessions), Options: c.options(f), People: c.people(f),
	}
	if page.DeputyNotice, err = s.deputyNotice(c, relation); err != nil {
		return err
	}
	if err := s.addTurn(c, f, &page); err != nil {
		return err
	}
	if page.Ended, err = s.ended(c, f); err != nil {
		return err
	}
	if page.Evaluation, err = s.evaluation(c, f); err != nil {
		return err
	}
	if page.FollowOn, err = s.followOnLinks(c, consultation); err != nil {
		return err
	}
	if page.Handovers, err = s.handovers(c, f); err != nil {
		return err
	}
	if page.History, err = s.participantHistory(c, f); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// addTurn says what the reader owes, or who acts next.
func (s *Server) addTurn(c *Context, f consultationFacts, page *statusPage) error {
	own, _ := c.ownTasks(f.open)
	cards, err := s.taskCards(c, own)
	if err != nil {
		return err
	}
	if len(cards) == 0 {
		page.Waiting = c.waitingFor(page.Ahead)
		return nil
	}
	page.Next, page.More = &cards[0], cards[1:]
	return nil
}
