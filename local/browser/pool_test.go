package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"miglobe/advisory"
	"miglobe/store"
)

// TestDirectoryOfAdvisors: what an advisor changes waits for its approval; a coordinator edits; a file with wrong lines
// changes nothing before the good rest is confirmed.
func TestDirectoryOfAdvisors(t *testing.T) {
	for _, d := range []device{desk, phone} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			(&gallery{T: t, d: d}).advisors()
		})
	}
}

// advisors are the pages about the pool.
func (g *gallery) advisors() {
	farida := advisor(g.T, "Farida")
	kim := g.signedIn(person(g.T, advisory.Coordinator, "Kim"))
	g.approvals(g.signedIn(farida), kim, farida)
	g.open(kim, "/pool/"+farida.ID, "pool-advisor-complete")
	kim.follow("Profil bearbeiten")
	g.shot(kim, "pool-edit")
	kim.fill("Vorname", "")
	g.mistake(kim, "Profil speichern", "pool-edit-error")
	kim.fill("Vorname", "Farida")
	kim.fill("Weitere Orte", "Bonn\nWitten")
	kim.press("Profil speichern")
	kim.isTold("Das Profil ist gespeichert.")
	kim.sees("Bonn, Witten")
	g.poolFile(g.signedIn(person(g.T, advisory.LeadCoordinator, "Lou")), farida)
}

// approvals: one change is returned, the next approved.
func (g *gallery) approvals(farida, kim *visitor, who store.Person) {
	farida.open("/profil")
	farida.fill("Netzwerke", "Alle")
	farida.press("Profil speichern")
	farida.isTold("warten auf Freigabe")
	g.shot(farida, "profile-waiting")
	kim.open("/pool")
	kim.open("/pool/freigaben")
	g.shot(kim, "approvals")
	kim.unfold("Zurückgeben", who.Name())
	kim.pressFor(422, "Mit Grund zurückgeben", who.Name())
	g.shot(kim, "approvals-error")
	kim.fill("Grund", "Bitte nennen Sie einzelne Vereine.", who.Name())
	kim.press("Mit Grund zurückgeben", who.Name())
	kim.isTold("zurückgegeben")
	farida.followsMail("Zu der Änderung an Ihrem Profil gibt es eine Rückfrage", "Zu Ihrem Profil")
	farida.sees("Grund: Bitte nennen Sie einzelne Vereine.")
	g.shot(farida, "profile-returned")
	farida.fill("Netzwerke", "Frauenverein Beispielstadt")
	farida.press("Profil speichern")
	g.open(kim, "/pool/"+who.ID, "pool-advisor-waiting")
	kim.follow("Freigaben")
	kim.press("Freigeben", who.Name())
	kim.isTold("freigegeben")
	farida.followsMail("Die Änderung an Ihrem Profil ist freigegeben", "Zu Ihrem Profil")
	farida.sees("Ihre Änderung ist freigegeben")
	g.shot(farida, "profile-approved")
}

// uploads chooses a file with this content and sends it.
func (v *visitor) uploads(status int64, content string) {
	v.Helper()
	v.open("/pool/import")
	path := filepath.Join(v.TempDir(), "pool.csv")
	v.must(os.WriteFile(path, []byte(content), 0o600))
	ctx, cancel := v.patiently()
	defer cancel()
	v.must(chromedp.Do(ctx, chromedp.SetUploadFiles("#datei", []string{path})))
	v.pressFor(status, "Datei prüfen")
}

func (g *gallery) poolFile(lead *visitor, farida store.Person) {
	lead.open("/pool")
	lead.follow("Aus einer Datei übernehmen (CSV)")
	g.shot(lead, "import")
	g.mistake(lead, "Datei prüfen", "import-no-file")
	lead.uploads(200, "E-Mail;Hut\nx;y\n")
	g.shot(lead, "import-unknown-column")
	added := fmt.Sprintf("noor-%d@demo.example", peopleMade.Add(1))
	lead.uploads(200, "E-Mail;Vorname;Nachname;Themen;Kapazität;Wohnort\n"+
		farida.Email+";Farida;"+farida.LastName+";Migration und Entwicklung | Faire Beschaffung und fairer Handel;2;Köln\n"+
		added+";Noor;Muster;;1;Nirgendwo\n"+
		"keine-adresse;A;B;Fußball;7;Köln\n"+
		"noch@eine.example;A;;Fußball;7;Köln\n")
	lead.sees("Nichts ist übernommen: 2 Zeilen haben Fehler", "Fußball", "Nirgendwo steht nicht im Ortsverzeichnis")
	g.shot(lead, "import-errors")
	lead.press("Die 2 fehlerfreien Zeilen übernehmen")
	lead.isTold("2 Zeilen sind übernommen.")
	lead.uploads(200, "E-Mail;Kapazität\n"+added+";3\n")
	g.shot(lead, "import-preview")
	lead.press("1 Zeile übernehmen")
	lead.uploads(200, "E-Mail;Kapazität\n"+added+";3\n")
	lead.sees("Die Datei ändert nichts.")
	g.shot(lead, "import-nothing")
}
