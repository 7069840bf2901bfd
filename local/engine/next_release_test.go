package engine_test

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
	"miglobe/workflows"
)

// nextRelease is a release that orders something more at the beginning of a journey, behind a marker as CONTRIBUTING.md
// wants it: a timer that nobody waits for.
func nextRelease(ctx workflow.Context, journey advisory.Journey) error {
	if workflow.GetVersion(ctx, rehearsal, workflow.DefaultVersion, 1) > workflow.DefaultVersion {
		workflow.NewTimer(ctx, 24*time.Hour)
	}
	return workflows.Consultation(ctx, journey)
}

const rehearsal = "rehearsal of an upgrade"
