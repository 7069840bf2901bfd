package browser_test

import (
	"testing"

	"miglobe/advisory"
)

// TestLeadReplaced: the former lead sees nothing any more at once, whoever comes reads the hand-over after the
// municipality has agreed, and nobody else does.
func TestLeadReplaced(t *testing.T) {
	t.Parallel()
	const handover = "Die Vereine hoffen auf einen festen Ansprechpartner."
	c := filed(t, "Wechselstadt").until(advisory.Dialogue)
	mariam := visits(t, phone, advisor(t, "Mariam"))
	arrives, err := app.Store.PersonByEmail(t.Context(), mariam.email)
	c.must(err)
	kim, amina, toni := visits(t, desk, c.kim), visits(t, plain, c.amina), visits(t, phone, c.toni)
	joseph := visits(t, plain, c.joseph)
	amina.signIn()
	amina.open(c.page())
	kim.signIn()
	kim.open(c.page())
	kim.follow("Poolmitglied wechseln")
	kim.set("Wer scheidet aus?", c.amina.Name()+" (Federführung)")
	kim.set("Grund", "Wunsch des Poolmitglieds")
	kim.pressFor(422, "Wechsel beginnen")
	kim.fill("Übergabe", handover)
	kim.press("Wechsel beginnen")
	kim.isTold(c.amina.Name() + " ist nicht mehr dabei (" + c.number + ").")
	amina.openFor(404, c.page())
	amina.letter("Ihre Mitarbeit in einer Beratung endet")

	kim.follow("Poolmitglieder auswählen")
	kim.sees("Anlass", handover, "Bleiben dabei")
	kim.invites(arrives.Name(), "Mit Federführung")
	kim.fill("Warum diese Auswahl?", "Kennt die Vereine am Ort.")
	kim.press("Einladungen senden")
	kim.isTold("Die Einladungen sind unterwegs.")

	mariam.followsMail("Einladung zu einer Beratung", "Einladung lesen und beantworten")
	mariam.sees("Für Sie liegt eine Übergabe bereit.")
	mariam.seesNot(handover)
	mariam.acceptsInvitation()
	mariam.expect("Vielen Dank")

	toni.signIn()
	toni.open(c.page())
	toni.sees("Entscheiden Sie über die Begleitung")
	toni.follow("Profile ansehen")
	toni.sees("Was sich ändert", "Nicht mehr dabei", c.amina.Name(), "Bleibt dabei", c.joseph.Name(), "Neu dabei", arrives.Name()+" (Federführung)")
	toni.seesNot(handover)
	toni.choose("Sind Sie mit dem Vorschlag einverstanden?", "Ja, wir sind einverstanden.")
	toni.press("Entscheidung senden")
	toni.isTold("Vielen Dank, Ihre Entscheidung ist gespeichert.")
	toni.letter("Die Beratung kann beginnen")

	mariam.signIn()
	mariam.open(c.page())
	mariam.sees("Übergabe", handover, c.amina.Name()+" (Federführung)", "Schlagen Sie drei Termine vor")
	joseph.signIn()
	joseph.open(c.page())
	joseph.sees(arrives.Name())
	joseph.seesNot(handover)
	kim.open(c.page())
	kim.sees("Poolmitglied gewechselt")
}

// TestGoalProposed: an advisor proposes another goal on a phone; it counts only when the municipality has compared and
// confirmed it, and the first version stays.
func TestGoalProposed(t *testing.T) {
	t.Parallel()
	c := filed(t, "Zielwechsel").until(advisory.Dialogue)
	joseph, toni, kim := visits(t, phone, c.joseph), visits(t, desk, c.toni), visits(t, plain, c.kim)
	joseph.signIn()
	joseph.open(c.page())
	joseph.follow("Neue Fassung des Ziels schreiben")
	joseph.expect("Neue Fassung des Ziels vorschlagen")
	joseph.pressFor(422, "Vorschlag senden")
	joseph.sees("Diese Fassung gilt schon")
	joseph.fill("Neue Fassung des Ziels", betterGoal)
	joseph.fill("Warum soll sich etwas ändern?", "So sagten es die Vereine im Gespräch.")
	joseph.press("Vorschlag senden")
	joseph.isTold("Ihr Vorschlag ist unterwegs. Jetzt entscheidet die Kommune.")
	joseph.sees(goal, betterGoal, "noch nicht bestätigt")

	toni.followsMail("Vorschlag für eine neue Fassung Ihres Ziels", "Beide Fassungen vergleichen")
	toni.sees("So sagten es die Vereine im Gespräch.", "Die Fassungen im Vergleich", "entscheiden", "mitreden", c.joseph.Name())
	toni.press("Neue Fassung bestätigen")
	toni.expect("Vielen Dank")

	joseph.open(c.page())
	joseph.follow("Alle Fassungen des Ziels")
	joseph.sees("Erste Fassung (zum Vergleich)", goal, betterGoal, "Von der Kommune bestätigt am")
	kim.signIn()
	kim.open(c.page())
	kim.sees("Die Kommune hat ihr Ziel am", "Neue Fassung des Ziels bestätigt")
	kim.follow("Zuordnung erneut öffnen", "Eckdaten")
	kim.expect("Zuordnung erneut öffnen")
}
