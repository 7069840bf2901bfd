package browser_test

import (
	"strings"
	"testing"

	enums "go.temporal.io/api/enums/v1"

	"miglobe/advisory"
)

// TestJourney goes the whole way of a consultation, every step by what a person sees and clicks, every link out of a
// mail: at a desk, and on a telephone whose browser runs no scripts.
func TestJourney(t *testing.T) {
	t.Parallel()
	t.Cleanup(func() { passed.log(t) })
	for _, d := range []device{desk, pocket} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			newTroupe(t, d, "Neu-Beispielhausen "+d.name).play()
		})
	}
}

// troupe are the people of one consultation, each before a browser of their own.
type troupe struct {
	*testing.T
	town, number string
	toni         *visitor // asks for the municipality
	toniAway     *visitor // the same person at another device, not signed in
	kim          *visitor // coordinator
	amina        *visitor // leads
	joseph       *visitor // declines
	mariam       *visitor // comes in his place
}

func newTroupe(t *testing.T, d device, town string) *troupe {
	t.Helper()
	email := "toni-" + d.name + "@demo.example"
	return &troupe{T: t, town: town,
		toni: newVisitor(t, d, "Toni", email), toniAway: newVisitor(t, d, "Toni", email),
		kim:   visits(t, d, person(t, advisory.Coordinator, "Kim")),
		amina: visits(t, d, advisor(t, "Amina")), joseph: visits(t, d, advisor(t, "Joseph")), mariam: visits(t, d, advisor(t, "Mariam")),
	}
}

func (p *troupe) play() {
	p.number = p.toni.asksForAdvice(p.town)
	p.review()
	p.assessment()
	p.assignment()
	p.session("Auftaktgespräch", "Wir planen ein weiteres Gespräch.")
	p.toniAway.followsMail("Wie soll es nach dem Auftakt weitergehen?", "Über die Begleitung entscheiden")
	p.toniAway.choose("Möchten Sie weiter begleitet werden?", "Ja, wir möchten den Dialog fortsetzen.")
	p.toniAway.press("Entscheidung senden")
	p.thanks(p.toniAway)
	p.session("Dialoggespräch", "Aus unserer Sicht sind die Gespräche geführt.")
	p.options()
	p.evaluation()
	p.closing()
	p.followUp()
	p.engineKnowsNoWords()
}

// thanks is what somebody reads who came by the link of a mail and has done what it asked for.
func (p *troupe) thanks(v *visitor) {
	p.Helper()
	v.expect("Vielen Dank")
	v.isTold("Vielen Dank")
}

// page is the consultation's page.
func (p *troupe) page() string { return "/beratungen/" + p.number }

func (p *troupe) review() {
	p.Helper()
	p.kim.letter("Neue Aufgabe bis")
	p.kim.signIn()
	p.kim.expect("Aufgaben")
	p.kim.follow("Nicht übernommen")
	p.kim.fill("Suche", p.town)
	p.kim.press("Filtern")
	p.kim.press("Übernehmen: " + p.town + ", " + p.number)
	p.kim.isTold("Sie haben die Anfrage übernommen.")
	p.kim.expect(p.town)

	p.kim.follow("Anfrage prüfen: Prüfen Sie die Anfrage")
	p.kim.follow("Rückfrage stellen")
	p.kim.fill("Ihre Frage an die Kommune", "Welche Vereine haben Sie im Blick?")
	p.kim.press("Rückfrage senden")
	p.kim.isTold("Ihre Entscheidung ist gespeichert.")

	p.toniAway.followsMail("Eine Rückfrage zu Ihrer Anfrage", "Rückfrage lesen und beantworten")
	p.toniAway.sees("Welche Vereine haben Sie im Blick?")
	p.toniAway.fill("Ihre Antwort", "Den Freundeskreis und zwei Sportvereine.")
	p.toniAway.press("Antwort senden")
	p.thanks(p.toniAway)

	p.kim.open(p.page())
	p.kim.follow("Anfrage prüfen: Prüfen Sie die Anfrage")
	p.kim.sees("Den Freundeskreis und zwei Sportvereine.")
	p.kim.follow("Annehmen")
	p.kim.fill("Notiz für die Koordination", "Passt gut zum Programm.")
	p.kim.press("Anfrage annehmen")
	p.toni.letter("Ihre Anfrage ist angenommen (" + p.number + ")")
}

// answers that any question with one answer can get.
var middling = []string{
	"3 – regelmäßig", "3 – trifft eher zu", "beteiligt", "begonnen – es gibt erste Anzeichen", "begonnen", "Ja", "Nein",
}

// answersAll answers every open question of the page that has one answer.
func (v *visitor) answersAll() {
	v.Helper()
	for {
		next, err := ask[*point](v, "unanswered", middling)
		v.must(err)
		if next == nil {
			return
		}
		v.click(*next)
	}
}

func (p *troupe) assessment() {
	p.Helper()
	p.kim.open(p.page())
	p.kim.follow("Bedarf festhalten: Halten Sie den Bedarf fest")
	p.kim.fill("Ziel, wie die Kommune es nennt", goal)
	p.kim.fill("Wünsche an die Begleitung", "Gern vor Ort.")
	p.kim.answersAll()
	p.kim.press("Der Kommune zur Bestätigung senden")
	p.kim.isTold("Der Text ist bei der Kommune zur Bestätigung.")

	p.toniAway.followsMail("Bitte bestätigen Sie Ziel und Bedarf", "Ziel und Bedarf prüfen")
	p.toniAway.fill("Unser Ziel", betterGoal)
	p.toniAway.press("Diese Fassung bestätigen")
	p.thanks(p.toniAway)
	p.toni.followsMail("Ziel und Bedarf zum Nachlesen", "Ziel und Bedarf ansehen")
	p.toni.sees(betterGoal)
}

func (p *troupe) assignment() {
	p.Helper()
	p.kim.open(p.page())
	p.kim.sees(betterGoal)
	p.kim.follow("Poolmitglieder auswählen: Wählen Sie Poolmitglieder aus")
	p.kim.invites(p.name(p.amina), "Mit Federführung")
	p.kim.invites(p.name(p.joseph), "Als Mitglied")
	p.kim.fill("Warum diese Auswahl?", "Beide kennen Vereinsarbeit gut.")
	p.kim.press("Einladungen senden")
	p.kim.isTold("Die Einladungen sind unterwegs.")

	p.joseph.followsMail("Einladung zu einer Beratung", "Einladung lesen und beantworten")
	p.joseph.sees(betterGoal, "Beide kennen Vereinsarbeit gut.")
	p.joseph.seesNot("Muster ") // nobody of the municipality is named to who was only asked
	p.joseph.choose("Möchten Sie diese Beratung begleiten?", "Nein, ich sage ab.")
	p.joseph.press("Antwort senden")
	p.thanks(p.joseph)
	p.acceptsInvitation(p.amina)

	p.kim.until(p.page(), "a second choice", func() bool { return p.kim.has("Wählen Sie Poolmitglieder aus") })
	p.kim.follow("Poolmitglieder auswählen: Wählen Sie Poolmitglieder aus")
	p.kim.invites(p.name(p.mariam), "Als Mitglied")
	p.kim.press("Einladungen senden")
	p.acceptsInvitation(p.mariam)

	p.toniAway.followsMail("Unser Vorschlag: wer Sie begleiten könnte", "Profile ansehen und entscheiden")
	p.toniAway.sees("Amina", "Mariam", "Netzwerke in Westafrika")
	p.toniAway.seesNot("Joseph")
	p.toniAway.choose("Sind Sie mit dem Vorschlag einverstanden?", "Ja, wir sind einverstanden.")
	p.toniAway.press("Entscheidung senden")
	p.thanks(p.toniAway)
	p.toni.followsMail("Die Beratung kann beginnen", "Beratung öffnen")
	p.toni.sees("Amina", "Mariam", "Auftakt")
}

// name is what somebody is called on the pages.
func (p *troupe) name(v *visitor) string {
	p.Helper()
	found, err := app.Store.PersonByEmail(p.Context(), v.email)
	v.must(err)
	return found.Name()
}

// invites chooses the part of somebody whose name stands among the suggestions, perhaps among the folded ones.
func (v *visitor) invites(name, part string) {
	v.Helper()
	v.unfoldAll("weitere")
	v.choose(name+" einladen?", part)
}

func (p *troupe) acceptsInvitation(v *visitor) {
	p.Helper()
	v.followsMail("Einladung zu einer Beratung", "Einladung lesen und beantworten")
	v.acceptsInvitation()
	p.thanks(v)
}

// acceptsInvitation answers the invitation before the person.
func (v *visitor) acceptsInvitation() {
	v.Helper()
	v.choose("Möchten Sie diese Beratung begleiten?", "Ja, ich sage zu.")
	v.choose("Gibt es etwas, das Ihre Unabhängigkeit in dieser Beratung berühren könnte?", "Nein, mir ist nichts bekannt.")
	v.tick("Ich sage der Koordination Bescheid, wenn sich daran während der Beratung etwas ändert.")
	v.press("Antwort senden")
}

// engineKnowsNoWords reads all that the engine has kept of the journey: ids and choices, nothing that somebody is called,
// lives at or wrote.
func (p *troupe) engineKnowsNoWords() {
	p.Helper()
	consultation, err := app.Store.ConsultationByNumber(p.Context(), p.number)
	p.toni.must(err)
	for _, workflow := range []string{advisory.WorkflowID(consultation.ID), advisory.FollowUpWorkflowID(consultation.ID)} {
		var history strings.Builder
		events := app.Engine.GetWorkflowHistory(p.Context(), workflow, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			p.toni.must(err)
			history.WriteString(event.String())
		}
		if !strings.Contains(history.String(), consultation.ID) {
			p.Errorf("the history of %s is not what was meant to be read", workflow)
		}
		for _, word := range []string{"Toni", "Kim", "Amina", "Muster", "demo.example", "Beispielhausen", "Vereine", "Partnerschaft", "video.example"} {
			if strings.Contains(history.String(), word) {
				p.Errorf("the history of %s contains %q", workflow, word)
			}
		}
	}
}
