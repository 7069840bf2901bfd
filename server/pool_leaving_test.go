package server

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// another adds a running consultation beside the fixture's, with an advisor in its team or only invited.
func (f *consultationFixture) another(number string, advisor store.Person, inTeam bool) string {
	f.t.Helper()
	id := uuid.NewString()
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, coordinator_id, sent_at, updated_at)
		VALUES ($1, $2, 'Andernstadt', 'NW', 'Fair einkaufen', 1, '{}', 1, 'dialogue', now(), $3, now(), now())`, id, number, f.Coordinator.ID)
	if inTeam {
		f.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, false, now())`, id, advisor.ID)
		return id
	}
	f.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, opened_at, due_on)
		VALUES ($1 || '-9', $1::uuid, $1, 'answer_invitation', 'advisor', $2, now(), current_date)`, id, advisor.ID)
	f.exec(`INSERT INTO invitations (task_id, consultation_id, advisor_id, invited_at) VALUES ($1 || '-9', $1::uuid, $2, now())`, id, advisor.ID)
	return id
}

func TestLeavingThePoolIsAGuidedHandover(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.another("MG-2026-0043", f.Lead, false)
	b := f.signedIn(f.Coordinator)
	path := b.get("/pool/"+f.Lead.ID).attr("a[href$=verabschieden]", "href")
	page := b.get(path).wantStatus(http.StatusOK).everyText().wantText("h1", "Amina Exempel verlässt den Pool").
		wantText("main", "Ab sofort wird die Person nicht mehr vorgeschlagen")
	if page.has("a[href*=wechsel]") || f.count(`SELECT count(*) FROM advisors WHERE leaving_at IS NOT NULL`) != 0 {
		t.Error("looking at the page has begun something")
	}
	b.follow(b.post(path)).wantText(".kern-alert--success", "Die Übergabe hat begonnen").everyText().
		wantText("section[aria-labelledby='open-h']", "0 von 2 übergeben").
		wantText("section[aria-labelledby='open-h']", "Rolle: Federführung").
		wantText("section[aria-labelledby='open-h']", "eingeladen, wartet auf Antwort")
	b.get("/en"+path).everyText().wantText("section[aria-labelledby='open-h']", "0 of 2 handed over")
	b.get("/pool").wantText("main", "verlässt den Pool")

	b.post(path+"/abschluss").wantStatus(http.StatusConflict).wantText("main", "noch in Beratungen dabei oder eingeladen")

	f.engine.inputs = nil
	b.post(path + "/einladung/MG-2026-0043").wantLocation(path)
	if in := f.engine.inputs[0]; in.Message.Kind != advisory.ReplaceAdvisor || in.Message.Person != f.Lead.ID || in.Answers.Get("reason") != "left_pool" {
		t.Errorf("%+v", in)
	}
	f.exec(`UPDATE invitations SET state = 'withdrawn' WHERE state = 'open'`)
	f.exec(`UPDATE tasks SET state = 'obsolete' WHERE kind = 'answer_invitation'`)
	b.post(path+"/einladung/MG-2026-0043").wantStatus(http.StatusConflict).wantText("main", "nicht mehr offen")

	replace := b.get(path).attr("section[aria-labelledby='open-h'] a[href*=wechsel]", "href")
	form := b.get(replace).wantStatus(http.StatusOK)
	if form.attr("select[name=advisor] option[selected]", "value") != f.Lead.ID || form.attr("select[name=reason] option[selected]", "value") != "left_pool" {
		t.Error("who leaves the pool and why is not chosen beforehand")
	}
	b.post(f.path()+"/wechsel", "advisor", f.Lead.ID, "reason", "left_pool", "handover_note", "Alles im Ordner.").wantLocation(path)
	f.exec(`UPDATE tasks SET owner_id = $1 WHERE owner_id = $2 AND state = 'open'`, f.Coordinator.ID, f.Lead.ID)
	f.replaces(f.Lead, "", f.Member.ID)

	b.get(path).everyText().wantText("section[aria-labelledby='done-h']", "Neubesetzung läuft").wantText("main", "Es ist nichts mehr zu übergeben")
	lead := f.signedIn(f.Lead)
	lead.get("/aufgaben").wantStatus(http.StatusOK)
	b.follow(b.post(path+"/abschluss")).wantText(".kern-alert--success", "Das Konto ist geschlossen").wantText(".mg-status", "nicht mehr im Pool")
	if status := lead.get("/aufgaben").StatusCode; status == http.StatusOK {
		t.Error("a closed account is still signed in")
	}
	b.get(path).wantText("main", "Das Konto ist geschlossen")
	b.post(path).wantStatus(http.StatusNotFound)
}

func TestWhoLeavesThePoolIsNotSuggestedAndMayStay(t *testing.T) {
	f, task, b := choosing(t)
	path := "/pool/" + f.Lead.ID + "/verabschieden"
	b.post(path).wantLocation(path)
	page := b.get(task).wantText("section[aria-labelledby='unavailable-h']", "verlässt den Pool")
	if page.has("input[name='advisor." + f.Lead.ID + "']") {
		t.Error("somebody who leaves the pool can be chosen")
	}
	b.follow(b.post(path+"/bleiben")).wantText(".kern-alert--success", "bleibt im Pool")
	if !b.get(task).has("input[name='advisor." + f.Lead.ID + "']") {
		t.Error("who stays cannot be chosen")
	}
	b.get("/pool/" + uuid.NewString() + "/verabschieden").wantStatus(http.StatusNotFound)
	b.post("/pool/" + f.Contact.ID + "/verabschieden").wantStatus(http.StatusNotFound)
	b.post("/pool/kein-konto/verabschieden/abschluss").wantStatus(http.StatusNotFound)
}
