package browser_test

import (
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/texts"
)

// TestMailTexts: a lead coordinator changes the text of a mail, is told what is wrong with it, looks at it, gets it as a
// test mail, and the next mail has it; then the product's text again.
func TestMailTexts(t *testing.T) {
	t.Parallel()
	const list, path = "/einstellungen/mails", "/einstellungen/mails/draft_saved/en"
	text, _ := app.Texts.Mail(texts.English, "draft_saved")
	own := strings.Replace(text.Body, "Hello", "A warm hello", 1)
	if own == text.Body {
		t.Fatalf("the standard text has another salutation: %s", text.Body)
	}
	kim, robin := visits(t, desk, person(t, advisory.LeadCoordinator, "Kim")), visits(t, phone, person(t, advisory.LeadCoordinator, "Robin"))
	kim.signIn()
	kim.open("/einstellungen")
	kim.follow("Mailtexte")
	kim.expect("Mailtexte")
	kim.screenshot("mailtexts-list")
	kim.follow("Englisch: „Ihr Entwurf ist gespeichert“ bearbeiten")
	kim.screenshot("mailtexts-edit")
	kim.fill("Text", strings.Replace(own, "{{.Due}}", "{{.Deadline}}", 1))
	kim.pressFor(422, "Vorschau")
	kim.sees("Das Feld {{.Deadline}} gibt es nicht.", "Es fehlt {{.Due}}.")
	kim.screenshot("mailtexts-refused")
	kim.fill("Text", own)
	kim.press("Vorschau")
	kim.sees("A warm hello", "Vorschau mit erfundenen Angaben")
	kim.screenshot("mailtexts-preview")
	kim.press("Testmail an mich")
	kim.isTold("Die Testmail ist unterwegs an " + kim.email + ".")
	if mail := kim.letter("[Test] "); !strings.Contains(mail.Text, "A warm hello") || !strings.Contains(mail.Text, "/a/BEISPIEL") {
		t.Errorf("the test mail is %q:\n%s", mail.Subject, mail.Text)
	}
	kim.pressFor(422, "Speichern")
	kim.fill("Warum diese Änderung?", "Freundlicher")
	kim.press("Speichern")
	kim.isTold("Der Text ist gespeichert und gilt ab der nächsten Mail.")

	robin.signIn()
	robin.open(list)
	robin.sees("eigener Text, Fassung 1")
	robin.screenshot("mailtexts-list-phone")
	robin.open(path)
	robin.sees("Fassung 1", kim.name, "Freundlicher")
	robin.press("Vorschau")
	robin.screenshot("mailtexts-preview-phone")
	robin.follow("Fassung 1")
	robin.sees("Was sich zum Standardtext geändert hat")
	robin.screenshot("mailtexts-version-phone")
	robin.open(path)
	robin.follow("Standardtext", "Fassungen")
	robin.press("Zum Standardtext zurückkehren")
	robin.isTold("Es gilt wieder der Standardtext, ab der nächsten Mail.")
	kim.open(path + "/fassungen/2")
	kim.screenshot("mailtexts-version")
}
