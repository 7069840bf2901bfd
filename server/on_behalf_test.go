package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

// enteredOnBehalf makes all that the municipality said the entry of its coordinator after a telephone call.
func (f *consultationFixture) enteredOnBehalf() {
	f.t.Helper()
	basis := `{"behalf_basis": ["phone_call"], "behalf_on_date": ["` + time.Now().Format(time.DateOnly) + `"], "behalf_contact": ["` + f.Contact.ID + `"]}`
	f.exec(`UPDATE inputs SET actor_id = $1, on_behalf = true, answers = answers || $3::jsonb,
		form = CASE form WHEN '' THEN 'act_on_behalf' ELSE form END WHERE actor_id = $2`, f.Coordinator.ID, f.Contact.ID, basis)
	f.exec(`UPDATE history SET actor_id = $1, on_behalf = true WHERE actor_id = $2`, f.Coordinator.ID, f.Contact.ID)
}

func TestEntriesOnBehalfAreShownAsSuch(t *testing.T) {
	const who = "Kim Beispiel für Musterstadt"
	for name, test := range map[string]struct {
		reach    func(f *consultationFixture)
		selector string
		says     string
	}{
		"history":          {func(f *consultationFixture) { f.reach(advisory.ProposeSlots) }, "#verlauf", who},
		"goal":             {func(f *consultationFixture) { f.reach(advisory.ProposeSlots) }, "section[aria-labelledby=ziel]", "Eingetragen von " + who},
		"options":          {func(f *consultationFixture) { f.reach(advisory.Evaluate) }, "section[aria-labelledby=optionen]", "bestätigt, eingetragen von " + who},
		"looking back":     {func(f *consultationFixture) { f.evaluated(f.Contact, f.Lead, f.Member) }, "section[aria-labelledby=spiegel]", who},
		"one side so far":  {func(f *consultationFixture) { f.evaluated(f.Contact) }, "section[aria-labelledby=spiegel]", who},
		"withdrawal":       {func(f *consultationFixture) { f.ended(advisory.Withdrawn) }, "section[aria-labelledby=ende]", "Eingetragen von " + who},
		"no accompaniment": {func(f *consultationFixture) { f.ended(advisory.NotAccompanied) }, "section[aria-labelledby=ende]", "Eingetragen von " + who},
		"follow-up": {func(f *consultationFixture) {
			f.reach(advisory.AnswerFollowUp)
			f.say(f.Contact, advisory.Submit, "follow_up", advisory.Answers{"options.1.progress": {"begun"}}, advisory.FollowUpAnswered)
		}, "section[aria-labelledby=nachschau]", "Eingetragen von " + who},
	} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			test.reach(f)
			for _, reader := range []*browser{f.signedIn(f.Contact), f.signedIn(f.Lead)} {
				if strings.Contains(reader.get(f.path()).wantStatus(http.StatusOK).text(test.selector), who) {
					t.Fatal("the municipality's own word passes for an entry of somebody else")
				}
			}
			f.enteredOnBehalf()
			for _, reader := range []*browser{f.signedIn(f.Contact), f.signedIn(f.Lead)} {
				reader.get(f.path()).wantText(test.selector, test.says)
				reader.get("/en" + f.path()).wantStatus(http.StatusOK)
			}
		})
	}
}

func TestTaskPagesNameWhoEnteredForTheMunicipality(t *testing.T) {
	const who = "Kim Beispiel für Musterstadt"
	for name, test := range map[string]struct {
		open   func(f *consultationFixture) string
		reader func(f *consultationFixture) *browser
	}{
		"goal": {func(f *consultationFixture) string { id, _ := f.reach(advisory.WriteNote); return id },
			func(f *consultationFixture) *browser { return f.signedIn(f.Lead) }},
		"other dates": {func(f *consultationFixture) string {
			f.reach(advisory.ChooseSlot)
			f.say(f.Contact, advisory.CounterPropose, "propose_slots", slotAnswers, advisory.SlotsCounterProposed)
			return f.open(advisory.OpenTask{Kind: advisory.ChooseSlot, Session: 1, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}})
		}, func(f *consultationFixture) *browser { return f.signedIn(f.Lead) }},
		"wish for a change": {func(f *consultationFixture) string {
			f.reach(advisory.ConfirmOptions)
			f.say(f.Contact, advisory.Change, "confirm_options", advisory.Answers{"change_text": {"Bitte kürzer."}}, advisory.OptionsChanged)
			return f.open(advisory.OpenTask{Kind: advisory.DraftOptions, Version: 2, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}})
		}, func(f *consultationFixture) *browser { return f.signedIn(f.Lead) }},
		"answer to a question": {func(f *consultationFixture) string {
			f.reach(advisory.AnswerQuestion)
			f.say(f.Contact, advisory.Answer, "answer_question", advisory.Answers{"answer": {"Seit 2014."}}, advisory.QuestionAnswered)
			return f.open(advisory.OpenTask{Kind: advisory.ReviewRequest, Owner: advisory.Owner{Role: advisory.Coordinator, Person: f.Coordinator.ID}})
		}, func(f *consultationFixture) *browser { return f.signedIn(f.Coordinator) }},
		"completeness": {func(f *consultationFixture) string { id, _ := f.reach(advisory.CloseConsultation); return id },
			func(f *consultationFixture) *browser { return f.signedIn(f.Coordinator) }},
	} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			path := "/aufgaben/" + test.open(f)
			f.enteredOnBehalf()
			test.reader(f).get(path).wantStatus(http.StatusOK).wantText("main", who)
		})
	}
}

func TestTaskDoneOnBehalfSaysSo(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.AgreeToAdvisors)
	f.settleNext(advisory.AgreeToAdvisors)
	f.enteredOnBehalf()
	f.signedIn(f.Contact).get("/aufgaben/"+id).wantStatus(http.StatusConflict).wantText("main", "für die Kommune eingetragen")
}

// Whatever was entered for the municipality, with or without a form, coordinators read on what it was based.
func TestTimelineShowsTheBasisOfAnEntry(t *testing.T) {
	for kind, told := range map[advisory.TaskKind]advisory.HistoryKind{
		advisory.ConfirmNeed: advisory.NeedConfirmed, advisory.AgreeToAdvisors: advisory.AdvisorsAgreed,
		advisory.ChooseSlot: advisory.AppointmentConfirmed, advisory.DecideAccompaniment: advisory.AccompanimentContinued,
		advisory.Evaluate: advisory.EvaluationAnswered,
	} {
		t.Run(string(kind), func(t *testing.T) {
			f := newConsultation(t)
			id, _ := f.reach(kind)
			b := f.signedIn(f.Coordinator)
			path := "/aufgaben/" + id
			page := b.get(path)
			if !page.has("main form .kern-form-input, main form fieldset") { // each choice has a form of its own
				path = page.attr("main .mg-buttons a", "href")
				page = b.get(path)
			}
			pairs := append(page.filled(), "behalf_contact", f.Contact.ID)
			b.post("/aufgaben/"+id, pairs...).wantStatus(http.StatusSeeOther)
			said := f.engine.inputs[0]
			if !said.OnBehalf || said.Form == "" {
				t.Fatalf("journaled: %+v", said)
			}
			if _, err := f.store.JournalInput(t.Context(), said); err != nil {
				t.Fatal(err)
			}
			f.write(advisory.Entry{Close: id, State: advisory.Done, Choice: said.Message.Choice, Input: said.Message.ID},
				advisory.Entry{History: told, Task: id, Input: said.Message.ID})
			b.get(f.path()).wantText("#verlauf", "Kim Beispiel für Musterstadt").wantText("#verlauf", "Telefongespräch").
				wantText("#verlauf", "Mit wem haben Sie gesprochen?Toni Muster")
			if strings.Contains(f.signedIn(f.Contact).get(f.path()).text("#verlauf"), "Telefongespräch") {
				t.Error("others than coordinators read the basis")
			}
		})
	}
}
