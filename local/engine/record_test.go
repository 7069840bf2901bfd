package engine_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"miglobe/advisory"
)

var recording = flag.String("record", "", "folder to add today's histories to, for the replay tests of package workflows")

// record keeps a history for the replay tests of all later releases.
func (c *consultation) record(state, workflowID string) {
	c.Helper()
	if *recording == "" {
		return
	}
	c.atRest(workflowID)
	_, err := keep(*recording, state, time.Now(), c.events(workflowID))
	c.must(err)
}

// keep adds a history to a folder, unless one that went the same way is there under the same state. What is there is
// never written over.
func keep(folder, state string, today time.Time, h *history.History) (file string, err error) {
	known, err := filepath.Glob(filepath.Join(folder, "????-??-??-"+state+"*.json"))
	if err != nil {
		return "", err
	}
	for _, file := range known {
		if before, err := read(file); err != nil || (stateOf(file) == state && slices.Equal(way(before), way(h))) {
			return "", err
		}
	}
	content, err := protojson.Marshal(h)
	if err != nil {
		return "", err
	}
	for file = filepath.Join(folder, today.Format(time.DateOnly)+"-"+state); ; file += "-later" {
		err := create(file+".json", content)
		if !errors.Is(err, fs.ErrExist) {
			return file + ".json", err
		}
	}
}

// create writes a new file; it refuses one that exists.
func create(file string, content []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// stateOf is the state in the name of a recorded history's file.
func stateOf(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".json")[len("2006-01-02-"):]
	for strings.HasSuffix(name, "-later") {
		name = strings.TrimSuffix(name, "-later")
	}
	return name
}

func read(file string) (*history.History, error) {
	content, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return client.HistoryFromJSON(content, client.HistoryJSONOptions{})
}

// way is what a history means to the code that replays it: what was said, what the workflow ordered, and its markers,
// without ids and times. Deliveries to workers differ from run to run, and so do timers, where moments fall together; a
// change of timers has a marker.
func way(h *history.History) (events []string) {
	for _, event := range h.Events {
		name, values := event.EventType.String(), converter.GetDefaultDataConverter()
		switch event.EventType {
		case enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, enums.EVENT_TYPE_WORKFLOW_TASK_STARTED, enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
			enums.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT, enums.EVENT_TYPE_WORKFLOW_TASK_FAILED,
			enums.EVENT_TYPE_TIMER_STARTED, enums.EVENT_TYPE_TIMER_CANCELED, enums.EVENT_TYPE_TIMER_FIRED:
			continue
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
			var in advisory.Input
			_ = values.FromPayloads(event.GetWorkflowExecutionUpdateAcceptedEventAttributes().AcceptedRequest.Input.Args, &in)
			name = fmt.Sprint(name, in.Kind, in.Choice, in.Session, len(in.Advisors))
		case enums.EVENT_TYPE_MARKER_RECORDED:
			var change string
			marker := event.GetMarkerRecordedEventAttributes()
			_ = values.FromPayloads(marker.Details["change-id"], &change)
			name += marker.MarkerName + change
		}
		events = append(events, name)
	}
	return events
}

// TestRecordingAddsAndNeverWritesOver: released histories stay as they are, byte for byte.
func TestRecordingAddsAndNeverWritesOver(t *testing.T) {
	folder, today := t.TempDir(), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	event := func(id int64, kind enums.EventType) *history.HistoryEvent {
		return &history.HistoryEvent{EventId: id, EventType: kind}
	}
	short := &history.History{Events: []*history.HistoryEvent{event(1, enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)}}
	long := &history.History{Events: append(slices.Clone(short.Events), event(2, enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED))}
	redelivered := &history.History{Events: append(slices.Clone(long.Events), event(3, enums.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT))}
	for _, step := range []struct {
		state string
		h     *history.History
		file  string
	}{
		{"waiting-a", short, "2026-03-02-waiting-a.json"},
		{"waiting-a", short, ""},
		{"waiting-a", long, "2026-03-02-waiting-a-later.json"},
		{"waiting-a", redelivered, ""},
		{"waiting", short, "2026-03-02-waiting.json"}, // a state of its own, although the name of another begins like it
	} {
		file, err := keep(folder, step.state, today, step.h)
		if err != nil || file != "" && filepath.Base(file) != step.file || file == "" && step.file != "" {
			t.Errorf("%s went to %q, %v; want %q", step.state, file, err, step.file)
		}
	}
	first := filepath.Join(folder, "2026-03-02-waiting-a.json")
	if err := create(first, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a recorded history is written over: %v", err)
	}
	if h, err := read(first); err != nil || len(h.Events) != 1 {
		t.Errorf("the first history became %v, %v", h, err)
	}
}
