package server

import (
	"miglobe/advisory"
)

const timelineQuery = "verlauf" // which part of the timeline

// timelinePart is a part of the timeline that somebody can ask for alone. An entry may belong to several.
type timelinePart struct {
	key   string // of the text, and in the address
	kinds []advisory.HistoryKind
}

var timelineParts = []timelinePart{
	{"said", []advisory.HistoryKind{advisory.RequestSent, advisory.QuestionAsked, advisory.QuestionAnswered, advisory.RequestAccepted,
		advisory.RefusalProposed, advisory.RefusalReturned, advisory.RequestDeclined, advisory.RequestReferred,
		advisory.AssessmentRecorded, advisory.NeedConfirmed, advisory.GoalChangeProposed, advisory.GoalChanged, advisory.GoalKept,
		advisory.InvitationAccepted, advisory.InvitationDeclined, advisory.ConflictDeclared, advisory.OthersWanted,
		advisory.AdvisorsAgreed, advisory.AccompanimentContinued, advisory.AccompanimentEnded, advisory.SessionsDone,
		advisory.NoteShared, advisory.NoteCorrected, advisory.OptionsShared, advisory.OptionsChanged, advisory.OptionsConfirmed,
		advisory.EvaluationAnswered, advisory.ConsultationClosed, advisory.FollowUpAnswered, advisory.CallNoted, advisory.RestAsked,
		advisory.RestAnswered, advisory.ConsultationWithdrawn, advisory.WithdrawalUndone}},
	{"tasks", []advisory.HistoryKind{advisory.RequestClaimed, advisory.TaskHandedOver, advisory.TaskEscalated, advisory.ReminderSent,
		advisory.CallNoted, advisory.InvitationLapsed, advisory.EvaluationClosed, advisory.FollowUpClosed, advisory.RestBegun,
		advisory.RestRefused, advisory.RestProlonged, advisory.RestEnded, advisory.WithdrawalFinal,
		advisory.ProgrammeAdopted}},
	{"mails", []advisory.HistoryKind{advisory.ReminderSent, advisory.SessionNudged, advisory.AddressBounced, advisory.AddressClarified}},
	{"notes", []advisory.HistoryKind{advisory.NoteShared, advisory.NoteCorrected, advisory.CallNoted}},
	{"appointments", []advisory.HistoryKind{advisory.SlotsWereProposed, advisory.SlotsCounterProposed, advisory.AppointmentConfirmed,
		advisory.AppointmentMoved, advisory.AppointmentCancelled, advisory.OutcomeRecorded, advisory.SessionPlanned,
		advisory.SessionDropped, advisory.SessionNudged}},
	{"people", []advisory.HistoryKind{advisory.RequestClaimed, advisory.AdvisorsChosen, advisory.InvitationAccepted,
		advisory.InvitationDeclined, advisory.InvitationLapsed, advisory.InvitationWithdrawn, advisory.ConflictDeclared,
		advisory.AdvisorsAgreed, advisory.OthersWanted, advisory.AssignmentReopened, advisory.ReplacementBegun,
		advisory.AdvisorReplaced, advisory.TaskHandedOver, advisory.ContactAdded, advisory.ContactConfirmed, advisory.ContactLeft,
		advisory.AddressBounced, advisory.AddressClarified, advisory.PersonAnonymised}},
}

// timelineFilter is the choice of a part as links. Templates show it by "timeline-filter".
type timelineFilter struct {
	Parts []choiceLink
	Hint  string // where on the page there is more of the part
	To    string // its anchor
}

// timelineFilter is the choice on a consultation's page, and the kinds of the part that the address asks for: none for
// all of them.
func (c *Context) timelineFilter(number string) (filter timelineFilter, asked []advisory.HistoryKind) {
	link := func(key string) string {
		return c.linkAt(consultationPath(number), timelineQuery, key, beforeQuery, "") + "#verlauf"
	}
	all := choiceLink{Label: c.T("timeline.all"), URL: link(""), Current: true}
	for _, part := range timelineParts {
		current := c.QueryParam(timelineQuery) == part.key
		if current {
			all.Current, asked = false, part.kinds
		}
		filter.Parts = append(filter.Parts, choiceLink{Label: c.T("timeline." + part.key), URL: link(part.key), Current: current})
		switch {
		case current && part.key == "mails":
			filter.Hint, filter.To = c.T("timeline.see_mails"), "#mails"
		case current && part.key == "notes":
			filter.Hint, filter.To = c.T("timeline.see_notes"), "#notizen"
		}
	}
	filter.Parts = append([]choiceLink{all}, filter.Parts...)
	return filter, asked
}
