package browser_test

import (
	"fmt"
	"testing"

	"miglobe/advisory"
	"miglobe/local/mailcatcher"
)

// TestNewContact: whoever is added as a contact confirms the address first, and then sees the consultation.
func TestNewContact(t *testing.T) {
	t.Parallel()
	c := filed(t, "Kollegien")
	toni := visits(t, desk, c.toni)
	sam := newVisitor(t, phone, "Sam", fmt.Sprintf("sam-%d@demo.example", peopleMade.Add(1)))
	toni.signIn()
	toni.open(c.page())
	toni.follow("Kontaktpersonen verwalten")
	toni.follow("Kontaktperson hinzufügen")
	toni.pressFor(422, "Kontaktperson hinzufügen")
	toni.fill("Vorname", "Sam")
	toni.fill("Nachname", "Beispiel")
	toni.fill("Dienstliche E-Mail-Adresse", sam.email)
	toni.press("Kontaktperson hinzufügen")
	toni.isTold("Wir haben an " + sam.email + " eine Mail geschickt.")
	toni.sees("Sam Beispiel", "wartet auf Bestätigung")

	sam.followsMail("Bitte bestätigen Sie Ihre E-Mail-Adresse", "E-Mail-Adresse bestätigen")
	sam.expect("E-Mail-Adresse bestätigen")
	sam.sees(sam.email, c.number)
	sam.seesNot(subject)
	sam.press("Bestätigen")
	sam.isTold("Vielen Dank, Ihre Adresse ist bestätigt.")
	sam.open(c.page())
	sam.expect(subject)
	sam.sees("Sam Beispiel", c.toni.Name())
	toni.open(c.page() + "/kontakte")
	toni.seesNot("wartet auf Bestätigung")
}

// TestRefusedAddress: where a mailbox refuses mails, a coordinator is asked to clarify it, and what was held back arrives
// at the corrected address.
func TestRefusedAddress(t *testing.T) {
	t.Parallel()
	n := peopleMade.Add(1)
	c := filedFrom(t, "Unzustellbrück", fmt.Sprintf("%stoni-%d.example", mailcatcher.UndeliverablePrefix, n))
	kim, toni := visits(t, desk, c.kim), newVisitor(t, phone, "Toni", fmt.Sprintf("toni-%d@demo.example", n))
	kim.signIn()
	kim.until(c.page(), "the task to clarify the address", func() bool { return kim.has("Klären Sie die Kontaktdaten") })
	kim.sees("an diese Adresse geht zurzeit nichts")
	c.passReview()
	held := func() bool { return kim.has("Zurückgehalten: 1 Mail") }
	kim.until("/aufgaben/"+c.task(advisory.CheckAddress).ID, "the mail that is held back", held)
	kim.sees(c.toni.Name(), c.toni.Email, "Was nicht ankam", "das Postfach")
	kim.follow("Adresse berichtigen")
	kim.fill("Neue E-Mail-Adresse", toni.email)
	kim.press("Adresse berichtigen")
	kim.isTold("Die Kontaktdaten sind geklärt.")
	kim.sees("Neue Adresse, noch nicht bestätigt: " + toni.email)

	toni.followsMail("Bitte bestätigen Sie Ihre E-Mail-Adresse", "E-Mail-Adresse bestätigen")
	toni.press("Bestätigen")
	toni.isTold("Vielen Dank, Ihre Adresse ist bestätigt.")
	toni.open(c.page())
	toni.expect(subject)
	toni.letter("Ihre Anfrage ist angenommen")
	kim.open(c.page())
	kim.seesNot("an diese Adresse geht zurzeit nichts")
	kim.sees(toni.email)
}
