package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// untilItIsOver reminds of the appointment and waits for its end, wherever it is moved to. It is not over where it was
// called off.
func (c *consultation) untilItIsOver(ctx workflow.Context, s *meeting) (over bool, err error) {
	s.dated, s.off = true, false
	defer func() { s.dated = false }()
	for {
		c.write(ctx) // it brings the date
		if s.off {
			return false, nil
		}
		appointment := c.appointments[s.number]
		changed := func() bool { return s.off || c.appointments[s.number] != appointment }
		for _, at := range appointment.Reminders {
			came, err := c.sleepUnless(ctx, changed, &alarm{at: at})
			if err != nil {
				return false, err
			}
			if came && !c.resting {
				c.mailAbout(advisory.MailAppointmentReminder, advisory.ToEverybody, s.number)
			}
		}
		if came, err := c.sleepUnless(ctx, changed, &alarm{at: appointment.EndsAt}); err != nil || came {
			return came, err
		}
	}
}

// dated finds the session that has an appointment ahead, or nil.
func (c *consultation) dated(number int) *meeting {
	i := slices.IndexFunc(c.meetings, func(s *meeting) bool { return s.number == number && s.dated && !s.off })
	if i < 0 {
		return nil
	}
	return c.meetings[i]
}

func (c *consultation) refuseChangeOfDate(in advisory.Input) advisory.Refusal {
	return refuseUnless(c.under() && c.dated(in.Session) != nil)
}

// moveAppointment gives a session another date: everybody's calendar entry is replaced, and the reminders are those of
// the new date.
func (c *consultation) moveAppointment(_ workflow.Context, in advisory.Input) {
	s := c.dated(in.Session)
	delete(c.appointments, s.number) // nobody is reminded of the old date before the new one is known
	c.add(advisory.Entry{
		Session: &advisory.SessionStep{Number: s.number, Kind: s.kind, State: advisory.Scheduled, Moved: true},
		History: advisory.AppointmentMoved, Input: in.ID,
	})
	c.mailOf(advisory.MailAppointmentMoved, s, said(in))
}

// cancelAppointment calls an appointment off; the session looks for another date.
func (c *consultation) cancelAppointment(_ workflow.Context, in advisory.Input) {
	c.callOff(c.dated(in.Session), said(in))
}

// callOff cancels the appointment of a session, where it has one.
func (c *consultation) callOff(s *meeting, said answer) {
	if !s.dated || s.off {
		return
	}
	s.off = true
	c.add(advisory.Entry{
		Session: &advisory.SessionStep{Number: s.number, Kind: s.kind, State: advisory.Cancelled},
		History: advisory.AppointmentCancelled, Input: said.input,
	})
	c.mailOf(advisory.MailAppointmentCancelled, s, said)
}

// callOffBefore cancels the appointments that would fall into a rest.
func (c *consultation) callOffBefore(resumeAt time.Time) {
	for _, s := range c.meetings {
		if appointment := c.appointments[s.number]; s.dated && appointment != nil && appointment.EndsAt.Before(resumeAt) {
			c.callOff(s, answer{})
		}
	}
}

func (c *consultation) refusePlan(advisory.Input) advisory.Refusal {
	return refuseUnless(c.under(advisory.Dialogue) && !c.resting && !c.enough && len(c.meetings) > 0)
}

// planSession begins a further session beside those under way.
func (c *consultation) planSession(_ workflow.Context, in advisory.Input) {
	c.tell(advisory.SessionPlanned, said(in))
	c.beside(func(ctx workflow.Context) error {
		_, _, err := c.session(ctx, advisory.DialogueSession)
		return err
	})
}
