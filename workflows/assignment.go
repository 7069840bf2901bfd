package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// invitation is one advisor who was asked in this assignment and has not said no.
type invitation struct {
	advisor  string
	task     *task
	accepted bool
}

// assignment: advisors with one lead accept, and the municipality agrees to them (journey.md, assignment). It may ask
// for others without a reason.
func (c *consultation) assignment(ctx workflow.Context) (advisory.Outcome, error) {
	for {
		if err := c.assemble(ctx); err != nil {
			return "", err
		}
		decision, err := c.ask(ctx, advisory.AgreeToAdvisors, municipality)
		if err != nil {
			return "", err
		}
		if decision.Choice == advisory.Agree {
			c.Advisors, c.invited = c.asked(), nil
			c.add(advisory.Entry{Team: &advisory.Team{Advisors: c.Advisors, Lead: c.Lead}})
			c.tell(advisory.AdvisorsAgreed, decision)
			c.mail(advisory.MailAdvisorsIntroduced, advisory.ToEverybody, decision)
			return "", nil
		}
		c.tell(advisory.OthersWanted, decision)
		c.mailPersons(advisory.MailInvitationWithdrawn, c.asked()...)
		c.invited, c.Lead = nil, ""
	}
}

// assemble invites advisors until all who were asked have answered and the lead is among those who accepted. Whoever
// declines, has a conflict of interest or lets the invitation lapse leads back to a choice; the others are not touched.
func (c *consultation) assemble(ctx workflow.Context) error {
	choice := c.open(advisory.ChooseAdvisors, c.coordinator())
	for choice != nil || !c.assembled() {
		said, err := c.first(ctx, append(c.openInvitations(), optional(choice)...)...)
		if err != nil {
			return err
		}
		if said.Kind == advisory.ChooseAdvisors {
			c.invite(said)
			choice = nil
		} else {
			c.answerInvitation(said)
		}
		if choice == nil && c.someoneIsMissing(said) {
			choice = c.open(advisory.ChooseAdvisors, c.coordinator())
		}
	}
	return nil
}

// invite asks the chosen advisors who have not been asked yet; the lead may be one of those who were.
func (c *consultation) invite(choice answer) {
	c.tell(advisory.AdvisorsChosen, choice)
	c.Lead = choice.Lead
	for _, person := range choice.Advisors {
		if !slices.Contains(c.asked(), person) {
			t := c.open(advisory.AnswerInvitation, advisor(person))
			c.invited = append(c.invited, &invitation{advisor: person, task: t})
		}
	}
}

func (c *consultation) answerInvitation(said answer) {
	i := slices.IndexFunc(c.invited, func(i *invitation) bool { return i.task.ID == said.task })
	if said.Choice == advisory.Accept {
		c.invited[i].accepted = true
		c.tell(advisory.InvitationAccepted, said)
		return
	}
	switch {
	case said.lapsed:
		c.tell(advisory.InvitationLapsed, said)
		c.mailPersons(advisory.MailInvitationLapsed, c.invited[i].advisor)
	case said.Choice == advisory.ConflictOfInt:
		c.tell(advisory.ConflictDeclared, said)
	default:
		c.tell(advisory.InvitationDeclined, said)
	}
	c.invited = slices.Delete(c.invited, i, i+1)
}

// someoneIsMissing tells whether the coordinator has to choose again: after every no, and where the lead is gone.
func (c *consultation) someoneIsMissing(said answer) bool {
	no := said.Kind == advisory.AnswerInvitation && said.Choice != advisory.Accept
	return no || !slices.Contains(c.asked(), c.Lead)
}

func (c *consultation) assembled() bool {
	return len(c.invited) > 0 && len(c.openInvitations()) == 0 && slices.Contains(c.asked(), c.Lead)
}

// asked are the advisors who were invited and have not said no, in the order of their invitation.
func (c *consultation) asked() []string {
	var persons []string
	for _, i := range c.invited {
		persons = append(persons, i.advisor)
	}
	return persons
}

func (c *consultation) openInvitations() []*task {
	var tasks []*task
	for _, i := range c.invited {
		if !i.accepted {
			tasks = append(tasks, i.task)
		}
	}
	return tasks
}

func optional(t *task) []*task {
	if t == nil {
		return nil
	}
	return []*task{t}
}
