package browser_test

import (
	"strings"
	"testing"

	"miglobe/advisory"
)

// TestOneDecisionOnly: of two coordinators with the same page open, the second reads who was faster, and finds what was
// typed.
func TestOneDecisionOnly(t *testing.T) {
	t.Parallel()
	c := filed(t, "Zweimalingen")
	c.says(c.kim, advisory.ClaimRequest, advisory.Claim, "claim_request", nil)
	robin := visits(t, desk, person(t, advisory.Coordinator, "Robin"))
	kim := visits(t, desk, c.kim)
	for _, v := range []*visitor{kim, robin} {
		v.signIn()
		v.open(c.page())
		v.follow("Anfrage prüfen: Prüfen Sie die Anfrage")
		v.follow("Rückfrage stellen")
		v.fill("Ihre Frage an die Kommune", "Eine Frage von "+v.name)
	}
	kim.press("Rückfrage senden")
	robin.pressFor(409, "Rückfrage senden")
	robin.expect("Diese Aufgabe ist schon erledigt")
	robin.sees(c.kim.Name())
	kept, err := ask[string](robin, "value", "Ihre Frage an die Kommune", "")
	robin.must(err)
	if kept != "Eine Frage von Robin" {
		t.Errorf("what was typed became %q", kept)
	}
	robin.follow("Beratung ansehen")
	robin.sees("Eine Frage von Kim")
	robin.seesNot("Eine Frage von Robin")
}

// TestWorkerAway: while nobody processes anything, decisions are saved and say so, and are applied once afterwards. It
// does not run beside the others, because they need the worker.
func TestWorkerAway(t *testing.T) {
	c := filed(t, "Wartingen")
	kim := visits(t, desk, c.kim)
	kim.signIn()
	kim.open(c.page())
	app.StopWorker()
	away := true
	defer func() {
		if away {
			c.must(app.StartWorker())
		}
	}()
	kim.pressFor(202, "Anfrage übernehmen")
	kim.expect("Gespeichert, wird verarbeitet")
	c.must(app.StartWorker())
	away = false
	kim.until(c.page(), "the next task", func() bool { return kim.has("Prüfen Sie die Anfrage") })
	if n := strings.Count(kim.here.Text, "Anfrage übernommen"); n != 1 {
		t.Errorf("the history tells %d times that the request was claimed: %s", n, kim.here.Text)
	}
}

// TestWithdraw: a municipality that withdraws before the opening conversation has everybody told, and the date taken out
// of the calendars.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	c := filed(t, "Rückwärtshausen").until(advisory.Opening)
	c.scheduled(onAWorkday(app.Clock.Now().AddDate(0, 0, 8)))
	toni, amina := visits(t, desk, c.toni), visits(t, plain, c.amina)
	toni.signIn()
	toni.expect("Meine Beratungen")
	toni.follow(subject)
	toni.follow("Beratung zurückziehen")
	toni.set("Möchten Sie einen Grund nennen?", "Uns fehlt zurzeit die Zeit.")
	toni.press("Beratung zurückziehen")
	toni.isTold("Die Beratung ist zurückgezogen.")
	toni.sees("zurückgezogen")
	for _, v := range []*visitor{toni, amina} {
		invited, cancelled := v.letter("Termin steht fest").Calendar, v.letter("Termin entfällt").Calendar
		if !strings.Contains(cancelled, "METHOD:CANCEL") || line(cancelled, "UID:") != line(invited, "UID:") {
			t.Errorf("%s: %q does not cancel %q", v.name, cancelled, invited)
		}
	}
	toni.letter("Die Beratung ist zurückgezogen (" + c.number + ")")
	amina.letter("Die Kommune hat die Beratung zurückgezogen (" + c.number + ")")
}

// line finds a line of a calendar file by its beginning.
func line(calendar, beginning string) string {
	for text := range strings.Lines(calendar) {
		if strings.HasPrefix(text, beginning) {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// TestFollowOn: a follow-up that shows a new need leads into a request that knows what is known already.
func TestFollowOn(t *testing.T) {
	t.Parallel()
	const wish = "Wie gewinnen wir weitere Vereine?"
	c := filed(t, "Weiterhausen").until(advisory.FollowUp)
	answers := followUpAnswers()
	for field, answer := range map[string]string{"new_need": "yes", "new_need_text": wish, "same_advisors": "yes"} {
		answers.Set(field, answer)
	}
	c.says(c.toni, advisory.AnswerFollowUp, advisory.Submit, "follow_up", answers)
	toni := visits(t, phone, c.toni)
	toni.signIn()
	toni.open(c.page())
	toni.follow("Folgeberatung anlegen")
	toni.press("Folgeberatung anlegen")
	toni.expect("Ihre Kommune")
	for label, want := range map[string]string{
		"Für welche Kommune fragen Sie an?": c.town, "Amt, Fachbereich oder Stelle": "Büro für Internationales"} {
		if got, err := ask[string](toni, "value", label, ""); err != nil || got != want {
			t.Errorf("%q begins with %q, %v", label, got, err)
		}
	}
	toni.choose("In welcher Rolle fragen Sie an?", "Ich arbeite bei der Kommune.")
	toni.press("Weiter")
	if got, err := ask[string](toni, "value", "Wie ist die Lage in Ihrer Kommune?", ""); err != nil || got != wish {
		t.Errorf("the situation begins with %q, %v", got, err)
	}
}

// TestReader: who commissioned the programme sees figures, and nobody's name.
func TestReader(t *testing.T) {
	t.Parallel()
	c := filed(t, "Zählingen")
	reader := visits(t, desk, person(t, advisory.Reader, "Rea"))
	reader.signIn()
	reader.expect("Zahlen zum Programm")
	reader.sees("Prüfung", "abgeschlossen")
	reader.seesNot("Toni", "Kim", "Amina", "@demo.example", c.town, c.number)
	for _, path := range []string{c.page(), "/arbeitsplatz", "/pool", "/konten", "/vorgaenge"} {
		reader.openFor(403, path)
		reader.seesNot(c.town)
	}
}

// TestAdministrator: the operator adds a coordinator, who can sign in at once, and sees nothing of a consultation.
func TestAdministrator(t *testing.T) {
	t.Parallel()
	c := filed(t, "Betriebsdorf")
	admin := visits(t, desk, person(t, advisory.Administrator, "Adi"))
	admin.signIn()
	admin.expect("Störungen")
	admin.follow("Benutzerkonten")
	admin.follow("Konto anlegen")
	admin.fill("Dienstliche E-Mail-Adresse", "neu-im-team@demo.example")
	admin.fill("Vorname", "Noor")
	admin.fill("Nachname", "Muster-Neu")
	admin.choose("Rolle", "Koordination")
	admin.set("Sprache der Mails", "Deutsch")
	admin.press("Konto anlegen")
	admin.isTold("Das Konto für Noor Muster-Neu ist angelegt.")
	admin.openFor(403, c.page())

	noor := newVisitor(t, desk, "Noor", "neu-im-team@demo.example")
	noor.signIn()
	noor.expect("Aufgaben")
	noor.open(c.page())
	noor.sees(c.town)
}
