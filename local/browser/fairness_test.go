package browser_test

import (
	"testing"

	"miglobe/advisory"
)

// TestWeightsArePreviewed: a lead coordinator sees what other weights would change before anything changes.
func TestWeightsArePreviewed(t *testing.T) {
	t.Parallel()
	c := filed(t, "Gewichtsstadt").until(advisory.Assignment)
	c.task(advisory.ChooseAdvisors)
	for _, d := range []device{desk, phone} {
		lea := visits(t, d, person(t, advisory.LeadCoordinator, "Lea"))
		lea.signIn()
		lea.open("/einstellungen")
		lea.follow("Gewichte der Zuordnung")
		lea.expect("Gewichte der Zuordnung")
		lea.screenshot("weights-" + d.name)
		lea.fill("Thema", "viel")
		lea.fill("Entfernung", "101")
		lea.pressFor(422, "Als neue Fassung speichern")
		lea.sees("Thema: Bitte geben Sie eine ganze Zahl von 0 bis 100 ein.", "warum Sie die Gewichte ändern")
		lea.screenshot("weights-mistakes-" + d.name)
		lea.fill("Thema", "0")
		lea.fill("Entfernung", "60")
		lea.press("Vorschau")
		lea.sees("Vorschau: offene Zuordnungen", "Gewichtsstadt, "+c.number, "Rang heute", "Laufende Beratungen behalten ihre Fassung")
		lea.screenshot("weights-preview-" + d.name)
	}
}

// TestFairness: a coordinator sees how the invitations of a period are spread over the pool, and over time.
func TestFairness(t *testing.T) {
	t.Parallel()
	c := filed(t, "Ausgleichsstadt").until(advisory.Dialogue)
	for _, d := range []device{desk, phone} {
		kim := visits(t, d, person(t, advisory.Coordinator, "Kim"))
		kim.signIn()
		kim.open("/pool")
		kim.follow("Verteilung der Einladungen ansehen")
		kim.expect("Verteilung der Einladungen")
		kim.sees(c.amina.Name(), "in diesem Zeitraum nicht eingeladen", "Alle zusammen", "Im Verlauf")
		kim.screenshot("fairness-" + d.name)
		kim.set("Zeitraum", "2027")
		kim.set("Im Verlauf zeigen", c.amina.Name())
		kim.press("Anzeigen")
		kim.sees("Im Verlauf: "+c.amina.Name(), "Die meisten Einladungen: April 2027, 1.", "Fr., 01.01.2027")
		kim.follow("zugesagt", "Je Poolmitglied")
		kim.screenshot("fairness-of-one-" + d.name)
		kim.open("/pool/ausgewogenheit?von=2027-05-01&bis=2027-04-01")
		kim.sees("Diesen Zeitraum können wir nicht zeigen.")
		kim.open("/pool/ausgewogenheit?zeitraum=2024")
		kim.sees("In diesem Zeitraum wurde niemand eingeladen.")
		kim.screenshot("fairness-nobody-" + d.name)
	}
}
