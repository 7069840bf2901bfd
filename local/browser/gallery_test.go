package browser_test

import (
	"fmt"
	"net/http"
	"testing"

	"miglobe/advisory"
	"miglobe/server"
	"miglobe/store"
)

// TestGallery looks at every page that there is, with mistakes, empty, overtaken, in the middle of the journey and at its
// end, and checks each as every page is checked. Where MIGLOBE_SCREENSHOTS names a folder, it leaves pictures there, of a
// desk as well: without pictures TestJourney has looked enough at the desk.
func TestGallery(t *testing.T) {
	t.Parallel()
	devices := []device{phone}
	if pictures() != "" {
		devices = append(devices, desk)
	}
	for _, d := range devices {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			g := &gallery{T: t, d: d}
			g.incidents()
			g.public()
			g.request()
			g.mistakenAddresses()
			g.journey()
			g.refusal()
			g.withdrawal()
			g.appointments()
			g.rest()
			g.goal()
			g.replacement()
			g.leavingPool()
			g.advisors()
			g.absences()
			g.contacts()
			g.refusedAddress()
			g.wishes()
			g.workbench()
			g.settings()
			g.operation()
			g.english()
			g.complete()
		})
	}
}

// gallery is a walk along all pages on one device.
type gallery struct {
	*testing.T
	d     device
	shots int
}

// shot keeps the page that somebody looks at as a picture.
func (g *gallery) shot(v *visitor, name string) {
	g.shots++
	v.screenshot(fmt.Sprintf("%s-%03d-%s", g.d.name, g.shots, name))
}

// open goes to a page and keeps it.
func (g *gallery) open(v *visitor, path, name string) {
	g.Helper()
	v.open(path)
	g.shot(v, name)
}

// refused goes to a page that answers with another status than 200, and keeps it.
func (g *gallery) refused(v *visitor, status int64, path, name string) {
	g.Helper()
	v.openFor(status, path)
	g.shot(v, name)
}

// mistake presses a button below a form that is not right, and keeps the page that says so.
func (g *gallery) mistake(v *visitor, button, name string) {
	g.Helper()
	v.pressFor(http.StatusUnprocessableEntity, button)
	g.shot(v, name)
}

func (g *gallery) stranger(name string) *visitor {
	return newVisitor(g.T, g.d, name, fmt.Sprintf("%s-%d@demo.example", g.d.name, peopleMade.Add(1)))
}

// signedIn opens a browser for somebody with an account who has signed in.
func (g *gallery) signedIn(p store.Person) *visitor {
	g.Helper()
	v := visits(g.T, g.d, p)
	v.signIn()
	return v
}

func (g *gallery) public() {
	v := g.stranger("Stranger")
	for _, page := range []struct{ path, name string }{
		{"/", "home"}, {"/ueber-den-pool", "about"}, {"/datenschutz", "privacy"}, {"/impressum", "imprint"},
		{"/barrierefreiheit", "accessibility"}, {"/leichte-sprache", "easy-language"}, {"/anfrage", "request-start"},
		{"/anfrage/fortsetzen", "request-resume"}, {"/abmelden", "signed-out"}, {"/a/erledigt", "task-link-done"}, {"/anmelden", "sign-in"},
	} {
		g.open(v, page.path, page.name)
	}
	v.fill("E-Mail-Adresse", "toni.at.example")
	g.mistake(v, "Link zuschicken", "sign-in-error")
	v.fill("E-Mail-Adresse", v.email)
	v.press("Link zuschicken")
	g.shot(v, "sign-in-sent")
}

func (g *gallery) request() {
	v := g.stranger("Toni")
	v.open("/anfrage")
	v.press("Anfrage beginnen")
	for _, step := range []struct {
		name string
		fill func(*visitor)
	}{
		{"municipality", func(v *visitor) { v.fillsInMunicipality("Bilderhausen " + g.d.name) }},
		{"situation", (*visitor).fillsInSituation}, {"goal", (*visitor).fillsInGoal},
		{"topics", (*visitor).fillsInTopics}, {"contact", (*visitor).fillsInContact},
	} {
		g.mistake(v, "Weiter", "request-"+step.name+"-error")
		step.fill(v)
		g.shot(v, "request-"+step.name)
		v.press("Weiter")
	}
	g.shot(v, "request-check")
	v.press("Entwurf speichern")
	g.shot(v, "request-link")
	v.fill("E-Mail-Adresse", v.email)
	v.press("Link zuschicken")
	g.shot(v, "request-link-sent")
	draft := v.followsMail("Ihr Entwurf ist gespeichert", "Entwurf weiter bearbeiten")
	v.sendsRequest()
	g.shot(v, "request-verify")
	v.followsMail("Bitte bestätigen Sie Ihre E-Mail-Adresse", "E-Mail-Adresse bestätigen")
	g.shot(v, "confirm-address")
	v.press("Bestätigen")
	g.shot(v, "request-received")
	g.open(v, draft, "request-known")
}

func (g *gallery) mistakenAddresses() {
	v := g.stranger("Stranger")
	g.refused(v, http.StatusNotFound, "/gibt-es-nicht", "error-404")
	g.refused(v, http.StatusNotFound, "/anfrage/kein-entwurf", "error-draft-gone")
	g.refused(v, http.StatusGone, "/anmelden/abgelaufen", "error-sign-in-link-expired")
	g.refused(v, http.StatusGone, "/a/abgelaufen", "error-task-link-ended")
	reader := g.signedIn(person(g.T, advisory.Reader, "Rea"))
	g.refused(reader, http.StatusForbidden, "/arbeitsplatz", "error-403")
}

// refusal needs a second person.
func (g *gallery) refusal() {
	c := filed(g.T, "Neinhausen "+g.d.name)
	c.says(c.kim, advisory.ClaimRequest, advisory.Claim, "claim_request", nil)
	c.says(c.kim, advisory.ReviewRequest, advisory.Decline, "decline_request", advisory.Answers{
		"reason": {"outside_topic"}, "message": {"Ihr Anliegen betrifft vor allem den Straßenbau."}})
	lead := g.signedIn(person(g.T, advisory.LeadCoordinator, "Lea"))
	g.open(lead, "/aufgaben/"+c.task(advisory.ApproveRefusal).ID, "task-approve-refusal")
	lead.press("Ablehnung zustimmen")
	g.shot(lead, "staff-declined")
	g.lists(lead)
	g.open(lead, "/pool", "pool")
	g.open(lead, "/pool/"+c.amina.ID, "pool-advisor")
	g.open(lead, "/zahlen", "figures")
	g.open(lead, "/arbeitsplatz?liste=team", "workbench-team")
	g.open(g.signedIn(c.toni), c.page(), "status-declined")
}

// withdrawal takes an appointment out of the calendars.
func (g *gallery) withdrawal() {
	c := filed(g.T, "Rückbach "+g.d.name).until(advisory.Opening)
	c.scheduled(onAWorkday(app.Clock.Now().AddDate(0, 0, 7)))
	toni := g.signedIn(c.toni)
	g.open(toni, "/beratungen", "my-consultations-municipality")
	g.open(toni, c.page(), "status-appointment")
	g.open(g.signedIn(c.amina), "/aufgaben", "my-tasks-appointment")
	g.open(toni, c.page()+"/zurueckziehen", "withdraw")
	toni.press("Beratung zurückziehen")
	g.shot(toni, "status-withdrawn")
	kim := g.signedIn(c.kim)
	g.open(kim, c.page(), "staff-withdrawn")
	g.open(kim, c.page()+"/wiederaufnehmen", "undo-withdrawal-on-behalf")
	g.open(toni, c.page()+"/wiederaufnehmen", "undo-withdrawal")
	toni.press("Doch weitermachen")
	g.shot(toni, "status-taken-up-again")
}

// operation are the pages of the operator.
func (g *gallery) operation() {
	admin := g.signedIn(person(g.T, advisory.Administrator, "Adi"))
	g.open(admin, "/konten", "users")
	g.open(admin, "/konten/neu", "users-new")
	g.mistake(admin, "Konto anlegen", "users-new-error")
	g.open(admin, "/konten/"+person(g.T, advisory.Advisor, "Nelly").ID, "user")
}

// english are the main pages in the other language.
func (g *gallery) english() {
	c := filed(g.T, "Englischau "+g.d.name).until(advisory.Assignment)
	toni, kim := g.signedIn(c.toni), g.signedIn(c.kim)
	toni.language, kim.language = "/en", "/en"
	g.open(toni, "/", "en-home")
	g.open(kim, "/arbeitsplatz?liste=team", "en-workbench")
	g.open(kim, "/aufgaben/"+c.task(advisory.ChooseAdvisors).ID, "en-assign")
	c.passAssignment()
	c.scheduled(onAWorkday(app.Clock.Now().AddDate(0, 0, 7)))
	g.open(toni, c.page(), "en-status")
	for _, page := range []struct {
		who        *visitor
		path, name string
	}{
		{toni, "/termine/1/verschieben", "move"}, {toni, "/termine/1/absagen", "cancel"}, {toni, "/ruhezeit", "ask-for-rest"},
		{toni, "/ziel", "goal"}, {toni, "/kontakte", "contacts"}, {kim, "/wechsel", "replace"}, {kim, "/ziel-eintragen", "goal-on-behalf"},
	} {
		g.open(page.who, c.page()+page.path, "en-"+page.name)
	}
	g.open(kim, "/abwesenheit", "en-absence")
	g.open(kim, c.page(), "en-staff")
	g.open(kim, "/zahlen", "en-figures")
}

// complete tells whether a route has no page in the gallery.
func (g *gallery) complete() {
	g.Helper()
	const sandboxed = "/einstellungen/mails/vorschau/:id" // nothing runs in it, not even what looks at pages here
	for _, route := range server.Routes() {
		if route.Path == sandboxed {
			continue
		}
		if route.Method == http.MethodGet && !route.Machine && !route.File && !passed.saw(g.d, route.Path) {
			g.Errorf("nobody looked at %s on the %s", route.Path, g.d.name)
		}
	}
}
