package server

import (
	"net/http"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestCoordinatorEntersAnAnswerOnBehalfOfTheMunicipality(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ConfirmNeed)
	b := f.signedIn(f.Coordinator)
	page := b.get("/aufgaben/"+id).wantStatus(http.StatusOK).wantText(".kern-alert--info", "für die Kommune")
	b.post("/aufgaben/"+id, page.filled("behalf_basis", "")...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Worauf beruht der Eintrag?")
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	b.post("/aufgaben/"+id, page.filled("behalf_on_date", tomorrow)...).wantStatus(http.StatusUnprocessableEntity)
	b.post("/aufgaben/"+id, page.filled()...).wantStatus(http.StatusSeeOther)

	said := f.engine.inputs[0]
	if !said.OnBehalf || said.Message.Actor != f.Coordinator.ID || said.Message.Choice != advisory.Confirm || said.Form != "confirm_need" {
		t.Errorf("journaled: %+v", said)
	}
	if said.Answers.Get("behalf_basis") != "phone_call" || said.Answers.Get("behalf_contact") != f.Contact.ID || said.Answers.Get("goal") == "" {
		t.Errorf("answers: %v", said.Answers)
	}
}

func TestPassedOnTaskIsSettledByTheCoordinator(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.WriteNote)
	b := f.signedIn(f.Coordinator)
	b.get("/aufgaben/"+id).wantText("main", "Diese Aufgabe erledigt: Amina Exempel")
	f.write(advisory.Entry{Task: id, Escalate: 7, To: advisory.ToCoordinator})
	page := b.get("/aufgaben/"+id).wantText("main", "Diese Aufgabe liegt bei: Amina Exempel")
	b.post("/aufgaben/"+id, page.filled()...).wantStatus(http.StatusSeeOther)
	if said := f.engine.inputs[0]; said.OnBehalf || said.Message.Actor != f.Coordinator.ID {
		t.Errorf("journaled: %+v", said)
	}
	f.signedIn(f.Colleague).get("/aufgaben/"+id).wantText("main", "Diese Aufgabe erledigt: Amina Exempel")
}

func TestCallLeadsToWhatIsOwed(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmNeed)
	owed := f.last
	call, _ := f.openEdge(advisory.CallParticipants)
	f.signedIn(f.Coordinator).get("/aufgaben/"+call).wantText(`a[href="/aufgaben/`+owed+`"]`, "Für die Kommune eintragen")
}

func TestClaimFromAList(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ClaimRequest)
	f.signedIn(f.Colleague).post("/aufgaben/" + id).wantLocation("/beratungen/" + f.Number)
	if said := f.engine.inputs[0].Message; said.Choice != advisory.Claim || said.Actor != f.Colleague.ID {
		t.Errorf("the engine hears %+v", said)
	}
}

func TestWhoHeardTheAnswerOnTheTelephoneGoesOnToEnterIt(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmNeed)
	owed := f.last
	call, _ := f.openEdge(advisory.CallParticipants)
	b := f.signedIn(f.Coordinator)
	b.post("/aufgaben/"+call, "choice", "entered_on_behalf").wantLocation("/aufgaben/" + owed)
	b.post("/aufgaben/"+call, "choice", "reached").wantLocation("/beratungen/" + f.Number)
}
