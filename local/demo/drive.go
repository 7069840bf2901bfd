package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// patience is how long the driver waits for a task to open.
const patience = 30 * time.Second

// drive takes one consultation, whose request was sent, through the acts of its plan.
type drive struct {
	*seeder
	plan         plan
	request      request
	consultation string
	moments      []time.Time
	calendar     advisory.Calendar
}

// send files the request of a plan as the public form does: a draft, the verified address, the consultation.
func (s *seeder) send(ctx context.Context, p plan) (*drive, error) {
	r := requests[p.request]
	calendar := advisory.NewCalendar(contacts[r.contact].land)
	d := &drive{seeder: s, plan: p, request: r, calendar: calendar, moments: p.moments(calendar, s.clock.Now())}
	now := d.moments[0]
	draft, err := s.draft(ctx, r.answers(), now)
	if err != nil {
		return nil, err
	}
	email := contacts[r.contact].email()
	if err := s.store.OrderVerification(ctx, draft, email, false, now); err != nil {
		return nil, err
	}
	link, _, err := s.store.IssueAddressLink(ctx, draft.ID, email)
	if err != nil {
		return nil, err
	}
	sent, err := s.store.SendRequest(ctx, link, now)
	if err != nil {
		return nil, err
	}
	d.consultation = sent.ConsultationID
	return d, s.store.MarkDemo(ctx, sent.ConsultationID)
}

func (s *seeder) draft(ctx context.Context, answers advisory.Answers, now time.Time) (store.Draft, error) {
	token, err := s.store.CreateDraft(ctx, store.Draft{
		Answers: answers, FormVersion: s.texts.FormVersion(), Language: string(texts.German),
	}, now)
	if err != nil {
		return store.Draft{}, err
	}
	return s.store.DraftByToken(ctx, token)
}

// begin leaves one request half written, with its link in the contact's mail.
func (s *seeder) begin(ctx context.Context) error {
	answers := request{contact: "testrode", subject: "Sportvereine und Partnerstadt"}.answers()
	for _, unanswered := range []string{"situation", "goal", "need", "topics", "privacy_read", "confirm_checked"} {
		delete(answers, unanswered)
	}
	now := s.clock.Now()
	draft, err := s.draft(ctx, answers, now)
	if err != nil {
		return err
	}
	return s.store.MailDraftLink(ctx, draft, answers.Get("email"), now)
}

// run starts the consultation's workflow and plays the acts.
func (d *drive) run(ctx context.Context) error {
	d.timeline.set(d.consultation, moment{now: d.moments[0]})
	if _, err := d.inbox.Start(ctx, d.consultation); err != nil {
		return err
	}
	for i := range d.plan.acts {
		if err := d.play(ctx, i); err != nil {
			return fmt.Errorf("demo: %s, act %d: %w", d.plan.request, i+1, err)
		}
	}
	return nil
}

// play waits until somebody owes the act's decision, and says it in that person's name.
func (d *drive) play(ctx context.Context, i int) error {
	a := d.plan.acts[i]
	input := store.NewInput{
		ConsultationID: d.consultation, EnteredAt: d.moments[i+1], FormVersion: d.texts.FormVersion(),
		Message: advisory.Input{ID: uuid.Must(uuid.NewV7()).String(), Kind: a.deed},
		Form:    a.form,
	}
	actor := d.actor(a, store.Task{OwnerRole: a.role})
	if a.kind != "" {
		task, err := d.awaitTask(ctx, a)
		if err != nil {
			return err
		}
		rule, _ := advisory.DefaultProgramme().Rule(a.kind)
		input.Form = rule.FormOf(a.choice, task.OwnerRole)
		input.Message.Kind, input.Message.Task, input.Message.Choice = advisory.TaskInput, task.ID, a.choice
		actor = d.actor(a, task)
	}
	scene := d.scene(i)
	if a.words != nil {
		input.Answers = a.words(scene)
	}
	input.Message.Actor = d.ids[actor]
	if a.kind == advisory.ChooseAdvisors {
		input.Message.Advisors, input.Message.Lead = scene.advisors, scene.advisors[0]
	}
	input.Message.Enough = a.kind == advisory.WriteNote && input.Answers.Get("further_sessions") == "enough"
	d.timeline.set(d.consultation, moment{now: d.moments[i+1], passing: d.passing(a, scene, input)})
	_, err := d.inbox.Submit(ctx, input)
	return err
}

// scene is what the words of an act may depend on. The session that is being planned takes place on the working day before
// the act that records it, or in some days when nobody has recorded it yet.
func (d *drive) scene(i int) scene {
	s := scene{request: d.request, calendar: d.calendar, now: d.moments[i+1]}
	for _, member := range d.plan.advisors {
		s.advisors = append(s.advisors, d.ids[advisors[member].email()])
	}
	day := d.calendar.AddWorkdays(d.clock.Now(), 6)
	for j := i + 1; j < len(d.plan.acts); j++ {
		if d.plan.acts[j].kind == advisory.RecordOutcome {
			day = daysBack(d.calendar, d.moments[j+1], 1)
			break
		}
	}
	s.session = time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, advisory.Berlin)
	return s
}

// passing is when something happens after an act that nobody decides: a session ends, a follow-up begins.
func (d *drive) passing(a act, s scene, input store.NewInput) time.Time {
	switch {
	case a.deed == advisory.Withdraw:
		return input.EnteredAt.AddDate(0, 0, advisory.DefaultProgramme().UndoDays+1)
	case a.kind == advisory.ChooseSlot:
		return s.session.Add(90 * time.Minute)
	case a.kind == advisory.CloseConsultation:
		day, err := time.ParseInLocation(time.DateOnly, input.Answers.Get("follow_up_from"), advisory.Berlin)
		if err != nil {
			return time.Time{}
		}
		return advisory.DefaultProgramme().NextDesk(d.calendar, day)
	}
	return time.Time{}
}

// actor is the address of the person who owes the task.
func (d *drive) actor(a act, task store.Task) string {
	coordinator := staff[d.plan.coordinator]
	switch {
	case a.kind == advisory.ApproveRefusal:
		return staff[(d.plan.coordinator+1)%3].email()
	case task.OwnerRole == advisory.Municipality:
		return contacts[d.request.contact].email()
	case task.OwnerRole == advisory.Advisor:
		return advisors[d.plan.advisors[max(0, a.member-1)]].email()
	default:
		return coordinator.email()
	}
}

var errNobodyOwesIt = errors.New("no such task opened")

func (d *drive) awaitTask(ctx context.Context, a act) (store.Task, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		tasks, err := d.store.TasksOf(ctx, d.consultation, true)
		if err != nil {
			return store.Task{}, err
		}
		for _, task := range tasks {
			if d.fits(a, task) {
				return task, nil
			}
		}
		select {
		case <-waiting.Done():
			return store.Task{}, fmt.Errorf("%w: %s; open are %v", errNobodyOwesIt, a.kind, kinds(tasks))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func kinds(tasks []store.Task) []advisory.TaskKind {
	var found []advisory.TaskKind
	for _, task := range tasks {
		found = append(found, task.Kind)
	}
	return found
}

func (d *drive) fits(a act, task store.Task) bool {
	switch {
	case task.Kind != a.kind:
		return false
	case a.role != "":
		return task.OwnerRole == a.role
	case a.member > 0:
		return task.OwnedBy(d.ids[advisors[d.plan.advisors[a.member-1]].email()])
	}
	return true
}
