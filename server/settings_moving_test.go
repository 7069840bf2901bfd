package server

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
)

// stricter keeps a version of the programme that gives two working days less for the municipality's confirmation.
func (f *consultationFixture) stricter() {
	f.t.Helper()
	p := advisory.DefaultProgramme()
	for i, rule := range p.Tasks {
		if rule.Kind == advisory.ConfirmNeed {
			p.Tasks[i].Due, p.Tasks[i].Reminders = rule.Due-2, []int{3, 7}
		}
	}
	if _, err := f.store.AddProgramme(f.t.Context(), p, f.Head.ID, "Kürzere Fristen"); err != nil {
		f.t.Fatal(err)
	}
}

// awaits opens a consultation in which the municipality has been asked to confirm since so many days.
func (f *consultationFixture) awaits(number, town string, daysAgo int) {
	f.t.Helper()
	id := uuid.NewString()
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version,
			stage, stage_since, sent_at, updated_at) VALUES ($1, $2, $3, 'NW', '', 1, '{}', 1, 'assessment', now(), now(), now())`, id, number, town)
	task := advisory.TaskID(id, 1)
	step := advisory.Step{ConsultationID: id, Workflow: id, Number: 1, Entries: []advisory.Entry{
		{Open: &advisory.OpenTask{ID: task, Kind: advisory.ConfirmNeed, Owner: advisory.Owner{Role: advisory.Municipality}}}}}
	if _, err := f.store.WriteStep(f.t.Context(), advisory.RealClock(), step); err != nil {
		f.t.Fatal(err)
	}
	f.exec(`UPDATE tasks SET opened_at = opened_at - $2 * interval '1 day' WHERE id = $1`, task, daysAgo)
}

const movingTo2 = "/einstellungen/programm/2/umstellen"

func TestRunningConsultationsAreMovedToAnotherProgramme(t *testing.T) {
	f := newConsultation(t)
	f.stricter()
	f.awaits("MG-2026-0050", "Frischdorf", 0)
	f.awaits("MG-2026-0051", "Altstadt", 60)
	b := f.signedIn(f.Head)
	b.get(programmesPath).wantText("a[href='"+movingTo2+"']", "Laufende Beratungen auf diese Fassung umstellen")
	page := b.get(movingTo2).wantStatus(http.StatusOK).wantText("main", "Ziel und Bedarf bestätigen: fällig am").
		wantText("main", "Eine offene Frist oder Erinnerung läge in der Vergangenheit.").wantText("main", "Keine offene Frist ändert sich.")
	if page.has("input[value=MG-2026-0051]") || !page.has("input[value=MG-2026-0050]") || f.count(`SELECT count(*) FROM inputs`) != 0 {
		t.Error("what cannot be moved is offered, or looking moves something")
	}
	b.post(movingTo2).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "mindestens eine Beratung")

	b.follow(b.post(movingTo2, "einzeln", f.Number)).wantText(".kern-alert--success", "MG-2026-0042 folgt jetzt Fassung 2.")
	if in := f.engine.inputs[0]; in.Message.Kind != advisory.AdoptProgramme || in.Message.Version != 2 || in.Message.Actor != f.Head.ID || in.ConsultationID != f.ID {
		t.Errorf("said %+v", in)
	}
	f.engine.err = advisory.Errorf(advisory.Conflict, "%w", &inbox.Refused{Reason: advisory.DateInThePast})
	b.post(movingTo2, "einzeln", f.Number).wantStatus(http.StatusConflict).wantText("main", "Eine offene Frist oder Erinnerung läge in der Vergangenheit.")

	b.follow(b.post(movingTo2, "beratung", f.Number, "beratung", "MG-2026-0051")).
		wantText(".kern-alert--success", "1 Beratung wird umgestellt. 1 behält ihre Fassung; der Grund steht in der Liste.").
		wantText("main", "Wird verarbeitet: 1 Beratung offen.")
	b.follow(b.post(movingTo2+"/alle")).wantText("main", "Wird verarbeitet: 2 Beratungen offen.").wantText("main", "Die Umstellung wird gerade verarbeitet.")
	if n := f.count(`SELECT count(*) FROM inputs WHERE kind = 'adopt_programme' AND state = 'journaled'`); n != 2 {
		t.Errorf("%d inputs, want one for each that can be moved", n)
	}

	f.exec(`UPDATE inputs SET state = 'refused', refusal = 'date_in_the_past' WHERE consultation_id = $1`, f.ID)
	b.get(movingTo2).wantText("main", "Nicht umgestellt").wantText("main", "Wird verarbeitet: 1 Beratung offen.")
	b.get("/en"+movingTo2).wantStatus(http.StatusOK).wantText("h1", "Move running consultations to version 2")
	b.get("/einstellungen/programm/7/umstellen").wantStatus(http.StatusNotFound)
	b.get("/einstellungen/programm/1/umstellen").wantText("main", "Alle laufenden Beratungen folgen Fassung 1 oder einer neueren.")
}

func TestOnlyLeadCoordinatorsMoveConsultations(t *testing.T) {
	f := newConsultation(t)
	f.stricter()
	b := f.signedIn(f.Coordinator)
	b.get(movingTo2).wantStatus(http.StatusForbidden)
	b.post(movingTo2, "einzeln", f.Number).wantStatus(http.StatusForbidden)
	b.post(movingTo2 + "/alle").wantStatus(http.StatusForbidden)
	if n := f.count(`SELECT count(*) FROM inputs`); n != 0 {
		t.Errorf("%d inputs", n)
	}
}

func TestAConsultationTellsItsProgramme(t *testing.T) {
	f := newConsultation(t)
	f.stricter()
	b := f.signedIn(f.Coordinator)
	b.get(f.path()).wantText("#eckdaten", "Fassung 1")
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.AdoptProgramme, Actor: f.Head.ID, Version: 2}
	f.journal(in, "", nil)
	f.write(advisory.Entry{Adopt: &advisory.Adoption{Version: 2}, Input: in.ID})
	b.get(f.path()).wantText("#eckdaten", "Fassung 2").wantText("#verlauf", "Fristen nach Fassung 2").wantText("#verlauf", "Lea Leitner")
	b.get("/en"+f.path()).wantText("#verlauf", "Dates by version 2")
}
