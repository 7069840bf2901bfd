package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"miglobe/advisory"
	"miglobe/store"
)

const elsewhere = "MG-2026-0099"

// engaged gives an advisor an appointment in another consultation, on a working day from now and at an hour.
func (f *consultationFixture) engaged(advisor store.Person, day string, hour int) {
	f.t.Helper()
	id := uuid.NewString()
	number := elsewhere
	if f.count(`SELECT count(*) FROM consultations WHERE number = $1`, number) > 0 {
		number = fmt.Sprintf("MG-2026-%04d", 100+f.count(`SELECT count(*) FROM consultations`))
	}
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, sent_at, updated_at)
		VALUES ($1, $2, 'Nachbarstadt', 'NW', 'Partnerschaft in Ghana', 1, '{}', 1, 'opening', now(), now(), now())`, id, number)
	f.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, now())`, id, advisor.ID)
	start, err := time.ParseInLocation("2006-01-02 15", fmt.Sprintf("%s %02d", day, hour), advisory.Berlin)
	if err != nil {
		f.t.Fatal(err)
	}
	f.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at, place) VALUES ($1, 1, 'opening', 'scheduled', $2, $3, 'Nebenan')`,
		id, start, start.Add(2*time.Hour))
}

// away enters an absence of whole days.
func (f *consultationFixture) away(person store.Person, first, last string) {
	f.t.Helper()
	from, _ := time.ParseInLocation(time.DateOnly, first, advisory.Berlin)
	until, _ := time.ParseInLocation(time.DateOnly, last, advisory.Berlin)
	f.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES ($1, $2, $3, $4)`, uuid.NewString(), person.ID, from, until.AddDate(0, 0, 1))
}

// plain is the text of an element with ordinary spaces.
func plain(node *html.Node) string { return strings.Join(strings.Fields(textOf(node)), " ") }

func TestCollidingSlotIsMarkedBeforeItIsProposed(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	f.engaged(f.Lead, workday(4), 15)
	f.away(f.Lead, workday(5), workday(6))
	f.engaged(f.Member, workday(3), 10) // somebody else's: not for the lead to know
	b := f.signedIn(f.Lead)
	page := b.post("/aufgaben/"+task, pairs(f.slots())...).wantStatus(http.StatusOK)
	if len(f.engine.inputs) != 0 {
		t.Fatal("it is sent before the advisor has read the warning")
	}
	page.wantText("[role=alert]", "2 Termine überschneiden sich").wantText("[role=alert]", "noch nichts gesendet")
	warnings := page.all("fieldset .kern-alert--warning")
	if len(warnings) != 2 || !strings.Contains(plain(warnings[0]), "Ihrem Termin in "+elsewhere) || !strings.Contains(plain(warnings[0]), "15:00 bis 17:00 Uhr") ||
		!strings.Contains(plain(warnings[1]), "Sie sind in dieser Zeit abwesend") {
		t.Fatalf("%d warnings: %s", len(warnings), page.text("main form"))
	}
	for _, hidden := range []string{f.Member.LastName, "Nachbarstadt", "Ghana", "Nebenan"} {
		if strings.Contains(page.text("main"), hidden) {
			t.Errorf("the page tells of %q", hidden)
		}
	}
	if page.attr(`[name="slots.2.start_time"]`, "value") != "14:00" || page.text("textarea") != "Gern auch länger." {
		t.Error("what was typed is lost")
	}
	if strings.HasPrefix(page.text("title"), "Fehler") {
		t.Error("a warning is no error")
	}

	seen := page.attr(`button[name="despite"]`, "value")
	other := f.slots()
	other["slots.1.date"], other["slots.1.start_time"], other["despite"] = workday(6), "11:00", seen
	b.post("/aufgaben/"+task, pairs(other)...).wantStatus(http.StatusOK).wantText("[role=alert]", "3 Termine")

	again := f.slots()
	again["despite"] = seen
	b.post("/aufgaben/"+task, pairs(again)...).wantStatus(http.StatusSeeOther)
	if in := f.said(); in.Message.Choice != advisory.Propose || in.Answers.Get("slots.2.start_time") != "14:00" || in.Answers.Has("despite", seen) {
		t.Errorf("the engine hears %+v", in)
	}
}

func TestCoordinatorsSeeAllCollisions(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	f.engaged(f.Member, workday(3), 11)
	f.exec(`UPDATE tasks SET passed_to = 'coordinator' WHERE id = $1`, task)
	f.signedIn(f.Coordinator).post("/aufgaben/"+task, pairs(f.slots())...).wantStatus(http.StatusOK).
		wantText("fieldset .kern-alert--warning", "Termin von Joseph Vorlage in "+elsewhere)
}

func TestMunicipalityLearnsNothingOfOtherAppointments(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ChooseSlot)
	f.engaged(f.Lead, workday(3), 10)
	f.away(f.Member, workday(4), workday(4))
	b := f.signedIn(f.Contact)
	page := b.get("/aufgaben/" + task).wantStatus(http.StatusOK)
	if strings.Contains(page.text("main"), "schneid") || strings.Contains(page.text("main"), "abwesend") {
		t.Errorf("the page tells of collisions: %s", page.text("main"))
	}
	b.post("/aufgaben/"+task, append(pairs(f.slots()), "choice", "counter_propose")...).wantStatus(http.StatusSeeOther)
	f.engine.inputs = nil
	f.settleNext(advisory.ChooseSlot)
	b.post(f.session(movePath), "date", workday(3), "start_time", "10:30", "duration", "minutes_60", "meeting_format", "video").
		wantStatus(http.StatusSeeOther)
}

func TestMoveToACollidingDateIsMarkedFirst(t *testing.T) {
	f := scheduled(t)
	f.engaged(f.Lead, workday(7), 9)
	b := f.signedIn(f.Lead)
	values := []string{"date", workday(7), "start_time", "10:00", "duration", "minutes_60", "meeting_format", "video", "reason", "Zug fällt aus"}
	page := b.post(f.session(movePath), values...).wantStatus(http.StatusOK).wantText("[role=alert]", "Ein Termin überschneidet sich").
		wantText("main form .kern-alert--warning", elsewhere)
	if page.attr(`[name="reason"]`, "value") != "Zug fällt aus" || len(f.engine.inputs) != 0 {
		t.Error("what was typed is lost, or sent")
	}
	b.post(f.session(movePath), append(values, "despite", page.attr(`button[name="despite"]`, "value"))...).wantStatus(http.StatusSeeOther)
	if in := f.said(); in.Message.Kind != advisory.MoveAppointment {
		t.Errorf("the engine hears %+v", in)
	}
}

func TestAppointmentsOnEachOthersHeelsDoNotCollide(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	f.engaged(f.Lead, workday(3), 12) // after 10 to 12
	f.engaged(f.Lead, workday(4), 12) // before 14 to 16
	f.signedIn(f.Lead).post("/aufgaben/"+task, pairs(f.slots())...).wantStatus(http.StatusSeeOther)
}

func TestAdvisorSeesWhichOfTheDatesCollide(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ChooseSlot)
	f.say(f.Contact, advisory.CounterPropose, "propose_slots", slotAnswers, advisory.SlotsCounterProposed)
	task := f.open(advisory.OpenTask{Kind: advisory.ChooseSlot, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}, Session: 1})
	f.engaged(f.Lead, workday(4), 14)
	b := f.signedIn(f.Lead)
	page := b.get("/aufgaben/" + task).wantStatus(http.StatusOK)
	page.wantText("#slot-2-about", "Ihrem Termin in "+elsewhere)
	if strings.Contains(page.text("#slot-1-about"), "schneid") {
		t.Error("a date that does not collide is marked")
	}
	b.post("/aufgaben/"+task, "slot", "2").wantStatus(http.StatusSeeOther) // nobody is kept from it
}

func TestSlotsOfOneProposalDoNotOverlap(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	values := f.slots()
	values["slots.2.date"], values["slots.2.start_time"] = workday(3), "11:30"
	page := f.signedIn(f.Lead).post("/aufgaben/"+task, pairs(values)...).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#fehler", "überschneidet sich mit einem anderen Ihrer Vorschläge")
	values["slots.2.start_time"] = "12:00"
	f.signedIn(f.Lead).post("/aufgaben/"+task, pairs(values)...).wantStatus(http.StatusSeeOther)
}

func TestWhoTakesPartIsNotLostWhereNoDateFits(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ChooseSlot)
	b := f.signedIn(f.Contact)
	other := b.follow(b.post("/aufgaben/"+task, "slot", noneFits, "participants", "Integrationsbeauftragte, Amt 50")).wantStatus(http.StatusOK)
	if got := other.attr(`[name="participants"]`, "value"); got != "Integrationsbeauftragte, Amt 50" {
		t.Fatalf("the form for other dates begins with %q", got)
	}
	if got := b.get("/aufgaben/"+task).attr(`[name="participants"]`, "value"); got != "Integrationsbeauftragte, Amt 50" {
		t.Errorf("back at the dates, it is %q", got)
	}
	b.post("/aufgaben/"+task, append(pairs(f.slots()), "choice", "counter_propose", "participants", "Amt 50")...).wantStatus(http.StatusSeeOther)
	if in := f.said(); in.Message.Choice != advisory.CounterPropose || in.Answers.Get("participants") != "Amt 50" {
		t.Errorf("the engine hears %+v", in)
	}
}

func TestFollowUpIsNotPlannedForAnotherCentury(t *testing.T) {
	f := newConsultation(t)
	task, owner := f.reach(advisory.CloseConsultation)
	late := time.Now().AddDate(3, 0, 0).Format(time.DateOnly)
	f.signedIn(owner).post("/aufgaben/"+task, "summary", "Gut", "follow_up_from", late).wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Bitte wählen Sie ein Datum bis")
}
