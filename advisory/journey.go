package advisory

// Stage is one station of the journey (journey.md, Stages).
type Stage string

// The stages in the order of the journey.
const (
	Draft      Stage = "draft"
	Review     Stage = "review"
	Assessment Stage = "assessment"
	Assignment Stage = "assignment"
	Opening    Stage = "opening"
	Dialogue   Stage = "dialogue"
	Options    Stage = "options"
	Evaluation Stage = "evaluation"
	Closing    Stage = "closing"
	FollowUp   Stage = "follow_up"
)

// Stages are all stages in the order of the journey.
var Stages = []Stage{Draft, Review, Assessment, Assignment, Opening, Dialogue, Options, Evaluation, Closing, FollowUp}

// Outcome is how a consultation ended (journey.md, Stages). It is empty while it runs.
type Outcome string

// The outcomes.
const (
	Completed      Outcome = "completed"
	Declined       Outcome = "declined"
	Referred       Outcome = "referred"
	Withdrawn      Outcome = "withdrawn"
	NotAccompanied Outcome = "not_accompanied"
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Completed, Declined, Referred, Withdrawn, NotAccompanied}

// Role is what a person may do (journey.md, Who acts).
type Role string

// The roles.
const (
	Municipality    Role = "municipality"
	Advisor         Role = "advisor"
	Coordinator     Role = "coordinator"
	LeadCoordinator Role = "lead_coordinator"
	Reader          Role = "reader"
	Administrator   Role = "administrator"
)

// Roles are all roles.
var Roles = []Role{Municipality, Advisor, Coordinator, LeadCoordinator, Reader, Administrator}

// Coordinates tells whether the role works on consultations: coordinators and the lead coordinator.
func (r Role) Coordinates() bool { return r == Coordinator || r == LeadCoordinator }

// SessionKind tells the opening conversation from the sessions of the dialogue.
type SessionKind string

// The kinds of session.
const (
	OpeningSession  SessionKind = "opening"
	DialogueSession SessionKind = "dialogue"
)

// SessionState is where a session stands; the identifiers are those of ui/sessions.
type SessionState string

// The states of a session. The five outcomes of record_outcome are states as well.
const (
	SlotsWanted        SessionState = "slots_wanted"
	SlotsProposed      SessionState = "slots_proposed"
	CounterProposed    SessionState = "counter_proposed"
	Scheduled          SessionState = "scheduled"
	Cancelled          SessionState = "cancelled"
	OutcomeWanted      SessionState = "outcome_wanted"
	Held               SessionState = "held"
	Excused            SessionState = "excused"
	MunicipalityAbsent SessionState = "municipality_absent"
	AdvisorAbsent      SessionState = "advisor_absent"
	UnknownOutcome     SessionState = "unknown"
)

// HistoryKind names what happened, in a consultation's history (ui/history).
type HistoryKind string

// What a history tells.
const (
	RequestSent            HistoryKind = "request_sent"
	RequestClaimed         HistoryKind = "request_claimed"
	QuestionAsked          HistoryKind = "question_asked"
	QuestionAnswered       HistoryKind = "question_answered"
	RequestAccepted        HistoryKind = "request_accepted"
	RefusalProposed        HistoryKind = "refusal_proposed"
	RefusalReturned        HistoryKind = "refusal_returned"
	RequestDeclined        HistoryKind = "request_declined"
	RequestReferred        HistoryKind = "request_referred"
	AssessmentRecorded     HistoryKind = "assessment_recorded"
	NeedConfirmed          HistoryKind = "need_confirmed"
	AdvisorsChosen         HistoryKind = "advisors_chosen"
	InvitationAccepted     HistoryKind = "invitation_accepted"
	InvitationDeclined     HistoryKind = "invitation_declined"
	InvitationLapsed       HistoryKind = "invitation_lapsed"
	InvitationWithdrawn    HistoryKind = "invitation_withdrawn"
	ConflictDeclared       HistoryKind = "conflict_declared"
	AdvisorsAgreed         HistoryKind = "advisors_agreed"
	OthersWanted           HistoryKind = "others_wanted"
	SlotsWereProposed      HistoryKind = "slots_proposed"
	SlotsCounterProposed   HistoryKind = "slots_counter_proposed"
	AppointmentConfirmed   HistoryKind = "appointment_confirmed"
	AppointmentCancelled   HistoryKind = "appointment_cancelled"
	OutcomeRecorded        HistoryKind = "outcome_recorded"
	NoteShared             HistoryKind = "note_shared"
	AccompanimentContinued HistoryKind = "accompaniment_continued"
	AccompanimentEnded     HistoryKind = "accompaniment_ended"
	SessionsDone           HistoryKind = "sessions_done"
	OptionsShared          HistoryKind = "options_shared"
	OptionsChanged         HistoryKind = "options_changed"
	OptionsConfirmed       HistoryKind = "options_confirmed"
	EvaluationAnswered     HistoryKind = "evaluation_answered"
	ConsultationClosed     HistoryKind = "consultation_closed"
	FollowUpAnswered       HistoryKind = "follow_up_answered"
	RestBegun              HistoryKind = "rest_begun"
	RestEnded              HistoryKind = "rest_ended"
	ConsultationWithdrawn  HistoryKind = "withdrawn"
	TaskHandedOver         HistoryKind = "task_handed_over"
	TaskEscalated          HistoryKind = "task_escalated"
	ReminderSent           HistoryKind = "reminder_sent"
	CallNoted              HistoryKind = "call_noted"
	EvaluationClosed       HistoryKind = "evaluation_closed"
	FollowUpClosed         HistoryKind = "follow_up_closed"

	GoalChangeProposed HistoryKind = "goal_change_proposed"
	GoalChanged        HistoryKind = "goal_changed"
	GoalKept           HistoryKind = "goal_kept"
	AssignmentReopened HistoryKind = "assignment_reopened"
	ReplacementBegun   HistoryKind = "replacement_begun"
	AdvisorReplaced    HistoryKind = "advisor_replaced"
	SessionPlanned     HistoryKind = "session_planned"
	SessionDropped     HistoryKind = "session_dropped"
	AppointmentMoved   HistoryKind = "appointment_moved"
	NoteCorrected      HistoryKind = "note_corrected"
	SessionNudged      HistoryKind = "session_nudged"
	RestAsked          HistoryKind = "rest_asked"
	RestRefused        HistoryKind = "rest_refused"
	RestProlonged      HistoryKind = "rest_prolonged"
	RestAnswered       HistoryKind = "rest_answered"
	WithdrawalUndone   HistoryKind = "withdrawal_undone"
	WithdrawalFinal    HistoryKind = "withdrawal_final"
	ContactAdded       HistoryKind = "contact_added"
	ContactConfirmed   HistoryKind = "contact_confirmed"
	ContactLeft        HistoryKind = "contact_left"
	AddressBounced     HistoryKind = "address_bounced"
	AddressClarified   HistoryKind = "address_clarified"
	PersonAnonymised   HistoryKind = "person_anonymised"
	ProgrammeAdopted   HistoryKind = "programme_adopted"
)
