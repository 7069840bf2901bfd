package browser_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"miglobe/advisory"
)

const claimRules = "/einstellungen/programm/aufgaben/claim_request"

// dueDays counts the working days that the team has to claim a request.
func (c *consultation) dueDays() int {
	c.Helper()
	tasks, err := app.Store.TasksOf(c.Context(), c.id, true)
	c.must(err)
	for _, task := range tasks {
		if task.Kind == advisory.ClaimRequest {
			return task.Calendar().WorkdaysBetween(task.OpenedAt, task.DueOn)
		}
	}
	c.Fatal("nobody is asked to claim the request")
	return 0
}

// TestADeadlineIsEdited: a lead coordinator changes a due date, is refused with the sentence why, sees the difference, saves,
// and a new request has the new date, while the earlier one keeps its own.
func TestADeadlineIsEdited(t *testing.T) {
	keepsProgramme(t)
	before := filed(t, "Altstadt") // not beside other tests: who makes a version in the meantime is refused
	base, err := app.Store.Programme(t.Context())
	before.must(err)
	version := fmt.Sprintf("Fassung %d", base.Version+1)
	lead := visits(t, desk, person(t, advisory.LeadCoordinator, "Lea"))
	lead.signIn()
	lead.follow("Einstellungen")
	lead.screenshot("programme-settings")
	lead.follow("Fristen und Regeln")
	lead.screenshot("programme-list")
	lead.follow("Neueste Fassung lesen und ändern")
	lead.screenshot("programme-version")
	lead.follow("Ändern: Anfrage übernehmen")
	lead.fill("Frist in Arbeitstagen", "4")
	lead.pressFor(http.StatusUnprocessableEntity, "Unterschied ansehen")
	lead.isTold("Nach 3 Arbeitstagen ist die Frist von 4 Arbeitstagen noch nicht vorbei. Nennen Sie mindestens 4.")
	lead.screenshot("programme-task-refused")
	lead.fill("Frist in Arbeitstagen", "3")
	lead.fill("Grund der Änderung", "Beschluss der Teamrunde")
	lead.press("Unterschied ansehen")
	lead.sees("Anfrage übernehmen: Frist", "2 Arbeitstage", "3 Arbeitstage")
	lead.screenshot("programme-confirm")
	lead.press("Angaben noch einmal ändern")
	lead.press("Unterschied ansehen")
	lead.press("Als " + version + " speichern")
	lead.isTold(version + " ist gespeichert.")
	lead.sees("Grund: Beschluss der Teamrunde")

	if days := filed(t, "Neustadt").dueDays(); days != 3 {
		t.Errorf("a new request is to be claimed within %d working days", days)
	}
	if days := before.dueDays(); days != 2 {
		t.Errorf("the earlier request is now to be claimed within %d working days", days)
	}

	mobile := visits(t, phone, person(t, advisory.LeadCoordinator, "Mona"))
	mobile.signIn()
	mobile.open("/einstellungen/programm")
	mobile.screenshot("programme-list-phone")
	mobile.follow(fmt.Sprintf("%s: Unterschied zu Fassung %d", version, base.Version))
	mobile.sees("Anfrage übernehmen: Frist")
	mobile.screenshot("programme-difference-phone")
	mobile.follow("Zurück zu " + version)
	mobile.screenshot("programme-version-phone")
	mobile.open(claimRules)
	mobile.screenshot("programme-task-phone")
	mobile.open("/einstellungen/programm/zahlen")
	mobile.screenshot("programme-numbers-phone")
	mobile.open("/einstellungen/programm/1/wiederherstellen")
	mobile.screenshot("programme-restore-phone")
	mobile.closesTheOffice()
}

// closesTheOffice adds a closure, next to the public holidays that need none.
func (v *visitor) closesTheOffice() {
	v.Helper()
	v.open("/einstellungen/programm/kalender")
	christmas := time.Date(app.Clock.Now().Year()+1, 12, 24, 0, 0, 0, 0, advisory.Berlin)
	v.fill("Weitere Schließtage", christmas.Format("02.01.2006"))
	v.screenshot("programme-calendar-phone")
	v.press("Unterschied ansehen")
	v.sees("dazu: " + christmas.Format("02.01.2006"))
	v.screenshot("programme-closure-phone")
}
