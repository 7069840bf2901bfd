package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Another version of the programme: a lead coordinator lets a running consultation follow it. The step tells the dates of all
// that is open by it, or that one of them would move into the past; then everything stays as it was.

func (c *consultation) refuseAdoption(in advisory.Input) advisory.Refusal {
	return refuseUnless((c.under() || c.ahead) && in.Version > 0)
}

// adoptProgramme stops the tasks' times until the new ones are known, so that nothing happens twice.
func (c *consultation) adoptProgramme(ctx workflow.Context, in advisory.Input) {
	c.await(ctx, func() bool { return !c.thawing && !c.adopting }) // what has happened is counted from known dates
	c.adopting = true
	pressed := map[string]int{}
	for _, t := range c.tasks {
		if t.announced && t.pressed > 0 {
			pressed[t.ID] = t.pressed
		}
	}
	c.add(advisory.Entry{Adopt: &advisory.Adoption{Version: in.Version, Pressed: pressed}, Input: in.ID})
}
