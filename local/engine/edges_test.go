package engine_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// tell says something that settles no task.
func (c *consultation) tell(kind advisory.InputKind, actor string, answers advisory.Answers, refine ...func(*advisory.Input)) {
	c.Helper()
	message := advisory.Input{ID: uuid.NewString(), Kind: kind, Actor: c.people[actor]}
	for _, f := range refine {
		f(&message)
	}
	result, err := app.Inbox.Submit(c.ctx, store.NewInput{ConsultationID: c.id, Message: message, Answers: answers, EnteredAt: app.Clock.Now()})
	c.must(err)
	if !result.Applied {
		c.Fatalf("%s was not applied", kind)
	}
}

func (c *consultation) read(query string, args ...any) (value string) {
	c.Helper()
	c.must(app.Store.DB().QueryRowContext(c.ctx, query, args...).Scan(&value))
	return value
}

// proven: the history holds no word of a person, and the code goes the same way through it again.
func (c *consultation) proven(name string) {
	c.Helper()
	c.historiesAreSilent(c.id)
	c.historiesReplay(c.id)
	c.record(name, c.id)
}

func inDays(n int) string {
	return time.Now().In(advisory.Berlin).AddDate(0, 0, n).Format(time.DateOnly)
}

// untilAgreed goes the straight way up to the team that the municipality agreed to.
func (c *consultation) untilAgreed() {
	c.Helper()
	c.untilAccepted()
	c.say(advisory.AgreeToAdvisors, advisory.Agree, "toni", nil)
}

// untilAccepted goes the straight way up to the team that has accepted.
func (c *consultation) untilAccepted() {
	c.Helper()
	words := advisory.Answers{"goal": {typedText}, "need": {typedText}, "situation": {typedText}}
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	c.say(advisory.RecordAssessment, advisory.Record, "kim", words)
	c.say(advisory.ConfirmNeed, advisory.Confirm, "toni", words)
	c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "amina", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "joseph", nil)
}

// appointment fixes a date some weeks ahead.
func (c *consultation) appointment() {
	c.Helper()
	slots := pastSlots()
	for n := 1; n <= 3; n++ {
		slots.Set(fmt.Sprintf("slots.%d.date", n), inDays(20+n))
	}
	c.say(advisory.ProposeSlots, advisory.Propose, "amina", slots)
	c.say(advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}})
}

func TestAWithdrawalIsTakenBack(t *testing.T) {
	c := newConsultation(t)
	c.untilAgreed()
	c.appointment()
	c.tell(advisory.Withdraw, "toni", advisory.Answers{"comment": {typedText}})
	if open := c.kinds(); open != "" {
		t.Errorf("withdrawn, and open: %s", open)
	}
	if got := c.read(`SELECT state FROM sessions WHERE consultation_id = $1`, c.id); got != "cancelled" {
		t.Errorf("the appointment is %s", got)
	}
	_, err := app.Inbox.Submit(c.ctx, store.NewInput{ConsultationID: c.id, EnteredAt: time.Now(),
		Message: advisory.Input{ID: uuid.NewString(), Kind: advisory.BeginRest, Actor: c.people["kim"]}})
	var refused *inbox.Refused
	if !errors.As(err, &refused) || refused.Reason != advisory.ConsultationEnded {
		t.Errorf("while withdrawn: %v", err)
	}
	c.tell(advisory.UndoWithdrawal, "toni", nil)
	if got := c.read(`SELECT outcome || stage FROM consultations WHERE id = $1`, c.id); got != "opening" {
		t.Errorf("it stands at %s", got)
	}
	c.open(advisory.ProposeSlots) // the appointment is proposed anew
	c.proven("withdrawal_undone")
}

func TestARestEndsWhenTheCoordinatorSaysSo(t *testing.T) {
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"election"}, "resume_on": {inDays(60)}})
	if got := c.read(`SELECT rest_until || rest_reason FROM consultations WHERE id = $1`, c.id); got != inDays(60)+"election" {
		t.Errorf("rests until %s", got)
	}
	c.tell(advisory.EndRest, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	c.tell(advisory.AskForRest, "toni", advisory.Answers{"reason": {"workload"}})
	c.say(advisory.DecideRest, advisory.Rest, "kim", advisory.Answers{"reason": {"workload"}, "resume_on": {inDays(1)}})
	// Five working days before tomorrow is over: the question goes out at once, or when the desk opens.
	if got := c.read(`SELECT rest_reason FROM consultations WHERE id = $1`, c.id); got != "workload" {
		t.Errorf("rests for %s", got)
	}
	c.proven("rest")
}

func TestALeadIsReplacedWhileAnAppointmentIsAhead(t *testing.T) {
	c := newConsultation(t)
	c.untilAgreed()
	c.tell(advisory.ReplaceAdvisor, "kim", advisory.Answers{"reason": {"long_absence"}, "handover_note": {typedText}},
		func(in *advisory.Input) { in.Person = c.people["amina"] })
	if task := c.open(advisory.ProposeSlots); *task.OwnerID != c.people["kim"] {
		t.Error("nobody stands in for the lead")
	}
	relation, err := app.Store.Relation(c.ctx, c.id, c.people["amina"], app.Clock.Now())
	c.must(err)
	if relation.Participates() {
		t.Error("who left still takes part")
	}
	in := c.input(c.open(advisory.ChooseAdvisors), advisory.Choose, "kim", nil)
	in.Message.Advisors, in.Message.Lead = []string{c.people["ruth"]}, c.people["ruth"]
	_, err = app.Inbox.Submit(c.ctx, in)
	c.must(err)
	c.say(advisory.AnswerInvitation, advisory.Accept, "ruth", nil)
	c.say(advisory.AgreeToAdvisors, advisory.Agree, "toni", nil)
	c.eventually("the new lead", func() bool { return *c.open(advisory.ProposeSlots).OwnerID == c.people["ruth"] })
	if n := c.count(`SELECT count(*) FROM team WHERE consultation_id = $1 AND until IS NULL`, c.id); n != 2 {
		t.Errorf("%d accompany", n)
	}
	c.proven("replacement")
}

func TestAnAppointmentIsMovedAndCancelled(t *testing.T) {
	c := newConsultation(t)
	c.untilAgreed()
	c.appointment()
	session := func(in *advisory.Input) { in.Session = 1 }
	c.tell(advisory.MoveAppointment, "joseph", advisory.Answers{"date": {inDays(40)}, "start_time": {"09:30"}, "reason": {typedText}}, session)
	c.tell(advisory.CancelAppointment, "toni", advisory.Answers{"reason": {typedText}}, session)
	c.open(advisory.ProposeSlots)
	got := c.read(`SELECT string_agg(template, ' ' ORDER BY ordered_at) FROM mails WHERE consultation_id = $1 AND person_id = $2 AND session > 0
		AND template LIKE 'appointment%'`, c.id, c.people["toni"])
	if got != "appointment_confirmed appointment_moved appointment_cancelled" {
		t.Errorf("mails: %s", got)
	}
	if got := c.read(`SELECT sequence FROM sessions WHERE consultation_id = $1`, c.id); got != "2" {
		t.Errorf("sequence %s", got)
	}
	c.tell(advisory.ProposeGoal, "joseph", advisory.Answers{"goal": {typedText}, "need": {typedText}})
	c.say(advisory.ConfirmGoalChange, advisory.Confirm, "toni", nil)
	c.tell(advisory.ReopenAssignment, "kim", nil)
	c.open(advisory.ChooseAdvisors)
	c.proven("appointments")
}
