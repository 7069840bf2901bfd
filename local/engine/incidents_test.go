package engine_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/activity/v1"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/local/temporal"
	"miglobe/server"
	"miglobe/store"
)

// operator is a browser in which an administrator has signed in.
func (c *consultation) operator() func(path string) {
	c.Helper()
	site := httptest.NewUnstartedServer(nil)
	handler, err := server.New(server.Settings{SiteURL: "http://" + site.Listener.Addr().String(), Retention: advisory.DefaultRetention()},
		server.Dependencies{Store: app.Store, Inbox: app.Inbox, Texts: app.Texts, Clock: app.Clock, Log: slog.New(slog.DiscardHandler)})
	c.must(err)
	site.Config.Handler = handler
	site.Start()
	c.Cleanup(site.Close)
	id, err := app.Store.SavePerson(c.ctx, store.Person{Email: "boss-" + uuid.NewString() + "@demo.example", Role: advisory.Administrator,
		FirstName: "boss", LastName: lastName, Active: true})
	c.must(err)
	token, _, err := app.Store.IssueSignInLink(c.ctx, id, store.SignInLinkLife)
	c.must(err)
	jar, err := cookiejar.New(nil)
	c.must(err)
	browser := &http.Client{Jar: jar}
	press := func(path string) {
		c.Helper()
		answer, err := browser.PostForm(site.URL+path, nil)
		c.must(err)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			c.Fatalf("POST %s: %d", path, answer.StatusCode)
		}
	}
	press("/anmelden/" + token)
	return press
}

// failure is how the consultation's failing step is listed.
func (c *consultation) failure(number string) (found store.StepFailure, listed bool) {
	c.Helper()
	failures, err := app.Store.StepFailures(c.ctx, 1)
	c.must(err)
	for _, failed := range failures.Rows {
		if failed.Number == number {
			return failed, true
		}
	}
	return found, false
}

// waitsForAnHour lets the engine pause for an hour before it tries the pending activity again.
func (c *consultation) waitsForAnHour() {
	c.Helper()
	engine := app.Engine.WorkflowService()
	hour := durationpb.New(time.Hour)
	_, err := engine.UpdateActivityOptions(c.ctx, &workflowservice.UpdateActivityOptionsRequest{
		Namespace: temporal.Namespace, Execution: &common.WorkflowExecution{WorkflowId: c.id},
		Activity: &workflowservice.UpdateActivityOptionsRequest_Type{Type: "WriteStep"},
		ActivityOptions: &activity.ActivityOptions{RetryPolicy: &common.RetryPolicy{
			InitialInterval: hour, MaximumInterval: hour, BackoffCoefficient: 1}},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"retry_policy.initial_interval", "retry_policy.maximum_interval",
			"retry_policy.backoff_coefficient"}},
	})
	c.must(err)
	c.eventually("a pause of an hour", func() bool {
		described, err := app.Engine.DescribeWorkflowExecution(c.ctx, c.id, "")
		c.must(err)
		pending := described.GetPendingActivities()
		return len(pending) == 1 && time.Until(pending[0].GetNextAttemptScheduleTime().AsTime()) > 30*time.Minute
	})
}

func TestAStepThatKeepsFailingIsRepairedAndTriedAgain(t *testing.T) {
	c := newConsultation(t)
	number := c.read(`SELECT number FROM consultations WHERE id = $1`, c.id)
	task := c.open(advisory.ClaimRequest)
	exec := func(statement string) {
		t.Helper()
		_, err := app.Store.DB().ExecContext(c.ctx, statement)
		c.must(err)
	}
	rule := "refused_" + uuid.NewString()[:8]
	exec(fmt.Sprintf(`ALTER TABLE tasks ADD CONSTRAINT %s CHECK (consultation_id <> '%s' OR kind <> 'review_request') NOT VALID`, rule, c.id))
	repair := func() { exec(`ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ` + rule) }
	t.Cleanup(func() { app.Store.DB().Exec(`ALTER TABLE tasks DROP CONSTRAINT IF EXISTS ` + rule) }) //nolint:errcheck // repaired before

	said := c.input(task, advisory.Claim, "kim", nil)
	result, err := app.Inbox.Submit(c.ctx, said)
	c.must(err)
	if result.Applied {
		t.Fatal("the step was written against the rule")
	}
	var failed store.StepFailure
	c.eventually("the failing step in the list", func() (listed bool) { failed, listed = c.failure(number); return listed })
	if failed.Reason != "rule" || failed.Detail != "open_task 23514 tasks "+rule || !failed.Retryable {
		t.Errorf("listed as %+v", failed)
	}
	c.waitsForAnHour()

	press := c.operator()
	retry := fmt.Sprintf("/betrieb/schritte/%s/%d/erneut", failed.Workflow, failed.Step)
	press(retry) // too early: it fails again, and is listed again
	c.eventually("another attempt in vain", func() bool {
		again, listed := c.failure(number)
		return listed && again.Attempts > failed.Attempts && again.Retryable
	})
	repair()
	press(retry)
	press(retry)
	review := c.open(advisory.ReviewRequest)
	if _, listed := c.failure(number); listed {
		t.Error("what is written is still listed")
	}
	c.eventually("the input applied", func() bool {
		state, err := app.Store.InputState(c.ctx, said.Message.ID)
		c.must(err)
		return state == "applied"
	})
	_, err = app.Inbox.Submit(c.ctx, c.input(task, advisory.Claim, "robin", nil))
	var refused *inbox.Refused
	if !errors.As(err, &refused) {
		t.Errorf("claimed twice: %v", err)
	}
	if n := c.count(`SELECT count(*) FROM tasks WHERE consultation_id = $1 AND kind = 'review_request'`, c.id); n != 1 || review.ID == "" {
		t.Errorf("%d reviews", n)
	}
	if n := c.count(`SELECT count(*) FROM history WHERE consultation_id = $1 AND kind = 'request_claimed'`, c.id); n != 1 {
		t.Errorf("claimed %d times", n)
	}
	c.historiesAreSilent(c.id)
	c.historiesReplay(c.id)
}
