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

// askEach asks several owners at once and returns the last answer. Where enough says so of an answer, the others are
// not asked any more.
func (c *consultation) askEach(ctx workflow.Context, kind advisory.TaskKind, owners []advisory.Owner,
	enough func(answer) bool, abouts ...about) (answer, error) {
	var tasks []*task
	for _, owner := range owners {
		tasks = append(tasks, c.open(kind, owner, abouts...))
	}
	for {
		said, err := c.first(ctx, tasks...)
		if err != nil {
			return answer{}, err
		}
		tasks = slices.DeleteFunc(tasks, func(t *task) bool { return t.ID == said.task })
		if enough(said) {
			for _, t := range tasks {
				c.drop(t)
			}
			return said, nil
		}
		if len(tasks) == 0 {
			return said, nil
		}
	}
}
