package browser_test

import (
	"fmt"
	"strings"
	"time"
)

// session goes from proposed dates through a counter-proposal to the note.
func (p *troupe) session(kind, further string) {
	p.Helper()
	p.amina.followsMail("Bitte schlagen Sie drei Termine vor", "Termine vorschlagen")
	p.amina.proposes(later)
	p.thanks(p.amina)

	p.toniAway.followsMail("Bitte wählen Sie einen Termin", "Termin wählen")
	p.toniAway.choose("Welcher Termin passt Ihnen?", "Keiner davon, ich schlage andere vor.")
	p.toniAway.press("Termin bestätigen")
	proposed := p.toniAway.proposes(soon)
	p.thanks(p.toniAway)

	p.amina.followsMail("Bitte wählen Sie einen Termin", "Termin wählen")
	p.amina.choose("Welcher Termin passt Ihnen?", p.amina.stillReachable(proposed))
	p.amina.press("Termin bestätigen")
	p.thanks(p.amina)
	for _, v := range []*visitor{p.toni, p.amina, p.mariam} {
		mail := v.letter("Termin steht fest")
		if !strings.Contains(mail.Calendar, "METHOD:REQUEST") || !strings.Contains(mail.Calendar, "DTSTART") {
			v.Errorf("%s got no calendar entry with %q: %q", v.name, mail.Subject, mail.Calendar)
		}
	}
	p.toni.open(p.page())
	p.toni.sees(kind)

	p.amina.followsMail("Hat das Gespräch stattgefunden?", "Gespräch eintragen")
	p.amina.choose("Hat das Gespräch stattgefunden?", "Ja, es hat stattgefunden.")
	p.amina.press("Eintragen")
	p.thanks(p.amina)

	p.amina.followsMail("Bitte schreiben Sie die Gesprächsnotiz", "Notiz schreiben")
	p.amina.fill("Themen", "Was Vereine brauchen, um mitzureden.")
	p.amina.fill("Was wir gelernt haben", "Vereine wollen früh gefragt werden.")
	p.amina.fill("Nächster Schritt", "Alle Vereine einladen.")
	p.amina.choose("Wie geht es mit den Gesprächen weiter?", further)
	p.amina.press("Notiz teilen")
	p.thanks(p.amina)
	p.toni.followsMail("Die Notiz zu Ihrem Gespräch", "Notiz lesen")
	p.mariam.letter("Die Notiz zu Ihrem Gespräch")
}

// When three dates lie ahead of now, in business time: one that nobody will wait for, and one that is over in seconds.
// The soon ones are spread so that one of them is still ahead when somebody comes to choose.
var (
	later = []time.Duration{24 * time.Hour, 25 * time.Hour, 26 * time.Hour}
	soon  = []time.Duration{90 * time.Minute, 3 * time.Hour, 6 * time.Hour}
)

// proposes fills in three dates and sends them.
func (v *visitor) proposes(ahead []time.Duration) []time.Time {
	v.Helper()
	var dates []time.Time
	for _, duration := range ahead {
		dates = append(dates, onAWorkday(app.Clock.Now().Add(duration).Truncate(time.Minute)))
	}
	v.fillsInSlots(dates)
	v.press("Termine vorschlagen")
	return dates
}

// fillsInSlots fills in three dates of an hour.
func (v *visitor) fillsInSlots(dates []time.Time) {
	v.Helper()
	for i, at := range dates {
		legend := fmt.Sprintf("Vorschlag %d", i+1)
		v.set("Tag", at.Format(time.DateOnly), legend)
		v.set("Beginn", at.Format("15:04"), legend)
		v.set("Dauer", "1 Stunde", legend)
	}
	v.choose("Wie soll das Gespräch stattfinden?", "als Videogespräch")
	v.fill("Ort oder Link zum Videogespräch", "https://video.example/raum")
}

func (p *troupe) options() {
	p.Helper()
	p.amina.letter("Bitte entwerfen Sie die Handlungsoptionen")
	p.amina.signIn()
	p.amina.expect("Meine Aufgaben")
	p.amina.follow("Entwerfen Sie die Handlungsoptionen")
	p.amina.follow("Handlungsoption hinzufügen")
	p.amina.writesOption("Vereine zum Runden Tisch einladen")
	p.amina.follow("Handlungsoption hinzufügen")
	p.amina.writesOption("Ein Fest der Partnerschaft feiern")
	p.amina.press("Entwurf zur Bestätigung geben")
	p.amina.isTold("Vielen Dank, der Entwurf ist bei allen Beteiligten.")

	for _, v := range []*visitor{p.toniAway, p.amina} {
		v.letter("Bitte prüfen Sie die Handlungsoptionen") // of version 1, whose link dies with the change
	}
	p.mariam.followsMail("Bitte prüfen Sie die Handlungsoptionen", "Handlungsoptionen prüfen")
	p.mariam.sees("Vereine zum Runden Tisch einladen", "Ein Fest der Partnerschaft feiern")
	p.mariam.choose("Stimmt diese Fassung?", "Ich möchte etwas ändern.")
	p.mariam.fill("Was soll anders werden?", "Bitte auch Schulen einladen.")
	p.mariam.press("Entscheidung senden")
	p.thanks(p.mariam)

	p.amina.followsMail("Bitte entwerfen Sie die Handlungsoptionen", "Handlungsoptionen schreiben")
	p.amina.sees("Bitte auch Schulen einladen.")
	p.amina.follow("Ändern: Handlungsoption 1")
	p.amina.fill("Titel", "Vereine und Schulen zum Runden Tisch einladen")
	p.amina.press("Option speichern")
	p.amina.press("Entwurf zur Bestätigung geben")
	for _, v := range []*visitor{p.toniAway, p.mariam, p.amina} {
		v.followsMail("Bitte prüfen Sie die Handlungsoptionen", "Handlungsoptionen prüfen")
		v.sees("Vereine und Schulen zum Runden Tisch einladen", "Fassung 2")
		v.choose("Stimmt diese Fassung?", "Ja, ich bestätige diese Fassung.")
		v.press("Entscheidung senden")
	}
	p.toni.followsMail("Die Handlungsoptionen sind bestätigt", "Handlungsoptionen ansehen")
	p.toni.sees("von beiden Seiten bestätigt")
}

func (v *visitor) writesOption(title string) {
	v.Helper()
	v.fill("Titel", title)
	v.fill("Beschreibung", "Zweimal im Jahr treffen sich alle, die mitreden wollen.")
	v.fill("Zuständige Stelle", "Büro für Internationales")
	v.fill("Erster Schritt", "Einen Termin suchen.")
	v.choose("Aufwand", "gering – neben der laufenden Arbeit möglich")
	v.choose("Genutzte Struktur", "Integrationsrat")
	v.answersAll()
	v.press("Option speichern")
	v.isTold("Gespeichert.")
}

func (p *troupe) evaluation() {
	p.Helper()
	for _, v := range []*visitor{p.toniAway, p.amina, p.mariam} {
		v.followsMail("Ihr Rückblick auf die Beratung", "Zum Fragebogen")
		v.answersAll()
		v.fill("Was haben Sie gelernt?", "Gelernt von "+v.name)
		v.press("Antworten absenden")
	}
	p.toni.open(p.page())
	p.toni.sees("Gelernt von Toni", "Gelernt von Amina") // both sides have answered
}

func (p *troupe) closing() {
	p.Helper()
	p.kim.open(p.page())
	p.kim.follow("Beratung abschließen: Schließen Sie die Beratung ab")
	p.kim.fill("Kurze Zusammenfassung", "Vereine und Schulen reden nun mit.")
	p.kim.set("Nachschau ab", tonight().Format(time.DateOnly))
	p.kim.press("Beratung abschließen")
	p.kim.isTold("Die Beratung ist abgeschlossen.")
	p.toni.followsMail("Die Beratung ist abgeschlossen", "Zusammenfassung ansehen")
	p.amina.followsMail("Die Beratung ist abgeschlossen", "Zusammenfassung ansehen")
	p.mariam.followsMail("Die Beratung ist abgeschlossen", "Zusammenfassung ansehen")
	p.mariam.useSignInForm() // was not signed in, and comes back to where she was going
	for _, v := range []*visitor{p.toni, p.amina, p.mariam} {
		v.sees("Vereine und Schulen reden nun mit.")
	}
}

func (p *troupe) followUp() {
	p.Helper()
	p.toniAway.followsMail("Was ist aus den Handlungsoptionen geworden?", "Zur Nachschau")
	p.toniAway.answersAll()
	p.toniAway.press("Antworten absenden")
	p.thanks(p.toniAway)
	p.toni.followsMail("Vielen Dank für Ihre Nachschau", "Nachschau ansehen")
	p.toni.sees("Veränderung")
	p.kim.open(p.page())
	p.kim.sees("Die Beratung ist beendet.")
}
