package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// opening: the opening conversation is held, and the municipality decides on accompaniment (journey.md, opening).
func (c *consultation) opening(ctx workflow.Context) (advisory.Outcome, error) {
	c.watchQuiet(advisory.Opening)
	if _, _, err := c.session(ctx, advisory.OpeningSession); err != nil {
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

// dialogue: one session after the other or several at a time, until a note says that the sessions are done and none is
// under way (journey.md, dialogue).
func (c *consultation) dialogue(ctx workflow.Context) (advisory.Outcome, error) {
	c.enough = false
	c.watchQuiet(advisory.Dialogue)
	for {
		last, held, err := c.session(ctx, advisory.DialogueSession)
		if err != nil {
			return "", err
		}
		if err := workflow.Await(ctx, func() bool { return len(c.meetings) == 0 }); err != nil {
			return "", err
		}
		if c.enough {
			if !held {
				last = answer{}
			}
			c.tell(advisory.SessionsDone, last)
			return "", nil
		}
	}
}

// meeting is a session on its way.
type meeting struct {
	number int
	kind   advisory.SessionKind
	call   bool // the coordinator calls about the next dates
	dated  bool // it has an appointment ahead
	off    bool // the appointment was called off
}

// session is one session from its proposed dates to its note (journey.md, Sessions). A session that was called off or
// missed gets new dates; none is held where the participants say meanwhile that the sessions are done.
func (c *consultation) session(ctx workflow.Context, kind advisory.SessionKind) (note answer, held bool, err error) {
	c.Sessions++
	s := &meeting{number: c.Sessions, kind: kind}
	c.meetings = append(c.meetings, s)
	defer func() { c.meetings = slices.DeleteFunc(c.meetings, func(other *meeting) bool { return other == s }) }()
	for missed := 0; ; {
		if agreed, err := c.agreeOnDate(ctx, s); err != nil || !agreed {
			return answer{}, false, err
		}
		over, err := c.untilItIsOver(ctx, s)
		if err != nil {
			return answer{}, false, err
		}
		if !over {
			continue
		}
		outcome, err := c.recordOutcome(ctx, s)
		if err != nil {
			return answer{}, false, err
		}
		switch outcome.Choice {
		case advisory.WasHeld:
			note, err := c.note(ctx, s)
			return note, true, err
		case advisory.MunicipalityAway, advisory.AdvisorAway:
			c.mailAbout(advisory.MailSessionMissed, advisory.ToEverybody, s.number)
			missed++
			s.call = missed >= c.Rules.MissedSessions
		}
	}
}

func (c *consultation) move(s *meeting, state advisory.SessionState) {
	c.add(advisory.Entry{Session: &advisory.SessionStep{Number: s.number, Kind: s.kind, State: state}})
}

// agreeOnDate: three slots, a choice, or a counter-proposal to the other side; after the last round the coordinator
// calls and the choice stays open.
func (c *consultation) agreeOnDate(ctx workflow.Context, s *meeting) (agreed bool, err error) {
	if err := c.untilGoingOn(ctx); err != nil {
		return false, err
	}
	notWanted := func() bool { return s.kind == advisory.DialogueSession && c.enough }
	if notWanted() {
		return false, nil
	}
	c.move(s, advisory.SlotsWanted)
	proposing := c.open(advisory.ProposeSlots, c.lead(), session(s.number))
	if s.call {
		c.call(ctx, proposing)
	}
	proposal, settled, err := c.firstUnless(ctx, notWanted, only(proposing))
	if err != nil || !settled {
		return false, c.giveUp(s, proposing, err)
	}
	c.tell(advisory.SlotsWereProposed, proposal)
	c.move(s, advisory.SlotsProposed)
	for round := 1; ; round++ {
		side := municipality
		if round%2 == 0 {
			side = c.lead()
		}
		choosing := c.open(advisory.ChooseSlot, side, session(s.number))
		if round > c.Rules.SlotRounds {
			c.call(ctx, choosing)
		}
		choice, settled, err := c.firstUnless(ctx, notWanted, only(choosing))
		if err != nil || !settled {
			return false, c.giveUp(s, choosing, err)
		}
		if choice.Choice == advisory.Choose {
			c.tell(advisory.AppointmentConfirmed, choice)
			c.move(s, advisory.Scheduled)
			c.mailAbout(advisory.MailAppointmentConfirmed, advisory.ToEverybody, s.number)
			return true, nil
		}
		c.tell(advisory.SlotsCounterProposed, choice)
		c.move(s, advisory.CounterProposed)
	}
}

func only(t *task) func() []*task { return func() []*task { return []*task{t} } }

// giveUp ends the search for a date of a session that nobody wants any more.
func (c *consultation) giveUp(s *meeting, searching *task, err error) error {
	if err != nil {
		return err
	}
	c.drop(searching)
	c.move(s, advisory.Cancelled)
	c.add(advisory.Entry{History: advisory.SessionDropped})
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

// note is written by the lead advisor. It says whether the sessions are done.
func (c *consultation) note(ctx workflow.Context, s *meeting) (answer, error) {
	note, err := c.ask(ctx, advisory.WriteNote, c.lead(), session(s.number))
	if err != nil {
		return answer{}, err
	}
	c.tell(advisory.NoteShared, note)
	c.mailAbout(advisory.MailNoteShared, advisory.ToMunicipality, s.number)
	c.mailAbout(advisory.MailNoteShared, advisory.ToOtherAdvisors, s.number)
	c.enough = note.Enough
	return note, nil
}

func (c *consultation) refuseCorrection(in advisory.Input) advisory.Refusal {
	return refuseUnless(c.under() && in.Session > 0 && in.Session <= c.Sessions)
}

// correctNote enters the municipality's correction beside the note (journey.md, Sessions).
func (c *consultation) correctNote(_ workflow.Context, in advisory.Input) {
	c.add(advisory.Entry{History: advisory.NoteCorrected, Input: in.ID, Session: &advisory.SessionStep{Number: in.Session}})
}
