package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// An input has its effect in the database before the engine has noted that it came: a local activity writes it. An engine or
// a worker that is killed in between forgets the input. Mostly it is delivered again and finds its step written. But where
// something else comes first, that would get the forgotten step's number. Then the activity refuses to write
// (advisory.ForgottenStep) and signals what was forgotten; the task fails, is given out again, and goes through it first.

// catchUp goes through what the engine has forgotten, as it was then: everything else waits meanwhile.
func (c *consultation) catchUp(ctx workflow.Context) {
	for {
		// Who is blocked in Receive takes a signal out of the channel before it runs; isUpToDate would not see it.
		if workflow.Await(ctx, func() bool { return c.forgotten.Len() > 0 }) != nil {
			return
		}
		var said advisory.CatchUp
		c.forgotten.Receive(ctx, &said)
		c.behind, c.until = true, max(c.until, said.Until)
		var again []advisory.Input
		for _, in := range said.Inputs {
			if !c.wasApplied(in) && c.refusal(in) == "" {
				again = append(again, in)
				deeds[in.Kind].do(c, ctx, in)
			}
		}
		for _, in := range again {
			c.await(ctx, func() bool { return c.wasApplied(in) })
		}
		c.behind = false
	}
}

// letsIn tells whether an input may have its effect now. What was forgotten may also be what time alone brought about: that
// comes about again by itself, as long as nothing is let in before.
func (c *consultation) letsIn() bool {
	return c.isUpToDate() && (c.Steps >= c.until && !c.writing || c.until == 0)
}

// isUpToDate tells whether the engine has gone through all that it was told it has forgotten. The handler of an input may run
// before catchUp has taken the signal.
func (c *consultation) isUpToDate() bool { return !c.behind && c.forgotten.Len() == 0 }

func isForgotten(err error) bool {
	var application *temporal.ApplicationError
	return errors.As(err, &application) && application.Type() == advisory.ForgottenStep
}
