package browser_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// consultation is one that was brought on its way without a browser, through the same inbox as the pages use.
type consultation struct {
	*testing.T
	id, number, town string
	toni             store.Person // the municipality's contact
	kim              store.Person // coordinator
	amina, joseph    store.Person // advisors, Amina leads
}

// filed is a request that was sent and that nobody has claimed.
func filed(t *testing.T, town string) *consultation {
	t.Helper()
	return filedFrom(t, town, fmt.Sprintf("toni-%d@demo.example", peopleMade.Add(1)))
}

// filedFrom is filed, for a contact with this address.
func filedFrom(t *testing.T, town, email string) *consultation {
	t.Helper()
	c := &consultation{T: t, town: town, kim: person(t, advisory.Coordinator, "Kim"),
		amina: advisor(t, "Amina"), joseph: advisor(t, "Joseph")}
	ctx := t.Context()
	answers := advisory.Answers{
		"municipality": {town}, "land": {"NW"}, "unit": {"Büro für Internationales"}, "applicant_role": {"staff"},
		"situation": {situation}, "subject": {subject}, "goal": {goal}, "need": {need},
		"topics": {"participation", "partnerships"}, "structures": {"integration_council"}, "meeting_format": {"either"},
		"first_name": {"Toni"}, "last_name": {"Muster"}, "email": {email}, "phone": {"0000 54321"},
		"privacy_read": {"yes"}, "confirm_checked": {"yes"},
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
	c.id, c.number, c.toni = sent.ConsultationID, sent.Number, *sent.Person
	result, err := app.Inbox.Start(ctx, c.id)
	c.must(err)
	if !result.Applied {
		t.Fatal("the consultation did not start")
	}
	return c
}

func (c *consultation) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// page is the consultation's page.
func (c *consultation) page() string { return "/beratungen/" + c.number }

// task waits for an open task of a kind and, where given, of a person.
func (c *consultation) task(kind advisory.TaskKind, owner ...store.Person) store.Task {
	c.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		tasks, err := app.Store.TasksOf(context.Background(), c.id, true)
		c.must(err)
		for _, t := range tasks {
			if t.Kind == kind && (len(owner) == 0 || t.OwnedBy(owner[0].ID)) {
				return t
			}
		}
	}
	c.Fatalf("no open %s", kind)
	return store.Task{}
}

// says settles the open task of a kind.
func (c *consultation) says(actor store.Person, kind advisory.TaskKind, choice advisory.Choice, form string, answers advisory.Answers) {
	c.Helper()
	var owner []store.Person
	if actor.Role == advisory.Advisor {
		owner = append(owner, actor)
	}
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: c.task(kind, owner...).ID, Choice: choice, Actor: actor.ID}
	switch kind {
	case advisory.ChooseAdvisors:
		in.Advisors, in.Lead = []string{c.amina.ID, c.joseph.ID}, c.amina.ID
	case advisory.WriteNote:
		in.Enough = answers.Has("further_sessions", "enough")
	}
	c.submits(in, form, answers)
}

// brings brings something about that is no task.
func (c *consultation) brings(actor store.Person, in advisory.Input, form string, answers advisory.Answers) {
	c.Helper()
	in.ID, in.Actor = uuid.NewString(), actor.ID
	c.submits(in, form, answers)
}

func (c *consultation) submits(in advisory.Input, form string, answers advisory.Answers) {
	c.Helper()
	result, err := app.Inbox.Submit(context.Background(), store.NewInput{
		ConsultationID: c.id, Message: in, Form: form, FormVersion: app.Texts.FormVersion(), Answers: answers, EnteredAt: app.Clock.Now()})
	c.must(err)
	if !result.Applied {
		c.Fatalf("%s %s was not applied", in.Kind, in.Choice)
	}
}

// until brings the consultation to a stage by the straight way, with its first task open.
func (c *consultation) until(stage advisory.Stage) *consultation {
	c.Helper()
	for _, step := range []struct {
		leaves advisory.Stage
		pass   func()
	}{
		{advisory.Review, c.passReview}, {advisory.Assessment, c.passAssessment}, {advisory.Assignment, c.passAssignment},
		{advisory.Opening, c.passOpening}, {advisory.Dialogue, c.passDialogue}, {advisory.Options, c.passOptions},
		{advisory.Evaluation, c.passEvaluation}, {advisory.Closing, c.passClosing},
	} {
		if step.leaves == stage {
			break
		}
		step.pass()
	}
	return c
}

func (c *consultation) passReview() {
	c.says(c.kim, advisory.ClaimRequest, advisory.Claim, "claim_request", nil)
	c.says(c.kim, advisory.ReviewRequest, advisory.Accept, "accept_request", nil)
}

func (c *consultation) passAssessment() {
	c.says(c.kim, advisory.RecordAssessment, advisory.Record, "assessment", assessmentAnswers())
	c.says(c.toni, advisory.ConfirmNeed, advisory.Confirm, "confirm_need", advisory.Answers{"goal": {goal}, "need": {need}})
}

func (c *consultation) passAssignment() {
	c.chooses()
	c.accept()
	c.agrees()
}

func (c *consultation) chooses() {
	c.says(c.kim, advisory.ChooseAdvisors, advisory.Choose, "choose_advisors", advisory.Answers{
		"advisors": {c.amina.ID, c.joseph.ID}, "lead": {c.amina.ID}, "why": {"Beide kennen Vereinsarbeit gut."}})
}

func (c *consultation) accept() {
	for _, invited := range []store.Person{c.amina, c.joseph} {
		c.accepts(invited)
	}
}

func (c *consultation) accepts(invited store.Person) {
	c.says(invited, advisory.AnswerInvitation, advisory.Accept, "answer_invitation", advisory.Answers{
		"answer": {"accept"}, "conflict_exists": {"none"}, "conflict_update": {"yes"}})
}

func (c *consultation) agrees() {
	c.says(c.toni, advisory.AgreeToAdvisors, advisory.Agree, "agree_to_advisors", advisory.Answers{"decision": {"agree"}})
}

func (c *consultation) passOpening() {
	c.heldSession("another")
	c.says(c.toni, advisory.DecideAccompaniment, advisory.Continue, "decide_accompaniment", advisory.Answers{"decision": {"continue"}})
}

func (c *consultation) passDialogue() { c.heldSession("enough") }

func (c *consultation) passOptions() {
	c.says(c.amina, advisory.DraftOptions, advisory.Share, "option", draftedOptions())
	c.confirmOptions()
}

func (c *consultation) confirmOptions() {
	for _, side := range []store.Person{c.toni, c.amina, c.joseph} {
		c.says(side, advisory.ConfirmOptions, advisory.Confirm, "confirm_options", advisory.Answers{"decision": {"confirm"}})
	}
}

func (c *consultation) passEvaluation() {
	for _, side := range []store.Person{c.toni, c.amina, c.joseph} {
		c.evaluates(side)
	}
}

func (c *consultation) evaluates(side store.Person) {
	c.says(side, advisory.Evaluate, advisory.Submit, "evaluate_"+string(side.Role), evaluationAnswers(side.Role))
}

// passClosing closes it; the follow-up begins at once.
func (c *consultation) passClosing() {
	c.says(c.kim, advisory.CloseConsultation, advisory.Close, "close_consultation", advisory.Answers{
		"summary": {"Vereine und Schulen reden nun mit."}, "follow_up_from": {app.Clock.Now().AddDate(0, 0, -7).Format(time.DateOnly)}})
}

// scheduled proposes three dates from a time on, an hour each, and chooses the first.
func (c *consultation) scheduled(from time.Time) {
	c.says(c.amina, advisory.ProposeSlots, advisory.Propose, "propose_slots", slotAnswers(from))
	c.says(c.toni, advisory.ChooseSlot, advisory.Choose, "choose_slot", advisory.Answers{"slot": {"1"}})
}

// heldSession is over before it was entered, so that nobody has to wait for it.
func (c *consultation) heldSession(further string) {
	c.scheduled(app.Clock.Now().AddDate(0, 0, -1))
	c.says(c.amina, advisory.RecordOutcome, advisory.WasHeld, "record_outcome", advisory.Answers{"outcome": {"held"}})
	c.writesNote(further)
}

func (c *consultation) writesNote(further string) {
	c.says(c.amina, advisory.WriteNote, advisory.Share, "note", advisory.Answers{
		"topics": {"Was Vereine brauchen, um mitzureden."}, "agreements": {"Das Büro lädt ein."},
		"learned": {"Vereine wollen früh gefragt werden."}, "next_step": {"Alle Vereine einladen."}, "further_sessions": {further}})
}

func slotAnswers(from time.Time) advisory.Answers {
	answers := advisory.Answers{"meeting_format": {"video"}, "place": {"https://video.example/raum"}}
	for n := range 3 {
		at := from.Add(time.Duration(n) * 24 * time.Hour)
		key := fmt.Sprintf("slots.%d.", n+1)
		answers.Set(key+"date", at.Format(time.DateOnly))
		answers.Set(key+"start_time", at.Format("15:04"))
		answers.Set(key+"duration", "minutes_60")
	}
	return answers
}

var questions = []string{"include_migrants", "visible_engagement", "competences_networks", "migration_development"}

func assessmentAnswers() advisory.Answers {
	answers := advisory.Answers{"situation": {situation}, "goal": {goal}, "need": {need}, "topics": {"participation", "partnerships"},
		"wishes_for_advisors": {"Gern vor Ort."}}
	for i, question := range questions {
		answers.Set(question+"_level", fmt.Sprintf("level_%d", i%3))
	}
	for _, structure := range []string{"integration_centre", "integration_officer", "integration_council"} {
		answers.Set(structure+"_state", "asked")
	}
	return answers
}

func draftedOptions() advisory.Answers {
	answers := advisory.Answers{}
	for n, title := range []string{"Vereine zum Runden Tisch einladen", "Ein Fest der Partnerschaft feiern"} {
		for field, value := range map[string]string{
			"title": title, "description": "Zweimal im Jahr treffen sich alle, die mitreden wollen.", "responsible_unit": "Büro für Internationales",
			"first_step": "Einen Termin suchen.", "effort": "small", "structures_used": "integration_council", "committee": "Integrationsrat",
			"wider_circle": "hoped", "better_quality": "begun", "recognition": "none", "engagement": "hoped",
		} {
			answers.Set(fmt.Sprintf("options.%d.%s", n+1, field), value)
		}
	}
	return answers
}

func evaluationAnswers(role advisory.Role) advisory.Answers {
	answers := advisory.Answers{"learned_something": {"level_3"}, "learned_text": {"Früh fragen hilft."}, "equal_footing": {"level_4"},
		"solutions_from_dialogue": {"level_3"}, "wider_circle": {"begun"}, "better_quality": {"hoped"}, "recognition": {"hoped"}, "engagement": {"begun"}}
	fields := []string{"goal_reached", "own_goal", "usable_options", "good_organisation"}
	if role == advisory.Advisor {
		fields = []string{"clear_need", "open_municipality", "recognised", "good_support"}
	}
	for _, field := range fields {
		answers.Set(field, "level_3")
	}
	for i, question := range questions {
		answers.Set(question+"_level", fmt.Sprintf("level_%d", 2+i%3))
	}
	return answers
}
