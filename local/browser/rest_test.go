package browser_test

import (
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// TestRest: a municipality asks on a phone without scripts, a coordinator decides, everybody reads that all stands still,
// and then goes on where it stood.
func TestRest(t *testing.T) {
	t.Parallel()
	c := filed(t, "Ruhestetten").until(advisory.Opening)
	toni, kim, amina := visits(t, phone, c.toni), visits(t, desk, c.kim), visits(t, plain, c.amina)
	until := onAWorkday(app.Clock.Now().AddDate(0, 2, 0))
	toni.signIn()
	toni.open(c.page())
	toni.follow("Um eine Ruhezeit bitten")
	toni.pressFor(422, "Bitte absenden")
	toni.set("Anlass", "Sitzungspause oder Ferien")
	toni.set("Ab wann könnte es weitergehen?", until.Format(time.DateOnly))
	toni.press("Bitte absenden")
	toni.isTold("Ihre Bitte ist angekommen. Die Koordination meldet sich bei Ihnen.")
	toni.seesNot("Die Beratung ruht")

	kim.signIn()
	kim.open(c.page())
	kim.follow("Über das Ruhen entscheiden")
	kim.sees(c.toni.Name() + " hat am")
	kim.sees("um eine Ruhezeit gebeten", "Sitzungspause oder Ferien")
	kim.follow("Ruhen lassen")
	kim.press("Ruhen lassen")
	kim.isTold("Ihre Entscheidung ist gespeichert.")
	for _, v := range []*visitor{toni, amina} {
		v.letter("Die Beratung ruht bis")
	}
	amina.signIn()
	for _, v := range []*visitor{toni, kim, amina} {
		v.open(c.page())
		v.sees("Die Beratung ruht bis "+texts.Date(texts.German, until), "Sitzungspause oder Ferien", "stehen alle Fristen still")
	}
	amina.seesNot("Weiteres Gespräch planen")

	kim.follow("Ruhezeit beenden")
	kim.expect("Möchten Sie die Ruhezeit wirklich beenden?")
	kim.press("Ruhezeit beenden")
	kim.isTold("Die Beratung geht weiter.")
	for _, v := range []*visitor{toni, amina} {
		v.letter("Die Beratung geht weiter")
		v.open(c.page())
		v.seesNot("stehen alle Fristen still")
	}
	amina.follow("Termine vorschlagen")
	amina.proposes(later)
	amina.isTold("Vielen Dank, die Termine sind vorgeschlagen.")
}

// TestWithdrawalUndone: a withdrawal that was told on the telephone and entered for the municipality is taken back by it;
// everything stands where it stood, and for the cancelled appointment new dates are sought.
func TestWithdrawalUndone(t *testing.T) {
	t.Parallel()
	c := filed(t, "Wiederkehrbach").until(advisory.Opening)
	dates := atTen(8, 1)
	c.scheduled(dates[0])
	toni, kim, amina := visits(t, phone, c.toni), visits(t, desk, c.kim), visits(t, plain, c.amina)
	kim.signIn()
	kim.open(c.page())
	kim.follow("Rückzug der Kommune eintragen")
	kim.pressFor(422, "Beratung zurückziehen")
	kim.choose("Worauf beruht der Eintrag?", "Telefongespräch")
	kim.set("Wann war das?", app.Clock.Now().In(advisory.Berlin).Format(time.DateOnly))
	kim.set("Mit wem haben Sie gesprochen?", c.toni.Name())
	kim.press("Beratung zurückziehen")
	kim.isTold("Die Beratung ist zurückgezogen.")
	kim.sees(c.kim.Name() + " für " + c.town)

	toni.followsMail("Die Beratung ist zurückgezogen", "Beratung ansehen oder wieder aufnehmen")
	toni.useSignInForm()
	toni.expect(subject)
	toni.sees("Die Beratung ist zurückgezogen", "Bis ", "können Sie die Beratung wieder aufnehmen")
	toni.follow("Doch weitermachen")
	toni.sees("Die Beratung steht dann wieder dort, wo sie stand: Auftakt.")
	toni.press("Doch weitermachen")
	toni.isTold("Schön, dass es weitergeht.")
	toni.sees("Beratung wieder aufgenommen")
	toni.entry("CANCEL", dates[0])

	amina.signIn()
	amina.open(c.page())
	amina.follow("Termine vorschlagen")
	amina.proposes(later)
	amina.isTold("Vielen Dank, die Termine sind vorgeschlagen.")
	toni.open(c.page())
	toni.sees("Wählen Sie einen Termin")
}
