package server

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

func TestADeputyOwesTheTasksForThatTime(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	deputy := f.signedIn(cleo)
	sees := func(status int, listed bool) {
		t.Helper()
		for _, path := range []string{f.path(), taskPath(task)} {
			deputy.get(path).wantStatus(status)
		}
		if deputy.get("/aufgaben").has("a[href='"+taskPath(task)+"']") != listed || deputy.get("/beratungen").has("a[href='"+f.path()+"']") != listed {
			t.Errorf("the lists show it: %v", !listed)
		}
	}
	sees(http.StatusNotFound, false)
	f.absent(f.Lead, cleo)
	sees(http.StatusOK, true)
	f.back(f.Lead)
	sees(http.StatusNotFound, false)
	deputy.post(taskPath(task)).wantStatus(http.StatusNotFound)
	f.signedIn(f.Lead).get(taskPath(task)).wantStatus(http.StatusOK)
}

func TestPagesSayInWhosePlaceSomebodyActs(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	f.absent(f.Lead, cleo)
	deputy := f.signedIn(cleo)
	inBothLanguages(deputy, "/aufgaben")[texts.German].wantText(".mg-task", "in Vertretung für Amina Exempel")
	deputy.get("/en/aufgaben").wantText(".mg-task", "as deputy of Amina Exempel")
	inBothLanguages(deputy, "/beratungen")[texts.German].wantText(".mg-task", "in Vertretung für Amina Exempel").wantText(".mg-task", "Sie sind an der Reihe")
	inBothLanguages(deputy, f.path())[texts.German].wantText(".kern-alert--info", "Amina Exempel ist bis").
		wantText(".kern-alert--info", "Sie handeln hier in Vertretung.").wantText(".mg-next", "in Vertretung für Amina Exempel")
	inBothLanguages(deputy, taskPath(task))[texts.German].wantText(".kern-alert--info", "in Vertretung für Amina Exempel")
	f.signedIn(f.Lead).get("/aufgaben").wantText(".mg-task", "bei der Vertretung: Cleo Beleg")
	f.signedIn(f.Lead).get(f.path()).wantText(".mg-next", "bei der Vertretung: Cleo Beleg")
	f.signedIn(f.Coordinator).get(f.path()).wantText("#aufgaben", "bei der Vertretung: Cleo Beleg")
	f.signedIn(f.Member).get(taskPath(task)).wantStatus(http.StatusOK).wantText("main", "Diese Aufgabe erledigt: Amina Exempel.")
	f.back(f.Lead)
	f.signedIn(f.Lead).get("/aufgaben").wantText(".mg-task", "Schlagen Sie")
	if f.signedIn(f.Lead).get("/aufgaben").text(".mg-task") == "" || f.count(`SELECT count(*) FROM tasks WHERE id = $1 AND owner_id = $2`, task, f.Lead.ID) != 1 {
		t.Error("the task did not come back")
	}
}

func TestWhatADeputySaysIsRecordedAsSuch(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.WriteNote)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	f.absent(f.Lead, cleo)
	for person, deputyFor := range map[store.Person]string{cleo: f.Lead.ID, f.Lead: ""} {
		b := f.signedIn(person)
		b.post(taskPath(task), b.get(taskPath(task)).filled()...).wantStatus(http.StatusSeeOther)
		in := f.engine.inputs[len(f.engine.inputs)-1]
		if in.Message.Actor != person.ID || in.DeputyFor != deputyFor || in.OnBehalf {
			t.Errorf("%s says it for %q: %+v", person.Name(), deputyFor, in)
		}
	}
}

func TestWhatADeputyBringsAboutIsRecordedAsSuch(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.DraftOptions)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	f.absent(f.Lead, cleo)
	path := f.path() + "/ruhezeit"
	for person, deputyFor := range map[store.Person]string{cleo: f.Lead.ID, f.Member: ""} {
		b := f.signedIn(person)
		b.post(path, b.get(path).wantStatus(http.StatusOK).filled()...).wantStatus(http.StatusSeeOther)
		if in := f.engine.inputs[len(f.engine.inputs)-1]; in.Message.Kind != advisory.AskForRest || in.DeputyFor != deputyFor {
			t.Errorf("%s says it for %q: %+v", person.Name(), deputyFor, in)
		}
	}
	f.back(f.Lead)
	f.signedIn(cleo).get(path).wantStatus(http.StatusNotFound)
}

// A colleague in the team acts as deputy for a task of the lead, and in the own name for everything else.
func TestTheDeputyIsOfTheTeam(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.WriteNote)
	f.absent(f.Lead, f.Member)
	b := f.signedIn(f.Member)
	page := b.get(f.path())
	page.wantText(".mg-next", "in Vertretung für Amina Exempel")
	b.post(taskPath(task), b.get(taskPath(task)).filled()...).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0]; in.DeputyFor != f.Lead.ID {
		t.Errorf("task: %+v", in)
	}
}

func TestHistorySaysInWhosePlace(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: task, Choice: advisory.Propose, Actor: cleo.ID}
	if _, err := f.store.JournalInput(t.Context(), store.NewInput{ConsultationID: f.ID, Message: in, Form: "propose_slots",
		Answers: slotAnswers, EnteredAt: time.Now(), DeputyFor: f.Lead.ID}); err != nil {
		t.Fatal(err)
	}
	f.write(advisory.Entry{Close: task, State: advisory.Done, Choice: in.Choice, Input: in.ID},
		advisory.Entry{History: advisory.SlotsWereProposed, Task: task, Input: in.ID},
		advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsProposed}})
	for _, person := range []store.Person{f.Contact, f.Coordinator} {
		pages := inBothLanguages(f.signedIn(person), f.path())
		pages[texts.German].wantText("#verlauf", "Cleo Beleg in Vertretung von Amina Exempel")
		pages[texts.English].wantText("#verlauf", "Cleo Beleg as deputy of Amina Exempel")
	}
}

func TestTheDeputyOfAnAbsentDeputyActs(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	ben, cleo := f.poolAdvisor("Ben", "Beleg"), f.poolAdvisor("Cleo", "Chronik")
	f.absent(f.Lead, ben)
	f.absent(ben, cleo)
	f.signedIn(ben).get(taskPath(task)).wantStatus(http.StatusNotFound)
	f.signedIn(cleo).get(taskPath(task)).wantStatus(http.StatusOK).wantText(".kern-alert--info", "in Vertretung für Amina Exempel")
	f.signedIn(f.Lead).get("/aufgaben").wantText(".mg-task", "bei der Vertretung: Cleo Chronik")
	f.back(ben)
	f.signedIn(ben).get(taskPath(task)).wantStatus(http.StatusOK)
	f.signedIn(cleo).get(taskPath(task)).wantStatus(http.StatusNotFound)
	f.exec(`UPDATE absences SET until_at = now() + interval '1 day', deputy_id = NULL WHERE person_id = $1`, ben.ID)
	f.signedIn(f.Coordinator).get(f.path()).wantText("#aufgaben", "Amina Exempel ist bis")
}

func TestHalfDaysChangeAtNoon(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	day := func(day, hour, minute int) time.Time {
		return time.Date(2026, 3, day, hour, minute, 0, 0, advisory.Berlin)
	}
	f.at(day(2, 9, 0)).signedIn(f.Lead).post(absencePath, absenceAnswers("2026-03-04", "from_noon", "2026-03-05", "until_noon", cleo.ID)...).
		wantStatus(http.StatusSeeOther)
	for _, test := range []struct {
		moment time.Time
		status int
	}{
		{day(4, 11, 59), http.StatusNotFound}, {day(4, 12, 0), http.StatusOK}, {day(5, 11, 58), http.StatusOK}, {day(5, 12, 0), http.StatusNotFound},
	} {
		f.at(test.moment).signedIn(cleo).get(taskPath(task)).wantStatus(test.status)
	}
}

func TestAnInvitationStaysWithWhoIsAsked(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.AnswerInvitation)
	f.absent(f.Lead, f.Member)
	b := f.signedIn(f.Member)
	b.get(taskPath(task)).wantStatus(http.StatusNotFound)
	b.get("/aufgaben").wantText(".mg-empty", "Für Sie steht nichts an.")
	f.signedIn(f.Lead).get(taskPath(task)).wantStatus(http.StatusOK)
	f.signedIn(f.Coordinator).get(f.path()).wantText("#aufgaben", "Amina Exempel ist bis")
}

func TestTheWorkbenchShowsWhatADeputyOwes(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.RecordAssessment)
	mine := "a[href='" + taskPath(task) + "']"
	b := f.signedIn(f.Colleague)
	if b.get(workbenchPath).has(mine) {
		t.Fatal("it is a colleague's task")
	}
	f.absent(f.Coordinator, f.Colleague)
	inBothLanguages(b, workbenchPath)[texts.German].wantText(".mg-task", "in Vertretung für Kim Beispiel")
	f.signedIn(f.Coordinator).get(workbenchPath).wantText(".mg-task", "bei der Vertretung: Robin Probe")
	b.get(f.path()).wantText(".mg-next", "in Vertretung für Kim Beispiel")
	b.post(taskPath(task), b.get(taskPath(task)).filled()...).wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0]; in.DeputyFor != f.Coordinator.ID {
		t.Errorf("input %+v", in)
	}
	f.back(f.Coordinator)
	if b.get(workbenchPath).has(mine) {
		t.Error("it did not go back")
	}
	f.signedIn(f.Head).post(taskPath(task), b.get(taskPath(task)).filled()...)
	if in := f.engine.inputs[1]; in.DeputyFor != "" {
		t.Errorf("the lead coordinator settles it in the own name: %+v", in)
	}
}

func TestNoTaskIsHandedOverToWhoIsAbsent(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.RecordAssessment)
	path := taskPath(task) + "/uebergeben"
	b := f.signedIn(f.Coordinator)
	f.absent(f.Colleague, f.Head)
	page := b.post(path, "person", f.Colleague.ID, "note", "Bitte übernehmen").wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#fehler", "Robin Probe ist bis").wantText("#fehler", "Die Vertretung hat Lea Leitner.").wantText("textarea[name=note]", "Bitte übernehmen")
	f.exec(`UPDATE absences SET deputy_id = NULL`)
	b.post(path, "person", f.Colleague.ID).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte wählen Sie eine andere Person.")
	if len(f.engine.inputs) != 0 {
		t.Fatal("it was handed over")
	}
	f.back(f.Colleague)
	b.post(path, "person", f.Colleague.ID).wantStatus(http.StatusSeeOther)
}

func TestTheLinkOfADeputysMailEndsWithTheAbsence(t *testing.T) {
	f := newConsultation(t)
	task, _ := f.reach(advisory.ProposeSlots)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	f.absent(f.Lead, cleo)
	token, err := f.store.IssueTaskLink(t.Context(), task, cleo.ID)
	if err != nil {
		t.Fatal(err)
	}
	b := f.browser()
	b.follow(b.get("/a/"+token)).wantStatus(http.StatusOK).wantText(".kern-alert--info", "in Vertretung für Amina Exempel")
	filled := b.get(taskPath(task)).filled()
	f.back(f.Lead)
	b.follow(b.get("/a/"+token)).wantStatus(http.StatusNotFound).wantText("h1", "Diese Aufgabe liegt nicht mehr bei Ihnen")
	b.post(taskPath(task), filled...).wantStatus(http.StatusNotFound).wantText("main", "Ihre Vertretung ist zu Ende")
	if len(f.engine.inputs) != 0 {
		t.Error("the deputy has settled it after the absence")
	}
}
