package workflows_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
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

func newJourney(t *testing.T) *journey {
	t.Helper()
	j := &journey{T: t, world: newWorld()}
	j.begin(time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)) // a Monday; no public holiday until Good Friday, 3 April
	return j
}

// begin makes an engine for the journey's world.
func (j *journey) begin(now time.Time) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	j.env = suite.NewTestWorkflowEnvironment()
	j.env.SetStartTime(now)
	j.env.SetTestTimeout(20 * time.Second)
	j.env.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	j.env.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	j.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute, Interceptors: []interceptor.WorkerInterceptor{&database{world: j.world}}})
	j.world.now = j.env.Now
}

// run plays the script beside the workflow until it ends. The script's moments are given by at and whenOpen.
func (j *journey) run() {
	j.Helper()
	j.start(advisory.Journey{ConsultationID: consultationID})
	if err := j.env.GetWorkflowError(); err != nil && j.env.IsWorkflowCompleted() {
		j.Fatalf("journey: %v", err)
	}
	for _, fault := range j.world.broken {
		j.Error(fault)
	}
}

func (j *journey) start(journey advisory.Journey) {
	j.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: consultationID})
	j.env.ExecuteWorkflow(advisory.ConsultationWorkflow, journey)
}

const day = 24 * time.Hour

// runFrom begins in a stage, with kim, amina who leads and joseph, and stops after so long.
func (j *journey) runFrom(stage advisory.Stage, length time.Duration) {
	j.Helper()
	team := advisory.Team{Advisors: []string{"amina", "joseph"}, Lead: "amina"}
	j.world.coordinator, j.world.stage, j.world.advisors, j.world.lead = "kim", stage, team.Advisors, team.Lead
	j.at(length, j.stop)
	j.start(advisory.Journey{ConsultationID: consultationID, Stage: stage, Coordinator: "kim", Advisors: team.Advisors, Lead: team.Lead})
	for _, fault := range j.world.broken {
		j.Error(fault)
	}
}

// stop looks at the world for the last time; a follow-up runs to its end.
func (j *journey) stop() {
	j.world.check()
	if j.world.outcome() != advisory.Completed {
		j.env.CancelWorkflow()
	}
}

// do says something that settles no task.
func (j *journey) do(kind advisory.InputKind, refine ...func(*advisory.Input)) *reply {
	in := advisory.Input{ID: uuid.NewString(), Kind: kind, Actor: "kim"}
	for _, f := range refine {
		f(&in)
	}
	return j.input(in)
}

func ofSession(number int) func(*advisory.Input) {
	return func(in *advisory.Input) { in.Session = number }
}

func ofPerson(person string) func(*advisory.Input) {
	return func(in *advisory.Input) { in.Person = person }
}

func enough(in *advisory.Input) { in.Enough = true }

// applied fails the test where an input was not applied.
func (j *journey) applied(replies ...*reply) {
	j.Helper()
	for i, r := range replies {
		if r == nil || !r.settled {
			j.Errorf("input %d was not applied: %+v", i+1, r)
		}
	}
}

// refused fails the test where an input was not refused for this reason.
func (j *journey) refused(want advisory.Refusal, replies ...*reply) {
	j.Helper()
	for i, r := range replies {
		if got := refusalOf(r); got != want {
			j.Errorf("input %d: told %q, want %q", i+1, got, want)
		}
	}
}

// told counts how often the history tells something, and mailed how often a mail was ordered.
func (w *world) told(kind advisory.HistoryKind) (n int) {
	for _, told := range w.history() {
		if told == kind {
			n++
		}
	}
	return n
}

func (w *world) mailed(template advisory.Template) (n int) {
	for _, mailed := range w.mails() {
		if mailed == template {
			n++
		}
	}
	return n
}

// moments are those at which an entry was written, in Europe/Berlin.
func (w *world) moments(is func(advisory.Entry) bool) (moments []string) {
	for _, m := range w.entries {
		if is(m.Entry) {
			moments = append(moments, m.at.In(advisory.Berlin).Format("2006-01-02 15:04"))
		}
	}
	return moments
}

func isMail(template advisory.Template) func(advisory.Entry) bool {
	return func(entry advisory.Entry) bool { return entry.Mail == template }
}

func isHistory(kind advisory.HistoryKind) func(advisory.Entry) bool {
	return func(entry advisory.Entry) bool { return entry.History == kind }
}

func opensKind(kind advisory.TaskKind) func(advisory.Entry) bool {
	return func(entry advisory.Entry) bool { return entry.Open != nil && entry.Open.Kind == kind }
}

// at plays a part of the script so long after the start.
func (j *journey) at(after time.Duration, part func()) { j.env.RegisterDelayedCallback(part, after) }

// reply is what the engine answers to an input; nothing yet where it is on its way.
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
		if !j.world.now().After(j.world.completed.Add(time.Second)) {
			r.err = errors.New("the follow-up has not begun")
			return r
		}
		followUp := advisory.FollowUpWorkflowID(consultationID)
		if err := j.env.UpdateWorkflowByID(followUp, advisory.InputUpdate, in.ID, callback, in); err != nil {
			r.err = err
		}
		return r
	}
	j.env.UpdateWorkflow(advisory.InputUpdate, in.ID, callback, in)
	return r
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
