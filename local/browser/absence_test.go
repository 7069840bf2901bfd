package browser_test

import (
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// entersAbsence fills in an absence of whole days from today and sends it; again where a new day has begun meanwhile.
func (v *visitor) entersAbsence(status int64, days int, deputy store.Person) {
	v.Helper()
	v.open("/abwesenheit")
	for again := true; again; again = v.has("Dieses Datum liegt in der Vergangenheit.") {
		today := app.Clock.Now().In(advisory.Berlin)
		v.set("Erster Tag", today.Format(time.DateOnly))
		v.choose("Am ersten Tag", "ganzer Tag")
		v.set("Letzter Tag", today.AddDate(0, 0, days).Format(time.DateOnly))
		v.choose("Am letzten Tag", "ganzer Tag")
		v.set("Vertretung", deputy.Name())
		v.travel("enter the absence", v.clickAt("button", "Abwesenheit speichern", ""))
	}
	v.expectStatus(status)
}

// TestDeputy: whoever stands in for an absent lead finds the task, settles it on a phone without scripts, and the history
// says in whose place. When the lead is back, the deputy sees nothing any more.
func TestDeputy(t *testing.T) {
	t.Parallel()
	c := filed(t, "Vertretungen").until(advisory.Opening)
	stands := advisor(t, "Mariam")
	amina, mariam, kim := visits(t, desk, c.amina), visits(t, phone, stands), visits(t, plain, c.kim)
	mariam.signIn()
	mariam.openFor(404, c.page())
	amina.signIn()
	amina.entersAbsence(200, 10, stands)
	amina.isTold("Ihre Abwesenheit ist eingetragen.")
	amina.sees("Jetzt abwesend", "Vertretung: "+stands.Name())

	mariam.open("/aufgaben")
	mariam.sees("in Vertretung für " + c.amina.Name())
	mariam.follow("Schlagen Sie drei Termine vor")
	mariam.sees("Sie erledigen diese Aufgabe in Vertretung für " + c.amina.Name())
	mariam.proposes(later)
	mariam.isTold("Vielen Dank, die Termine sind vorgeschlagen.")
	kim.signIn()
	kim.open(c.page())
	kim.sees(stands.Name() + " in Vertretung von " + c.amina.Name())

	amina.press("Ich bin wieder da")
	amina.isTold("Schön, dass Sie wieder da sind.")
	mariam.openFor(404, c.page())
}

// TestCircleOfDeputies: two who would stand in for each other at the same time are refused in a sentence with both names.
func TestCircleOfDeputies(t *testing.T) {
	t.Parallel()
	amina, joseph := advisor(t, "Amina"), advisor(t, "Joseph")
	first, second := visits(t, desk, amina), visits(t, phone, joseph)
	first.signIn()
	first.entersAbsence(200, 10, joseph)
	second.signIn()
	second.entersAbsence(422, 5, amina)
	second.sees(joseph.Name()+" vertritt "+amina.Name(), amina.Name()+" vertritt "+joseph.Name(), "niemand hätte die Aufgaben")
	second.open("/abwesenheit")
	second.sees("Es ist keine Abwesenheit eingetragen.")
}
