package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// Replacement (journey.md, Edges of real life): the former advisor's access ends at once, the consultation goes on, and
// beside it others are asked, accept and are agreed to.

func (c *consultation) refuseReplacement(in advisory.Input) advisory.Refusal {
	return refuseUnless(c.under() && (slices.Contains(c.Advisors, in.Person) || slices.Contains(c.selection.persons(), in.Person)))
}

func (c *consultation) replaceAdvisor(_ workflow.Context, in advisory.Input) {
	c.add(advisory.Entry{History: advisory.ReplacementBegun, Input: in.ID})
	if slices.Contains(c.Advisors, in.Person) {
		c.release(in)
	} else {
		c.uninvite(in.Person)
	}
	if c.selection == nil {
		c.beside(c.renewTeam)
	} else {
		c.selection.missing = true
	}
}

func (c *consultation) refuseReopening(advisory.Input) advisory.Refusal {
	if c.selection != nil {
		return advisory.UnderWay
	}
	return refuseUnless(c.under(advisory.Opening, advisory.Dialogue, advisory.Options))
}

// reopenAssignment looks for further advisors or another lead, for example after a change of the goal. Who accompanies
// the municipality goes on meanwhile.
func (c *consultation) reopenAssignment(_ workflow.Context, in advisory.Input) {
	c.tell(advisory.AssignmentReopened, said(in))
	c.beside(c.renewTeam)
}

// release lets somebody go who accompanied the municipality. What the lead owes comes to the coordinator for the time.
func (c *consultation) release(in advisory.Input) {
	c.Advisors = slices.DeleteFunc(slices.Clone(c.Advisors), func(person string) bool { return person == in.Person })
	if c.Lead == in.Person {
		c.Lead = ""
	}
	if s := c.selection; s != nil && s.lead == in.Person {
		s.lead = ""
	}
	c.add(advisory.Entry{Team: &advisory.Team{Advisors: c.Advisors, Lead: c.Lead}})
	for _, t := range slices.Clone(c.tasks) {
		switch {
		case t.Owner != advisor(in.Person) || t.state != advisory.Open:
		case t.ofLead():
			c.handTo(t, c.Coordinator, "")
		default:
			c.drop(t)
		}
	}
	c.mailPersons(advisory.MailAdvisorReleased, in.Person)
	for _, s := range c.meetings {
		if s.dated && !s.off {
			c.mailPersonsAbout(advisory.MailAppointmentCancelled, s.number, in.Person)
		}
	}
}

// uninvite takes an invitation back.
func (c *consultation) uninvite(person string) {
	s := c.selection
	i := slices.IndexFunc(s.invited, func(i *invitation) bool { return i.advisor == person })
	c.drop(s.invited[i].task)
	s.invited = slices.Delete(s.invited, i, i+1)
	if s.lead == person {
		s.lead = ""
	}
	c.add(advisory.Entry{History: advisory.InvitationWithdrawn, Uninvite: person})
	c.mailPersons(advisory.MailInvitationWithdrawn, person)
}

// renewTeam asks others, and gives them their part once the municipality agrees.
func (c *consultation) renewTeam(ctx workflow.Context) error {
	decision, joined, err := c.selectAdvisors(ctx)
	if err != nil {
		return err
	}
	c.tell(advisory.AdvisorReplaced, decision)
	c.mail(advisory.MailAdvisorReplaced, advisory.ToEverybody, decision)
	for _, t := range c.tasks {
		if t.state == advisory.Open && t.ofLead() && t.Owner.Person != c.Lead {
			c.handTo(t, c.Lead, "")
		}
	}
	c.welcome(joined)
	return nil
}

// welcome gives new advisors the appointments ahead, and their part in what both sides are asked.
func (c *consultation) welcome(joined []string) {
	for _, s := range c.meetings {
		if s.dated && !s.off {
			c.mailPersonsAbout(advisory.MailAppointmentConfirmed, s.number, joined...)
		}
	}
	for _, person := range joined {
		if c.round != nil {
			c.round.ask(c, advisor(person))
		}
	}
}
