package browser_test

import (
	"context"
	"fmt"
	"testing"

	"miglobe/advisory"
)

// TestMovingToAnotherProgramme: a lead coordinator moves one running consultation, then all others, to a version that gives
// more time; each tells it in its history. It runs alone: two versions made at the same moment are a conflict.
func TestMovingToAnotherProgramme(t *testing.T) {
	keepsProgramme(t)
	c := filed(t, "Umstellburg").until(advisory.Assessment)
	other := filed(t, "Umstellhausen").until(advisory.Assessment)
	third := filed(t, "Umstellstadt").until(advisory.Assessment)
	lea := person(t, advisory.LeadCoordinator, "Lea")
	ctx := context.Background()
	p, err := app.Store.Programme(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, rule := range p.Tasks {
		if rule.Kind == advisory.RecordAssessment {
			p.Tasks[i].Due, p.Tasks[i].Reminders = rule.Due+2, []int{rule.Reminders[0] + 2}
			p.Tasks[i].Escalations = []advisory.Escalation{{After: rule.Escalations[0].After + 2, Then: advisory.PassOn, To: advisory.ToLead}}
		}
	}
	version, err := app.Store.AddProgramme(ctx, p, lea.ID, "Mehr Zeit für die Bedarfsklärung")
	if err != nil {
		t.Fatal(err)
	}
	list := fmt.Sprintf("/einstellungen/programm/%d/umstellen", version)
	desktop, mobile := visits(t, desk, lea), visits(t, phone, person(t, advisory.LeadCoordinator, "Lee"))
	desktop.signIn()
	desktop.open(list)
	desktop.expect(fmt.Sprintf("Laufende Beratungen auf Fassung %d umstellen", version))
	desktop.sees("Bedarf festhalten: fällig am")
	desktop.screenshot("umstellen")
	desktop.pressFor(422, "Ausgewählte umstellen")
	desktop.screenshot("umstellen-fehler")
	desktop.press("Umstellen: " + c.number)
	desktop.isTold(fmt.Sprintf("%s folgt jetzt Fassung %d.", c.number, version))
	mobile.signIn()
	mobile.open(list)
	mobile.tick(other.number + " Umstellhausen")
	mobile.screenshot("umstellen-390")
	mobile.press("Ausgewählte umstellen")
	mobile.isTold("1 Beratung wird umgestellt.")
	mobile.screenshot("umstellen-wird-verarbeitet-390")
	desktop.open(list)
	desktop.press("Alle umstellen, bei denen es geht")
	desktop.screenshot("umstellen-alle")
	for _, moved := range []*consultation{c, other, third} {
		desktop.until(moved.page(), "moved", func() bool {
			return desktop.has(fmt.Sprintf("Fristen nach Fassung %d", version))
		})
	}
	desktop.screenshot("umgestellt-beratung")
}
