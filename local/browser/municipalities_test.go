package browser_test

import "testing"

// TestMunicipalities: a request brings its municipality into the directory; a coordinator gives it its official key and
// merges a double entry.
func TestMunicipalities(t *testing.T) {
	t.Parallel()
	c := filed(t, "Doppelheim")
	filed(t, "Doppelheim am Wald")
	kim := visits(t, desk, c.kim)
	kim.signIn()
	kim.follow("Kommunen")
	kim.expect("Kommunen")
	kim.fill("Suche", "Doppelheim")
	kim.press("Filtern")
	kim.sees("Doppelheim am Wald", "1 laufend, 1 insgesamt")
	kim.screenshot("kommunen")
	kim.follow("Doppelheim am Wald")
	kim.sees(c.toni.FirstName)
	kim.fill("Amtlicher Gemeindeschlüssel (AGS)", "0591")
	kim.pressFor(422, "Eintrag speichern")
	kim.screenshot("kommune-fehler")
	kim.fill("Amtlicher Gemeindeschlüssel (AGS)", "05911099")
	kim.press("Eintrag speichern")
	kim.sees("05911099")
	kim.screenshot("kommune")
	kim.follow("Doppelten Eintrag zusammenführen")
	kim.choose("Welcher Eintrag ist dieselbe Kommune?", "Doppelheim")
	kim.screenshot("kommune-zusammenfuehren")
	kim.press("Einträge zusammenführen")
	kim.isTold("Doppelheim am Wald ist mit diesem Eintrag zusammengeführt.")
	kim.sees("Auch angefragt als", "05911099", c.number)

	robin := visits(t, phone, c.kim)
	robin.signIn()
	robin.open("/kommunen?q=Doppelheim")
	robin.sees("2 laufend, 2 insgesamt")
	robin.screenshot("kommunen-390")
	robin.follow("Doppelheim")
	robin.screenshot("kommune-390")
}
