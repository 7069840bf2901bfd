// Package engine_test drives the journey on the real engine: Temporal, PostgreSQL, SMTP, the worker; only the pages are
// left out, which have tests of their own in package browser.
package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/stack"
	"miglobe/store"
)

var (
	around *stack.Stack
	app    *product.Product
)

func TestMain(m *testing.M) {
	if os.Getenv(workerApart) != "" {
		os.Exit(hostApart())
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "miglobe-engine-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL enters it as another user
		panic(err)
	}
	starting, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	around, err = stack.Start(starting, stack.Settings{Folder: folder, Disposable: true, Log: log})
	if err != nil {
		fmt.Fprintln(os.Stderr, "stack:", err)
		return 1
	}
	defer around.Stop() //nolint:errcheck // the folder goes anyway
	app, err = product.Open(starting, around, advisory.RealClock(), log)
	if err != nil {
		fmt.Fprintln(os.Stderr, "product:", err)
		return 1
	}
	defer app.Stop() //nolint:errcheck // see above
	if err := app.StartWorker(); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		return 1
	}
	return m.Run()
}

// The words that a person could be recognised by. None of them may reach the engine.
const (
	firstName = "Tonilinde"
	lastName  = "Musterfrau-Probe"
	typedText = "Unser Verein am Mühlbach möchte mitreden"
	town      = "Neu-Beispielhausen"
)

// consultation is a request on its way, with the people around it.
type consultation struct {
	testing.TB
	ctx    context.Context
	id     string
	people map[string]string // role or name → person id
	// waiting hears of every task before it is settled; nil: nobody listens.
	waiting func(kind advisory.TaskKind, workflowID string)
	// patient: whoever is told "saved, being processed" waits for the effect instead of complaining.
	patient bool
}

var deadline = 30 * time.Second // for a condition to come true; nothing here is meant to take long

// newConsultation files a request as the public form does, and starts its workflow.
func newConsultation(t testing.TB) *consultation {
	t.Helper()
	c := draftedConsultation(t)
	c.start()
	return c
}

// draftedConsultation files a request without starting its workflow.
func draftedConsultation(t testing.TB) *consultation {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	c := &consultation{TB: t, ctx: ctx, people: map[string]string{}}
	for name, role := range map[string]advisory.Role{
		"kim": advisory.Coordinator, "robin": advisory.Coordinator, "amina": advisory.Advisor, "joseph": advisory.Advisor,
		"ruth": advisory.Advisor,
	} {
		id, err := app.Store.SavePerson(ctx, store.Person{
			Email: name + "-" + uuid.NewString() + "@demo.example", Role: role, FirstName: name, LastName: lastName, Active: true})
		c.must(err)
		c.people[name] = id
	}
	email := "toni-" + uuid.NewString() + "@demo.example"
	answers := advisory.Answers{
		"municipality": {town}, "land": {"NW"}, "unit": {"Büro"}, "applicant_role": {"staff"}, "situation": {typedText},
		"subject": {typedText}, "goal": {typedText}, "need": {typedText}, "topics": {"participation"}, "meeting_format": {"either"},
		"first_name": {firstName}, "last_name": {lastName}, "email": {email}, "privacy_read": {"yes"}, "confirm_checked": {"yes"},
	}
	now := app.Clock.Now()
	token, err := app.Store.CreateDraft(ctx, store.Draft{Answers: answers, FormVersion: app.Texts.FormVersion(), Language: "de"}, now)
	c.must(err)
	draft, err := app.Store.DraftByToken(ctx, token)
	c.must(err)
	c.must(app.Store.OrderVerification(ctx, draft, email, false, now))
	link, _, err := app.Store.IssueAddressLink(ctx, draft.ID, email)
	c.must(err)
	sent, err := app.Store.SendRequest(ctx, link, now)
	c.must(err)
	c.id, c.people["toni"] = sent.ConsultationID, sent.Person.ID
	return c
}

func (c *consultation) start() {
	c.Helper()
	result, err := app.Inbox.Start(c.ctx, c.id)
	c.must(err)
	if !result.Applied {
		c.Fatal("the consultation did not start")
	}
}

func (c *consultation) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// eventually waits for a condition.
func (c *consultation) eventually(what string, condition func() bool) {
	c.Helper()
	for end := time.Now().Add(deadline); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			c.Fatalf("%s did not come true", what)
		}
	}
}

// open returns the open task of a kind and, where given, of a person; it waits for it.
func (c *consultation) open(kind advisory.TaskKind, person ...string) (found store.Task) {
	c.Helper()
	c.eventually("an open "+string(kind), func() bool {
		tasks, err := app.Store.TasksOf(c.ctx, c.id, true)
		c.must(err)
		for _, t := range tasks {
			if t.Kind == kind && (len(person) == 0 || t.OwnerID != nil && *t.OwnerID == c.people[person[0]]) {
				found = t
				return true
			}
		}
		return false
	})
	return found
}

// input is what somebody says about a task, ready for the inbox.
func (c *consultation) input(task store.Task, choice advisory.Choice, actor string, answers advisory.Answers) store.NewInput {
	if answers == nil {
		answers = advisory.Answers{"comment": {typedText}}
	}
	message := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: task.ID, Choice: choice, Actor: c.people[actor]}
	switch task.Kind {
	case advisory.ChooseAdvisors:
		message.Advisors, message.Lead = []string{c.people["amina"], c.people["joseph"]}, c.people["amina"]
	case advisory.WriteNote:
		message.Enough = true
	}
	return store.NewInput{ConsultationID: c.id, Message: message, Answers: answers, EnteredAt: app.Clock.Now()}
}

// say settles the open task of a kind.
func (c *consultation) say(kind advisory.TaskKind, choice advisory.Choice, actor string, answers advisory.Answers) {
	c.Helper()
	person := []string{}
	if actor == "amina" || actor == "joseph" || actor == "ruth" {
		person = append(person, actor)
	}
	task := c.open(kind, person...)
	if c.waiting != nil {
		c.waiting(kind, c.id)
	}
	result, err := app.Inbox.Submit(c.ctx, c.input(task, choice, actor, answers))
	c.must(err)
	switch {
	case result.Applied:
	case c.patient:
		c.eventually("the effect of "+string(kind), func() bool { return c.applied(task.ID) == 1 })
	default:
		c.Fatalf("%s was not applied", kind)
	}
}

// pastSlots are three dates that are over already, so that nobody has to wait for the appointment.
func pastSlots() advisory.Answers {
	answers := advisory.Answers{"meeting_format": {"video"}, "place": {typedText}}
	for n := 1; n <= 3; n++ {
		day := time.Now().AddDate(0, 0, -n).Format(time.DateOnly)
		answers.Set(fmt.Sprintf("slots.%d.date", n), day)
		answers.Set(fmt.Sprintf("slots.%d.start_time", n), "10:00")
		answers.Set(fmt.Sprintf("slots.%d.duration", n), "minutes_60")
	}
	return answers
}

// session goes from proposed dates to a note.
func (c *consultation) session() {
	c.Helper()
	c.say(advisory.ProposeSlots, advisory.Propose, "amina", pastSlots())
	c.say(advisory.ChooseSlot, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}})
	c.say(advisory.RecordOutcome, advisory.WasHeld, "amina", nil)
	c.say(advisory.WriteNote, advisory.Share, "amina", advisory.Answers{"topics": {typedText}, "learned": {typedText}, "next_step": {typedText}})
}

// untilClosing goes the straight way up to the closing, which is left open.
func (c *consultation) untilClosing() {
	c.Helper()
	c.untilOptions()
	c.confirm(advisory.ConfirmOptions, advisory.Confirm)
	c.confirm(advisory.Evaluate, advisory.Submit)
}

// untilOptions goes the straight way up to the options, which nobody has confirmed yet.
func (c *consultation) untilOptions() {
	c.Helper()
	words := advisory.Answers{"goal": {typedText}, "need": {typedText}, "situation": {typedText}}
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	c.say(advisory.RecordAssessment, advisory.Record, "kim", words)
	c.say(advisory.ConfirmNeed, advisory.Change, "toni", words)
	c.say(advisory.ChooseAdvisors, advisory.Choose, "kim", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "amina", nil)
	c.say(advisory.AnswerInvitation, advisory.Accept, "joseph", nil)
	c.say(advisory.AgreeToAdvisors, advisory.Agree, "toni", nil)
	c.session()
	c.say(advisory.DecideAccompaniment, advisory.Continue, "toni", nil)
	c.session()
	c.say(advisory.DraftOptions, advisory.Share, "amina", advisory.Answers{"options.1.title": {typedText}})
}

// confirm lets the municipality and both advisors settle a task each.
func (c *consultation) confirm(kind advisory.TaskKind, choice advisory.Choice) {
	c.Helper()
	for _, advisor := range []string{"amina", "joseph"} {
		c.say(kind, choice, advisor, nil)
	}
	c.say(kind, choice, "toni", nil)
}

// kinds lists the open tasks.
func (c *consultation) kinds() string {
	tasks, err := app.Store.TasksOf(c.ctx, c.id, true)
	c.must(err)
	var kinds []string
	for _, t := range tasks {
		kinds = append(kinds, string(t.Kind))
	}
	return strings.Join(kinds, " ")
}
