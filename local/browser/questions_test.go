package browser_test

import (
	"testing"

	"miglobe/advisory"
)

// TestTopicsAndQuestions: a lead coordinator adds a topic and a question, looks at the preview, and new requests and
// consultations show both. It runs before the tests that run beside each other, because it makes versions of the programme.
func TestTopicsAndQuestions(t *testing.T) {
	for _, d := range []device{desk, phone} {
		lea := visits(t, d, person(t, advisory.LeadCoordinator, "Lea"))
		lea.signIn()
		lea.open("/einstellungen")
		lea.follow("Themen")
		lea.screenshot("settings-topics-" + d.name)
		lea.pressFor(422, "Themen speichern")
		lea.screenshot("settings-topics-refused-" + d.name)
		topic := "Wasser " + d.name
		lea.fill("Name auf Deutsch", topic, "Neues Thema")
		lea.fill("Name auf Englisch", "Water "+d.name, "Neues Thema")
		lea.fill("Hinweis auf Deutsch", "Auch Böden und Wälder", "Neues Thema")
		lea.fill("Hinweis auf Englisch", "Soil and forests, too", "Neues Thema")
		lea.fill("Grund der Änderung", "Kommunen fragen danach.")
		lea.press("Themen speichern")
		lea.sees("Die Themen sind gespeichert", topic)

		lea.open("/einstellungen/fragebogen")
		lea.screenshot("settings-questionnaires-" + d.name)
		lea.follow("Die vier Leitfragen heute", "Rückblick der Kommune")
		lea.sees("Was Sie hier ändern, gilt überall dort.")
		lea.screenshot("settings-questions-shared-" + d.name)
		lea.open("/einstellungen/fragebogen/evaluate_municipality/process")
		lea.screenshot("settings-questions-" + d.name)
		lea.fill("Frage auf Deutsch", "Wer war dabei?", "Neue Frage")
		lea.fill("Frage auf Englisch", "Who took part?", "Neue Frage")
		lea.pressFor(422, "Vorschau ansehen")
		lea.screenshot("settings-questions-refused-" + d.name)
		lea.set("Wie wird geantwortet?", "mit eigenen Antworten zur Auswahl", "Neue Frage")
		lea.fill("Antworten auf Deutsch", "Verwaltung\nPolitik", "Neue Frage")
		lea.fill("Antworten auf Englisch", "Administration\nPolitics", "Neue Frage")
		lea.press("Vorschau ansehen")
		lea.sees("Vorschau – noch nicht gespeichert")
		lea.screenshot("settings-questions-preview-" + d.name)
		lea.fill("Grund der Änderung", "Wir wollen es wissen.")
		lea.press("Fragen speichern")
		lea.sees("Die Fragen sind gespeichert")
	}
}
