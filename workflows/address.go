package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// refuseClarification lets one address be clarified once at a time.
func (c *consultation) refuseClarification(in advisory.Input) advisory.Refusal {
	about := func(t *task) bool { return t.Kind == advisory.CheckAddress && t.About == in.Person }
	if slices.ContainsFunc(c.tasks, about) {
		return advisory.UnderWay
	}
	return refuseUnless((c.under() || c.ahead) && in.Person != "") // the follow-up, months ahead, needs an address, too
}

// clarifyAddress asks the coordinator about somebody who cannot be reached (journey.md, Contact leaves, mail bounces).
func (c *consultation) clarifyAddress(_ workflow.Context, in advisory.Input) {
	c.tell(advisory.AddressBounced, said(in))
	c.beside(func(ctx workflow.Context) error {
		clarified, err := c.ask(ctx, advisory.CheckAddress, c.coordinator(), person(in.Person))
		if err == nil {
			c.tell(advisory.AddressClarified, clarified)
		}
		return err
	})
}
