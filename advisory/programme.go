package advisory

import "slices"

// Programme is the configured set of rules of an offer: what journey.md calls the default programme, as data. A
// consultation keeps the version it started with until a lead coordinator lets it adopt a newer one (Programme.Adopted), so that
// a change of rules never moves a date under somebody's feet.
type Programme struct {
	Version        int        `json:"version"`
	Tasks          []TaskRule `json:"tasks"`
	Topics         []string   `json:"topics"`           // keys of the topics that are offered, in this order
	Closures       []string   `json:"closures"`         // days on which the office is closed, as 2006-01-02
	DeskOpens      int        `json:"desk_opens"`       // hour from which reminders are sent, Europe/Berlin
	DeskCloses     int        `json:"desk_closes"`      // hour until which reminders are sent
	SlotRounds     int        `json:"slot_rounds"`      // rounds of proposed dates before the coordinator calls
	MissedSessions int        `json:"missed_sessions"`  // missed sessions until the coordinator calls
	ReminderDays   []int      `json:"reminder_days"`    // calendar days before an appointment
	FollowUpMonths int        `json:"follow_up_months"` // from closing to follow-up
	UndoDays       int        `json:"undo_days"`        // calendar days in which a withdrawal can be undone
	RestMonths     int        `json:"rest_months"`      // the longest rest at a stretch
	RestQuestion   int        `json:"rest_question"`    // working days before the end of a rest at which the municipality is asked
	QuietDays      []int      `json:"quiet_days"`       // calendar days without a session or a plan: nudge, then decision
	CorrectionDays int        `json:"correction_days"`  // working days in which the municipality may correct a note
	PlanMonths     int        `json:"plan_months"`      // how far ahead a date may lie

	Matching MatchingWeights `json:"matching"` // the order of suggested advisors

	TopicWords map[string]TopicWords `json:"topic_words,omitempty"` // by key; a topic without has the words of the release
	Questions  []Question            `json:"questions,omitempty"`   // how questionnaires differ from those of the release
}

// TaskRule is one row of journey.md, Human tasks. All day counts are working days of the municipality's Land.
type TaskRule struct {
	Kind        TaskKind          `json:"kind"`
	Due         int               `json:"due"`
	Reminders   []int             `json:"reminders,omitempty"`
	Escalations []Escalation      `json:"escalations,omitempty"`
	Choices     []Choice          `json:"choices"`
	Forms       map[Choice]string `json:"forms,omitempty"`        // the form of a choice where each has its own
	Form        string            `json:"form,omitempty"`         // the one form of the task
	ChoiceField string            `json:"choice_field,omitempty"` // the field of the form whose answer is the choice
}

// Escalation says what happens to a task that is still open after so many full working days.
type Escalation struct {
	After int         `json:"after"`
	Then  Consequence `json:"then"`
	To    Address     `json:"to,omitempty"` // with PassOn
}

// Consequence is what an escalation does.
type Consequence string

// The consequences of journey.md, column "if still open".
const (
	PassOn   Consequence = "pass_on"  // somebody else hears of it and may settle it
	Call     Consequence = "call"     // call_participants opens, the task stays open
	Lapse    Consequence = "lapse"    // the task closes without an answer
	GoToRest Consequence = "rest"     // the consultation rests
	AskDesk  Consequence = "ask_desk" // decide_after_rest opens
)

// Rule returns the row of a task.
func (p Programme) Rule(kind TaskKind) (TaskRule, bool) {
	i := slices.IndexFunc(p.Tasks, func(r TaskRule) bool { return r.Kind == kind })
	if i < 0 {
		return TaskRule{}, false
	}
	return p.Tasks[i], true
}

// Completed fills in what a programme that was stored before a rule existed cannot say, from the default programme. What
// it says itself stays.
func (p Programme) Completed() Programme {
	d := DefaultProgramme()
	for _, days := range []struct{ own, standard *int }{
		{&p.RestQuestion, &d.RestQuestion}, {&p.CorrectionDays, &d.CorrectionDays}, {&p.PlanMonths, &d.PlanMonths},
	} {
		if *days.own == 0 {
			*days.own = *days.standard
		}
	}
	if len(p.QuietDays) == 0 {
		p.QuietDays = d.QuietDays
	}
	if p.Matching == (MatchingWeights{}) {
		p.Matching = d.Matching
	}
	for i, rule := range p.Tasks {
		if rule.Form == "" && len(rule.Forms) == 0 {
			standard, _ := d.Rule(rule.Kind)
			p.Tasks[i].Form, p.Tasks[i].Forms = standard.Form, standard.Forms
		}
	}
	return p
}

// Offers tells whether the choice settles the task.
func (r TaskRule) Offers(choice Choice) bool { return slices.Contains(r.Choices, choice) }

// FormOf returns the form that a choice is entered with; evaluate has one for each side.
func (r TaskRule) FormOf(choice Choice, owner Role) string {
	if r.Kind == Evaluate {
		return "evaluate_" + string(owner)
	}
	if form, ok := r.Forms[choice]; ok {
		return form
	}
	return r.Form
}

func call(after int) []Escalation  { return []Escalation{{After: after, Then: Call}} }
func lapse(after int) []Escalation { return []Escalation{{After: after, Then: Lapse}} }
func passOn(after int, to Address) []Escalation {
	return []Escalation{{After: after, Then: PassOn, To: to}}
}

// DefaultProgramme is exactly the table of journey.md.
func DefaultProgramme() Programme {
	return Programme{
		Version: 1,
		Tasks:   append(journeyTasks(), edgeTasks()...),
		Topics: []string{"partnerships", "fair_trade", "education", "global_sustainability", "migration_development",
			"participation"},
		DeskOpens: 8, DeskCloses: 17,
		SlotRounds: 3, MissedSessions: 2, ReminderDays: []int{7, 1},
		FollowUpMonths: 6, UndoDays: 14, RestMonths: 6, RestQuestion: 5, QuietDays: []int{30, 60}, CorrectionDays: 5,
		PlanMonths: 24, Matching: DefaultMatchingWeights(),
	}
}

func journeyTasks() []TaskRule {
	return []TaskRule{
		{Kind: ClaimRequest, Due: 2, Form: "claim_request", Choices: []Choice{Claim},
			Escalations: []Escalation{{After: 3, Then: PassOn, To: ToDeputy}, {After: 5, Then: PassOn, To: ToLead}}},
		{Kind: ReviewRequest, Due: 5, Reminders: []int{5}, Escalations: passOn(7, ToLead),
			Choices: []Choice{Accept, Ask, Refer, Decline},
			Forms: map[Choice]string{Accept: "accept_request", Ask: "ask_question", Refer: "refer_request",
				Decline: "decline_request"}},
		{Kind: AnswerQuestion, Due: 10, Reminders: []int{5, 9}, Escalations: []Escalation{{After: 10, Then: GoToRest}},
			Choices: []Choice{Answer}, Form: "answer_question"},
		{Kind: ApproveRefusal, Due: 3, Reminders: []int{3}, Escalations: passOn(5, ToLead),
			Choices: []Choice{Approve, Return}, Form: "approve_refusal"},
		{Kind: RecordAssessment, Due: 10, Reminders: []int{8}, Escalations: passOn(12, ToLead),
			Choices: []Choice{Record}, Form: "assessment"},
		{Kind: ConfirmNeed, Due: 10, Reminders: []int{5, 9}, Escalations: call(10),
			Choices: []Choice{Confirm, Change}, Form: "confirm_need"},
		{Kind: ChooseAdvisors, Due: 5, Reminders: []int{5}, Escalations: passOn(7, ToLead),
			Choices: []Choice{Choose}, Form: "choose_advisors"},
		{Kind: AnswerInvitation, Due: 5, Reminders: []int{2, 4}, Escalations: lapse(5),
			Choices: []Choice{Accept, Decline, ConflictOfInt}, Form: "answer_invitation", ChoiceField: "answer"},
		{Kind: AgreeToAdvisors, Due: 5, Reminders: []int{3}, Escalations: call(5),
			Choices: []Choice{Agree, AskForOthers}, Form: "agree_to_advisors", ChoiceField: "decision"},
		{Kind: ProposeSlots, Due: 5, Reminders: []int{2, 4}, Escalations: passOn(5, ToCoordinator),
			Choices: []Choice{Propose}, Form: "propose_slots"},
		{Kind: ChooseSlot, Due: 5, Reminders: []int{3}, Escalations: passOn(5, ToCoordinator),
			Choices: []Choice{Choose, CounterPropose},
			Forms:   map[Choice]string{Choose: "choose_slot", CounterPropose: "propose_slots"}},
		{Kind: RecordOutcome, Due: 2, Reminders: []int{1, 2}, Escalations: passOn(3, ToCoordinator),
			Choices: []Choice{WasHeld, WasExcused, MunicipalityAway, AdvisorAway, NotKnown},
			Form:    "record_outcome", ChoiceField: "outcome"},
		{Kind: WriteNote, Due: 5, Reminders: []int{3, 5}, Escalations: passOn(7, ToCoordinator),
			Choices: []Choice{Share}, Form: "note"},
		{Kind: DecideAccompaniment, Due: 10, Reminders: []int{5}, Escalations: call(10),
			Choices: []Choice{Continue, EndHere}, Form: "decide_accompaniment", ChoiceField: "decision"},
		{Kind: DraftOptions, Due: 15, Reminders: []int{5, 10}, Escalations: passOn(15, ToCoordinator),
			Choices: []Choice{Share}, Form: "option"},
		{Kind: ConfirmOptions, Due: 10, Reminders: []int{5}, Escalations: passOn(10, ToCoordinator),
			Choices: []Choice{Confirm, Change}, Form: "confirm_options", ChoiceField: "decision"},
		{Kind: Evaluate, Due: 20, Reminders: []int{5, 10}, Escalations: lapse(20), Choices: []Choice{Submit}},
		{Kind: CloseConsultation, Due: 5, Reminders: []int{5}, Escalations: passOn(7, ToLead),
			Choices: []Choice{Close}, Form: "close_consultation"},
		{Kind: AnswerFollowUp, Due: 30, Reminders: []int{10, 20}, Escalations: lapse(30),
			Choices: []Choice{Submit}, Form: "follow_up"},
	}
}

func edgeTasks() []TaskRule {
	return []TaskRule{
		{Kind: CallParticipants, Due: 3, Reminders: []int{3}, Escalations: passOn(5, ToLead),
			Choices: []Choice{Reached, NotReached, EnteredOnBehalf}, Form: "call_participants"},
		{Kind: CheckAddress, Due: 3, Reminders: []int{3}, Escalations: passOn(5, ToLead),
			Choices: []Choice{AddressWorks, CorrectAddress, NewContact},
			Forms:   map[Choice]string{CorrectAddress: "correct_address", NewContact: "contact"}},
		{Kind: ConfirmGoalChange, Due: 10, Reminders: []int{5}, Escalations: call(10),
			Choices: []Choice{Confirm, Keep}},
		{Kind: DecideRest, Due: 5, Reminders: []int{5}, Escalations: passOn(7, ToLead), Choices: []Choice{Rest, GoOn},
			Forms: map[Choice]string{Rest: "rest"}},
		{Kind: AnswerRestQuestion, Due: 5, Reminders: []int{3}, Escalations: []Escalation{{After: 5, Then: AskDesk}},
			Choices: []Choice{Resume, RestLonger, End}, Form: "answer_rest_question", ChoiceField: "answer"},
		{Kind: DecideAfterRest, Due: 5, Reminders: []int{5}, Escalations: passOn(7, ToLead),
			Choices: []Choice{Resume, RestLonger, End}, Forms: map[Choice]string{RestLonger: "rest"}},
	}
}
