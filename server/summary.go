package server

import (
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

const (
	summaryPath   = "/zusammenfassung" // below the consultation's
	notesQuery    = "notizen"          // "1": with the internal notes
	decisionsKept = 200
)

func (s *Server) summaryRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: participationPath + "/:number" + summaryPath, Who: Coordination, Handle: s.showSummary}}
}

// summaryPage is a consultation on paper. What is internal to the coordination team stands on it where it is asked for only.
type summaryPage struct {
	store.Consultation
	Now         time.Time
	Standing    *taskBadge
	Rest        *restView
	Ended       *endedView
	Journey     journeyView
	Facts       staffFacts
	Goals       []goalColumn
	Team        []store.TeamPerson // those who left as well
	Contacts    []store.Contact    // those who take part
	Coordinator *store.Person      // nil before the request is claimed
	Evaluation  *evaluationView
	Sessions    []sessionView
	Options     *optionsView
	Decisions   []decision // in their order
	Tasks       []taskCard
	WithNotes   bool
	Notes       []noteRow
	Choices     []choiceLink
}

// Template implements Page.
func (summaryPage) Template() string { return "summary" }

// decision is what somebody decided, and when.
type decision struct {
	At         time.Time
	Title, Who string
}

var decisions = []advisory.HistoryKind{advisory.RequestAccepted, advisory.RequestDeclined, advisory.RequestReferred, advisory.NeedConfirmed,
	advisory.GoalChanged, advisory.GoalKept, advisory.AdvisorsAgreed, advisory.AdvisorReplaced, advisory.AssignmentReopened,
	advisory.AccompanimentContinued, advisory.AccompanimentEnded, advisory.SessionsDone, advisory.OptionsConfirmed, advisory.RestBegun,
	advisory.RestEnded, advisory.ConsultationWithdrawn, advisory.WithdrawalUndone, advisory.ConsultationClosed}

func (s *Server) showSummary(c *Context) error {
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	f, err := s.consultationFacts(c.Request().Context(), consultation, store.Relation{})
	if err != nil {
		return err
	}
	page := summaryPage{
		Consultation: consultation, Now: c.Now(), Standing: c.standing(consultation), Rest: c.restView(consultation, false),
		Journey: c.journey(consultation, f.dates, false), Team: f.team, Coordinator: f.coordinator, WithNotes: c.QueryParam(notesQuery) == "1",
		Options: c.options(f), Sessions: c.sessionViews(consultation, store.Relation{}, f.sessions),
	}
	slices.Reverse(page.Sessions)
	current := store.CurrentGoal(f.goals)
	for _, version := range f.goals {
		page.Goals = append(page.Goals, c.goalColumn(consultation, version, current))
	}
	page.Contacts = slices.DeleteFunc(f.contacts, func(contact store.Contact) bool { return !contact.IsConfirmed() })
	page.Choices = []choiceLink{
		{c.T("summary.without_notes"), c.linkWith(notesQuery, ""), !page.WithNotes},
		{c.T("summary.with_notes"), c.linkWith(notesQuery, "1"), page.WithNotes},
	}
	for _, add := range []func(*Context, consultationFacts, *summaryPage) error{s.summariseWork, s.summariseDecisions, s.summariseFacts} {
		if err := add(c, f, &page); err != nil {
			return err
		}
	}
	return c.Show(http.StatusOK, page)
}

// summariseWork adds what is still owed, and how the consultation ended or what was learned.
func (s *Server) summariseWork(c *Context, f consultationFacts, page *summaryPage) (err error) {
	if page.Tasks, err = s.taskCards(c, f.open); err != nil {
		return err
	}
	if page.Ended, err = s.ended(c, f); err != nil {
		return err
	}
	page.Evaluation, err = s.evaluation(c, f)
	if page.Evaluation != nil && page.Evaluation.Mirror != nil && len(page.Evaluation.Mirror.Rows) == 0 {
		page.Evaluation.Mirror = nil // nothing to read in it yet
	}
	return err
}

func (s *Server) summariseDecisions(c *Context, f consultationFacts, page *summaryPage) error {
	entries, err := s.store.History(c.Request().Context(), f.ID, decisionsKept, 0, decisions...)
	for _, entry := range slices.Backward(entries) {
		page.Decisions = append(page.Decisions, decision{
			At: entry.At, Title: c.T("history." + string(entry.Kind)), Who: c.whoSaid(entry, f.Consultation),
		})
	}
	return err
}

// summariseFacts adds the key facts, and the internal notes where they are asked for.
func (s *Server) summariseFacts(c *Context, f consultationFacts, page *summaryPage) error {
	staff := staffConsultationPage{Consultation: f.Consultation}
	if err := s.addFacts(c, &staff); err != nil {
		return err
	}
	page.Facts = staff.Facts
	if !page.WithNotes {
		return nil
	}
	err := s.addNotes(c, &staff)
	page.Notes = staff.Notes
	for i := range page.Notes {
		page.Notes[i].ReadPath = "" // nothing is pressed on paper
	}
	return err
}
