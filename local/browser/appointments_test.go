package browser_test

import (
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// TestAppointmentMovesAndFalls: a municipality moves an appointment on a phone without scripts, the lead calls it off; the
// calendars change the entry that they have, and new dates are asked for.
func TestAppointmentMovesAndFalls(t *testing.T) {
	t.Parallel()
	c := filed(t, "Verschiebingen").until(advisory.Opening)
	dates := atTen(8, 2)
	c.scheduled(dates[0])
	toni, amina := visits(t, phone, c.toni), visits(t, desk, c.amina)
	toni.signIn()
	toni.open(c.page())
	toni.follow("Termin verschieben oder Ort ergänzen", "Auftaktgespräch")
	toni.expect("Termin verschieben")
	toni.sees(texts.DateTimeRange(texts.German, dates[0], dates[0].Add(time.Hour)), c.amina.Name(), c.joseph.Name())
	toni.pressFor(422, "Änderung speichern")
	toni.sees("Sie haben an diesem Termin noch nichts geändert.")
	moved := dates[1].Add(4 * time.Hour)
	toni.set("Tag", moved.Format(time.DateOnly))
	toni.set("Beginn", moved.Format("15:04"))
	toni.fill("Anlass", "An dem Tag tagt der Rat.")
	toni.press("Änderung speichern")
	toni.isTold("Der Termin ist geändert. Alle Beteiligten bekommen eine Mail.")
	when := texts.DateTimeRange(texts.German, moved, moved.Add(time.Hour))
	toni.sees(when, "Termin verschoben")

	amina.signIn()
	amina.open(c.page())
	amina.sees(when)
	amina.follow("Termin absagen", "Auftaktgespräch")
	amina.expect("Möchten Sie den Termin wirklich absagen?")
	amina.fill("Anlass", "Amina ist krank.")
	amina.press("Termin absagen")
	amina.isTold("Der Termin ist abgesagt. Alle Beteiligten bekommen eine Mail.")
	for _, v := range []*visitor{toni, amina} {
		v.letter("Termin verschoben")
		v.letter("Termin entfällt")
		first, second, last := v.entry("REQUEST", dates[0]), v.entry("REQUEST", moved), v.entry("CANCEL", moved)
		if uid := line(first, "UID:"); uid == "" || line(second, "UID:") != uid || line(last, "UID:") != uid {
			t.Errorf("%s: not the same appointment in %q, %q and %q", v.name, first, second, last)
		}
		if a, b, c := sequence(v, first), sequence(v, second), sequence(v, last); a >= b || b >= c {
			t.Errorf("%s: a calendar takes change %d, %d, %d for old", v.name, a, b, c)
		}
	}

	amina.follow("Termine vorschlagen")
	amina.proposes(later)
	amina.isTold("Vielen Dank, die Termine sind vorgeschlagen.")
	toni.open(c.page())
	toni.sees("Wählen Sie einen Termin")
}

// TestFurtherSession: in the dialogue a session is planned beside one that has a date, and both take place.
func TestFurtherSession(t *testing.T) {
	t.Parallel()
	c := filed(t, "Zweigesprächshausen").until(advisory.Dialogue)
	dates := atTen(8, 6)
	c.scheduled(dates[0])
	kim, amina, toni := visits(t, desk, c.kim), visits(t, phone, c.amina), visits(t, plain, c.toni)
	kim.signIn()
	kim.open(c.page())
	kim.follow("Weiteres Gespräch planen")
	kim.sees("Zurzeit ist 1 Gespräch geplant oder in Planung.")
	kim.press("Weiteres Gespräch planen")
	kim.isTold("Ein weiteres Gespräch ist in Planung.")

	amina.signIn()
	amina.open(c.page())
	amina.sees("Dialoggespräch 1", "Dialoggespräch 2")
	amina.follow("Termine vorschlagen")
	amina.sees("Dialoggespräch 2")
	amina.fillsInSlots(dates[3:])
	amina.press("Termine vorschlagen")
	amina.isTold("Vielen Dank, die Termine sind vorgeschlagen.")

	toni.signIn()
	toni.open(c.page())
	toni.follow("Termin wählen")
	toni.choose("Welcher Termin passt Ihnen?", texts.DateTimeRange(texts.German, dates[4], dates[4].Add(time.Hour)))
	toni.press("Termin bestätigen")
	toni.open(c.page())
	toni.sees(texts.DateTimeRange(texts.German, dates[0], dates[0].Add(time.Hour)), texts.DateTimeRange(texts.German, dates[4], dates[4].Add(time.Hour)))
	if first, second := toni.entry("REQUEST", dates[0]), toni.entry("REQUEST", dates[4]); line(first, "UID:") == line(second, "UID:") {
		t.Errorf("the second appointment takes the place of the first: %q", second)
	}
}

// TestCorrectedNote: what the municipality wants to stand beside a note is read by the team.
func TestCorrectedNote(t *testing.T) {
	t.Parallel()
	c := filed(t, "Berichtigungen").until(advisory.Dialogue)
	toni, amina := visits(t, phone, c.toni), visits(t, desk, c.amina)
	toni.signIn()
	toni.open(c.page())
	toni.follow("Notiz berichtigen", "Auftaktgespräch")
	toni.expect("Notiz berichtigen")
	toni.sees("Vereine wollen früh gefragt werden.")
	toni.pressFor(422, "Berichtigung speichern")
	toni.fill("Was soll anders dastehen?", "Nicht alle Vereine, nur die Sportvereine.")
	toni.press("Berichtigung speichern")
	toni.isTold("Die Berichtigung steht jetzt neben der Notiz.")
	amina.signIn()
	amina.open(c.page())
	amina.sees("Notiz berichtigt")
	amina.unfold("Notiz lesen: Auftaktgespräch")
	amina.sees("Vereine wollen früh gefragt werden.", "Berichtigung der Kommune", "Nicht alle Vereine, nur die Sportvereine.", c.toni.Name()+" am")
}

// TestCollidingDate: a date on which the lead sits elsewhere is marked before it is proposed, and nothing is sent yet.
func TestCollidingDate(t *testing.T) {
	t.Parallel()
	elsewhere := filed(t, "Belegtheim").until(advisory.Opening)
	dates := atTen(9, 3)
	elsewhere.scheduled(dates[1])
	c := filed(t, "Freiheim")
	c.amina = elsewhere.amina
	c.until(advisory.Opening)
	amina, toni := visits(t, desk, c.amina), visits(t, plain, c.toni)
	amina.signIn()
	amina.open(c.page())
	amina.follow("Termine vorschlagen")
	wished := append([]time.Time{}, dates...)
	wished[1] = wished[1].Add(30 * time.Minute)
	amina.fillsInSlots(wished)
	amina.press("Termine vorschlagen")
	amina.isTold("Ein Termin überschneidet sich mit einem anderen Eintrag")
	amina.sees("Es ist noch nichts gesendet.", "Überschneidung mit Ihrem Termin in "+elsewhere.number+": ")
	toni.signIn()
	toni.open(c.page())
	toni.seesNot("Wählen Sie einen Termin")

	amina.set("Beginn", "15:00", "Vorschlag 2")
	amina.press("Termine vorschlagen")
	amina.isTold("Vielen Dank, die Termine sind vorgeschlagen.")
	toni.open(c.page())
	toni.sees("Wählen Sie einen Termin")
	toni.seesNot(elsewhere.number)
}
