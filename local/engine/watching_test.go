package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.temporal.io/sdk/client"

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/stack"
	"miglobe/telemetry"
)

// notebook keeps what is logged.
type notebook struct {
	sync.Mutex
	bytes.Buffer
}

func (n *notebook) Write(p []byte) (int, error) {
	n.Lock()
	defer n.Unlock()
	return n.Buffer.Write(p)
}

func (n *notebook) text() string {
	n.Lock()
	defer n.Unlock()
	return n.String()
}

// watched lets the tests run on a product of which everything is logged, measured and traced, until the test ends.
func watched(t *testing.T) (log *notebook, spans *tracetest.InMemoryExporter) {
	t.Helper()
	log, spans = &notebook{}, tracetest.NewInMemoryExporter()
	watch, err := telemetry.New(t.Context(), telemetry.Settings{Process: "local", Spans: spans})
	if err != nil {
		t.Fatal(err)
	}
	usual := app
	usual.StopWorker()
	t.Cleanup(func() {
		if app != usual {
			if err := app.Stop(); err != nil {
				t.Error(err)
			}
		}
		app = usual
		if err := app.StartWorker(); err != nil {
			t.Fatal(err)
		}
	})
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	traced, err := product.OpenWatched(t.Context(), product.On(around), advisory.RealClock(), logger, watch)
	if err != nil {
		t.Fatal(err)
	}
	app = traced
	if err := app.StartWorker(); err != nil {
		t.Fatal(err)
	}
	return log, spans
}

// personal are the words of the tests that a person could be recognised by.
var personal = []string{firstName, lastName, "Unser Verein am", "mitreden", town, "@demo.example"}

func TestAJourneyIsSeenWithoutAnybodyBeingRecognised(t *testing.T) {
	log, spans := watched(t)
	c := newConsultation(t)
	c.untilClosing()
	traceOfADecision(c, spans)

	if err := app.Serve(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/no-such-page", "/readyz"} {
		answer, err := http.Get(stack.URL(around.Ports.Site) + path)
		c.must(err)
		answer.Body.Close()
	}
	_, err := app.Engine.DescribeWorkflowExecution(c.ctx, "no-such-workflow", "") // a request that fails
	if err == nil {
		t.Error("found a workflow that does not exist")
	}
	newConsultation(t).open(advisory.ClaimRequest) // so that some task is open
	unknownWorkflow(c)
	namesAreExported(c)
	c.historiesReplay(c.id)

	if !strings.Contains(log.text(), "served") {
		t.Error("no request was logged")
	}
	for _, word := range personal {
		if strings.Contains(log.text(), word) {
			t.Errorf("the log contains %q", word)
		}
		for _, span := range spans.GetSpans() {
			if text := fmt.Sprint(span.Name, span.Attributes, span.Events, span.Status); strings.Contains(text, word) {
				t.Errorf("a span contains %q: %s", word, text)
			}
		}
	}
}

// traceOfADecision: one trace leads from a request over the inbox, the Update and the activity to SQL.
func traceOfADecision(c *consultation, spans *tracetest.InMemoryExporter) {
	c.Helper()
	task := c.open(advisory.CloseConsultation)
	ctx, end := app.Watch.Span(c.ctx, "request")
	result, err := app.Inbox.Submit(ctx, c.input(task, advisory.Close, "kim",
		advisory.Answers{"summary": {typedText}, "follow_up_from": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}))
	c.must(err)
	end(!result.Applied)

	var way []string
	c.eventually("the whole trace", func() bool {
		way = wayToStatement(spans.GetSpans(), "UPDATE consultations SET step")
		return len(way) > 0 && way[0] == "request"
	})
	for _, want := range []string{"inbox submit", "UpdateWorkflow:", "HandleUpdate:", "StartActivity:WriteStep", "RunActivity:WriteStep"} {
		if !slices.ContainsFunc(way, func(name string) bool { return strings.HasPrefix(name, want) }) {
			c.Errorf("the way %q lacks %s", way, want)
		}
	}
}

// wayToStatement names the spans from the root to the latest statement that contains a text.
func wayToStatement(all tracetest.SpanStubs, text string) (names []string) {
	byID := map[string]tracetest.SpanStub{}
	var last tracetest.SpanStub
	for _, span := range all {
		byID[span.SpanContext.SpanID().String()] = span
		for _, attribute := range span.Attributes {
			if strings.Contains(attribute.Value.AsString(), text) && span.StartTime.After(last.StartTime) {
				last = span
			}
		}
	}
	for span, ok := last, last.Name != ""; ok; span, ok = byID[span.Parent.SpanID().String()] {
		names = append([]string{span.Name}, names...)
	}
	return names
}

// unknownWorkflow makes a workflow task fail, as a release would that lacks what runs.
func unknownWorkflow(c *consultation) {
	c.Helper()
	run, err := app.Engine.ExecuteWorkflow(c.ctx, client.StartWorkflowOptions{TaskQueue: advisory.TaskQueue}, "no such workflow")
	c.must(err)
	c.eventually("a failed workflow task", func() bool { return exported()["temporal_workflow_task_execution_failed_total"] })
	c.must(app.Engine.TerminateWorkflow(context.WithoutCancel(c.ctx), run.GetID(), "", "test ends"))
}

// exported are the names under which Prometheus finds metrics.
func exported() map[string]bool {
	names := map[string]bool{}
	families, _ := app.Watch.Gatherer().Gather()
	for _, family := range families {
		name := family.GetName()
		names[name] = true
		if len(family.GetMetric()) > 0 && family.GetMetric()[0].GetHistogram() != nil {
			names[name+"_bucket"], names[name+"_sum"], names[name+"_count"] = true, true, true
		}
	}
	return names
}

var metricName = regexp.MustCompile(`\b(?:miglobe|temporal|go_sql|go|process)_[a-z_]+[a-z]\b`)

// namesAreExported: what dashboard and alert rules ask for exists.
func namesAreExported(c *consultation) {
	c.Helper()
	names := exported()
	for _, file := range []string{"../../deploy/grafana/dashboards/miglobe.json", "../../deploy/prometheus/alerts.yaml"} {
		content, err := os.ReadFile(filepath.FromSlash(file))
		c.must(err)
		asked := metricName.FindAllString(string(content), -1)
		if len(asked) < 10 {
			c.Errorf("%s asks for %d metrics", file, len(asked))
		}
		slices.Sort(asked)
		for _, name := range slices.Compact(asked) {
			if !names[name] {
				c.Errorf("%s asks for %s, which nobody exports", filepath.Base(file), name)
			}
		}
	}
}
