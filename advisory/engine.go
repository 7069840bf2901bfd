package advisory

import "time"

// The engine's contract: names that clients, workers and workflows agree upon. A name in a running workflow's history
// never changes its meaning.
const (
	TaskQueue            = "miglobe"
	ConsultationWorkflow = "consultation"
	FollowUpWorkflow     = "follow_up"
	InputUpdate          = "input"
	RefusedInput         = "refused"   // type of the engine's error where an input is refused; its detail is a Refusal
	ForgottenStep        = "forgotten" // type of the activity's error where the engine has forgotten a step
	CatchUpSignal        = "catch_up"  // tells a workflow what it has forgotten; its argument is a CatchUp
)

// WorkflowID is the id of the workflow that carries a consultation from review to closing.
func WorkflowID(consultationID string) string { return consultationID }

// FollowUpWorkflowID is the id of the workflow that carries its follow-up.
func FollowUpWorkflowID(consultationID string) string { return consultationID + "-follow-up" }

// Journey is what a consultation's workflow starts with, and what it carries over when it continues as new: ids and
// counts only. The zero values of all but ConsultationID mean a new request.
type Journey struct {
	ConsultationID string    `json:"consultation_id"`
	Stage          Stage     `json:"stage,omitempty"`       // the stage to go on with; empty: from the start
	Steps          int       `json:"steps,omitempty"`       // steps written so far
	Tasks          int       `json:"tasks,omitempty"`       // tasks opened so far
	Sessions       int       `json:"sessions,omitempty"`    // sessions begun so far
	Versions       int       `json:"versions,omitempty"`    // versions of the options shared so far
	Coordinator    string    `json:"coordinator,omitempty"` // person who claimed the request
	Advisors       []string  `json:"advisors,omitempty"`    // persons who accompany, the lead among them
	Lead           string    `json:"lead,omitempty"`
	Applied        []string  `json:"applied,omitempty"` // latest inputs applied: deduplication ends at continue-as-new
	Rules          Rules     `json:"rules,omitzero"`
	Enough         bool      `json:"enough,omitempty"`  // the participants said that the sessions are done
	OpensAt        time.Time `json:"opens_at,omitzero"` // follow-up only: when it begins, in real time
}

// InputKind is what an input is about.
type InputKind string

// The kinds of input.
const (
	NewRequest InputKind = "request"   // starts a consultation
	TaskInput  InputKind = "task"      // settles a task
	Withdraw   InputKind = "withdraw"  // ends the consultation (journey.md, Withdrawal)
	HandOver   InputKind = "hand_over" // gives a task to somebody else; with choice claim only one that nobody has claimed

	UndoWithdrawal    InputKind = "undo_withdrawal"    // takes a withdrawal back
	BeginRest         InputKind = "rest"               // a coordinator lets the consultation rest
	EndRest           InputKind = "resume"             // a coordinator ends the rest before its date
	AskForRest        InputKind = "ask_for_rest"       // either side asks the coordinator for a rest
	PlanSession       InputKind = "plan_session"       // a further session beside those under way
	MoveAppointment   InputKind = "move_appointment"   // of Session
	CancelAppointment InputKind = "cancel_appointment" // of Session; new dates are proposed
	CorrectNote       InputKind = "correct_note"       // of Session, by the municipality
	ProposeGoal       InputKind = "propose_goal"       // a new version; only the municipality confirms it
	ReplaceAdvisor    InputKind = "replace_advisor"    // Person leaves the team, or is not invited any more
	ReopenAssignment  InputKind = "reopen_assignment"  // the team is chosen anew, for example after a change of goal
	ClarifyAddress    InputKind = "clarify_address"    // the address of Person does not work, or the last contact left
	AdoptProgramme    InputKind = "adopt_programme"    // a lead coordinator lets it follow a newer Version of the programme
)

// Input is what a person said, as the engine sees it: ids and choices only. The words are in the row of the same id.
type Input struct {
	ID       string    `json:"id"`
	Kind     InputKind `json:"kind"`
	Task     string    `json:"task,omitempty"`
	Choice   Choice    `json:"choice,omitempty"`
	Actor    string    `json:"actor"`              // the person who entered it
	Advisors []string  `json:"advisors,omitempty"` // choose_advisors: persons to invite
	Lead     string    `json:"lead,omitempty"`     // choose_advisors: the person asked to lead
	Enough   bool      `json:"enough,omitempty"`   // write_note: the sessions are done
	To       string    `json:"to,omitempty"`       // hand_over: the person who gets the task
	Session  int       `json:"session,omitempty"`  // the session that it is about
	Person   string    `json:"person,omitempty"`   // the person whom it is about
	Version  int       `json:"version,omitempty"`  // adopt_programme: the version of the programme
}

// CatchUp is what a workflow has to go through again, because the engine was killed after its effect was written and before
// the engine had noted it.
type CatchUp struct {
	Inputs []Input `json:"inputs"`          // in the order in which they were said
	Until  int     `json:"until,omitempty"` // the latest step that followed from them: before it nothing else is let in
}

// Refusal says why an input was refused. It is part of the engine's contract and names no person.
type Refusal string

// The reasons for a refusal.
const (
	TaskIsSettled      Refusal = "task_is_settled"      // done, lapsed or obsolete meanwhile
	ConsultationEnded  Refusal = "consultation_ended"   // it has an outcome
	ChoiceNotOffered   Refusal = "choice_not_offered"   // not a choice of this task
	TaskIsClaimed      Refusal = "task_is_claimed"      // somebody owes it already
	SecondPersonNeeded Refusal = "second_person_needed" // journey.md, approve_refusal: another coordinator
	LeadMissing        Refusal = "lead_missing"         // exactly one lead advisor
	NotNow             Refusal = "not_now"              // the state of the consultation does not allow it
	UnderWay           Refusal = "under_way"            // the same is being dealt with already
	DateInThePast      Refusal = "date_in_the_past"     // an open date would move into the past
	AlreadyAdopted     Refusal = "already_adopted"      // it follows this version of the programme or a newer one
)

// InputResult is what the engine answers to an applied input.
type InputResult struct {
	Step int `json:"step"` // the step that wrote its effect
}
