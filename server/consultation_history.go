package server

import (
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// historyView is a part of a consultation's history, newest first.
type historyView struct {
	Lines []historyLine
	Older string // address of the entries before these, "" where there are none
	Newer string // address of the newest ones, where these are older
}

type historyLine struct {
	At    time.Time
	Icon  string
	Title string
	Who   string
}

// toldToParticipants is what municipality and advisors read in the history, with its icon. What is missing is internal:
// invitations and their answers, wishes for others, refusals on their way, calls, hand-overs (texts/README.md, promise 5).
var toldToParticipants = map[advisory.HistoryKind]string{
	advisory.RequestSent:            "draft",
	advisory.RequestClaimed:         "account-circle",
	advisory.QuestionAsked:          "help",
	advisory.QuestionAnswered:       "edit",
	advisory.RequestAccepted:        "check",
	advisory.RequestDeclined:        "close",
	advisory.RequestReferred:        "arrow-forward",
	advisory.AssessmentRecorded:     "edit",
	advisory.NeedConfirmed:          "check",
	advisory.AdvisorsAgreed:         "account-circle",
	advisory.SlotsWereProposed:      "calendar-today",
	advisory.SlotsCounterProposed:   "calendar-today",
	advisory.AppointmentConfirmed:   "calendar-today",
	advisory.AppointmentCancelled:   "close",
	advisory.OutcomeRecorded:        "edit",
	advisory.NoteShared:             "draft",
	advisory.AccompanimentContinued: "check",
	advisory.AccompanimentEnded:     "close",
	advisory.SessionsDone:           "check",
	advisory.OptionsShared:          "draft",
	advisory.OptionsChanged:         "edit",
	advisory.OptionsConfirmed:       "check",
	advisory.EvaluationAnswered:     "edit",
	advisory.EvaluationClosed:       "close",
	advisory.ConsultationClosed:     "check",
	advisory.FollowUpAnswered:       "edit",
	advisory.FollowUpClosed:         "close",
	advisory.RestBegun:              "info",
	advisory.RestAsked:              "help",
	advisory.RestRefused:            "info",
	advisory.RestProlonged:          "info",
	advisory.RestAnswered:           "edit",
	advisory.RestEnded:              "info",
	advisory.GoalChangeProposed:     "edit",
	advisory.GoalChanged:            "check",
	advisory.GoalKept:               "info",
	advisory.SessionPlanned:         "calendar-today",
	advisory.AppointmentMoved:       "calendar-today",
	advisory.NoteCorrected:          "edit",
	advisory.AdvisorReplaced:        "account-circle",
	advisory.AssignmentReopened:     "autorenew",
	advisory.ConsultationWithdrawn:  "close",
	advisory.WithdrawalUndone:       "check",
	advisory.WithdrawalFinal:        "close",
}

const historyLines = 8

// participantHistory reads the history for municipality and advisors: what happened and who did it, never the words.
func (s *Server) participantHistory(c *Context, f consultationFacts) (historyView, error) {
	before, _ := strconv.ParseInt(c.QueryParam(beforeQuery), 10, 64) // what is no number asks for the newest
	kinds := make([]advisory.HistoryKind, 0, len(toldToParticipants))
	for kind := range toldToParticipants {
		kinds = append(kinds, kind)
	}
	entries, err := s.store.History(c.Request().Context(), f.ID, historyLines+1, before, kinds...)
	if err != nil {
		return historyView{}, err
	}
	view := historyView{}
	if before > 0 {
		view.Newer = c.linkWith(beforeQuery, "") + "#verlauf"
	}
	if len(entries) > historyLines {
		entries = entries[:historyLines]
		view.Older = c.linkWith(beforeQuery, strconv.FormatInt(entries[historyLines-1].ID, 10)) + "#verlauf"
	}
	for _, entry := range entries {
		view.Lines = append(view.Lines, historyLine{
			At: entry.At, Icon: toldToParticipants[entry.Kind], Title: c.T("history." + string(entry.Kind)), Who: c.actor(f, entry),
		})
	}
	return view, nil
}

// actor names who did something. Of the staff only the consultation's coordinator is known by name.
func (c *Context) actor(f consultationFacts, entry store.HistoryEntry) string {
	switch {
	case entry.ActorID == nil:
		return c.T("history.by_system")
	case entry.OnBehalf:
		return c.T("history.by_on_behalf", "coordinator", entry.ActorName, "municipality", f.Municipality)
	case entry.ActorRole.Coordinates() && !f.HasCoordinator(*entry.ActorID):
		return c.T("roles.coordinator.name")
	case entry.DeputyFor != "":
		return c.T("history.by_deputy", "actor", entry.ActorName, "name", entry.DeputyFor)
	default:
		return entry.ActorName
	}
}
