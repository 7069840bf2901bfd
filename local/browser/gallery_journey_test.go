package browser_test

import (
	"fmt"
	"net/http"

	"miglobe/advisory"
	"miglobe/store"
)

// stations is one consultation on its whole way, looked at by the people who have to do with it.
type stations struct {
	*gallery
	c                        *consultation
	toni, kim, amina, joseph *visitor
}

func (g *gallery) journey() {
	c := filed(g.T, "Musterbach "+g.d.name)
	s := stations{gallery: g, c: c, toni: g.signedIn(c.toni), kim: g.signedIn(c.kim), amina: g.signedIn(c.amina), joseph: g.signedIn(c.joseph)}
	s.emptyLists()
	s.review()
	s.assessment()
	s.assignment()
	s.dates()
	s.conversation()
	s.options()
	s.evaluation()
	s.end()
}

// task keeps the page of an open task.
func (s stations) task(v *visitor, kind advisory.TaskKind, name string, owner ...store.Person) store.Task {
	s.Helper()
	found := s.c.task(kind, owner...)
	s.open(v, "/aufgaben/"+found.ID, name)
	return found
}

func (s stations) emptyLists() {
	s.open(s.amina, "/aufgaben", "my-tasks-empty")
	s.open(s.amina, "/beratungen", "my-consultations-empty")
	s.open(s.amina, "/profil", "profile")
	s.amina.fill("Über mich", "")
	s.mistake(s.amina, "Profil speichern", "profile-error")
	s.open(s.kim, "/arbeitsplatz", "workbench-mine-empty")
	s.open(s.kim, "/arbeitsplatz?liste=unclaimed", "workbench-unclaimed")
	s.open(s.kim, "/arbeitsplatz?liste=team&q=gibtesnicht", "workbench-nothing-found")
}

func (s stations) review() {
	c := s.c
	s.open(s.toni, c.page(), "status-review")
	s.open(s.kim, c.page(), "staff-review-unclaimed")
	s.task(s.kim, advisory.ClaimRequest, "task-claim")
	c.says(c.kim, advisory.ClaimRequest, advisory.Claim, "claim_request", nil)
	review := s.task(s.kim, advisory.ReviewRequest, "task-review")
	for _, choice := range []string{"accept", "ask", "refer", "decline"} {
		s.open(s.kim, "/aufgaben/"+review.ID+"?wahl="+choice, "task-review-"+choice)
	}
	s.mistake(s.kim, "Zur zweiten Prüfung geben", "task-review-decline-error")
	s.open(s.kim, "/aufgaben/"+review.ID+"/uebergeben", "task-hand-over")
	s.open(s.kim, "/aufgaben/"+review.ID+"/wiedervorlage", "task-put-aside")
	c.says(c.kim, advisory.ReviewRequest, advisory.Ask, "ask_question", advisory.Answers{"question": {"Welche Vereine haben Sie im Blick?"}})
	s.task(s.toni, advisory.AnswerQuestion, "task-answer-question")
	s.open(s.toni, c.page(), "status-question")
	s.open(s.toni, "/aufgaben", "my-tasks")
	c.says(c.toni, advisory.AnswerQuestion, advisory.Answer, "answer_question", advisory.Answers{"answer": {"Den Freundeskreis."}})
	c.says(c.kim, advisory.ReviewRequest, advisory.Accept, "accept_request", nil)
}

func (s stations) assessment() {
	c := s.c
	s.task(s.kim, advisory.RecordAssessment, "task-assessment")
	s.mistake(s.kim, "Der Kommune zur Bestätigung senden", "task-assessment-error")
	c.says(c.kim, advisory.RecordAssessment, advisory.Record, "assessment", assessmentAnswers())
	asked := s.task(s.toni, advisory.ConfirmNeed, "task-confirm-need")
	s.open(s.kim, "/aufgaben/"+asked.ID, "task-confirm-need-on-behalf")
	s.open(s.kim, c.page(), "staff-assessment")
	c.says(c.toni, advisory.ConfirmNeed, advisory.Change, "confirm_need", advisory.Answers{"goal": {betterGoal}, "need": {need}})
}

func (s stations) assignment() {
	c := s.c
	s.task(s.kim, advisory.ChooseAdvisors, "assign")
	s.mistake(s.kim, "Einladungen senden", "assign-error")
	c.chooses()
	s.task(s.amina, advisory.AnswerInvitation, "task-invitation", c.amina)
	s.amina.choose("Möchten Sie diese Beratung begleiten?", "Ich habe einen Interessenkonflikt.")
	s.mistake(s.amina, "Antwort senden", "task-invitation-error")
	s.open(s.kim, c.page(), "staff-assignment")
	c.accept()
	s.task(s.toni, advisory.AgreeToAdvisors, "task-agree")
	c.agrees()
}

// dates takes so many counter-proposals that the coordinator is asked to call.
func (s stations) dates() {
	c, ahead, past := s.c, onAWorkday(app.Clock.Now().AddDate(0, 0, 7)), app.Clock.Now().AddDate(0, 0, -3)
	s.task(s.amina, advisory.ProposeSlots, "task-propose-slots")
	s.mistake(s.amina, "Termine vorschlagen", "task-propose-slots-error")
	s.task(s.joseph, advisory.ProposeSlots, "task-of-somebody-else")
	c.says(c.amina, advisory.ProposeSlots, advisory.Propose, "propose_slots", slotAnswers(ahead))
	choice := s.task(s.toni, advisory.ChooseSlot, "task-choose-slot")
	s.open(s.toni, "/aufgaben/"+choice.ID+"?wahl=counter_propose", "task-counter-propose")
	s.open(s.amina, c.page(), "status-opening-advisor")
	for _, actor := range []store.Person{c.toni, c.amina, c.toni} {
		c.says(actor, advisory.ChooseSlot, advisory.CounterPropose, "propose_slots", slotAnswers(ahead))
	}
	call := s.task(s.kim, advisory.CallParticipants, "task-call")
	s.open(s.kim, c.page(), "staff-call")
	s.open(s.kim, "/aufgaben/"+call.About, "task-choose-slot-in-place")
	c.says(c.amina, advisory.ChooseSlot, advisory.CounterPropose, "propose_slots", slotAnswers(past))
	c.says(c.toni, advisory.ChooseSlot, advisory.Choose, "choose_slot", advisory.Answers{"slot": {"1"}})
}

func (s stations) conversation() {
	c := s.c
	s.task(s.amina, advisory.RecordOutcome, "task-outcome")
	c.says(c.amina, advisory.RecordOutcome, advisory.WasHeld, "record_outcome", advisory.Answers{"outcome": {"held"}})
	s.task(s.amina, advisory.WriteNote, "task-note")
	s.amina.fill("Themen", "Was Vereine brauchen.")
	s.amina.press("Entwurf speichern")
	s.shot(s.amina, "task-note-saved")
	c.writesNote("another")
	s.task(s.toni, advisory.DecideAccompaniment, "task-decide")
	c.says(c.toni, advisory.DecideAccompaniment, advisory.Continue, "decide_accompaniment", advisory.Answers{"decision": {"continue"}})
	s.open(s.toni, c.page(), "status-dialogue")
	c.passDialogue()
}

func (s stations) options() {
	c := s.c
	drafting := s.task(s.amina, advisory.DraftOptions, "task-options-empty")
	s.mistake(s.amina, "Entwurf zur Bestätigung geben", "task-options-empty-error")
	s.amina.follow("Handlungsoption hinzufügen")
	s.mistake(s.amina, "Option speichern", "task-option-error")
	s.amina.writesOption("Vereine zum Runden Tisch einladen")
	s.amina.follow("Handlungsoption hinzufügen")
	s.amina.fill("Titel", "Ein Fest der Partnerschaft feiern")
	s.shot(s.amina, "task-option")
	s.amina.press("Entwurf speichern")
	s.shot(s.amina, "task-options")
	s.open(s.amina, "/aufgaben/"+drafting.ID+"/optionen/2/entfernen", "task-option-remove")
	c.says(c.amina, advisory.DraftOptions, advisory.Share, "option", draftedOptions())
	s.refused(s.toni, http.StatusConflict, "/aufgaben/"+drafting.ID, "error-task-done")
	s.task(s.toni, advisory.ConfirmOptions, "task-confirm-options")
	s.open(s.toni, c.page(), "status-options")
	c.confirmOptions()
}

func (s stations) evaluation() {
	c := s.c
	s.task(s.toni, advisory.Evaluate, "task-evaluate-municipality")
	s.mistake(s.toni, "Antworten absenden", "task-evaluate-error")
	s.task(s.amina, advisory.Evaluate, "task-evaluate-advisor", c.amina)
	c.evaluates(c.toni)
	s.open(s.toni, c.page(), "status-evaluation-one-side")
	c.evaluates(c.amina)
	c.evaluates(c.joseph)
	s.open(s.amina, c.page(), "status-evaluation-both-sides")
}

func (s stations) end() {
	c := s.c
	s.task(s.kim, advisory.CloseConsultation, "task-close")
	s.open(s.kim, c.page(), "staff-closing")
	c.passClosing()
	s.task(s.toni, advisory.AnswerFollowUp, "task-follow-up")
	s.open(s.toni, c.page(), "status-follow-up")
	c.says(c.toni, advisory.AnswerFollowUp, advisory.Submit, "follow_up", followUpAnswers())
	s.open(s.toni, c.page(), "status-ended")
	s.open(s.kim, c.page(), "staff-ended")
	s.open(s.toni, c.page()+"/folgeberatung", "follow-on")
	s.open(s.kim, c.page()+"/folgeberatung", "follow-on-staff")
	s.open(s.amina, "/beratungen", "my-consultations")
	s.open(s.kim, c.page()+"/folgeberatung", "follow-on-staff")
	s.open(s.toni, c.page()+"/folgeberatung", "follow-on")
	s.toni.press("Folgeberatung anlegen")
	s.shot(s.toni, "follow-on-request")
}

func followUpAnswers() advisory.Answers {
	answers := advisory.Answers{"new_need": {"no"}, "options.1.progress": {"implemented"}, "options.2.progress": {"begun"},
		"wider_circle": {"shown"}, "better_quality": {"begun"}, "recognition": {"begun"}, "engagement": {"hoped"}}
	for i, question := range questions {
		answers.Set(question+"_level", fmt.Sprintf("level_%d", 2+i%3))
	}
	return answers
}
