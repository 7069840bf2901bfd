package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	eventsShown = 20
	mailsShown  = 8
	allMails    = 500

	beforeQuery = "vor"   // the timeline before this entry
	mailsQuery  = "mails" // "alle": all of them
)

// staffConsultationPage is a consultation as the coordination team works on it.
type staffConsultationPage struct {
	Consultation   store.Consultation
	Standing       *taskBadge
	Rest           *restView
	Undo           string     // until when a withdrawal can be taken back, "" where it cannot
	GoalHint       *goalHint  // the goal is another one than the advisors were chosen for
	NextDue        *taskBadge // the most urgent due date where it is near
	Journey        journeyView
	Tasks          []staffTask
	Waiting        string      // why nothing is owed
	Ahead          []aheadStep // what comes next
	Timeline       timelineFilter
	Events         []timelineEvent
	Older          string // addresses of further pages of the timeline
	Newest         string
	Receivers      []mailReceiver
	StaffReceivers []mailReceiver // colleagues whose mails were all sent
	MailTrouble    *taskBadge     // some mail did not arrive
	Mails          []mailRow
	MailsMore      string // address of the page with all mails
	MailTotal      int
	Notes          []noteRow
	NoteForm       form.View
	People         staffPeople
	Facts          staffFacts
	Request        []form.ReadStep
	Sessions       []sessionView
	Actions        []consultationAction
	FollowOn       []consultationAction // what it follows and what follows it
	Replacements   []handoverView       // who left, the latest first
}

// Template implements Page.
func (staffConsultationPage) Template() string { return "coordination_consultation" }

// showStaffConsultation answers with the consultation as the coordination team works on it.
func (s *Server) showStaffConsultation(c *Context, consultation store.Consultation) error {
	page, err := s.staffConsultation(c, consultation)
	if err != nil {
		return err
	}
	if err := s.addNoteForm(c, &page); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

func (s *Server) staffConsultation(c *Context, consultation store.Consultation) (staffConsultationPage, error) {
	page := staffConsultationPage{
		Consultation: consultation, Standing: c.standing(consultation), Actions: c.actions(consultation, store.Relation{}),
		Rest: c.restView(consultation, false),
	}
	if consultation.CanBeTakenUp(c.Now()) {
		page.Undo = c.T("withdrawal_pages.can_be_undone", "date", texts.Date(c.Lang, consultation.LastUndoDay()))
	}
	for _, add := range []func(*Context, *staffConsultationPage) error{
		s.addJourney, s.addStaffTasks, s.addAhead, s.addPeople, s.addReplacements, s.addFacts, s.addSessions, s.addTimeline, s.addMails, s.addNotes,
		s.addFollowOn,
	} {
		if err := add(c, &page); err != nil {
			return page, err
		}
	}
	return page, nil
}

func (s *Server) addJourney(c *Context, page *staffConsultationPage) error {
	dates, err := s.store.StageDates(c.Request().Context(), page.Consultation.ID)
	page.Journey = c.journey(page.Consultation, dates, true)
	page.Journey.Badge = nil // stands in the head of the page
	return err
}

// addAhead adds what comes next, where the consultation goes on.
func (s *Server) addAhead(c *Context, page *staffConsultationPage) error {
	open := make([]store.Task, len(page.Tasks))
	for i, task := range page.Tasks {
		open[i] = task.Task
	}
	sessions, err := s.store.Sessions(c.Request().Context(), page.Consultation.ID)
	page.Ahead = c.ahead(page.Consultation, store.Relation{}, open, sessions, nil)
	return err
}

// staffTask is an open task on the consultation's page.
type staffTask struct {
	workRow
	Next     bool          // the first one that the person owes: the next thing to do
	Form     *taskFormView // where it is short enough to be settled here
	OnBehalf bool          // it would be entered for the municipality
	HandOver string        // paths, "" where it is not possible
	PutAside string
}

// shortForms are the tasks that are settled on the consultation's page: what has to be read stands on it already.
var shortForms = []advisory.TaskKind{advisory.ClaimRequest, advisory.CallParticipants}

func (s *Server) addStaffTasks(c *Context, page *staffConsultationPage) error {
	tasks, err := s.store.TasksOf(c.Request().Context(), page.Consultation.ID, true)
	if err != nil {
		return err
	}
	rows, err := s.workRows(c, tasks, store.TeamTasks)
	if err != nil {
		return err
	}
	for _, row := range rows {
		task, err := s.staffTask(c, row)
		if err != nil {
			return err
		}
		page.Tasks = append(page.Tasks, task)
		if page.NextDue == nil && row.Badge != nil && row.Urgency != frozen {
			page.NextDue = row.Badge
		}
	}
	markNext(page.Tasks)
	if len(page.Tasks) == 0 {
		page.Waiting, err = s.nothingOwed(c, page.Consultation)
	}
	return err
}

// nothingOwed says why a consultation has no open task, and what comes next.
func (s *Server) nothingOwed(c *Context, consultation store.Consultation) (string, error) {
	const key = "coordination_pages.nothing_owed."
	switch {
	case consultation.EndedAt != nil, consultation.Outcome == advisory.Withdrawn:
		return c.T(key + "ended"), nil
	case consultation.Outcome == advisory.Completed:
		return c.T(key + "follow_up"), nil
	}
	sessions, err := s.store.Sessions(c.Request().Context(), consultation.ID)
	if err != nil {
		return "", err
	}
	if next := nextSession(sessions); next != nil {
		return c.T(key+"appointment", "session", c.sessionTitle(next.Kind, next.Ordinal),
			"when", texts.DateTime(c.Lang, *next.StartsAt)), nil
	}
	return c.T(key + "waiting"), nil
}

func (s *Server) staffTask(c *Context, row workRow) (staffTask, error) {
	task := staffTask{workRow: row, OnBehalf: row.May && row.Task.ActsForMunicipality(*c.Person)}
	if row.Task.OwnerRole.Coordinates() {
		task.HandOver = taskPath(row.Task.ID) + "/uebergeben"
		if row.Task.OwnedBy(c.Person.ID) {
			task.PutAside = taskPath(row.Task.ID) + "/wiedervorlage"
		}
	}
	for _, kind := range shortForms {
		if row.May && row.Task.Kind == kind {
			var err error
			task.Form, err = s.shortForm(c, row.Task)
			return task, err
		}
	}
	return task, nil
}

// shortForm is the form of a task, to be posted to the task's page.
func (s *Server) shortForm(c *Context, task store.Task) (*taskFormView, error) {
	programme, err := s.store.ProgrammeVersion(c.Request().Context(), task.ProgrammeVersion)
	if err != nil {
		return nil, err
	}
	d := taskDesk{Task: task, Programme: programme, Actor: *c.Person, May: true, TakesPart: true}
	d.Rule, _ = programme.Rule(task.Kind)
	f, err := s.taskForm(c, d, "")
	if err != nil {
		return nil, err
	}
	fc := c.taskFormContext(d)
	fc.IDPrefix = "task-" + task.ID
	return &taskFormView{View: form.NewView(f, nil, nil, c.Sources, fc), Action: taskPath(task.ID), Buttons: c.buttonsOf(d, f)}, nil
}

// markNext marks the first task that the person owes, so that one thing stands out.
func markNext(tasks []staffTask) {
	for i := range tasks {
		if tasks[i].May && tasks[i].Mine && !tasks[i].OnBehalf {
			tasks[i].Next = true
			return
		}
	}
}
