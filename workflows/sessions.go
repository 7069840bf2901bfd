package workflows

import (
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// opening: the opening conversation is held, and the municipality decides on accompaniment (journey.md, opening).
func (c *consultation) opening(ctx workflow.Context) (advisory.Outcome, error) {
	if _, err := c.session(ctx, advisory.OpeningSession); err != nil {
		return "", err
	}
	decision, err := c.ask(ctx, advisory.DecideAccompaniment, municipality)
	if err != nil {
		return "", err
	}
	if decision.Choice == advisory.EndHere {
		c.tell(advisory.AccompanimentEnded, decision)
		c.mail(advisory.MailNotAccompanied, advisory.ToEverybody, decision)
		return advisory.NotAccompanied, nil
	}
	c.tell(advisory.AccompanimentContinued, decision)
	return "", nil
}

// dialogue: one session after the other, until a note says that the sessions are done (journey.md, dialogue).
func (c *consultation) dialogue(ctx workflow.Context) (advisory.Outcome, error) {
	for {
		note, err := c.session(ctx, advisory.DialogueSession)
		if err != nil {
			return "", err
		}
		if note.Enough {
			c.tell(advisory.SessionsDone, note)
			return "", nil
		}
	}
}

// session is one session from its proposed dates to its note (journey.md, Sessions). A session that was called off or
// missed gets new dates.
func (c *consultation) session(ctx workflow.Context, kind advisory.SessionKind) (answer, error) {
	c.Sessions++
	s := &meeting{number: c.Sessions, kind: kind}
	for missed := 0; ; {
		if err := c.agreeOnDate(ctx, s); err != nil {
			return answer{}, err
		}
		if err := c.untilItIsOver(ctx, s); err != nil {
			return answer{}, err
		}
		outcome, err := c.recordOutcome(ctx, s)
		if err != nil {
			return answer{}, err
		}
		switch outcome.Choice {
		case advisory.WasHeld:
			return c.note(ctx, s)
		case advisory.MunicipalityAway, advisory.AdvisorAway:
			c.mailAbout(advisory.MailSessionMissed, advisory.ToEverybody, s.number)
			missed++
			s.call = missed >= c.Rules.MissedSessions
		}
	}
}

// meeting is a session on its way.
type meeting struct {
	number int
	kind   advisory.SessionKind
	call   bool // the coordinator calls about the next dates
}

func (c *consultation) move(s *meeting, state advisory.SessionState) {
	c.add(advisory.Entry{Session: &advisory.SessionStep{Number: s.number, Kind: s.kind, State: state}})
}

// agreeOnDate: three slots, a choice, or a counter-proposal to the other side; after the last round the coordinator
// calls and the choice stays open.
func (c *consultation) agreeOnDate(ctx workflow.Context, s *meeting) error {
	c.move(s, advisory.SlotsWanted)
	proposing := c.open(advisory.ProposeSlots, c.lead(), session(s.number))
	if s.call {
		c.call(ctx, proposing)
	}
	proposal, err := c.first(ctx, proposing)
	if err != nil {
		return err
	}
	c.tell(advisory.SlotsWereProposed, proposal)
	c.move(s, advisory.SlotsProposed)
	sides := []advisory.Owner{municipality, c.lead()}
	for round := 1; ; round++ {
		choosing := c.open(advisory.ChooseSlot, sides[(round-1)%2], session(s.number))
		if round > c.Rules.SlotRounds {
			c.call(ctx, choosing)
		}
		choice, err := c.first(ctx, choosing)
		if err != nil {
			return err
		}
		if choice.Choice == advisory.Choose {
			c.tell(advisory.AppointmentConfirmed, choice)
			c.move(s, advisory.Scheduled)
			c.mailAbout(advisory.MailAppointmentConfirmed, advisory.ToEverybody, s.number)
			return nil
		}
		c.tell(advisory.SlotsCounterProposed, choice)
		c.move(s, advisory.CounterProposed)
	}
}

// untilItIsOver reminds of the appointment and waits for its end.
func (c *consultation) untilItIsOver(ctx workflow.Context, s *meeting) error {
	c.write(ctx)
	appointment := c.appointments[s.number]
	c.met = s
	for _, at := range appointment.Reminders {
		if err := c.sleepUntil(ctx, at); err != nil {
			return err
		}
		c.mailAbout(advisory.MailAppointmentReminder, advisory.ToEverybody, s.number)
	}
	if err := c.sleepUntil(ctx, appointment.EndsAt); err != nil {
		return err // the appointment is still ahead: whoever ends the journey cancels it
	}
	c.met = nil
	return nil
}

// recordOutcome asks the lead advisor, and where the lead does not know, the coordinator.
func (c *consultation) recordOutcome(ctx workflow.Context, s *meeting) (answer, error) {
	c.move(s, advisory.OutcomeWanted)
	owner := c.lead()
	for {
		outcome, err := c.ask(ctx, advisory.RecordOutcome, owner, session(s.number))
		if err != nil {
			return answer{}, err
		}
		c.tell(advisory.OutcomeRecorded, outcome)
		c.move(s, advisory.SessionState(outcome.Choice))
		if outcome.Choice != advisory.NotKnown {
			return outcome, nil
		}
		owner = c.coordinator()
	}
}

func (c *consultation) note(ctx workflow.Context, s *meeting) (answer, error) {
	note, err := c.ask(ctx, advisory.WriteNote, c.lead(), session(s.number))
	if err != nil {
		return answer{}, err
	}
	c.tell(advisory.NoteShared, note)
	c.mailAbout(advisory.MailNoteShared, advisory.ToMunicipality, s.number)
	c.mailAbout(advisory.MailNoteShared, advisory.ToOtherAdvisors, s.number)
	return note, nil
}

// cancelAppointment calls an appointment off because the consultation ends.
func (c *consultation) cancelAppointment() {
	if c.met == nil {
		return
	}
	c.move(c.met, advisory.Cancelled)
	c.add(advisory.Entry{History: advisory.AppointmentCancelled})
	c.mailAbout(advisory.MailAppointmentCancelled, advisory.ToEverybody, c.met.number)
}
