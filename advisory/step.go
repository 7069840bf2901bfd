package advisory

import "time"

// Step is one numbered change of one consultation. One activity writes it in one transaction: inputs applied, tasks
// closed and opened, stage, history, mails. Writing a step twice changes nothing.
type Step struct {
	ConsultationID string  `json:"consultation_id"`
	Workflow       string  `json:"workflow"` // id of the workflow that writes it
	Number         int     `json:"number"`
	Entries        []Entry `json:"entries,omitempty"` // in the order in which they happened
}

// Entry is one thing that a step changes. Exactly one of its groups is set.
type Entry struct {
	// A task closes. Input is the input that settled it, empty where time or another event did.
	Close  string    `json:"close,omitempty"`
	State  TaskState `json:"state,omitempty"`
	Choice Choice    `json:"choice,omitempty"`
	Input  string    `json:"input,omitempty"`

	// A task opens.
	Open *OpenTask `json:"open,omitempty"`

	// Something is entered in the history; Input tells who said it.
	History HistoryKind `json:"history,omitempty"`
	Task    string      `json:"task,omitempty"` // the task that the entry is about

	// The consultation moves.
	Stage       Stage        `json:"stage,omitempty"`
	Outcome     Outcome      `json:"outcome,omitempty"`
	Ended       bool         `json:"ended,omitempty"` // nothing more will happen
	Coordinator string       `json:"coordinator,omitempty"`
	Team        *Team        `json:"team,omitempty"`
	Rest        *bool        `json:"rest,omitempty"`
	Session     *SessionStep `json:"session,omitempty"`
	Undone      bool         `json:"undone,omitempty"` // the withdrawal is taken back
	Quiet       bool         `json:"quiet,omitempty"`  // from now on nothing is planned: the result says until when

	Uninvite string `json:"uninvite,omitempty"` // person whose invitation is taken back

	// Another version of the programme is followed from now on, and tells the dates of all that is open; unless one of them
	// would move into the past: then nothing changes, and the result says so.
	Adopt *Adoption `json:"adopt,omitempty"`

	// A task changes hands or is pressed.
	HandOver string  `json:"hand_over,omitempty"` // person; with Task
	Remind   int     `json:"remind,omitempty"`    // n-th reminder of Task
	Escalate int     `json:"escalate,omitempty"`  // n-th escalation of Task, to EscalateTo
	To       Address `json:"to,omitempty"`        // escalation or mail: to whom

	// A mail is ordered: to an address, or to these persons. Input is the one whose words it quotes.
	Mail    Template `json:"mail,omitempty"`
	Persons []string `json:"persons,omitempty"`
}

// OpenTask opens a task. The calendar gives its dates.
type OpenTask struct {
	ID      string   `json:"id"`
	Kind    TaskKind `json:"kind"`
	Owner   Owner    `json:"owner"`
	Session int      `json:"session,omitempty"` // the session that it is about
	Version int      `json:"version,omitempty"` // the version of the options that it is about
	About   string   `json:"about,omitempty"`   // call_participants: the task that stays open; check_address: the person
	Not     string   `json:"not,omitempty"`     // approve_refusal: the person who may not settle it
}

// Adoption is the step to another version of the programme.
type Adoption struct {
	Version int            `json:"version"`
	Pressed map[string]int `json:"pressed,omitempty"` // how many presses of an open task have happened, of those its dates had last
}

// Team says who accompanies the municipality from now on. Whoever is not named does not any more. An empty Lead means
// that the coordinator stands in until somebody leads again.
type Team struct {
	Advisors []string `json:"advisors"`
	Lead     string   `json:"lead"`
}

// SessionStep moves a session.
type SessionStep struct {
	Number int          `json:"number"`
	Kind   SessionKind  `json:"kind,omitempty"`
	State  SessionState `json:"state"`
	Moved  bool         `json:"moved,omitempty"` // to the date of the entry's input
}

// Address is a group of persons around a consultation.
type Address string

// The addresses. The persons behind them are found when the step is written.
const (
	ToTaskOwner     Address = "task_owner"
	ToMunicipality  Address = "municipality"   // every confirmed contact
	ToAdvisors      Address = "advisors"       // the team, the lead among them
	ToOtherAdvisors Address = "other_advisors" // the team without its lead
	ToEverybody     Address = "everybody"      // municipality and team
	ToInvited       Address = "invited"        // invited or accepted, before the team is agreed
	ToDeputy        Address = "deputy"
	ToCoordinator   Address = "coordinator"
	ToLead          Address = "lead_coordinator"
)

// Template names a mail of texts/mails.
type Template string

// Mails that are not the opened, reminder or escalated mail of a task.
const (
	MailRequestReceived      Template = "request_received"
	MailRequestAccepted      Template = "request_accepted"
	MailRequestDeclined      Template = "request_declined"
	MailRequestReferred      Template = "request_referred"
	MailNeedConfirmed        Template = "need_confirmed_copy"
	MailInvitationLapsed     Template = "invitation_lapsed"
	MailInvitationWithdrawn  Template = "invitation_withdrawn"
	MailAdvisorsIntroduced   Template = "advisors_introduced"
	MailAppointmentConfirmed Template = "appointment_confirmed"
	MailAppointmentCancelled Template = "appointment_cancelled"
	MailAppointmentReminder  Template = "appointment_reminder"
	MailAppointmentMoved     Template = "appointment_moved"
	MailSessionNudge         Template = "session_nudge"
	MailAdvisorReleased      Template = "advisor_released"
	MailAdvisorReplaced      Template = "advisor_replaced"
	MailRestEnding           Template = "rest_ending_question"
	MailDailyDigest          Template = "daily_digest"
	MailInputNotAdopted      Template = "input_not_adopted"
	MailSessionMissed        Template = "session_missed"
	MailNoteShared           Template = "note_shared"
	MailNotAccompanied       Template = "not_accompanied"
	MailOptionsConfirmed     Template = "options_confirmed"
	MailConsultationClosed   Template = "consultation_closed"
	MailFollowUpThanks       Template = "follow_up_thanks"
	MailResting              Template = "consultation_resting"
	MailResumed              Template = "consultation_resumed"
	MailWithdrawn            Template = "consultation_withdrawn"
	MailWithdrawnAdvisor     Template = "consultation_withdrawn_advisor"

	MailVerifyAddress Template = "verify_address"
	MailSignInLink    Template = "sign_in_link"
	MailDraftSaved    Template = "draft_saved"
	MailDraftReminder Template = "draft_reminder"

	MailNoteMention Template = "note_mention" // to somebody of the coordination team

	MailProfileApproved Template = "profile_change_approved"
	MailProfileReturned Template = "profile_change_returned"

	MailStaffTaskOpened    Template = "staff_task_opened"
	MailStaffTaskReminder  Template = "staff_task_reminder"
	MailStaffTaskEscalated Template = "staff_task_escalated"

	// MailTemplateTest is none of texts/mails: it shows the text of one with invented data to whoever edits it.
	MailTemplateTest Template = "template_test"
)

// StepResult tells the workflow the dates that the step brought. All instants are real time, ready for a timer.
type StepResult struct {
	Schedules    map[string]Schedule `json:"schedules,omitempty"`    // of tasks that opened or got other dates
	Appointments map[int]Appointment `json:"appointments,omitempty"` // of the sessions that now have a date
	FollowUpAt   time.Time           `json:"follow_up_at,omitzero"`  // after closing
	Rules        *Rules              `json:"rules,omitempty"`        // with the first step of a consultation, and with another programme
	Rest         *RestPlan           `json:"rest,omitempty"`         // when a rest begins or is prolonged
	Quiet        *QuietPlan          `json:"quiet,omitempty"`        // when nothing is planned any more
	UndoUntil    time.Time           `json:"undo_until,omitzero"`    // after a withdrawal
	Refused      map[string]Refusal  `json:"refused,omitempty"`      // inputs whose effect the dates do not allow
}

// RestPlan is how a rest ends (journey.md, Rest).
type RestPlan struct {
	AskAt    time.Time `json:"ask_at"`    // the municipality is asked how it goes on
	ResumeAt time.Time `json:"resume_at"` // the rest is over
}

// QuietPlan is what happens where no session is held or planned (journey.md, Sessions).
type QuietPlan struct {
	NudgeAt  time.Time `json:"nudge_at"`  // the lead advisor gets a nudge
	DecideAt time.Time `json:"decide_at"` // the coordinator decides whether it rests or goes on
}

// Rules are the counts of the programme that the journey turns on.
type Rules struct {
	SlotRounds     int `json:"slot_rounds"`
	MissedSessions int `json:"missed_sessions"`
}

// Schedule is a task's pressing: the instants at which something happens while it is open, in their order.
type Schedule []Instant

// Instant is one moment of a schedule.
type Instant struct {
	At     time.Time   `json:"at"`
	Remind int         `json:"remind,omitempty"` // n-th reminder, from 1
	Rule   *Escalation `json:"rule,omitempty"`   // or an escalation
}

// Appointment is a session's date as timers need it.
type Appointment struct {
	Reminders []time.Time `json:"reminders,omitempty"` // 7 days and 1 day before
	EndsAt    time.Time   `json:"ends_at"`
}
