package workflows_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"

	"miglobe/advisory"
	"miglobe/workflows"
)

// moments names the state in which a consultation waits for a date that a step brought; "" where it is waited for with a
// task, or is no date.
var moments = map[string]string{
	"Schedules": "", "Rules": "", "Refused": "",
	"Appointments": "appointment", "FollowUpAt": "asleep", "Rest": "resting", "Quiet": "quiet", "UndoUntil": "withdrawn",
}

// states are all states in which a consultation waits or ends, as the domain has them.
func states(t *testing.T) (names []string) {
	for _, rule := range advisory.DefaultProgramme().Tasks {
		names = append(names, "waiting-"+string(rule.Kind))
		for _, escalation := range rule.Escalations {
			switch escalation.Then {
			case advisory.PassOn: // nobody's task changes
			case advisory.AskDesk: // that is waiting-decide_after_rest
			default:
				names = append(names, "overdue-"+string(rule.Kind))
			}
		}
	}
	for dates, i := reflect.TypeFor[advisory.StepResult](), 0; i < dates.NumField(); i++ {
		state, known := moments[dates.Field(i).Name]
		if !known {
			t.Errorf("a consultation may wait for %s: how is the state called?", dates.Field(i).Name)
		}
		if state != "" {
			names = append(names, "waiting-"+state)
		}
	}
	for rules, i := reflect.TypeFor[advisory.Rules](), 0; i < rules.NumField(); i++ {
		names = append(names, "after-"+rules.Field(i).Tag.Get("json"))
	}
	for _, outcome := range advisory.Outcomes {
		names = append(names, "ended-"+string(outcome))
	}
	return append(names, "ended-"+string(advisory.FollowUp))
}

var fileName = regexp.MustCompile(`^\d{4}-\d\d-\d\d-(.+?)(-later)*\.json$`)

// TestEveryStateHasARecordedHistory: a new task, outcome or date gets a history with the release that brings it.
func TestEveryStateHasARecordedHistory(t *testing.T) {
	var names []string
	for file := range recorded(t) {
		names = append(names, fileName.ReplaceAllString(file, "$1"))
	}
	for _, state := range states(t) {
		if !slices.Contains(names, state) {
			t.Errorf("no recorded history of %s; make record adds one where local/engine brings a consultation there", state)
		}
	}
}

// TestEveryInputAndChoiceIsInARecordedHistory: what a person can say takes a way through the code of its own.
func TestEveryInputAndChoiceIsInARecordedHistory(t *testing.T) {
	kinds, choices := map[advisory.InputKind]bool{}, map[advisory.Choice]bool{}
	for _, h := range recorded(t) {
		for _, in := range inputs(t, h) {
			kinds[in.Kind], choices[in.Choice] = true, true
		}
	}
	for _, kind := range workflows.InputKinds() {
		if !kinds[kind] {
			t.Errorf("nobody says %s", kind)
		}
	}
	for _, rule := range advisory.DefaultProgramme().Tasks {
		for _, choice := range rule.Choices {
			if !choices[choice] {
				t.Errorf("nobody chooses %s of %s", choice, rule.Kind)
			}
		}
	}
}

// inputs are what was said in a history, in its order.
func inputs(t *testing.T, h *history.History) (said []advisory.Input) {
	t.Helper()
	for _, event := range h.Events {
		if event.EventType != enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED {
			continue
		}
		payloads := event.GetWorkflowExecutionUpdateAcceptedEventAttributes().AcceptedRequest.Input.Args
		var in advisory.Input
		if err := converter.GetDefaultDataConverter().FromPayloads(payloads, &in); err != nil {
			t.Fatal(err)
		}
		said = append(said, in)
	}
	return said
}
