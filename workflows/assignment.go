package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// assignment: advisors with one lead accept, and the municipality agrees to them (journey.md, assignment). It may ask
// for others without a reason.
func (c *consultation) assignment(ctx workflow.Context) (advisory.Outcome, error) {
	decision, _, err := c.selectAdvisors(ctx)
	if err != nil {
		return "", err
	}
	c.tell(advisory.AdvisorsAgreed, decision)
	c.mail(advisory.MailAdvisorsIntroduced, advisory.ToEverybody, decision)
	return "", nil
}

// selection is the search for advisors: in the assignment, and again where the team changes.
type selection struct {
	staying func() []string // the team as it is, who are not asked again
	invited []*invitation   // asked and not refused
	lead    string          // asked to lead, or leading
	missing bool            // the coordinator has to choose again
}

// invitation is one advisor who was asked and has not said no.
type invitation struct {
	advisor  string
	task     *task
	accepted bool
}

// selectAdvisors ends with the municipality's yes. The team then is who stayed and who accepted, and so joined.
func (c *consultation) selectAdvisors(ctx workflow.Context) (agreement answer, joined []string, err error) {
	s := &selection{staying: func() []string { return c.Advisors }, lead: c.Lead, missing: true}
	c.selection = s
	defer func() { c.selection = nil }()
	for {
		if err := c.assemble(ctx, s); err != nil {
			return answer{}, nil, err
		}
		decision, settled, err := c.askUnless(ctx, func() bool { return s.missing }, advisory.AgreeToAdvisors, municipality)
		if err != nil {
			return answer{}, nil, err
		}
		switch {
		case !settled: // somebody has left meanwhile
		case decision.Choice == advisory.Agree:
			c.Advisors, c.Lead = s.asked(), s.lead
			c.add(advisory.Entry{Team: &advisory.Team{Advisors: c.Advisors, Lead: c.Lead}})
			return decision, s.persons(), nil
		default:
			c.tell(advisory.OthersWanted, decision)
			c.mailPersons(advisory.MailInvitationWithdrawn, s.persons()...)
			s.invited, s.lead, s.missing = nil, c.Lead, true
		}
	}
}

// assemble invites advisors until all who were asked have answered and the lead is among those who accepted. Whoever
// declines, has a conflict of interest or lets the invitation lapse leads back to a choice; the others are not touched.
func (c *consultation) assemble(ctx workflow.Context, s *selection) error {
	var choice *task
	for {
		if s.missing && choice == nil {
			choice = c.open(advisory.ChooseAdvisors, c.coordinator())
		}
		s.missing = false
		if choice == nil && s.assembled() {
			return nil
		}
		said, settled, err := c.firstUnless(ctx, func() bool { return s.missing && choice == nil }, func() []*task {
			return append(s.openInvitations(), optional(choice)...)
		})
		switch {
		case err != nil:
			return err
		case !settled:
		case said.Kind == advisory.ChooseAdvisors:
			c.invite(s, said)
			choice, s.missing = nil, !slices.Contains(s.asked(), s.lead)
		default:
			s.missing = c.answerInvitation(s, said) || s.missing
		}
	}
}

// invite asks the chosen advisors who have not been asked yet; the lead may be one of those who were.
func (c *consultation) invite(s *selection, choice answer) {
	c.tell(advisory.AdvisorsChosen, choice)
	s.lead = choice.Lead
	for _, person := range choice.Advisors {
		if !slices.Contains(s.asked(), person) {
			t := c.open(advisory.AnswerInvitation, advisor(person))
			s.invited = append(s.invited, &invitation{advisor: person, task: t})
		}
	}
}

// answerInvitation tells whether the coordinator has to choose again: after every no, and where the lead is gone.
func (c *consultation) answerInvitation(s *selection, said answer) (missing bool) {
	i := slices.IndexFunc(s.invited, func(i *invitation) bool { return i.task.ID == said.task })
	if said.Choice == advisory.Accept {
		s.invited[i].accepted = true
		c.tell(advisory.InvitationAccepted, said)
		return !slices.Contains(s.asked(), s.lead)
	}
	switch {
	case said.lapsed:
		c.tell(advisory.InvitationLapsed, said)
		c.mailPersons(advisory.MailInvitationLapsed, s.invited[i].advisor)
	case said.Choice == advisory.ConflictOfInt:
		c.tell(advisory.ConflictDeclared, said)
	default:
		c.tell(advisory.InvitationDeclined, said)
	}
	s.invited = slices.Delete(s.invited, i, i+1)
	return true
}

// offers tells whether a choice of advisors has exactly one lead among those who are asked now, were before, or stay.
func (s *selection) offers(in advisory.Input) bool {
	return in.Lead != "" && slices.Contains(append(slices.Clone(in.Advisors), s.asked()...), in.Lead)
}

func (s *selection) assembled() bool {
	return len(s.openInvitations()) == 0 && slices.Contains(s.asked(), s.lead)
}

// asked are those who stay, and those who were invited and have not said no, in the order of their invitation.
func (s *selection) asked() []string { return append(slices.Clone(s.staying()), s.persons()...) }

// persons are those who were invited and have not said no.
func (s *selection) persons() []string {
	if s == nil {
		return nil
	}
	var persons []string
	for _, i := range s.invited {
		persons = append(persons, i.advisor)
	}
	return persons
}

// acceptances are those who have accepted and whom the municipality has not agreed to yet.
func (s *selection) acceptances() []string {
	if s == nil {
		return nil
	}
	var persons []string
	for _, i := range s.invited {
		if i.accepted {
			persons = append(persons, i.advisor)
		}
	}
	return persons
}

func (s *selection) openInvitations() []*task {
	var tasks []*task
	for _, i := range s.invited {
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
