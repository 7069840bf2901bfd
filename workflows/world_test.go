package workflows_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"miglobe/advisory"
)

// world is the database of a test: it gives dates by the default programme, keeps what the steps bring, and watches that
// nothing breaks a rule that holds for every journey (watch_test.go).
type world struct {
	now         func() time.Time
	programme   advisory.Programme
	calendar    advisory.Calendar
	steps       map[int]writtenStep
	entries     []moment
	tasks       []*testTask
	sessions    map[int]*testSession
	applied     map[string][]int // the steps that applied an input
	stage       advisory.Stage
	advisors    []string // who accompanies
	lead        string
	coordinator string
	left        []string                     // who accompanied or was invited, and does not any more
	version     func(int) advisory.Programme // by its number
	rests       []advisory.Period            // that are over
	resting     bool
	frozen      time.Time
	restPlan    advisory.RestPlan
	restAnswer  bool // the municipality said that it goes on at the date
	withdrawn   bool
	undoUntil   time.Time
	finished    bool          // no stage comes any more
	completed   time.Time     // then the follow-up began
	pause       time.Duration // from the beginning of a rest to its end
	meeting     time.Duration // from the choice of a date to the end of the session
	outages     int           // so many more attempts to write fail
	away        time.Time     // until then all attempts to write fail
	lastOutage  time.Time
	latency     time.Duration // that writing a step takes
	writing     int           // steps on their way
	broken      []string      // rules that were broken
}

type writtenStep struct {
	content []byte
	result  advisory.StepResult
}

// moment is an entry and when it was written.
type moment struct {
	advisory.Entry
	at   time.Time
	step int
}

type testTask struct {
	advisory.OpenTask
	state  advisory.TaskState
	choice advisory.Choice
	opened time.Time
	closed time.Time

	reminded int
	passedTo advisory.Address
	planned  advisory.Schedule // as the workflow got it last; what has come is no more among the dates

	dates advisory.Dates
}

type testSession struct {
	state  advisory.SessionState
	date   advisory.Appointment // where it is scheduled
	change int                  // how often it got or lost a date
}

var northRhine = advisory.NewCalendar("NW")

func newWorld() *world {
	return &world{programme: advisory.DefaultProgramme(), calendar: northRhine, version: nextVersions, steps: map[int]writtenStep{},
		sessions: map[int]*testSession{}, applied: map[string][]int{}, meeting: 10 * 24 * time.Hour, pause: 60 * 24 * time.Hour}
}

// nextVersions are versions of the programme of which every second gives more time for everything.
func nextVersions(version int) advisory.Programme {
	p := advisory.DefaultProgramme()
	p.Version = version
	for i := range p.Tasks {
		more := 4 * ((version + 1) % 2)
		p.Tasks[i].Due += more
		for j := range p.Tasks[i].Reminders {
			p.Tasks[i].Reminders[j] += more
		}
		for j := range p.Tasks[i].Escalations {
			p.Tasks[i].Escalations[j].After += more
		}
	}
	return p
}

// writeStep is what the activity of that name does.
func (w *world) writeStep(step advisory.Step) (advisory.StepResult, error) {
	if w.outages > 0 || w.now().Before(w.away) {
		w.outages = max(w.outages-1, 0)
		if w.lastOutage = w.now(); w.away.After(w.lastOutage) {
			w.lastOutage = w.away
		}
		return advisory.StepResult{}, errors.New("database away")
	}
	content, _ := json.Marshal(step)
	if written, ok := w.steps[step.Number]; ok {
		if !bytes.Equal(written.content, content) {
			w.fault("step %d came with two contents", step.Number)
		}
		return written.result, nil
	}
	if len(w.steps)+1 != step.Number {
		w.fault("step %d after %d", step.Number, len(w.steps))
	}
	result := advisory.StepResult{Schedules: map[string]advisory.Schedule{}, Appointments: map[int]advisory.Appointment{}}
	if step.Number == 1 {
		result.Rules = &advisory.Rules{SlotRounds: w.programme.SlotRounds, MissedSessions: w.programme.MissedSessions}
	}
	for _, entry := range step.Entries {
		w.watch(entry)
		w.entries = append(w.entries, moment{entry, w.now(), step.Number})
		w.write(entry, &result)
		if result.Refused[entry.Input] == "" {
			w.apply(entry, step.Number)
		}
	}
	w.steps[step.Number] = writtenStep{content, result}
	return result, nil
}

func (w *world) write(entry advisory.Entry, result *advisory.StepResult) {
	switch {
	case entry.Open != nil:
		w.openTask(*entry.Open, result)
	case entry.Close != "":
		if t := w.task(entry.Close); t != nil {
			t.state, t.choice, t.closed = entry.State, entry.Choice, w.now()
			if t.Kind == advisory.CloseConsultation {
				result.FollowUpAt = w.now().AddDate(0, w.programme.FollowUpMonths, 0)
			}
		}
	case entry.HandOver != "":
		w.task(entry.Task).Owner.Person = entry.HandOver
	case entry.Session != nil && entry.Session.State != "":
		w.moveSession(*entry.Session, result)
	case entry.Rest != nil:
		w.rest(*entry.Rest, result)
	case entry.Stage != "":
		w.stage = entry.Stage
	case entry.Adopt != nil:
		w.adopt(entry, result)
	case entry.Quiet:
		result.Quiet = &advisory.QuietPlan{NudgeAt: w.now().AddDate(0, 0, 30), DecideAt: w.now().AddDate(0, 0, 60)}
	case entry.Uninvite != "":
		w.left = append(w.left, entry.Uninvite)
	case entry.Team != nil:
		w.changeTeam(*entry.Team)
	case entry.Coordinator != "":
		w.coordinator = entry.Coordinator
	case entry.Undone:
		w.withdrawn = false
	case entry.Outcome == advisory.Withdrawn && !entry.Ended:
		w.withdrawn, w.undoUntil = true, w.now().AddDate(0, 0, w.programme.UndoDays)
		result.UndoUntil = w.undoUntil
	case entry.Outcome != "" || entry.Ended:
		w.finished, w.resting = entry.Outcome != advisory.Completed, false
		if !w.finished {
			w.completed = w.now()
		}
	}
	if t := w.task(entry.Task); t != nil && entry.Remind > 0 {
		t.reminded = entry.Remind
	} else if t != nil && entry.Escalate > 0 {
		t.passedTo = entry.To
	}
	if entry.History == advisory.RestAnswered {
		w.restAnswer = true
	}
}

func (w *world) openTask(opened advisory.OpenTask, result *advisory.StepResult) {
	t := &testTask{OpenTask: opened, state: advisory.Open, opened: w.now(), dates: w.programme.Dates(w.calendar, opened.Kind, w.now())}
	w.tasks = append(w.tasks, t)
	t.plan(result)
	if t.Kind == advisory.AnswerInvitation {
		w.left = slices.DeleteFunc(w.left, func(person string) bool { return person == t.Owner.Person })
	}
}

// plan tells the workflow a task's dates.
func (t *testTask) plan(result *advisory.StepResult) {
	t.planned = slices.Clone(t.dates.Presses)
	result.Schedules[t.ID] = slices.Clone(t.planned)
}

func (w *world) moveSession(step advisory.SessionStep, result *advisory.StepResult) {
	s := w.sessions[step.Number]
	if s == nil {
		s = &testSession{}
		w.sessions[step.Number] = s
	}
	s.state = step.State
	switch step.State {
	case advisory.Scheduled:
		s.change++
		end := w.now().Add(w.meeting)
		s.date = advisory.Appointment{EndsAt: end}
		for _, days := range w.programme.ReminderDays {
			if at := end.AddDate(0, 0, -days); at.After(w.now()) {
				s.date.Reminders = append(s.date.Reminders, at)
			}
		}
		result.Appointments[step.Number] = advisory.Appointment{Reminders: slices.Clone(s.date.Reminders), EndsAt: end}
	case advisory.Cancelled:
		s.change++
	}
}

func (w *world) changeTeam(team advisory.Team) {
	for _, person := range w.advisors {
		if !slices.Contains(team.Advisors, person) {
			w.left = append(w.left, person)
		}
	}
	w.advisors, w.lead = team.Advisors, team.Lead
}

// rest freezes and thaws times as the database does.
func (w *world) rest(resting bool, result *advisory.StepResult) {
	if resting {
		if !w.resting {
			w.frozen = w.now()
		}
		w.resting, w.restAnswer = true, false
		resume := w.now().Add(w.pause)
		w.restPlan = advisory.RestPlan{AskAt: resume.AddDate(0, 0, -7), ResumeAt: resume}
		plan := w.restPlan
		result.Rest = &plan
		return
	}
	w.resting = false
	w.rests = append(w.rests, advisory.Period{From: w.frozen, Until: w.now()})
	for _, t := range w.open() {
		if t.Kind.RunsWhileResting() {
			continue
		}
		from := w.frozen
		if t.opened.After(from) {
			from = t.opened
		}
		var ahead advisory.Schedule
		for _, press := range t.dates.Presses {
			if press.At.After(from) {
				press.At = advisory.Thaw(w.calendar, press.At, from, w.now())
				ahead = append(ahead, press)
			}
		}
		t.dates.Presses = ahead
		t.plan(result)
	}
	for _, s := range w.sessions {
		s.date.Reminders = slices.DeleteFunc(s.date.Reminders, func(at time.Time) bool { return !at.After(w.now()) })
	}
}

// adopt moves dates to another version as the database does: the presses that have happened are those that the workflow says.
func (w *world) adopt(entry advisory.Entry, result *advisory.StepResult) {
	to := w.version(entry.Adopt.Version)
	moved := map[*testTask]advisory.Dates{}
	var refusal advisory.Refusal
	if w.withdrawn || w.finished {
		refusal = advisory.ConsultationEnded
	} else if to.Version <= w.programme.Version {
		refusal = advisory.AlreadyAdopted
	}
	for _, t := range w.open() {
		standing := advisory.Standing{Kind: t.Kind, OpenedAt: t.opened, DueOn: t.dates.DueOn, Reminded: t.reminded, PassedTo: t.passedTo,
			Ahead: t.planned[entry.Adopt.Pressed[t.ID]:], From: w.now()}
		if w.resting && !t.Kind.RunsWhileResting() {
			standing.From = w.frozen
			if t.opened.After(w.frozen) {
				standing.From = t.opened
			}
		}
		dates, past := to.Adopted(w.calendar, w.programme, standing, w.rests)
		if moved[t] = dates; !past.IsZero() && refusal == "" {
			refusal = advisory.DateInThePast
		}
	}
	if refusal != "" {
		result.Refused = map[string]advisory.Refusal{entry.Input: refusal}
		return
	}
	for t, dates := range moved {
		t.dates = dates
		t.plan(result)
	}
	w.programme = to
	result.Rules = &advisory.Rules{SlotRounds: to.SlotRounds, MissedSessions: to.MissedSessions}
}

// apply notes which step gave an input its effect: it closed a task or handed it over, or did something beside the tasks.
// What the history tells of a task names the input once more, and a mail quotes it.
func (w *world) apply(entry advisory.Entry, step int) {
	effect := entry.Close != "" || entry.HandOver != "" || entry.Mail == "" && entry.Task == ""
	if entry.Input != "" && effect && !slices.Contains(w.applied[entry.Input], step) {
		w.applied[entry.Input] = append(w.applied[entry.Input], step)
	}
}

func (w *world) task(id string) *testTask {
	i := slices.IndexFunc(w.tasks, func(t *testTask) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return w.tasks[i]
}

func (w *world) open() (tasks []*testTask) {
	for _, t := range w.tasks {
		if t.state == advisory.Open {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// find returns the open task of a kind and, where given, of a person.
func (w *world) find(kind advisory.TaskKind, person ...string) *testTask {
	for _, t := range w.open() {
		if t.Kind == kind && (len(person) == 0 || t.Owner.Person == person[0]) {
			return t
		}
	}
	return nil
}

// history is what the consultation's history tells, in order.
func (w *world) history() (kinds []advisory.HistoryKind) {
	for _, m := range w.entries {
		if m.History != "" {
			kinds = append(kinds, m.History)
		}
	}
	return kinds
}

func (w *world) mails() (templates []advisory.Template) {
	for _, m := range w.entries {
		if m.Mail != "" {
			templates = append(templates, m.Mail)
		}
	}
	return templates
}

// outcome is how the consultation ended, "" where it runs or the withdrawal was taken back.
func (w *world) outcome() (outcome advisory.Outcome) {
	for _, m := range w.entries {
		switch {
		case m.Undone:
			outcome = ""
		case m.Outcome != "":
			outcome = m.Outcome
		}
	}
	return outcome
}

// ended tells whether nothing more will happen.
func (w *world) ended() bool {
	return slices.ContainsFunc(w.entries, func(m moment) bool { return m.Ended })
}

func (w *world) describe() string {
	var open []string
	for _, t := range w.open() {
		open = append(open, fmt.Sprintf("%s(%s %s)", t.Kind, t.Owner.Role, t.Owner.Person))
	}
	out, _ := json.Marshal(open)
	return string(out)
}
