package workflows

import (
	"slices"

	"miglobe/advisory"
)

func (c *consultation) coordinator() advisory.Owner {
	return advisory.Owner{Role: advisory.Coordinator, Person: c.Coordinator}
}

// lead owes what the lead advisor owes. Where the lead has left, the coordinator stands in until somebody leads again.
func (c *consultation) lead() advisory.Owner {
	if c.Lead == "" {
		return advisory.Owner{Role: advisory.Advisor, Person: c.Coordinator}
	}
	return advisory.Owner{Role: advisory.Advisor, Person: c.Lead}
}

func advisor(person string) advisory.Owner {
	return advisory.Owner{Role: advisory.Advisor, Person: person}
}

var (
	municipality = advisory.Owner{Role: advisory.Municipality}
	coordinators = advisory.Owner{Role: advisory.Coordinator}
)

// bothSides are the municipality and every advisor who accompanies it.
func (c *consultation) bothSides() []advisory.Owner {
	owners := []advisory.Owner{municipality}
	for _, person := range c.Advisors {
		owners = append(owners, advisor(person))
	}
	return owners
}

// ofLead tells whether a task is owed by whoever leads, as opposed to every advisor.
func (t *task) ofLead() bool {
	kinds := []advisory.TaskKind{advisory.ProposeSlots, advisory.ChooseSlot, advisory.RecordOutcome, advisory.WriteNote,
		advisory.DraftOptions}
	return t.Owner.Role == advisory.Advisor && slices.Contains(kinds, t.Kind)
}
