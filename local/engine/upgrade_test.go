package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"miglobe/activities"
	"miglobe/advisory"
	"miglobe/local/temporal"
	"miglobe/store"
	"miglobe/workflows"
)

// nextRelease is a release that orders something more at the beginning of a journey, behind a marker as CONTRIBUTING.md
// wants it: a timer that nobody waits for.
func nextRelease(ctx workflow.Context, journey advisory.Journey) error {
	if workflow.GetVersion(ctx, rehearsal, workflow.DefaultVersion, 1) > workflow.DefaultVersion {
		workflow.NewTimer(ctx, 24*time.Hour)
	}
	return workflows.Consultation(ctx, journey)
}

const rehearsal = "rehearsal of an upgrade"

// The worker of the next release is a process of its own, as in production: in one process the workers would share their
// cache, and with it the code. These variables say where its engine and database are.
const (
	engineOfNextRelease   = "MIGLOBE_TEST_ENGINE"
	databaseOfNextRelease = "MIGLOBE_TEST_DATABASE"
)

// hostNextRelease is that process: it works until its input ends, and lets go gracefully. It keeps no workflow in its cache,
// so that every one of its tasks may come to the worker of the old release as well: the worst of all overlaps.
func hostNextRelease() int {
	worker.SetStickyWorkflowCacheSize(0)
	err := func() error {
		st, err := store.Open(context.Background(), os.Getenv(databaseOfNextRelease))
		if err != nil {
			return err
		}
		defer st.Close()
		engine, err := client.Dial(client.Options{HostPort: os.Getenv(engineOfNextRelease), Namespace: temporal.Namespace})
		if err != nil {
			return err
		}
		defer engine.Close()
		host := worker.New(engine, advisory.TaskQueue, worker.Options{WorkerStopTimeout: 10 * time.Second})
		register(host, nextRelease)
		a := &activities.Activities{Store: st, Clock: advisory.RealClock()}
		host.RegisterActivityWithOptions(a.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
		if err := host.Start(); err != nil {
			return err
		}
		defer host.Stop()
		fmt.Println("works")
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "next release:", err)
		return 1
	}
	return 0
}

// startNextRelease starts the worker of the next release, and returns what stops it.
func startNextRelease(t *testing.T) (stop func()) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), engineOfNextRelease+"="+around.Temporal.Address(), databaseOfNextRelease+"="+around.DSN())
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		input.Close()
		if err := process.Wait(); err != nil {
			t.Errorf("next release: %v", err)
		}
	})
	t.Cleanup(stop)
	if lines := bufio.NewScanner(output); !lines.Scan() {
		t.Fatal("the next release does not work")
	}
	return stop
}

// said is one decision of a journey.
type said struct {
	kind    advisory.TaskKind
	choice  advisory.Choice
	actor   string
	answers advisory.Answers
}

// straightOn is a journey without detours, decision by decision.
func straightOn() []said {
	session := []said{
		{advisory.ProposeSlots, advisory.Propose, "amina", pastSlots()},
		{advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}}},
		{advisory.RecordOutcome, advisory.WasHeld, "amina", nil},
		{advisory.WriteNote, advisory.Share, "amina", advisory.Answers{"topics": {typedText}}},
	}
	words := advisory.Answers{"goal": {typedText}, "need": {typedText}}
	way := []said{
		{advisory.ClaimRequest, advisory.Claim, "kim", nil}, {advisory.ReviewRequest, advisory.Accept, "kim", nil},
		{advisory.RecordAssessment, advisory.Record, "kim", words}, {advisory.ConfirmNeed, advisory.Confirm, "toni", words},
		{advisory.ChooseAdvisors, advisory.Choose, "kim", nil}, {advisory.AnswerInvitation, advisory.Accept, "amina", nil},
		{advisory.AnswerInvitation, advisory.Accept, "joseph", nil}, {advisory.AgreeToAdvisors, advisory.Agree, "toni", nil},
	}
	way = append(append(way, session...), said{advisory.DecideAccompaniment, advisory.Continue, "toni", nil})
	way = append(append(way, session...), said{advisory.DraftOptions, advisory.Share, "amina", advisory.Answers{"options.1.title": {typedText}}})
	for _, both := range []said{{kind: advisory.ConfirmOptions, choice: advisory.Confirm}, {kind: advisory.Evaluate, choice: advisory.Submit}} {
		for _, both.actor = range []string{"amina", "joseph", "toni"} {
			way = append(way, both)
		}
	}
	return append(way, said{advisory.CloseConsultation, advisory.Close, "kim", advisory.Answers{"summary": {typedText}}})
}

// traveller is a consultation that is some decisions on its way.
type traveller struct {
	*consultation
	decided int
	slowest time.Duration // of its decisions, from saying it to its effect
}

func setOut(t *testing.T, n int) (travellers []*traveller) {
	t.Helper()
	for range n {
		c := newConsultation(t)
		c.patient = true
		travellers = append(travellers, &traveller{consultation: c})
	}
	return travellers
}

// goOn lets all of them make some decisions at the same time, those who have not arrived.
func goOn(travellers []*traveller, decisions int) {
	var wg sync.WaitGroup
	for _, c := range travellers {
		wg.Go(func() {
			for range decisions {
				c.decide()
			}
		})
	}
	wg.Wait()
}

func (c *traveller) decide() {
	way := straightOn()
	if c.decided == len(way) || c.Failed() {
		return
	}
	next := way[c.decided]
	c.open(next.kind)
	began := time.Now()
	c.say(next.kind, next.choice, next.actor, next.answers)
	c.decided++
	c.slowest = max(c.slowest, time.Since(began))
}

// tookNewBranch tells whether a history has the marker, and what is ordered behind it.
func (c *traveller) tookNewBranch() bool {
	marked, ordered := false, false
	for _, event := range c.events(c.id).Events {
		text := event.String()
		marked = marked || event.EventType == enums.EVENT_TYPE_MARKER_RECORDED && strings.Contains(text, rehearsal)
		timer := event.GetTimerStartedEventAttributes()
		ordered = ordered || timer != nil && timer.StartToFireTimeout.AsDuration() == 24*time.Hour
	}
	if marked != ordered {
		c.Errorf("%s: marked %t, ordered %t", c.id, marked, ordered)
	}
	return marked
}

// failedTasks counts how often a worker could not go the way of the history.
func (c *traveller) failedTasks() (n int) {
	for _, event := range c.events(c.id).Events {
		if event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_FAILED || event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT {
			n++
		}
	}
	return n
}

// changeReleases lets a test start and stop workers; the relay, which every release runs, goes on. In the end the worker of
// today is there again.
func changeReleases(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	go app.Inbox.Relay(ctx) //nolint:errcheck // it only says that it was stopped
	t.Cleanup(func() {
		stop()
		app.StopWorker()
		if err := app.StartWorker(); err != nil {
			t.Error(err)
		}
	})
}

// TestARollingUpgradeWhileConsultationsRun: first the worker of today alone, then beside that of the next release, then the
// next release alone; decisions arrive all the time, also at the moment in which workers come and go.
func TestARollingUpgradeWhileConsultationsRun(t *testing.T) {
	changeReleases(t)
	before := setOut(t, 3)
	for i, c := range before {
		goOn([]*traveller{c}, 1+5*i)
	}
	startNextRelease(t)
	between := setOut(t, 3)
	all := slices.Concat(before, between)
	goOn(all, 6)

	stopped := make(chan struct{})
	go func() { app.StopWorker(); close(stopped) }()
	goOn(all, 4)
	<-stopped
	after := setOut(t, 2)
	all = slices.Concat(all, after)
	goOn(all, len(straightOn()))

	arrivedAlike(t, all)
	for _, c := range before {
		if c.tookNewBranch() {
			t.Error("what ran before the release takes its new way")
		}
	}
	for _, c := range after {
		if !c.tookNewBranch() {
			t.Error("what began after the release goes the old way")
		}
	}
	foundByMarker(t, all)
}

// foundByMarker: operators find what has taken the new way as CONTRIBUTING.md says.
func foundByMarker(t *testing.T, all []*traveller) {
	t.Helper()
	marked := 0
	for _, c := range all {
		if c.tookNewBranch() {
			marked++
		}
	}
	query := &workflowservice.CountWorkflowExecutionsRequest{
		Query: "ExecutionStatus = 'Completed' AND TemporalChangeVersion = '" + rehearsal + "-1'"}
	all[0].eventually("the marker in the list of workflows", func() bool {
		found, err := app.Engine.CountWorkflow(all[0].ctx, query)
		return err == nil && found.Count == int64(marked)
	})
}

// TestARollbackHoldsBackWhatBeganUnderTheNextRelease: the old release cannot carry on what the next one began. What
// people say is kept, nobody is told otherwise, and it has its effect when the next release is there again.
func TestARollbackHoldsBackWhatBeganUnderTheNextRelease(t *testing.T) {
	changeReleases(t)
	app.StopWorker()
	stopNextRelease := startNextRelease(t)
	c := setOut(t, 1)[0]
	goOn([]*traveller{c}, 1)
	c.must(app.StartWorker())
	stopNextRelease()

	review := c.open(advisory.ReviewRequest)
	result, err := app.Inbox.Submit(c.ctx, c.input(review, advisory.Accept, "kim", nil))
	if err != nil || result.Applied {
		t.Errorf("with the old release alone, applied %t, %v", result.Applied, err)
	}
	if n := c.count(`SELECT count(*) FROM inputs WHERE task_id = $1 AND state = 'journaled'`, review.ID); n != 1 {
		t.Errorf("%d inputs wait", n)
	}
	startNextRelease(t)
	app.StopWorker()
	c.open(advisory.RecordAssessment)
	if n := c.applied(review.ID); n != 1 {
		t.Errorf("applied %d times", n)
	}
	if n := c.count(`SELECT count(*) FROM history WHERE consultation_id = $1 AND kind = $2`, c.id, advisory.RequestAccepted); n != 1 {
		t.Errorf("%d entries in the history", n)
	}
	c.replay(nextRelease, c.id)
}

// arrivedAlike: each said everything once and it had one effect, whichever release was there.
func arrivedAlike(t *testing.T, travellers []*traveller) {
	t.Helper()
	decisions := len(straightOn())
	var told string
	for i, c := range travellers {
		c.eventually("the end of "+c.id, func() bool {
			description, err := app.Engine.DescribeWorkflowExecution(c.ctx, c.id, "")
			c.must(err)
			return description.WorkflowExecutionInfo.Status == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
		})
		if n := c.count(`SELECT count(*) FROM inputs WHERE consultation_id = $1 AND state = 'applied' AND kind = 'task'`, c.id); n != decisions {
			t.Errorf("%d of %d decisions have an effect", n, decisions)
		}
		if n := c.count(`SELECT count(*) FROM inputs WHERE consultation_id = $1 AND state <> 'applied'`, c.id); n != 0 {
			t.Errorf("%d inputs have no effect", n)
		}
		if n := c.count(`SELECT count(*) FROM tasks t WHERE consultation_id = $1 AND state = 'done'
			AND 1 = (SELECT count(*) FROM inputs WHERE task_id = t.id AND state = 'applied')`, c.id); n != decisions {
			t.Errorf("%d of %d tasks were settled by one input", n, decisions)
		}
		history := c.read(`SELECT string_agg(kind, ' ' ORDER BY id) FROM history WHERE consultation_id = $1`, c.id)
		if i == 0 {
			told = history
		} else if history != told {
			t.Errorf("one history tells %s\nanother one %s", told, history)
		}
		c.replay(nextRelease, c.id)
		t.Logf("new branch %t: slowest decision %v, %d failed workflow tasks", c.tookNewBranch(), c.slowest.Round(time.Millisecond), c.failedTasks())
	}
}
