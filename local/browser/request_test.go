package browser_test

import (
	"net/http"
	"strings"
	"testing"
)

// The words of a request, as the person who asks types them.
const (
	situation  = "Seit 2014 gibt es eine Partnerschaft.\nDie Vereine am Ort wirken noch nicht mit."
	subject    = "Vereine einbinden"
	goal       = "Die Vereine sollen bei der Partnerschaft mitreden."
	need       = "Wen sprechen wir an, und wie fangen wir an?"
	betterGoal = "Die Vereine entscheiden bei der Partnerschaft mit."
)

// asksForAdvice goes from the landing page through the six steps to the received page, with one mistake on the way, and
// returns the number of the consultation.
func (v *visitor) asksForAdvice(town string) (number string) {
	v.Helper()
	v.open("/")
	v.follow("Beratung anfragen")
	v.press("Anfrage beginnen")
	v.fillsInSteps(town)
	v.sendsRequest()
	v.expect("Bitte bestätigen Sie noch Ihre E-Mail-Adresse")
	v.sees(v.email)
	v.followsMail("Bitte bestätigen Sie Ihre E-Mail-Adresse", "E-Mail-Adresse bestätigen")
	v.expect("E-Mail-Adresse bestätigen")
	v.press("Bestätigen")
	v.expect("Ihre Anfrage ist angekommen")
	number = numberOn(v.T, v.here.Text)
	v.letter("Ihre Anfrage ist angekommen (" + number + ")")
	v.follow("Stand der Anfrage ansehen")
	v.sees(number, "Prüfung")
	return number
}

func numberOn(t *testing.T, text string) string {
	t.Helper()
	_, after, found := strings.Cut(text, "MG-")
	if !found || len(after) < 9 {
		t.Fatalf("no number on the page: %s", text)
	}
	return "MG-" + strings.TrimRight(after[:9], ". ")
}

// fillsInSteps goes through the five steps before the last. The first time, two answers are missing.
func (v *visitor) fillsInSteps(town string) {
	v.Helper()
	v.expect("Ihre Kommune")
	v.fill("Für welche Kommune fragen Sie an?", town)
	v.set("Bundesland", "Nordrhein-Westfalen")
	v.pressFor(http.StatusUnprocessableEntity, "Weiter")
	v.forgotAnswers(town)
	v.press("Weiter")
	for _, step := range []struct {
		heading string
		fill    func(*visitor)
	}{
		{"Ausgangslage", (*visitor).fillsInSituation}, {"Ziel und Beratungsbedarf", (*visitor).fillsInGoal},
		{"Themen und Strukturen", (*visitor).fillsInTopics}, {"Kontakt", (*visitor).fillsInContact},
	} {
		v.expect(step.heading)
		step.fill(v)
		v.press("Weiter")
	}
	v.expect("Prüfen und senden")
	v.sees(town, goal, v.email)
}

func (v *visitor) fillsInMunicipality(town string) {
	v.Helper()
	v.fill("Für welche Kommune fragen Sie an?", town)
	v.set("Bundesland", "Nordrhein-Westfalen")
	v.fill("Amt, Fachbereich oder Stelle", "Büro für Internationales")
	v.choose("In welcher Rolle fragen Sie an?", "Ich arbeite bei der Kommune.")
}

func (v *visitor) fillsInSituation() {
	v.Helper()
	v.fill("Wie ist die Lage in Ihrer Kommune?", situation)
	v.choose("Wo ist Ihre Kommune schon entwicklungspolitisch aktiv?", "Partnerschaften mit Kommunen in Ländern des globalen Südens")
	v.choose("Gab es schon einmal eine Beratung durch MiGlobe?", "Ja")
	v.fill("Nummer der früheren Beratung", "MG-2026-0042") // shown only after this yes, or without scripts
}

func (v *visitor) fillsInGoal() {
	v.Helper()
	v.fill("Ihr Anliegen in einer Zeile", subject)
	v.fill("Was möchten Sie erreichen?", goal)
	v.fill("Wobei wünschen Sie Beratung?", need)
}

func (v *visitor) fillsInTopics() {
	v.Helper()
	v.choose("Um welche Themen geht es?", "Kommunale Partnerschaften")
	v.choose("Um welche Themen geht es?", "Beteiligung / interkulturelle Öffnung")
	v.choose("Welche dieser Strukturen gibt es bei Ihnen?", "Integrationsrat")
	v.set("Geht es um ein bestimmtes Partnerland?", "Ghana")
	v.choose("Wie möchten Sie sprechen?", "beides ist möglich")
}

func (v *visitor) fillsInContact() {
	v.Helper()
	v.set("Anrede", "ohne Anrede, mit Vor- und Nachnamen")
	v.fill("Vorname", v.name)
	v.fill("Nachname", "Muster")
	v.fill("Dienstliche E-Mail-Adresse", v.email)
	v.fill("Telefon", "0000 54321")
	v.tick("Ich habe die Datenschutzhinweise gelesen.")
}

// forgotAnswers reads the summary of what is missing, sees that nothing typed is lost, and makes up for it.
func (v *visitor) forgotAnswers(town string) {
	v.Helper()
	v.isTold("Bitte prüfen Sie 2 Angaben")
	if len(v.here.Errors) != 2 {
		v.Errorf("%s: the summary has %d links", v.name, len(v.here.Errors))
	}
	if !strings.HasPrefix(v.here.Title, "Fehler: ") {
		v.Errorf("%s: the title %q does not tell of the error", v.name, v.here.Title)
	}
	kept, err := ask[string](v, "value", "Für welche Kommune fragen Sie an?", "")
	v.must(err)
	if kept != town {
		v.Errorf("%s: what was typed became %q", v.name, kept)
	}
	v.fill("Amt, Fachbereich oder Stelle", "Büro für Internationales")
	v.choose("In welcher Rolle fragen Sie an?", "Ich arbeite bei der Kommune.")
}

// sendsRequest sends the request from the page that shows all answers.
func (v *visitor) sendsRequest() {
	v.Helper()
	v.tick("Ich habe meine Angaben geprüft.")
	v.sends("Anfrage absenden", "Bitte senden Sie noch einmal ab")
}

// sends presses the button. Who is faster than people are is asked to send it once more, and does.
func (v *visitor) sends(button, onceMore string) {
	v.Helper()
	for again := true; again; again = v.status == http.StatusUnprocessableEntity && v.has(onceMore) {
		v.travel("send", v.clickAt("button", button, ""))
	}
	v.expectStatus(200)
}
