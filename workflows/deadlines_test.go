package workflows_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// The table of journey.md, Human tasks, once more in its own words: reminders after so many working days, and what
// happens where the task is still open after so many.
var deadlines = []struct {
	kind      advisory.TaskKind
	reminders []int
	then      map[int]string
}{
	{advisory.ClaimRequest, nil, map[int]string{3: "deputy", 5: "lead_coordinator"}},
	{advisory.ReviewRequest, []int{5}, map[int]string{7: "lead_coordinator"}},
	{advisory.AnswerQuestion, []int{5, 9}, map[int]string{10: "rests"}},
	{advisory.ApproveRefusal, []int{3}, map[int]string{5: "lead_coordinator"}},
	{advisory.RecordAssessment, []int{8}, map[int]string{12: "lead_coordinator"}},
	{advisory.ConfirmNeed, []int{5, 9}, map[int]string{10: "call_participants"}},
	{advisory.ChooseAdvisors, []int{5}, map[int]string{7: "lead_coordinator"}},
	{advisory.AnswerInvitation, []int{2, 4}, map[int]string{5: "lapses"}},
	{advisory.AgreeToAdvisors, []int{3}, map[int]string{5: "call_participants"}},
	{advisory.ProposeSlots, []int{2, 4}, map[int]string{5: "coordinator"}},
	{advisory.ChooseSlot, []int{3}, map[int]string{5: "coordinator"}},
	{advisory.RecordOutcome, []int{1, 2}, map[int]string{3: "coordinator"}},
	{advisory.WriteNote, []int{3, 5}, map[int]string{7: "coordinator"}},
	{advisory.DecideAccompaniment, []int{5}, map[int]string{10: "call_participants"}},
	{advisory.DraftOptions, []int{5, 10}, map[int]string{15: "coordinator"}},
	{advisory.ConfirmOptions, []int{5}, map[int]string{10: "coordinator"}},
	{advisory.Evaluate, []int{5, 10}, map[int]string{20: "lapses"}},
	{advisory.CloseConsultation, []int{5}, map[int]string{7: "lead_coordinator"}},
	{advisory.AnswerFollowUp, []int{10, 20}, map[int]string{30: "lapses"}},
}

func TestEveryReminderAndEscalationComesAtItsInstant(t *testing.T) {
	for _, row := range deadlines {
		t.Run(string(row.kind), func(t *testing.T) {
			j := newJourney(t)
			j.follow(leadingTo(row.kind))
			j.at(300*24*time.Hour, j.env.CancelWorkflow)
			j.env.ExecuteWorkflow(advisory.ConsultationWorkflow, advisory.Journey{ConsultationID: consultationID})

			task := j.firstOf(row.kind)
			calendar := advisory.NewCalendar("NW")
			desk := func(days int) string {
				return calendar.AddWorkdays(task.opened, days).Add(8 * time.Hour).In(advisory.Berlin).Format(time.DateTime)
			}
			var want []string
			for i, days := range row.reminders {
				want = append(want, fmt.Sprintf("%s reminder %d", desk(days), i+1))
			}
			for days, then := range row.then {
				want = append(want, fmt.Sprintf("%s %s", desk(days+1), then))
			}
			slices.Sort(want)
			if got := j.pressed(task); !slices.Equal(got, want) {
				t.Errorf("pressed\n got %q\nwant %q", got, want)
			}
		})
	}
}

// leadingTo is a script that comes to a kind of task and leaves it open.
func leadingTo(kind advisory.TaskKind) script {
	s := until(kind)
	switch kind {
	case advisory.AnswerQuestion:
		s = s.with(advisory.ReviewRequest, advisory.Ask)
	case advisory.ApproveRefusal:
		s = s.with(advisory.ReviewRequest, advisory.Decline)
	}
	if kind == advisory.AnswerInvitation {
		s = s.with(advisory.ChooseAdvisors, advisory.Choose).with(advisory.AgreeToAdvisors)
	}
	return s
}

func (j *journey) firstOf(kind advisory.TaskKind) *testTask {
	j.Helper()
	for _, t := range j.world.tasks {
		if t.Kind == kind {
			return t
		}
	}
	j.Fatalf("no %s was opened", kind)
	return nil
}

// pressed is what happened to a task while it was open, in order.
func (j *journey) pressed(task *testTask) (all []string) {
	for _, m := range j.world.entries {
		what := ""
		switch {
		case m.Remind > 0 && m.Task == task.ID:
			what = fmt.Sprintf("reminder %d", m.Remind)
		case m.Escalate > 0 && m.Task == task.ID:
			what = string(m.To)
		case m.Close == task.ID && m.State == advisory.Lapsed:
			what = "lapses"
		case m.Rest != nil && *m.Rest:
			what = "rests"
		case m.Open != nil && m.Open.Kind == advisory.CallParticipants && m.Open.About == task.ID:
			what = "call_participants"
		default:
			continue
		}
		all = append(all, m.at.In(advisory.Berlin).Format(time.DateTime)+" "+what)
	}
	return all
}

func TestASettledTaskIsNotPressedAnyMore(t *testing.T) {
	j := newJourney(t)
	j.follow(straight())
	j.run()
	for _, m := range j.world.entries {
		if m.Remind > 0 || m.Escalate > 0 {
			t.Errorf("%s was pressed at %v although everybody answered within an hour", m.Task, m.at)
		}
	}
}

func TestEvaluationClosesWithWhatIsThere(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.Evaluate))
	answered := false
	j.every(time.Hour, func() {
		if task := j.world.find(advisory.Evaluate, "joseph"); task != nil && !answered {
			answered = true
			j.settle(task, advisory.Submit)
		}
	})
	j.run()
	closed := 0
	for _, kind := range j.world.history() {
		if kind == advisory.EvaluationClosed {
			closed++
		}
	}
	if closed != 2 || j.world.outcome() != advisory.Completed {
		t.Errorf("%d closed without an answer, outcome %q", closed, j.world.outcome())
	}
}

func TestFollowUpClosesWithoutAnAnswer(t *testing.T) {
	j := newJourney(t)
	j.follow(until(advisory.AnswerFollowUp))
	j.run()
	history := j.world.history()
	if last := history[len(history)-1]; last != advisory.FollowUpClosed {
		t.Errorf("last in history: %q", last)
	}
}
