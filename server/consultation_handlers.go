package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/store"
)

const participationPath = "/beratungen"

func consultationPath(number string) string { return participationPath + "/" + number }

var participants = Only(advisory.Municipality, advisory.Advisor, advisory.Coordinator, advisory.LeadCoordinator)

func (s *Server) consultationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: participationPath, Who: participants, Handle: s.listMyConsultations},
		{Method: http.MethodGet, Path: participationPath + "/:number", Who: participants, Handle: s.showConsultation},
	}
}

func consultationPages() []Page { return []Page{myConsultationsPage{}, statusPage{}} }

// showConsultation is the page of a consultation for everybody: mails lead here. Staff see the page of the workbench.
func (s *Server) showConsultation(c *Context) error {
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	if c.Person.Role.Coordinates() {
		return s.showStaffConsultation(c, consultation)
	}
	relation, err := s.participation(c, consultation)
	if err != nil {
		return err
	}
	return s.showStatus(c, consultation, relation)
}

// participation is what the person is to the consultation. Code not_found for whoever takes no part in it: who is only
// invited sees the invitation, who has left sees nothing any more.
func (s *Server) participation(c *Context, consultation store.Consultation) (store.Relation, error) {
	relation, err := s.store.Relation(c.Request().Context(), consultation.ID, c.Person.ID, c.Now())
	if err == nil && !relation.Participates() {
		err = advisory.Errorf(advisory.NotFound, "consultation %s is not this person's", consultation.Number)
	}
	if err != nil {
		return relation, err
	}
	return relation, s.loadRepresented(c)
}

// myConsultationsPage lists the consultations of a contact or an advisor.
type myConsultationsPage struct {
	Rows            []myConsultationRow
	Pager           pagerView
	ForMunicipality bool
}

// Template implements Page.
func (myConsultationsPage) Template() string { return "consultation_list" }

// myConsultationRow is one consultation of a list: where it stands, and what comes next.
type myConsultationRow struct {
	store.Consultation
	Owed    *taskCard  // what the person owes first
	Waiting *aheadStep // or what somebody else does next
	Badge   *taskBadge
	Deputy  string // in whose place alone the person sees it, in words; "" in the own name
}

// FollowUpAhead tells whether the follow-up is announced and has not begun.
func (r myConsultationRow) FollowUpAhead() bool {
	return r.Outcome == advisory.Completed && r.Stage != advisory.FollowUp && r.FollowUpFrom != nil
}

func (s *Server) listMyConsultations(c *Context) error {
	if c.Person.Role.Coordinates() {
		return c.Go(consultationsPath)
	}
	ctx := c.Request().Context()
	found, total, err := s.store.ConsultationsOfPerson(ctx, c.Person.ID, c.Now(), c.page())
	if err != nil {
		return err
	}
	ids := make([]string, len(found))
	for i, consultation := range found {
		ids[i] = consultation.ID
	}
	open, err := s.store.OpenTasks(ctx, ids)
	if err != nil {
		return err
	}
	if err := s.loadRepresented(c); err != nil {
		return err
	}
	represented, err := s.store.RepresentedIn(ctx, ids, c.Person.ID, c.represented)
	if err != nil {
		return err
	}
	list := myConsultationsPage{
		ForMunicipality: c.Person.Role == advisory.Municipality,
		Pager:           c.pager(total, store.ConsultationsPerPage),
	}
	for _, consultation := range found {
		row, err := s.myConsultationRow(c, consultation, open[consultation.ID])
		if err != nil {
			return err
		}
		if name := represented[consultation.ID]; name != "" {
			row.Deputy = c.T("absence_pages.in_place_of", "name", name)
		}
		list.Rows = append(list.Rows, row)
	}
	return c.Show(http.StatusOK, list)
}

func (s *Server) myConsultationRow(c *Context, consultation store.Consultation, open []store.Task) (myConsultationRow, error) {
	row := myConsultationRow{Consultation: consultation, Badge: c.journeyBadge(consultation)}
	relation := store.Relation{Contact: c.Person.Role == advisory.Municipality, Advisor: c.Person.Role == advisory.Advisor}
	own, _ := c.ownTasks(open)
	if len(own) > 0 {
		card, err := s.taskCard(c, own[0])
		row.Owed = &card
		return row, err
	}
	row.Waiting = c.waitingFor(c.ahead(consultation, relation, open, nil, nil))
	return row, nil
}

// ownTasks tells what this person owes, also as a deputy, from what others do. The tasks are those of one consultation.
func (c *Context) ownTasks(open []store.Task) (own, others []store.Task) {
	for _, task := range open {
		if task.OwnedBy(c.Person.ID) || c.represents(task) || task.OwnerID == nil && task.OwnerRole == c.Person.Role {
			own = append(own, task)
		} else {
			others = append(others, task)
		}
	}
	return own, others
}
