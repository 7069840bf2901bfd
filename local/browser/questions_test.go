package browser_test

import (
	"testing"

	"miglobe/advisory"
)

// TestTopicsAndQuestions: a lead coordinator adds a topic and a question, looks at the preview, and new requests and
// consultations show both. It runs before the tests that run beside each other, because it makes versions of the programme.
func TestTopicsAndQuestions(t *testing.T) {
	keepsProgramme(t)
	for _, d := range []device{desk, phone} {
		lea := visits(t, d, person(t, advisory.LeadCoordinator, "Lea"))
		lea.signIn()
		lea.open("/einstellungen")
		lea.follow("Themen")
		lea.screenshot("settings-topics-" + d.name)
		lea.pressFor(422, "Themen speichern")
		lea.screenshot("settings-topics-refused-" + d.name)
		lea.unfold("Neues Thema")
		topic := "Wasser " + d.name
		lea.fill("Name auf Deutsch", topic)
		lea.fill("Name auf Englisch", "Water "+d.name)
		lea.fill("Hinweis auf Deutsch", "Auch Böden und Wälder")
		lea.fill("Hinweis auf Englisch", "Soil and forests, too")
		lea.fill("Grund der Änderung", "Kommunen fragen danach.")
		lea.press("Themen speichern")
		lea.sees("Die Themen sind gespeichert", topic)
		lea.screenshot("settings-topics-saved-" + d.name)

		lea.open("/einstellungen/fragebogen")
		lea.screenshot("settings-questionnaires-" + d.name)
		lea.follow("Die vier Leitfragen heute", "Rückblick der Kommune")
		lea.sees("Was Sie hier ändern, gilt überall dort.")
		lea.screenshot("settings-questions-shared-" + d.name)
		lea.open("/einstellungen/fragebogen/evaluate_municipality/process")
		lea.screenshot("settings-questions-" + d.name)
		lea.unfold("6. Würden Sie MiGlobe anderen Kommunen empfehlen?")
		lea.screenshot("settings-questions-unfolded-" + d.name)
		lea.unfold("6. Würden Sie MiGlobe anderen Kommunen empfehlen?")
		lea.unfold("Neue Frage")
		lea.fill("Frage auf Deutsch", "Wer war dabei?")
		lea.fill("Frage auf Englisch", "Who took part?")
		lea.pressFor(422, "Vorschau ansehen")
		lea.screenshot("settings-questions-refused-" + d.name)
		lea.set("Wie wird geantwortet?", "mit eigenen Antworten zur Auswahl")
		lea.fill("Antworten auf Deutsch", "Verwaltung\nPolitik")
		lea.fill("Antworten auf Englisch", "Administration\nPolitics")
		lea.press("Vorschau ansehen")
		lea.sees("Vorschau – noch nicht gespeichert")
		lea.screenshot("settings-questions-preview-" + d.name)
		lea.fill("Grund der Änderung", "Wir wollen es wissen.")
		lea.press("Fragen speichern")
		lea.sees("Die Fragen sind gespeichert")
	}
}
