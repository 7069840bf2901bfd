package server

import (
	"context"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// consultationFixture is a consultation in the database whose steps the test writes, as the engine would.
type consultationFixture struct {
	*site
	ID, Number  string
	Contact     store.Person
	Lead        store.Person // the lead advisor
	Member      store.Person // another advisor
	Coordinator store.Person
	Colleague   store.Person // another coordinator
	Head        store.Person // the lead coordinator

	steps, tasks int
	last         string // task that was opened last
}

// newConsultation has a request that was sent and that nobody has claimed.
func newConsultation(t *testing.T) *consultationFixture {
	t.Helper()
	s := newSite(t)
	if err := s.store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	f := &consultationFixture{site: s, ID: uuid.NewString(), Number: "MG-2026-0042"}
	f.Contact = f.named(advisory.Municipality, "Toni", "Muster")
	f.Lead = f.named(advisory.Advisor, "Amina", "Exempel")
	f.Member = f.named(advisory.Advisor, "Joseph", "Vorlage")
	f.Coordinator = f.named(advisory.Coordinator, "Kim", "Beispiel")
	f.Colleague = f.named(advisory.Coordinator, "Robin", "Probe")
	f.Head = f.named(advisory.LeadCoordinator, "Lea", "Leitner")
	f.exec(`INSERT INTO consultations (id, number, municipality, land, unit, subject, programme_version, request, form_version,
			stage, stage_since, sent_at, updated_at)
		VALUES ($1, $2, 'Musterstadt', 'NW', 'Büro für Internationales', 'Vereine einbinden', 1, $3, 1, 'review', now(), now(), now())`,
		f.ID, f.Number, requestAnswers)
	f.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, now())`, f.ID, f.Contact.ID)
	for _, advisor := range []store.Person{f.Lead, f.Member} {
		f.exec(`INSERT INTO advisors (person_id, about, topics, competences, languages)
			VALUES ($1, 'Ich moderiere seit 2010.', '{partnerships}', 'Netzwerke in Westafrika', '{german,french}')`, advisor.ID)
	}
	f.write(advisory.Entry{Stage: advisory.Review})
	return f
}

var requestAnswers = advisory.Answers{
	"municipality": {"Musterstadt"}, "land": {"NW"}, "unit": {"Büro für Internationales"}, "applicant_role": {"staff"},
	"situation": {"Seit 2014 eine Partnerschaft.\nVereine wirken noch nicht mit."}, "subject": {"Vereine einbinden"},
	"goal": {"Vereine wirken mit."}, "need": {"Wie fangen wir an?"}, "topics": {"partnerships", "participation"},
	"meeting_format": {"on_site"}, "languages": {"german"}, "partner_country": {"GH"}, "first_name": {"Toni"},
	"last_name": {"Muster"}, "email": {"muster@example.org"}, "privacy_read": {"yes"}, "confirm_checked": {"yes"},
}

func (f *consultationFixture) named(role advisory.Role, first, last string) store.Person {
	f.t.Helper()
	person := store.Person{
		Role: role, Email: last + "@example.org", FirstName: first, LastName: last, Active: true, Phone: "0000 12345",
	}
	var err error
	if person.ID, err = f.store.SavePerson(context.Background(), person); err != nil {
		f.t.Fatal(err)
	}
	return person
}

// write writes the entries as the next step.
func (f *consultationFixture) write(entries ...advisory.Entry) {
	f.t.Helper()
	f.steps++
	step := advisory.Step{ConsultationID: f.ID, Workflow: f.ID, Number: f.steps, Entries: entries}
	if _, err := f.store.WriteStep(context.Background(), advisory.RealClock(), step); err != nil {
		f.t.Fatal(err)
	}
}

// open opens a task and returns its id.
func (f *consultationFixture) open(task advisory.OpenTask) string {
	f.t.Helper()
	f.tasks++
	task.ID = advisory.TaskID(f.ID, f.tasks)
	f.write(advisory.Entry{Open: &task})
	f.last = task.ID
	return task.ID
}

// say settles the task that was opened last: words, effect and history, and what else happens in the step.
func (f *consultationFixture) say(actor store.Person, choice advisory.Choice, form string, answers advisory.Answers,
	told advisory.HistoryKind, then ...advisory.Entry) {
	f.t.Helper()
	f.sayWith(advisory.Input{Actor: actor.ID, Choice: choice}, form, answers, told, then...)
}

func (f *consultationFixture) sayWith(in advisory.Input, form string, answers advisory.Answers, told advisory.HistoryKind,
	then ...advisory.Entry) {
	f.t.Helper()
	in.ID, in.Kind, in.Task = uuid.Must(uuid.NewV7()).String(), advisory.TaskInput, f.last
	if _, err := f.store.JournalInput(context.Background(), store.NewInput{
		ConsultationID: f.ID, Message: in, Form: form, FormVersion: 1, Answers: answers, EnteredAt: time.Now(),
	}); err != nil {
		f.t.Fatal(err)
	}
	closing := advisory.Entry{Close: f.last, State: advisory.Done, Choice: in.Choice, Input: in.ID}
	f.write(append([]advisory.Entry{closing, {History: told, Task: f.last, Input: in.ID}}, then...)...)
}

// workday is the n-th working day from now on, as a form posts it.
func workday(n int) string {
	return advisory.NewCalendar("NW").AddWorkdays(time.Now(), n).Format(time.DateOnly)
}

var (
	slotAnswers = advisory.Answers{
		"slots.1.date": {workday(3)}, "slots.1.start_time": {"10:00"}, "slots.1.duration": {"minutes_120"},
		"slots.2.date": {workday(4)}, "slots.2.start_time": {"14:00"}, "slots.2.duration": {"minutes_120"},
		"slots.3.date": {workday(5)}, "slots.3.start_time": {"09:30"}, "slots.3.duration": {"minutes_120"},
		"meeting_format": {"on_site"}, "place": {"Rathaus"}, "message": {"Gern auch länger."},
	}
	noteAnswers = advisory.Answers{
		"topics": {"Runder Tisch"}, "learned": {"Vereine wollen gefragt werden."}, "next_step": {"Einladen"},
		"further_sessions": {"another"},
	}
	optionAnswers = advisory.Answers{
		"title": {"Vereine zum Runden Tisch einladen"}, "description": {"Zweimal im Jahr."}, "responsible_unit": {"Fachbereich Soziales"},
		"first_step": {"Termin suchen"}, "effort": {"small"}, "structures_used": {"integration_council"},
		"wider_circle": {"hoped"}, "better_quality": {"hoped"}, "recognition": {"none"}, "engagement": {"begun"},
	}
)

// journeyOrder are the tasks in the order in which they come where everybody agrees.
var journeyOrder = []advisory.TaskKind{
	advisory.ClaimRequest, advisory.ReviewRequest, advisory.RecordAssessment, advisory.ConfirmNeed, advisory.ChooseAdvisors,
	advisory.AnswerInvitation, advisory.AgreeToAdvisors, advisory.ProposeSlots, advisory.ChooseSlot, advisory.RecordOutcome,
	advisory.WriteNote, advisory.DecideAccompaniment, advisory.DraftOptions, advisory.ConfirmOptions, advisory.Evaluate,
	advisory.CloseConsultation, advisory.AnswerFollowUp,
}

// reach lets everything happen that comes before a task of this kind, opens it, and returns its id and who owes it.
func (f *consultationFixture) reach(kind advisory.TaskKind) (taskID string, owner store.Person) {
	f.t.Helper()
	if before, ok := map[advisory.TaskKind]advisory.TaskKind{
		advisory.AnswerQuestion: advisory.ReviewRequest, advisory.ApproveRefusal: advisory.ReviewRequest,
		advisory.CallParticipants: advisory.ConfirmNeed, advisory.CheckAddress: advisory.ConfirmNeed,
		advisory.ConfirmGoalChange: advisory.ProposeSlots, advisory.DecideRest: advisory.ProposeSlots,
		advisory.AnswerRestQuestion: advisory.ProposeSlots, advisory.DecideAfterRest: advisory.ProposeSlots,
	}[kind]; ok {
		f.reach(before)
		return f.openEdge(kind)
	}
	for _, next := range journeyOrder[:slices.Index(journeyOrder, kind)] {
		f.openNext(next)
		f.settleNext(next)
	}
	return f.openNext(kind)
}

// openNext opens a task of the journey.
func (f *consultationFixture) openNext(kind advisory.TaskKind) (string, store.Person) {
	task := advisory.OpenTask{Kind: kind}
	owner := f.Coordinator
	switch kind {
	case advisory.ClaimRequest:
		task.Owner.Role = advisory.Coordinator
		return f.open(task), owner
	case advisory.ConfirmNeed, advisory.AgreeToAdvisors, advisory.ChooseSlot, advisory.DecideAccompaniment,
		advisory.ConfirmOptions, advisory.Evaluate, advisory.AnswerFollowUp:
		task.Owner.Role, owner = advisory.Municipality, f.Contact
	case advisory.AnswerInvitation, advisory.ProposeSlots, advisory.RecordOutcome, advisory.WriteNote, advisory.DraftOptions:
		task.Owner, owner = advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}, f.Lead
	default:
		task.Owner = advisory.Owner{Role: advisory.Coordinator, Person: f.Coordinator.ID}
	}
	switch kind {
	case advisory.ProposeSlots, advisory.ChooseSlot, advisory.RecordOutcome, advisory.WriteNote:
		task.Session = 1
	case advisory.DraftOptions, advisory.ConfirmOptions:
		task.Version = 1
	}
	id := f.open(task)
	if kind == advisory.AnswerInvitation { // in the engine's step that chooses, the lead is known
		f.exec(`UPDATE invitations SET lead = true WHERE task_id = $1`, id)
	}
	return id, owner
}

// settleNext settles the task that openNext has opened, as everybody wishes.
func (f *consultationFixture) settleNext(kind advisory.TaskKind) {
	meeting := func(state advisory.SessionState) advisory.Entry {
		return advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: state}}
	}
	switch kind {
	case advisory.ClaimRequest:
		f.say(f.Coordinator, advisory.Claim, "claim_request", nil, advisory.RequestClaimed, advisory.Entry{Coordinator: f.Coordinator.ID})
	case advisory.ReviewRequest:
		f.say(f.Coordinator, advisory.Accept, "accept_request", nil, advisory.RequestAccepted, advisory.Entry{Stage: advisory.Assessment})
	case advisory.RecordAssessment:
		f.say(f.Coordinator, advisory.Record, "assessment", advisory.Answers{
			"situation": {"Eine Partnerschaft."}, "goal": {"Vereine wirken mit."}, "need": {"Wie fangen wir an?"},
			"topics": {"partnerships"}, "include_migrants_level": {"level_1"}, "integration_centre_state": {"involved"},
		}, advisory.AssessmentRecorded)
	case advisory.ConfirmNeed:
		f.say(f.Contact, advisory.Confirm, "confirm_need", advisory.Answers{}, advisory.NeedConfirmed, advisory.Entry{Stage: advisory.Assignment})
	case advisory.ChooseAdvisors:
		f.sayWith(advisory.Input{Actor: f.Coordinator.ID, Choice: advisory.Choose, Advisors: []string{f.Lead.ID}, Lead: f.Lead.ID},
			"choose_advisors", advisory.Answers{"why": {"Wegen Ihrer Erfahrung mit Vereinen."}}, advisory.AdvisorsChosen)
	case advisory.AnswerInvitation:
		f.say(f.Lead, advisory.Accept, "answer_invitation", advisory.Answers{}, advisory.InvitationAccepted)
	case advisory.AgreeToAdvisors:
		f.say(f.Contact, advisory.Agree, "agree_to_advisors", advisory.Answers{}, advisory.AdvisorsAgreed,
			advisory.Entry{Team: &advisory.Team{Advisors: []string{f.Lead.ID, f.Member.ID}, Lead: f.Lead.ID}},
			advisory.Entry{Stage: advisory.Opening}, meeting(advisory.SlotsWanted))
	case advisory.ProposeSlots:
		f.say(f.Lead, advisory.Propose, "propose_slots", slotAnswers, advisory.SlotsWereProposed, meeting(advisory.SlotsProposed))
	case advisory.ChooseSlot:
		f.say(f.Contact, advisory.Choose, "choose_slot", advisory.Answers{"slot": {"1"}}, advisory.AppointmentConfirmed, meeting(advisory.Scheduled))
	case advisory.RecordOutcome:
		f.say(f.Lead, advisory.WasHeld, "record_outcome", advisory.Answers{}, advisory.OutcomeRecorded, meeting(advisory.Held))
	case advisory.WriteNote:
		f.say(f.Lead, advisory.Share, "note", noteAnswers, advisory.NoteShared)
	case advisory.DecideAccompaniment:
		f.say(f.Contact, advisory.Continue, "decide_accompaniment", advisory.Answers{}, advisory.AccompanimentContinued, advisory.Entry{Stage: advisory.Options})
	case advisory.DraftOptions:
		f.say(f.Lead, advisory.Share, "option", joinOptions([]advisory.Answers{optionAnswers}), advisory.OptionsShared)
	case advisory.ConfirmOptions:
		f.say(f.Contact, advisory.Confirm, "confirm_options", advisory.Answers{}, advisory.OptionsConfirmed, advisory.Entry{Stage: advisory.Evaluation})
	case advisory.Evaluate:
		f.say(f.Contact, advisory.Submit, "evaluate_municipality", advisory.Answers{"learned_text": {"Zuhören"}}, advisory.EvaluationAnswered, advisory.Entry{Stage: advisory.Closing})
	case advisory.CloseConsultation:
		f.say(f.Coordinator, advisory.Close, "close_consultation", advisory.Answers{"follow_up_from": {workday(120)}}, advisory.ConsultationClosed,
			advisory.Entry{Outcome: advisory.Completed}, advisory.Entry{Stage: advisory.FollowUp})
	}
}

// openEdge opens a task beside the straight journey.
func (f *consultationFixture) openEdge(kind advisory.TaskKind) (string, store.Person) {
	task := advisory.OpenTask{Kind: kind, Owner: advisory.Owner{Role: advisory.Coordinator, Person: f.Coordinator.ID}}
	owner := f.Coordinator
	switch kind {
	case advisory.AnswerQuestion:
		f.say(f.Coordinator, advisory.Ask, "ask_question", advisory.Answers{"question": {"Seit wann gibt es die Partnerschaft?"}}, advisory.QuestionAsked)
		task.Owner, owner = advisory.Owner{Role: advisory.Municipality}, f.Contact
	case advisory.ApproveRefusal:
		f.say(f.Coordinator, advisory.Decline, "decline_request", advisory.Answers{"reason": {"outside_topic"}, "message": {"Danke für Ihre Anfrage."}}, advisory.RefusalProposed)
		task.Owner, task.Not, owner = advisory.Owner{Role: advisory.Coordinator}, f.Coordinator.ID, f.Colleague
	case advisory.CallParticipants:
		task.About = f.last
	case advisory.ConfirmGoalChange, advisory.AnswerRestQuestion:
		task.Owner, owner = advisory.Owner{Role: advisory.Municipality}, f.Contact
	}
	return f.open(task), owner
}

// filled are the values of the form on a page: what stands in it, and something that fits where nothing does. Pairs of
// name and value replace them; an empty value leaves the field out.
func (a *answer) filled(pairs ...string) []string {
	values, order := map[string]string{}, []string{}
	set := func(name, value string) {
		if _, known := values[name]; !known && name != "" && value != "" {
			values[name] = value
			order = append(order, name)
		}
	}
	day := 0
	for _, field := range a.all("main form input, main form textarea, main form select") {
		name, value := attribute(field, "name"), attribute(field, "value")
		switch {
		case field.Data == "textarea":
			set(name, orElse(textOf(field), "Ein Text."))
		case field.Data == "select":
			for option := range field.Descendants() {
				if option.Type == html.ElementNode && option.Data == "option" {
					set(name, attribute(option, "value"))
				}
			}
		case attribute(field, "type") == "date":
			day++
			latest := attribute(field, "max")
			if attribute(field, "min") != "" { // ahead: any of the next working days
				latest = ""
			}
			set(name, orElse(value, orElse(latest, workday(day))))
		case attribute(field, "type") == "time":
			set(name, orElse(value, "10:00"))
		case attribute(field, "type") == "text":
			set(name, orElse(value, "Ein Text"))
		default:
			set(name, value)
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if _, known := values[pairs[i]]; !known {
			order = append(order, pairs[i])
		}
		values[pairs[i]] = pairs[i+1]
	}
	var posted []string
	for _, name := range order {
		if values[name] != "" {
			posted = append(posted, name, values[name])
		}
	}
	return posted
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
