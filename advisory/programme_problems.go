package advisory

import (
	"slices"
	"time"
)

// ProblemCode names a reason why a programme must not be used. People read the sentence that texts/forms hold for it:
// errors.programme_CODE.
type ProblemCode string

// The reasons.
const (
	TaskMissing     ProblemCode = "task_missing"     // the journey asks for it
	TaskTwice       ProblemCode = "task_twice"       // nobody could say which row counts
	TaskUnknown     ProblemCode = "task_unknown"     // the journey does not know it
	ChoicesUnknown  ProblemCode = "choices_unknown"  // others than the journey can go on with
	OutOfRange      ProblemCode = "out_of_range"     // Number is not between Least and Most
	NeverPresses    ProblemCode = "never_presses"    // neither reminds nor escalates: nobody would ever hear of it again
	NeverReminds    ProblemCode = "never_reminds"    // somebody else would hear of it before its owner is reminded
	NeverEscalates  ProblemCode = "never_escalates"  // the consultation would stand still where the owner stays silent
	OtherEscalation ProblemCode = "other_escalation" // not what the engine carries out for this task
	TooManyGiven    ProblemCode = "too_many"         // Number is more than Most
	NotAscending    ProblemCode = "not_ascending"    // days in the wrong order, or one of them twice
	NotDescending   ProblemCode = "not_descending"   // days before something: the earliest reminder comes first
	RemindsTooLate  ProblemCode = "reminds_too_late" // Number is after the due date Most: reminders are never sent after it
	EscalatesEarly  ProblemCode = "escalates_early"  // Number is before the due date Least
	ClosesTooEarly  ProblemCode = "closes_too_early" // the desk closes at Number, but opens at Least
	AsksTooLate     ProblemCode = "asks_too_late"    // the question at the end of a rest: Number is less than its own due date Least
	NoneGiven       ProblemCode = "none_given"       // at least one is needed
	Twice           ProblemCode = "twice"            // Value is there already
	NoDate          ProblemCode = "no_date"          // Value is no day of the calendar
	PairWanted      ProblemCode = "pair_wanted"      // a nudge and a decision, neither more nor less
	NoWeight        ProblemCode = "no_weight"        // every suggestion would be as good as any other
)

// Problem is one reason why a programme must not be used.
type Problem struct {
	Code   ProblemCode
	Task   TaskKind // "" where it is not about a task
	Field  string   // as in Differences: "due", "escalations.2.after", "matching.topic"
	Number int      // what is there, and what may be
	Least  int
	Most   int
	Value  string
}

// The most that a programme may say. The numbers leave room for any office; what is beyond them is a slip of the pen.
const (
	mostWorkdays   = 90 // of a due date
	mostEscalation = 120
	mostReminders  = 5
	mostClosures   = 400
	quietSteps     = 2 // a nudge, then a decision
)

// Problems are all reasons why the programme must not be used, none where it may be: the engine can carry it out, it
// presses everybody in time (journey.md, Human tasks), and no number is beyond reason.
func (p Programme) Problems() []Problem {
	found := &problems{programme: p}
	found.tasks()
	found.numbers()
	found.calendar()
	found.days()
	found.topics()
	found.words()
	found.weights()
	return found.all
}

type problems struct {
	programme Programme
	all       []Problem
}

func (f *problems) add(found Problem) { f.all = append(f.all, found) }

func (f *problems) tasks() {
	standard := DefaultProgramme()
	seen := map[TaskKind]bool{}
	for _, rule := range f.programme.Tasks {
		known, ok := standard.Rule(rule.Kind)
		switch {
		case !ok:
			f.add(Problem{Code: TaskUnknown, Task: rule.Kind})
		case seen[rule.Kind]:
			f.add(Problem{Code: TaskTwice, Task: rule.Kind})
		default:
			f.task(rule, known)
		}
		seen[rule.Kind] = true
	}
	for _, kind := range TaskKinds {
		if !seen[kind] {
			f.add(Problem{Code: TaskMissing, Task: kind})
		}
	}
}

func (f *problems) task(rule, standard TaskRule) {
	if !slices.Equal(rule.Choices, standard.Choices) {
		f.add(Problem{Code: ChoicesUnknown, Task: rule.Kind, Field: "choices"})
	}
	f.within(rule.Kind, "due", rule.Due, 1, mostWorkdays)
	if len(rule.Reminders) == 0 && len(rule.Escalations) == 0 {
		f.add(Problem{Code: NeverPresses, Task: rule.Kind, Field: "reminders"})
		return
	}
	f.reminders(rule, standard)
	f.escalations(rule, standard)
}

func (f *problems) reminders(rule, standard TaskRule) {
	problem := Problem{Task: rule.Kind, Field: "reminders", Number: len(rule.Reminders), Most: mostReminders}
	switch {
	case len(rule.Reminders) == 0 && len(standard.Reminders) > 0:
		problem.Code = NeverReminds
	case len(rule.Reminders) > mostReminders:
		problem.Code = TooManyGiven
	case !ascending(rule.Reminders):
		problem.Code = NotAscending
	case len(rule.Reminders) > 0 && rule.Reminders[0] < 1:
		problem.Code, problem.Number, problem.Least, problem.Most = OutOfRange, rule.Reminders[0], 1, rule.Due
	case len(rule.Reminders) > 0 && slices.Max(rule.Reminders) > rule.Due:
		problem.Code, problem.Number, problem.Most = RemindsTooLate, slices.Max(rule.Reminders), rule.Due
	default:
		return
	}
	f.add(problem)
}

// escalations keep the consequences that the engine carries out for the task; the days are free.
func (f *problems) escalations(rule, standard TaskRule) {
	same := slices.EqualFunc(rule.Escalations, standard.Escalations, func(a, b Escalation) bool { return a.Then == b.Then && a.To == b.To })
	switch {
	case len(rule.Escalations) == 0:
		f.add(Problem{Code: NeverEscalates, Task: rule.Kind, Field: "escalations"})
		return
	case !same:
		f.add(Problem{Code: OtherEscalation, Task: rule.Kind, Field: "escalations"})
		return
	}
	for i, escalation := range rule.Escalations {
		field := EscalationField(i)
		switch {
		case escalation.After < rule.Due:
			f.add(Problem{Code: EscalatesEarly, Task: rule.Kind, Field: field, Number: escalation.After, Least: rule.Due})
		case escalation.After > mostEscalation:
			f.within(rule.Kind, field, escalation.After, rule.Due, mostEscalation)
		case i > 0 && escalation.After <= rule.Escalations[i-1].After:
			f.add(Problem{Code: NotAscending, Task: rule.Kind, Field: field, Number: escalation.After})
		}
	}
}

// within reports a number out of its range.
func (f *problems) within(task TaskKind, field string, n, least, most int) {
	if n < least || n > most {
		f.add(Problem{Code: OutOfRange, Task: task, Field: field, Number: n, Least: least, Most: most})
	}
}

func (f *problems) numbers() {
	p := f.programme
	for _, number := range []struct {
		field          string
		n, least, most int
	}{
		{"desk_opens", p.DeskOpens, 5, 20},
		{"desk_closes", p.DeskCloses, 6, 22},
		{"slot_rounds", p.SlotRounds, 1, 10},
		{"missed_sessions", p.MissedSessions, 1, 10},
		{"follow_up_months", p.FollowUpMonths, 1, 24},
		{"undo_days", p.UndoDays, 1, 90},
		{"rest_months", p.RestMonths, 1, 24},
		{"rest_question", p.RestQuestion, 1, 20},
		{"correction_days", p.CorrectionDays, 1, 30},
		{"plan_months", p.PlanMonths, 1, 60},
	} {
		f.within("", number.field, number.n, number.least, number.most)
	}
	if question, ok := p.Rule(AnswerRestQuestion); ok && p.RestQuestion < question.Due {
		f.add(Problem{Code: AsksTooLate, Field: "rest_question", Number: p.RestQuestion, Least: question.Due})
	}
}

func (f *problems) calendar() {
	p := f.programme
	if p.DeskCloses <= p.DeskOpens {
		f.add(Problem{Code: ClosesTooEarly, Field: "desk_closes", Number: p.DeskCloses, Least: p.DeskOpens})
	}
	if len(p.Closures) > mostClosures {
		f.add(Problem{Code: TooManyGiven, Field: "closures", Number: len(p.Closures), Most: mostClosures})
	}
	seen := map[string]bool{}
	for _, day := range p.Closures {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			f.add(Problem{Code: NoDate, Field: "closures", Value: day})
		} else if seen[day] {
			f.add(Problem{Code: Twice, Field: "closures", Value: day})
		}
		seen[day] = true
	}
}

// days are lists of calendar days: before an appointment, and without one.
func (f *problems) days() {
	before, quiet := f.programme.ReminderDays, f.programme.QuietDays
	reversed := slices.Clone(before)
	slices.Reverse(reversed)
	switch {
	case len(before) == 0:
		f.add(Problem{Code: NoneGiven, Field: "reminder_days"})
	case len(before) > mostReminders:
		f.add(Problem{Code: TooManyGiven, Field: "reminder_days", Number: len(before), Most: mostReminders})
	case !ascending(reversed):
		f.add(Problem{Code: NotDescending, Field: "reminder_days"})
	default:
		f.within("", "reminder_days", before[0], 1, 60)
		f.within("", "reminder_days", before[len(before)-1], 1, 60)
	}
	switch {
	case len(quiet) != quietSteps:
		f.add(Problem{Code: PairWanted, Field: "quiet_days", Number: len(quiet)})
	case !ascending(quiet):
		f.add(Problem{Code: NotAscending, Field: "quiet_days"})
	default:
		f.within("", "quiet_days", quiet[0], 7, 365)
		f.within("", "quiet_days", quiet[1], 7, 365)
	}
}

func (f *problems) topics() {
	if len(f.programme.Topics) == 0 {
		f.add(Problem{Code: NoneGiven, Field: "topics"})
	}
	for i, topic := range f.programme.Topics {
		if topic == "" || slices.Contains(f.programme.Topics[:i], topic) {
			f.add(Problem{Code: Twice, Field: "topics", Value: topic})
		}
	}
}

// words are the topics' and the questions' own; that there is a topic at all is checked before.
func (f *problems) words() {
	for _, content := range f.programme.TopicProblems() {
		if len(f.programme.Topics) > 0 {
			f.add(Problem{Code: ProblemCode(content.Code), Field: "topic_words", Value: content.Item})
		}
	}
	for _, content := range f.programme.QuestionProblems() {
		f.add(Problem{Code: ProblemCode(content.Code), Field: "questions", Value: content.Item})
	}
}

func (f *problems) weights() {
	w := f.programme.Matching
	for _, weight := range w.All() {
		f.within("", "matching."+weight.Name, *weight.Value, weight.Least, weight.Most)
	}
	if w.Sum() <= 0 { // the partner country counts on top only
		f.add(Problem{Code: NoWeight, Field: "matching.topic"})
	}
}

// ascending tells whether every number is more than the one before.
func ascending(days []int) bool {
	for i := 1; i < len(days); i++ {
		if days[i] <= days[i-1] {
			return false
		}
	}
	return true
}
