package engine_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"miglobe/advisory"
)

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
	for len(between) < 20 && !slices.ContainsFunc(between, (*traveller).tookNewBranch) { // whose first task comes to which worker is chance
		between = slices.Concat(between, setOut(t, 1))
	}
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
	for _, c := range all {
		query := fmt.Sprintf("WorkflowId = '%s' AND ExecutionStatus = 'Completed'", c.id)
		for query, wanted := range map[string]bool{query: true, query + " AND TemporalChangeVersion = '" + rehearsal + "-1'": c.tookNewBranch()} {
			c.eventually(query, func() bool {
				found, err := app.Engine.CountWorkflow(c.ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
				return err == nil && (found.Count == 1) == wanted
			})
		}
	}
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
