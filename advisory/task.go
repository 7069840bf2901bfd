package advisory

// TaskKind is a row of journey.md, Human tasks.
type TaskKind string

// The tasks of the journey, and the six that its edges bring.
const (
	ClaimRequest        TaskKind = "claim_request"
	ReviewRequest       TaskKind = "review_request"
	AnswerQuestion      TaskKind = "answer_question"
	ApproveRefusal      TaskKind = "approve_refusal"
	RecordAssessment    TaskKind = "record_assessment"
	ConfirmNeed         TaskKind = "confirm_need"
	ChooseAdvisors      TaskKind = "choose_advisors"
	AnswerInvitation    TaskKind = "answer_invitation"
	AgreeToAdvisors     TaskKind = "agree_to_advisors"
	ProposeSlots        TaskKind = "propose_slots"
	ChooseSlot          TaskKind = "choose_slot"
	RecordOutcome       TaskKind = "record_outcome"
	WriteNote           TaskKind = "write_note"
	DecideAccompaniment TaskKind = "decide_accompaniment"
	DraftOptions        TaskKind = "draft_options"
	ConfirmOptions      TaskKind = "confirm_options"
	Evaluate            TaskKind = "evaluate"
	CloseConsultation   TaskKind = "close_consultation"
	AnswerFollowUp      TaskKind = "follow_up"

	CallParticipants   TaskKind = "call_participants"
	CheckAddress       TaskKind = "check_address"
	ConfirmGoalChange  TaskKind = "confirm_goal_change"
	DecideRest         TaskKind = "decide_rest"
	AnswerRestQuestion TaskKind = "answer_rest_question"
	DecideAfterRest    TaskKind = "decide_after_rest"
)

// TaskKinds are all kinds, in the order of the journey; those that its edges bring come last.
var TaskKinds = []TaskKind{
	ClaimRequest, ReviewRequest, AnswerQuestion, ApproveRefusal, RecordAssessment, ConfirmNeed, ChooseAdvisors, AnswerInvitation,
	AgreeToAdvisors, ProposeSlots, ChooseSlot, RecordOutcome, WriteNote, DecideAccompaniment, DraftOptions, ConfirmOptions, Evaluate,
	CloseConsultation, AnswerFollowUp,
	CallParticipants, CheckAddress, ConfirmGoalChange, DecideRest, AnswerRestQuestion, DecideAfterRest,
}

// Choice is one way to settle a task.
type Choice string

// The choices of all tasks (journey.md, Human tasks; GLOSSARY.md, Choices).
const (
	Claim            Choice = "claim"
	Accept           Choice = "accept"
	Ask              Choice = "ask"
	Refer            Choice = "refer"
	Decline          Choice = "decline"
	Answer           Choice = "answer"
	Approve          Choice = "approve"
	Return           Choice = "return"
	Record           Choice = "record"
	Confirm          Choice = "confirm"
	Change           Choice = "change"
	Choose           Choice = "choose"
	ConflictOfInt    Choice = "conflict_of_interest"
	Agree            Choice = "agree"
	AskForOthers     Choice = "ask_for_others"
	Propose          Choice = "propose"
	CounterPropose   Choice = "counter_propose"
	WasHeld          Choice = "held"
	WasExcused       Choice = "excused"
	MunicipalityAway Choice = "municipality_absent"
	AdvisorAway      Choice = "advisor_absent"
	NotKnown         Choice = "unknown"
	Share            Choice = "share"
	Continue         Choice = "continue"
	EndHere          Choice = "end_here"
	Submit           Choice = "submit"
	Close            Choice = "close"
	Reached          Choice = "reached"
	NotReached       Choice = "not_reached"
	EnteredOnBehalf  Choice = "entered_on_behalf"
	AddressWorks     Choice = "address_works"
	CorrectAddress   Choice = "correct_address"
	NewContact       Choice = "new_contact"
	Keep             Choice = "keep"
	Rest             Choice = "rest"
	GoOn             Choice = "go_on"
	Resume           Choice = "resume"
	RestLonger       Choice = "rest_longer"
	End              Choice = "end"
)

// TaskState is how far a task is. A task leaves Open exactly once.
type TaskState string

// The states of a task.
const (
	Open     TaskState = "open"
	Done     TaskState = "done"     // a person settled it
	Lapsed   TaskState = "lapsed"   // its time passed
	Obsolete TaskState = "obsolete" // what it was about is over
)

// RunsWhileResting tells whether the task's times run on while the consultation rests: those that end the rest, and what
// has to be clarified so that somebody can be reached.
func (k TaskKind) RunsWhileResting() bool {
	switch k {
	case AnswerRestQuestion, DecideAfterRest, CheckAddress:
		return true
	}
	return false
}

// ForPerson tells whether only the owner can settle the task: nobody else can know whether one has time or a conflict of
// interest, and what one has learned. A deputy does not get it (journey.md, Absence).
func (k TaskKind) ForPerson() bool { return k == AnswerInvitation || k == Evaluate }

// Owner says who owes a task: one person, or everybody of a role (journey.md, Human tasks, column owner).
type Owner struct {
	Role   Role   `json:"role"`
	Person string `json:"person,omitempty"` // id of the person; empty: everybody of the role on this consultation
}
