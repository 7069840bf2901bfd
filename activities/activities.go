// Package activities is what a workflow asks of the world: write a step, and with it learn the dates that the calendar
// gives. Every activity is idempotent and is called with options from the one file that names them.
package activities

import (
	"context"

	"miglobe/advisory"
	"miglobe/store"
)

// Activities carries what the activities need. The zero value serves workflows, which only name the methods.
type Activities struct {
	Store *store.Store
	Clock advisory.Clock
}

// WriteStep writes a step of a consultation in one transaction and returns the dates it brought. Writing the same step
// again changes nothing and returns the same dates. Its errors hold no word of what was to be written: the engine keeps
// them.
func (a *Activities) WriteStep(ctx context.Context, step advisory.Step) (advisory.StepResult, error) {
	result, err := a.Store.WriteStep(ctx, a.Clock, step)
	if err != nil {
		return result, a.failed(ctx, step, err)
	}
	return result, nil
}
