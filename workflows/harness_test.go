package workflows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
	"miglobe/workflows"
)

const consultationID = "0190a000-0000-7000-8000-000000000001"

// journey runs a consultation in skipped time against a world that keeps what its steps would have written.
type journey struct {
	*testing.T
	env   *testsuite.TestWorkflowEnvironment
	world *world
}

// world is the database of a test: it gives dates by the default programme and keeps entries, tasks and mails.
type world struct {
	now       func() time.Time
	programme advisory.Programme
	calendar  advisory.Calendar
	steps     map[int]advisory.StepResult
	entries   []moment
	tasks     []*testTask
	frozen    time.Time
	resting   bool
	resume    time.Time     // when the rest is over
	pause     time.Duration // from the beginning of a rest to its end
	meeting   time.Duration // from the choice of a date to the end of the session
	outages   int           // so many more attempts to write fail
}

// moment is an entry and when it was written.
type moment struct {
	advisory.Entry
	at time.Time
}

type testTask struct {
	advisory.OpenTask
	state  advisory.TaskState
	opened time.Time
	dates  advisory.Dates
}

func newJourney(t *testing.T) *journey {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	monday := time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin) // no public holiday until Good Friday, 3 April
	env.SetStartTime(monday)
	env.SetTestTimeout(20 * time.Second)
	w := &world{now: env.Now, programme: advisory.DefaultProgramme(), calendar: advisory.NewCalendar("NW"),
		steps: map[int]advisory.StepResult{}, meeting: 10 * 24 * time.Hour, pause: 60 * 24 * time.Hour}
	env.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	env.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	env.RegisterActivityWithOptions(w.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
	return &journey{T: t, env: env, world: w}
}

// run plays the script beside the workflow until it ends. The script's moments are given by at and whenOpen.
func (j *journey) run() {
	j.Helper()
	j.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: consultationID})
	j.env.ExecuteWorkflow(advisory.ConsultationWorkflow, advisory.Journey{ConsultationID: consultationID})
	if err := j.env.GetWorkflowError(); err != nil && j.env.IsWorkflowCompleted() {
		j.Fatalf("journey: %v", err)
	}
}

// WriteStep is the activity of the tests.
func (w *world) WriteStep(_ context.Context, step advisory.Step) (advisory.StepResult, error) {
	if w.outages > 0 {
		w.outages--
		return advisory.StepResult{}, fmt.Errorf("database away")
	}
	if result, ok := w.steps[step.Number]; ok {
		return result, nil
	}
	if len(w.steps)+1 != step.Number {
		return advisory.StepResult{}, fmt.Errorf("step %d after %d", step.Number, len(w.steps))
	}
	result := advisory.StepResult{Schedules: map[string]advisory.Schedule{}, Appointments: map[int]advisory.Appointment{}}
	if step.Number == 1 {
		result.Rules = &advisory.Rules{SlotRounds: w.programme.SlotRounds, MissedSessions: w.programme.MissedSessions}
	}
	for _, entry := range step.Entries {
		w.write(entry, &result)
	}
	w.steps[step.Number] = result
	return result, nil
}

func (w *world) write(entry advisory.Entry, result *advisory.StepResult) {
	w.entries = append(w.entries, moment{entry, w.now()})
	switch {
	case entry.Open != nil:
		t := &testTask{OpenTask: *entry.Open, state: advisory.Open, opened: w.now(),
			dates: w.programme.Dates(w.calendar, entry.Open.Kind, w.now())}
		w.tasks = append(w.tasks, t)
		result.Schedules[t.ID] = t.dates.Presses
	case entry.Close != "":
		t := w.task(entry.Close)
		if t.state != advisory.Open {
			panic("task " + t.ID + " closed twice")
		}
		t.state = entry.State
		if t.Kind == advisory.CloseConsultation {
			result.FollowUpAt = w.now().AddDate(0, w.programme.FollowUpMonths, 0)
		}
	case entry.HandOver != "":
		w.task(entry.Task).Owner.Person = entry.HandOver
	case entry.Session != nil && entry.Session.State == advisory.Scheduled:
		end := w.now().Add(w.meeting)
		result.Appointments[entry.Session.Number] = advisory.Appointment{
			Reminders: []time.Time{end.AddDate(0, 0, -7), end.AddDate(0, 0, -1)}, EndsAt: end}
	case entry.Rest != nil:
		w.rest(*entry.Rest, result)
	case entry.Quiet:
		result.Quiet = &advisory.QuietPlan{NudgeAt: w.now().AddDate(0, 0, 30), DecideAt: w.now().AddDate(0, 0, 60)}
	case entry.Outcome == advisory.Withdrawn && !entry.Ended:
		result.UndoUntil = w.now().AddDate(0, 0, w.programme.UndoDays)
	}
}

// rest freezes and thaws times as the database does.
func (w *world) rest(resting bool, result *advisory.StepResult) {
	if resting {
		if !w.resting {
			w.frozen = w.now()
		}
		w.resting, w.resume = true, w.now().Add(w.pause)
		result.Rest = &advisory.RestPlan{AskAt: w.resume.AddDate(0, 0, -7), ResumeAt: w.resume}
		return
	}
	w.resting = false
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
		result.Schedules[t.ID] = ahead
	}
}

func (w *world) task(id string) *testTask {
	i := slices.IndexFunc(w.tasks, func(t *testTask) bool { return t.ID == id })
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

func (w *world) outcome() advisory.Outcome {
	for _, m := range w.entries {
		if m.Outcome != "" {
			return m.Outcome
		}
	}
	return ""
}

// at plays a part of the script so long after the start.
func (j *journey) at(after time.Duration, part func()) { j.env.RegisterDelayedCallback(part, after) }

// refused is what the engine said to an input, "" where it applied it.
type reply struct {
	settled bool
	err     error
}

// say settles the open task of a kind; it fails the test where there is none.
func (j *journey) say(kind advisory.TaskKind, choice advisory.Choice, refine ...func(*advisory.Input)) *reply {
	j.Helper()
	t := j.world.find(kind)
	if t == nil {
		j.Fatalf("no open %s; open: %s", kind, j.world.describe())
	}
	return j.settle(t, choice, refine...)
}

func (j *journey) settle(t *testTask, choice advisory.Choice, refine ...func(*advisory.Input)) *reply {
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: t.ID, Choice: choice, Actor: t.Owner.Person}
	if in.Actor == "" {
		in.Actor = string(t.Owner.Role)
	}
	for _, f := range refine {
		f(&in)
	}
	return j.input(in)
}

func (j *journey) input(in advisory.Input) *reply {
	r := &reply{}
	callback := &testsuite.TestUpdateCallback{
		OnAccept:   func() {},
		OnReject:   func(err error) { r.err = err },
		OnComplete: func(_ any, err error) { r.settled, r.err = err == nil, err },
	}
	if j.world.outcome() == advisory.Completed {
		followUp := advisory.FollowUpWorkflowID(consultationID)
		if err := j.env.UpdateWorkflowByID(followUp, advisory.InputUpdate, in.ID, callback, in); err != nil {
			r.err = err
		}
		return r
	}
	j.env.UpdateWorkflow(advisory.InputUpdate, in.ID, callback, in)
	return r
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

// script says how people answer: the choices of a kind one after the other, the last again and again. A kind that is not
// named stays open.
type script map[advisory.TaskKind][]advisory.Choice

// straight is a journey in which everybody says yes at once.
func straight() script {
	return script{
		advisory.ClaimRequest:        {advisory.Claim},
		advisory.ReviewRequest:       {advisory.Accept},
		advisory.AnswerQuestion:      {advisory.Answer},
		advisory.ApproveRefusal:      {advisory.Approve},
		advisory.RecordAssessment:    {advisory.Record},
		advisory.ConfirmNeed:         {advisory.Confirm},
		advisory.ChooseAdvisors:      {advisory.Choose},
		advisory.AnswerInvitation:    {advisory.Accept},
		advisory.AgreeToAdvisors:     {advisory.Agree},
		advisory.ProposeSlots:        {advisory.Propose},
		advisory.ChooseSlot:          {advisory.Choose},
		advisory.RecordOutcome:       {advisory.WasHeld},
		advisory.WriteNote:           {advisory.Share},
		advisory.DecideAccompaniment: {advisory.Continue},
		advisory.DraftOptions:        {advisory.Share},
		advisory.ConfirmOptions:      {advisory.Confirm},
		advisory.Evaluate:            {advisory.Submit},
		advisory.CloseConsultation:   {advisory.Close},
		advisory.AnswerFollowUp:      {advisory.Submit},
	}
}

// until is the straight journey up to a kind of task, which stays open.
func until(kind advisory.TaskKind) script {
	s := straight()
	delete(s, kind)
	return s
}

// with changes the answers of one kind.
func (s script) with(kind advisory.TaskKind, choices ...advisory.Choice) script {
	s[kind] = choices
	return s
}

// follow lets people answer by the script, an hour after they were asked.
func (j *journey) follow(s script) {
	var look func()
	look = func() {
		if j.world.ended() {
			return
		}
		for _, t := range j.world.open() {
			choices := s[t.Kind]
			if len(choices) == 0 {
				continue
			}
			j.settle(t, choices[0], details(t, choices[0]))
			if len(choices) > 1 {
				s[t.Kind] = choices[1:]
			}
		}
		j.at(time.Hour, look)
	}
	j.at(time.Hour, look)
}

// details are what a choice says beside itself.
func details(t *testTask, choice advisory.Choice) func(*advisory.Input) {
	return func(in *advisory.Input) {
		switch t.Kind {
		case advisory.ClaimRequest:
			in.Actor = "kim"
		case advisory.ApproveRefusal:
			in.Actor = "robin"
		case advisory.ChooseAdvisors:
			in.Advisors, in.Lead = []string{"amina", "joseph"}, "amina"
		case advisory.WriteNote:
			in.Enough = true
		}
	}
}

// every looks again and again until the workflow ends.
func (j *journey) every(pause time.Duration, look func()) {
	var again func()
	again = func() {
		if !j.world.ended() {
			look()
			j.at(pause, again)
		}
	}
	j.at(pause, again)
}

func by(person string) func(*advisory.Input) {
	return func(in *advisory.Input) { in.Actor = person }
}

// refusalOf is the reason for which the engine refused an input, "" where it did not.
func refusalOf(r *reply) (reason advisory.Refusal) {
	var refused *temporal.ApplicationError
	if errors.As(r.err, &refused) && refused.Type() == advisory.RefusedInput {
		refused.Details(&reason)
	}
	return reason
}

// when is the moment at which the history told something first.
func (j *journey) when(kind advisory.HistoryKind) time.Time {
	for _, m := range j.world.entries {
		if m.History == kind {
			return m.at
		}
	}
	return time.Time{}
}

// opened is the moment at which a task of this kind was opened first.
func (j *journey) opened(kind advisory.TaskKind) time.Time {
	for _, t := range j.world.tasks {
		if t.Kind == kind {
			return t.opened
		}
	}
	return time.Time{}
}
