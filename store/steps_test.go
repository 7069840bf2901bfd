package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

// monday is a working day without holidays near; the clock of these tests stands at ten in the morning.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)

// desk is a consultation in a real database whose steps a test writes by hand.
type desk struct {
	*testing.T
	store        *store.Store
	ctx          context.Context
	consultation string
	steps        int
	people       map[string]string // name → person id
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, store: storetest.Open(t), ctx: context.Background(), people: map[string]string{}}
	d.must(d.store.EnsureProgramme(d.ctx, advisory.DefaultProgramme()))
	for name, role := range map[string]advisory.Role{
		"toni": advisory.Municipality, "kim": advisory.Coordinator, "robin": advisory.Coordinator,
		"lea": advisory.LeadCoordinator, "amina": advisory.Advisor, "joseph": advisory.Advisor,
	} {
		id, err := d.store.SavePerson(d.ctx, store.Person{
			Email: name + "@demo.example", Role: role, FirstName: name, LastName: "Muster", Active: true})
		d.must(err)
		d.people[name] = id
	}
	d.consultation = uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) VALUES ($1, 'MG-2026-0001', 'Musterhausen', 'NW', 'Vereine einbinden', 1, '{}', 1, 'review', $2, $2, $2)`,
		d.consultation, monday)
	d.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, $3)`, d.consultation, d.people["toni"], monday)
	for _, name := range []string{"amina", "joseph"} {
		d.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, d.people[name])
	}
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) exec(query string, args ...any) {
	d.Helper()
	_, err := d.store.DB().Exec(query, args...)
	d.must(err)
}

func (d *desk) read(query string, args ...any) (value string) {
	d.Helper()
	d.must(d.store.DB().QueryRow(query, args...).Scan(&value))
	return value
}

// showing is a clock that shows the given moment now.
func showing(at time.Time) advisory.Clock { return advisory.NewClock(time.Now(), at, 1) }

func (d *desk) write(entries ...advisory.Entry) advisory.StepResult {
	d.Helper()
	return d.writeAt(monday, entries...)
}

func (d *desk) writeAt(at time.Time, entries ...advisory.Entry) advisory.StepResult {
	d.Helper()
	d.steps++
	result, err := d.store.WriteStep(d.ctx, showing(at), d.step(d.steps, entries...))
	d.must(err)
	return result
}

func (d *desk) step(number int, entries ...advisory.Entry) advisory.Step {
	return advisory.Step{ConsultationID: d.consultation, Workflow: d.consultation, Number: number, Entries: entries}
}

// opens is the entry that opens the n-th task.
func (d *desk) opens(n int, kind advisory.TaskKind, role advisory.Role, person string) advisory.Entry {
	return advisory.Entry{Open: &advisory.OpenTask{ID: advisory.TaskID(d.consultation, n), Kind: kind, Session: 1,
		Owner: advisory.Owner{Role: role, Person: d.people[person]}}}
}

// said journals an input and returns the entry that closes the n-th task by it.
func (d *desk) said(n int, choice advisory.Choice, person string, answers advisory.Answers) advisory.Entry {
	d.Helper()
	task := advisory.TaskID(d.consultation, n)
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: task, Choice: choice, Actor: d.people[person],
		Lead: d.people["amina"]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Answers: answers, EnteredAt: monday})
	d.must(err)
	return advisory.Entry{Close: task, State: advisory.Done, Choice: choice, Input: in.ID}
}

func (d *desk) mailsTo(person string) (templates []string) {
	d.Helper()
	rows, err := d.store.DB().Query(`SELECT template FROM mails WHERE person_id = $1 AND state = 'queued' ORDER BY ordered_at, template`, d.people[person])
	d.must(err)
	defer rows.Close()
	for rows.Next() {
		var template string
		d.must(rows.Scan(&template))
		templates = append(templates, template)
	}
	return templates
}

func TestWritingAStepTwiceChangesNothing(t *testing.T) {
	d := newDesk(t)
	first := d.write(d.opens(1, advisory.ClaimRequest, advisory.Coordinator, ""))
	step := d.step(2, d.said(1, advisory.Claim, "kim", nil), advisory.Entry{History: advisory.RequestClaimed},
		d.opens(2, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	once, err := d.store.WriteStep(d.ctx, showing(monday), step)
	d.must(err)
	again, err := d.store.WriteStep(d.ctx, showing(monday.AddDate(0, 0, 3)), step)
	d.must(err)
	if len(once.Schedules) != 1 || !reflect.DeepEqual(instants(once), instants(again)) {
		t.Errorf("first %+v, again %+v", once, again)
	}
	for query, want := range map[string]string{
		`SELECT count(*) FROM tasks`:                                "2",
		`SELECT count(*) FROM history`:                              "1",
		`SELECT count(*) FROM inputs WHERE state = 'applied'`:       "1",
		`SELECT count(*) FROM tasks WHERE state = 'done'`:           "1",
		`SELECT count(*) FROM mails WHERE template LIKE 'staff_t%'`: "2", // the request for both coordinators, nothing for what kim did
	} {
		if got := d.read(query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	if first.Rules == nil || first.Rules.SlotRounds != 3 {
		t.Errorf("the first step brings the rules: %+v", first.Rules)
	}
}

func instants(r advisory.StepResult) (all []string) {
	for id, schedule := range r.Schedules {
		for _, instant := range schedule {
			all = append(all, id+" "+instant.At.UTC().Format(time.RFC3339Nano))
		}
	}
	return all
}

func TestOpeningATaskTellsItsOwnerAndGivesItsDates(t *testing.T) {
	d := newDesk(t)
	result := d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	if got := d.mailsTo("toni"); !slices.Equal(got, []string{"confirm_need_opened"}) {
		t.Errorf("mails %v", got)
	}
	if due := d.read(`SELECT due_on::text FROM tasks`); due != "2026-03-16" {
		t.Errorf("due %s, want ten working days", due)
	}
	schedule := result.Schedules[advisory.TaskID(d.consultation, 1)]
	if len(schedule) != 3 || schedule[2].Rule.Then != advisory.Call {
		t.Errorf("schedule %+v", schedule)
	}
}

func TestAClosedTaskPressesNobody(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.write(advisory.Entry{Remind: 1, Task: advisory.TaskID(d.consultation, 1)})
	if got := d.mailsTo("toni"); len(got) != 2 {
		t.Fatalf("mails %v", got)
	}
	d.write(d.said(1, advisory.Confirm, "toni", nil))
	if got := d.mailsTo("toni"); len(got) != 0 {
		t.Errorf("still queued: %v", got)
	}
}

func TestEscalationsReachTheirAddress(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ClaimRequest, advisory.Coordinator, ""))
	task := advisory.TaskID(d.consultation, 1)
	d.write(advisory.Entry{Escalate: 5, To: advisory.ToLead, Task: task})
	if got := d.mailsTo("lea"); !slices.Equal(got, []string{"staff_task_escalated"}) {
		t.Errorf("lead coordinator: %v", got)
	}
	d.write(d.said(1, advisory.Claim, "kim", nil), advisory.Entry{Coordinator: d.people["kim"]},
		d.opens(2, advisory.WriteNote, advisory.Advisor, "amina"))
	d.write(advisory.Entry{Escalate: 7, To: advisory.ToCoordinator, Task: advisory.TaskID(d.consultation, 2)})
	if got := d.mailsTo("kim"); !slices.Equal(got, []string{"staff_task_escalated"}) {
		t.Errorf("coordinator: %v", got)
	}
}

func TestAHandedOverTaskIsTheOthers(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.HandOver, Task: advisory.TaskID(d.consultation, 1), Actor: d.people["kim"], To: d.people["robin"]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, EnteredAt: monday})
	d.must(err)
	d.write(advisory.Entry{HandOver: in.To, Task: in.Task, Input: in.ID}, advisory.Entry{History: advisory.TaskHandedOver, Task: in.Task, Input: in.ID})
	if owner := d.read(`SELECT owner_id::text FROM tasks`); owner != in.To {
		t.Errorf("owner %s", owner)
	}
	if kim, robin := d.mailsTo("kim"), d.mailsTo("robin"); len(kim) != 0 || !slices.Equal(robin, []string{"staff_task_opened"}) {
		t.Errorf("mails to kim %v, to robin %v", kim, robin)
	}
}

func TestTheGoalIsTheMunicipalitys(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	d.write(d.said(1, advisory.Record, "kim", advisory.Answers{"goal": {"Ein Ziel"}, "need": {"Ein Bedarf"}}),
		d.opens(2, advisory.ConfirmNeed, advisory.Municipality, ""))
	if n := d.read(`SELECT count(*) FROM goal_versions WHERE confirmed_at IS NOT NULL`); n != "0" {
		t.Error("what a coordinator records is not confirmed")
	}
	d.write(d.said(2, advisory.Change, "toni", advisory.Answers{"goal": {"Unser Ziel"}, "need": {"Ein Bedarf"}}))
	if goal := d.read(`SELECT goal FROM goal_versions WHERE confirmed_at IS NOT NULL`); goal != "Unser Ziel" {
		t.Errorf("confirmed %q", goal)
	}
	if first := d.read(`SELECT goal FROM goal_versions WHERE version = 1`); first != "Ein Ziel" {
		t.Errorf("the first version is now %q", first)
	}
}

func TestSessionFromSlotsToAppointment(t *testing.T) {
	d := newDesk(t)
	d.write(advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsWanted}},
		d.opens(1, advisory.ProposeSlots, advisory.Advisor, "amina"))
	slots := advisory.Answers{"meeting_format": {"video"}, "place": {"https://video.example/1"}}
	for i, date := range []string{"2026-03-20", "2026-03-29", "2026-10-25"} {
		n := string(rune('1' + i))
		slots.Set("slots."+n+".date", date)
		slots.Set("slots."+n+".start_time", "10:00")
		slots.Set("slots."+n+".duration", "minutes_90")
	}
	d.write(d.said(1, advisory.Propose, "amina", slots), d.opens(2, advisory.ChooseSlot, advisory.Municipality, ""))
	result := d.write(d.said(2, advisory.Choose, "toni", advisory.Answers{"slot": {"2"}}),
		advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.Scheduled}},
		advisory.Entry{Mail: advisory.MailAppointmentConfirmed, To: advisory.ToEverybody, Session: &advisory.SessionStep{Number: 1}})
	// On 29 March 2026 clocks go forward: ten in the morning is summer time.
	if start := d.read(`SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM sessions`); start != "2026-03-29 08:00" {
		t.Errorf("starts %s UTC", start)
	}
	appointment := result.Appointments[1]
	if len(appointment.Reminders) != 2 {
		t.Errorf("reminders %v", appointment.Reminders)
	}
	if got := d.mailsTo("toni"); !slices.Contains(got, "appointment_confirmed") {
		t.Errorf("mails %v", got)
	}
}

func TestInvitationsKeepTheirAnswers(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ChooseAdvisors, advisory.Coordinator, "kim"))
	d.write(d.said(1, advisory.Choose, "kim", nil), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "amina"),
		d.opens(3, advisory.AnswerInvitation, advisory.Advisor, "joseph"))
	if lead := d.read(`SELECT advisor_id::text FROM invitations WHERE lead`); lead != d.people["amina"] {
		t.Errorf("asked to lead: %s", lead)
	}
	d.write(d.said(2, advisory.Accept, "amina", nil))
	d.write(advisory.Entry{Close: advisory.TaskID(d.consultation, 3), State: advisory.Lapsed})
	for person, want := range map[string]string{"amina": "accepted", "joseph": "lapsed"} {
		if got := d.read(`SELECT state FROM invitations WHERE advisor_id = $1`, d.people[person]); got != want {
			t.Errorf("%s: %s, want %s", person, got, want)
		}
	}
	d.write(d.opens(4, advisory.AgreeToAdvisors, advisory.Municipality, ""))
	d.write(d.said(4, advisory.AskForOthers, "toni", nil))
	if got := d.read(`SELECT state FROM invitations WHERE advisor_id = $1`, d.people["amina"]); got != "withdrawn" {
		t.Errorf("amina: %s", got)
	}
}

func TestRestingFreezesAndThawsTheTasks(t *testing.T) {
	d := newDesk(t)
	yes, no := true, false
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, "")) // due in ten working days
	d.writeAt(monday.AddDate(0, 0, 4), advisory.Entry{Rest: &yes, History: advisory.RestBegun})
	result := d.writeAt(monday.AddDate(0, 0, 25), advisory.Entry{Rest: &no, History: advisory.RestEnded}) // three weeks later, a Friday
	if due := d.read(`SELECT due_on::text FROM tasks`); due != "2026-04-08" {
		t.Errorf("due %s, want six working days after Friday 27 March", due)
	}
	schedule := result.Schedules[advisory.TaskID(d.consultation, 1)]
	want := time.Date(2026, 3, 30, 8, 0, 0, 0, advisory.Berlin)
	clock := showing(monday.AddDate(0, 0, 25))
	if len(schedule) != 3 || !clock.At(schedule[0].At).Round(time.Hour).Equal(want) {
		t.Errorf("first reminder %v, want %v; schedule %v", clock.At(schedule[0].At), want, schedule)
	}
}
