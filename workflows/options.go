package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// options: the lead drafts, everybody confirms; both sides confirm the same version (journey.md, options). A change
// makes a new version, and everybody is asked again.
func (c *consultation) options(ctx workflow.Context) (advisory.Outcome, error) {
	for {
		c.Versions++
		draft, err := c.ask(ctx, advisory.DraftOptions, c.lead(), version(c.Versions))
		if err != nil {
			return "", err
		}
		c.tell(advisory.OptionsShared, draft)
		last, err := c.askEach(ctx, advisory.ConfirmOptions, c.bothSides(), func(said answer) bool {
			return said.Choice == advisory.Change
		}, version(c.Versions))
		if err != nil {
			return "", err
		}
		if last.Choice != advisory.Change {
			c.tell(advisory.OptionsConfirmed, last)
			c.mail(advisory.MailOptionsConfirmed, advisory.ToEverybody, last)
			return "", nil
		}
		c.tell(advisory.OptionsChanged, last)
	}
}

// round is a question that several answer. Who joins the team meanwhile is asked as well, who leaves is not any more.
type round struct {
	kind   advisory.TaskKind
	abouts []about
	tasks  []*task
}

func (r *round) ask(c *consultation, owner advisory.Owner) {
	r.tasks = append(r.tasks, c.open(r.kind, owner, r.abouts...))
}

// askEach asks several owners at once and returns the last answer. Where enough says so of an answer, the others are
// not asked any more.
func (c *consultation) askEach(ctx workflow.Context, kind advisory.TaskKind, owners []advisory.Owner,
	enough func(answer) bool, abouts ...about) (last answer, err error) {
	r := &round{kind: kind, abouts: abouts}
	c.round = r
	defer func() { c.round = nil }()
	for _, owner := range owners {
		r.ask(c, owner)
	}
	answered := func() bool { return !slices.ContainsFunc(r.tasks, c.isOpen) }
	for !answered() {
		said, settled, err := c.firstUnless(ctx, answered, func() []*task { return r.tasks })
		if err != nil || !settled {
			return last, err
		}
		last = said
		if enough(said) {
			for _, t := range r.tasks {
				c.drop(t)
			}
		}
	}
	return last, nil
}
