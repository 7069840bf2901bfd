package browser_test

import (
	"fmt"
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/local/mailcatcher"
)

// appointments are moved, called off, planned beside others, and collide.
func (g *gallery) appointments() {
	c := filed(g.T, "Terminau "+g.d.name).until(advisory.Dialogue)
	dates := atTen(8, 3)
	c.scheduled(dates[0])
	toni, amina, kim := g.signedIn(c.toni), g.signedIn(c.amina), g.signedIn(c.kim)
	g.open(toni, c.page()+"/termine/2/verschieben", "appointment-move")
	g.mistake(toni, "Änderung speichern", "appointment-move-error")
	g.open(toni, c.page()+"/termine/2/absagen", "appointment-cancel")
	g.refused(toni, http.StatusConflict, c.page()+"/termine/1/verschieben", "appointment-over")
	g.open(toni, c.page()+"/termine/1/notiz", "note-correct")
	g.mistake(toni, "Berichtigung speichern", "note-correct-error")
	g.open(kim, c.page()+"/termine/1/notiz", "note-correct-on-behalf")
	toni.fill("Was soll anders dastehen?", "Nicht alle Vereine, nur die Sportvereine.")
	toni.press("Berichtigung speichern")
	toni.unfold("Notiz lesen: Auftaktgespräch")
	g.shot(toni, "status-note-corrected")
	g.open(amina, c.page()+"/weiteres-gespraech", "plan-session")
	amina.press("Weiteres Gespräch planen")
	g.shot(amina, "status-session-planned")
	amina.follow("Termine vorschlagen")
	amina.fillsInSlots(dates)
	amina.press("Termine vorschlagen")
	g.shot(amina, "task-propose-slots-collision")
	g.open(kim, c.page(), "staff-sessions")
}

// rest is asked for, decided, changed and ended.
func (g *gallery) rest() {
	c := filed(g.T, "Ruhdorf "+g.d.name).until(advisory.Opening)
	toni, amina, kim := g.signedIn(c.toni), g.signedIn(c.amina), g.signedIn(c.kim)
	g.open(toni, c.page()+"/ruhezeit", "ask-for-rest")
	g.mistake(toni, "Bitte absenden", "ask-for-rest-error")
	c.brings(c.toni, advisory.Input{Kind: advisory.AskForRest}, "ask_for_rest", advisory.Answers{
		"reason": {"election"}, "comment": {"Der Rat wird neu gewählt."}})
	decision := c.task(advisory.DecideRest)
	g.open(kim, "/aufgaben/"+decision.ID, "task-decide-rest")
	g.open(kim, "/aufgaben/"+decision.ID+"?wahl=rest", "task-decide-rest-until")
	g.mistake(kim, "Ruhen lassen", "task-decide-rest-error")
	g.open(kim, c.page()+"/ruhen", "rest")
	c.brings(c.kim, advisory.Input{Kind: advisory.BeginRest}, "rest", advisory.Answers{
		"reason": {"election"}, "resume_on": {onAWorkday(app.Clock.Now().AddDate(0, 2, 0)).Format(time.DateOnly)}})
	g.open(toni, c.page(), "status-resting")
	g.open(amina, "/aufgaben", "my-tasks-resting")
	g.open(kim, c.page(), "staff-resting")
	g.open(kim, c.page()+"/ruhezeit-aendern", "rest-change")
	g.open(kim, c.page()+"/weiterfuehren", "rest-end")
}

// goal is changed by the municipality's word alone.
func (g *gallery) goal() {
	c := filed(g.T, "Zielow "+g.d.name).until(advisory.Dialogue)
	toni, joseph, kim := g.signedIn(c.toni), g.signedIn(c.joseph), g.signedIn(c.kim)
	g.open(joseph, c.page()+"/ziel-aendern", "goal-propose")
	g.mistake(joseph, "Vorschlag senden", "goal-propose-error")
	g.open(toni, c.page()+"/ziel-aendern", "goal-change")
	g.open(kim, c.page()+"/ziel-eintragen", "goal-enter")
	c.brings(c.joseph, advisory.Input{Kind: advisory.ProposeGoal}, "goal_change", advisory.Answers{
		"goal": {betterGoal}, "need": {need}, "why": {"So sagten es die Vereine im Gespräch."}})
	g.open(toni, "/aufgaben/"+c.task(advisory.ConfirmGoalChange).ID, "task-confirm-goal")
	g.open(joseph, c.page(), "status-goal-proposed")
	c.says(c.toni, advisory.ConfirmGoalChange, advisory.Confirm, "", nil)
	g.open(toni, c.page()+"/ziel", "goal-versions")
	g.open(kim, c.page(), "staff-goal-changed")
	g.open(kim, c.page()+"/zuordnung-neu", "reopen-assignment")
	g.mistake(kim, "Zuordnung öffnen", "reopen-assignment-error")
}

// replacement of the lead in the dialogue.
func (g *gallery) replacement() {
	c := filed(g.T, "Wechselau "+g.d.name).until(advisory.Dialogue)
	toni, kim := g.signedIn(c.toni), g.signedIn(c.kim)
	g.open(kim, c.page()+"/wechsel", "replace")
	g.mistake(kim, "Wechsel beginnen", "replace-error")
	c.brings(c.kim, advisory.Input{Kind: advisory.ReplaceAdvisor, Person: c.amina.ID}, "replace_advisor", advisory.Answers{
		"advisor": {c.amina.ID}, "reason": {"advisor_wish"}, "handover_note": {"Die Vereine hoffen auf einen festen Ansprechpartner."}})
	g.open(kim, c.page(), "staff-replacement")
	c.amina = advisor(g.T, "Mariam")
	g.open(kim, "/aufgaben/"+c.task(advisory.ChooseAdvisors).ID, "assign-replacement")
	c.chooses()
	mariam := g.signedIn(c.amina)
	g.open(mariam, "/aufgaben/"+c.task(advisory.AnswerInvitation, c.amina).ID, "task-invitation-replacement")
	c.accepts(c.amina)
	g.open(toni, "/aufgaben/"+c.task(advisory.AgreeToAdvisors).ID, "task-agree-replacement")
	c.agrees()
	g.open(mariam, c.page(), "status-handover")
	g.open(kim, c.page(), "staff-replaced")
}

// leavingPool guides through everything that somebody who leaves has a part in.
func (g *gallery) leavingPool() {
	c := filed(g.T, "Abschied "+g.d.name).until(advisory.Opening)
	kim := g.signedIn(c.kim)
	g.open(kim, "/pool/"+c.amina.ID+"/verabschieden", "leaving-before")
	kim.press("Übergabe beginnen")
	g.shot(kim, "leaving-begun")
	kim.follow("Wechsel eintragen")
	kim.fill("Übergabe", "Die Vereine hoffen auf einen festen Ansprechpartner.")
	kim.press("Wechsel beginnen")
	g.shot(kim, "leaving-done")
	kim.press("Konto schließen")
	g.shot(kim, "pool-advisor-left")
}

// absences with a deputy, entered by oneself and for somebody else.
func (g *gallery) absences() {
	c := filed(g.T, "Vertretheim "+g.d.name).until(advisory.Opening)
	amina, joseph, kim := g.signedIn(c.amina), g.signedIn(c.joseph), g.signedIn(c.kim)
	g.open(amina, "/abwesenheit", "absence-empty")
	g.mistake(amina, "Abwesenheit speichern", "absence-error")
	amina.entersAbsence(http.StatusOK, 10, c.joseph)
	g.shot(amina, "absence")
	joseph.entersAbsence(http.StatusUnprocessableEntity, 5, c.amina)
	g.shot(joseph, "absence-circle")
	g.open(joseph, "/aufgaben", "my-tasks-deputy")
	g.open(joseph, "/aufgaben/"+c.task(advisory.ProposeSlots).ID, "task-deputy")
	g.open(amina, "/aufgaben", "my-tasks-absent")
	g.open(kim, "/pool/"+c.amina.ID+"/abwesenheit", "absence-of-advisor")
	g.open(kim, c.page(), "staff-deputy")
	g.open(kim, "/abwesenheit", "absence-coordinator")
}

// contacts come and go.
func (g *gallery) contacts() {
	c := filed(g.T, "Kontaktingen "+g.d.name)
	toni, kim, sam := g.signedIn(c.toni), g.signedIn(c.kim), g.stranger("Sam")
	g.open(toni, c.page()+"/kontakte", "contacts")
	g.open(toni, c.page()+"/kontakte/"+c.toni.ID+"/ausscheiden", "contact-leaves-last")
	g.open(toni, c.page()+"/kontakte/neu", "contact-new")
	g.mistake(toni, "Kontaktperson hinzufügen", "contact-new-error")
	toni.fill("Vorname", "Sam")
	toni.fill("Nachname", "Beispiel")
	toni.fill("Dienstliche E-Mail-Adresse", sam.email)
	toni.press("Kontaktperson hinzufügen")
	g.shot(toni, "contacts-waiting")
	g.open(kim, c.page()+"/kontakte", "contacts-staff")
	link := sam.followsMail("Bitte bestätigen Sie Ihre E-Mail-Adresse", "E-Mail-Adresse bestätigen")
	g.shot(sam, "contact-confirm")
	sam.press("Bestätigen")
	g.shot(sam, "contact-welcome")
	g.refused(sam, http.StatusGone, link, "contact-link-ended")
	g.open(toni, c.page()+"/kontakte/"+c.toni.ID+"/ausscheiden", "contact-leaves")
	g.open(kim, c.page()+"/kontakte/"+c.toni.ID+"/ausscheiden", "contact-mark-left")
}

// refusedAddress is one to which nothing can be sent.
func (g *gallery) refusedAddress() {
	c := filedFrom(g.T, "Rückläufer "+g.d.name, fmt.Sprintf("%stoni-%d.example", mailcatcher.UndeliverablePrefix, peopleMade.Add(1)))
	kim := g.signedIn(c.kim)
	unclear := c.task(advisory.CheckAddress)
	g.open(kim, c.page(), "staff-refused-address")
	g.open(kim, "/aufgaben/"+unclear.ID, "task-check-address")
	g.open(kim, "/aufgaben/"+unclear.ID+"?wahl=correct_address", "task-correct-address")
	g.mistake(kim, "Adresse berichtigen", "task-correct-address-error")
	g.open(kim, "/aufgaben/"+unclear.ID+"?wahl=new_contact", "task-new-contact")
}

// wishes are how people want to hear of what there is to do.
func (g *gallery) wishes() {
	kim := g.signedIn(person(g.T, advisory.Coordinator, "Kim"))
	g.open(kim, "/mails", "mail-wishes")
	g.open(kim, "/kalender", "calendar-none")
	kim.press("Adresse anlegen")
	g.shot(kim, "calendar-made")
	g.open(kim, "/kalender", "calendar")
}
