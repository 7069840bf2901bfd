package stack_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"miglobe/local/postgres"
	"miglobe/local/stack"
	"miglobe/local/state"
	"miglobe/local/temporal"
)

const taskQueue = "letters"

// waitForLetter is a workflow that is open until somebody answers.
func waitForLetter(ctx workflow.Context) (string, error) {
	var text string
	workflow.GetSignalChannel(ctx, "letter").Receive(ctx, &text)
	return "read: " + text, nil
}

// TestWorkflowAndMailsSurviveARestart is the promise of a second start: what was open goes on, what was
// received is still there.
func TestWorkflowAndMailsSurviveARestart(t *testing.T) {
	settings := testSettings(t)
	running := startStack(t, settings)

	engine := dial(t, running)
	described, err := engine.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: temporal.Namespace})
	if err != nil {
		t.Fatal(err)
	}
	if kept := described.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(); kept < 24*time.Hour {
		t.Errorf("closed workflows are kept for %v", kept)
	}
	stopWorker := startWorker(t, engine)
	options := client.StartWorkflowOptions{ID: "letter-1", TaskQueue: taskQueue}
	if _, err := engine.ExecuteWorkflow(t.Context(), options, waitForLetter); err != nil {
		t.Fatal(err)
	}
	if err := smtp.SendMail("127.0.0.1:"+strconv.Itoa(running.Ports.SMTP), nil, "a@demo.example", []string{"b@demo.example"}, []byte("Subject: Hallo\r\n\r\nText\r\n")); err != nil {
		t.Fatal(err)
	}
	stopWorker()
	engine.Close()
	if err := running.Stop(); err != nil {
		t.Fatal(err)
	}

	running = startStack(t, settings)
	engine = dial(t, running)
	defer engine.Close()
	defer startWorker(t, engine)()
	if err := engine.SignalWorkflow(t.Context(), "letter-1", "", "letter", "Hallo"); err != nil {
		t.Fatal(err)
	}
	var result string
	if err := engine.GetWorkflow(t.Context(), "letter-1", "").Get(t.Context(), &result); err != nil || result != "read: Hallo" {
		t.Errorf("after the restart the workflow returns %q, %v", result, err)
	}
	var mails []struct{ Subject string }
	getJSON(t, stack.URL(running.Ports.MailPage)+"/api/mails?to=b@demo.example", &mails)
	if len(mails) != 1 || mails[0].Subject != "Hallo" {
		t.Errorf("after the restart the mails are %v", mails)
	}
	var shown struct{ NamespaceInfo struct{ Name string } }
	getJSON(t, stack.URL(running.Ports.TemporalUI)+"/api/v1/namespaces/"+temporal.Namespace, &shown)
	if shown.NamespaceInfo.Name != temporal.Namespace {
		t.Errorf("the web UI shows namespace %q", shown.NamespaceInfo.Name)
	}

	if _, err := stack.Start(t.Context(), settings); !errors.Is(err, state.ErrInUse) {
		t.Errorf("a second stack on the same folder: %v", err)
	}
	if err := running.StopTemporal(); err != nil {
		t.Fatal(err)
	}
	if err := running.StartTemporal(t.Context()); err != nil {
		t.Errorf("the engine alone does not come back: %v", err)
	}
}

func testSettings(t *testing.T) stack.Settings {
	t.Helper()
	if _, err := postgres.FindBinaries(); err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	folder, err := os.MkdirTemp("", "miglobe-stack-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return stack.Settings{Folder: filepath.Join(folder, "state"), Disposable: true}
}

func startStack(t *testing.T, settings stack.Settings) *stack.Stack {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	started := time.Now()
	running, err := stack.Start(ctx, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("up after %v", time.Since(started).Round(time.Millisecond))
	t.Cleanup(func() { _ = running.Stop() })
	return running
}

func dial(t *testing.T, running *stack.Stack) client.Client {
	t.Helper()
	engine, err := client.Dial(client.Options{HostPort: running.Temporal.Address(), Namespace: temporal.Namespace, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func startWorker(t *testing.T, engine client.Client) (stop func()) {
	t.Helper()
	running := worker.New(engine, taskQueue, worker.Options{})
	running.RegisterWorkflow(waitForLetter)
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	return running.Stop
}

func getJSON(t *testing.T, address string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s", address, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
