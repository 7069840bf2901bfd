package advisory

import (
	"slices"
	"time"
)

// Dates are what the calendar says about one open task, in business time.
type Dates struct {
	DueOn   time.Time // the last day to settle it in time, midnight at its beginning
	Presses Schedule
}

// Dates computes when a task that opens now is due and pressed. Reminders come when the desk opens on their working
// day; a task counts as still open after n working days when the desk opens on the day after (journey.md, Human tasks).
func (p Programme) Dates(calendar Calendar, kind TaskKind, now time.Time) Dates {
	rule, _ := p.Rule(kind)
	dates := Dates{DueOn: calendar.AddWorkdays(now, rule.Due)}
	for i, days := range rule.Reminders {
		dates.Presses = append(dates.Presses, Instant{At: p.deskOpens(calendar.AddWorkdays(now, days)), Remind: i + 1})
	}
	for _, escalation := range rule.Escalations {
		at := p.deskOpens(calendar.AddWorkdays(now, escalation.After+1))
		dates.Presses = append(dates.Presses, Instant{At: at, Rule: &escalation})
	}
	slices.SortStableFunc(dates.Presses, func(a, b Instant) int { return a.At.Compare(b.At) })
	return dates
}

// Thaw moves an instant that was still ahead when a consultation began to rest: as many working days ahead as it was
// then, at the same time of day. A reminder that was 2 working days away is 2 working days away again.
func Thaw(calendar Calendar, instant, frozen, now time.Time) time.Time {
	day := calendar.AddWorkdays(now, calendar.WorkdaysBetween(frozen, instant))
	at := instant.In(Berlin)
	moved := time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), at.Second(), 0, Berlin)
	if moved.Before(now) {
		return now.Add(instant.Sub(frozen))
	}
	return moved
}

// Thawed lets a task's dates run on at a moment from where they stood when it was frozen. Presses before that stay.
func (d Dates) Thawed(calendar Calendar, frozen, now time.Time) Dates {
	thawed := Dates{DueOn: calendar.AddWorkdays(now, calendar.WorkdaysBetween(frozen, d.DueOn)), Presses: slices.Clone(d.Presses)}
	for i, press := range thawed.Presses {
		if press.At.After(frozen) {
			thawed.Presses[i].At = Thaw(calendar, press.At, frozen, now)
		}
	}
	return thawed
}

// MayRemind tells whether reminders may be sent at t: on working days while the desk is open (journey.md, Rules for
// every reminder).
func (p Programme) MayRemind(calendar Calendar, t time.Time) bool {
	hour := t.In(Berlin).Hour()
	return calendar.IsWorkday(t) && hour >= p.DeskOpens && hour < p.DeskCloses
}

// NextDesk is the next moment at which reminders may be sent, not before t.
func (p Programme) NextDesk(calendar Calendar, t time.Time) time.Time {
	if p.MayRemind(calendar, t) {
		return t
	}
	if opens := p.deskOpens(t); calendar.IsWorkday(t) && t.Before(opens) {
		return opens
	}
	return p.deskOpens(calendar.AddWorkdays(t, 1))
}

func (p Programme) deskOpens(day time.Time) time.Time {
	d := day.In(Berlin)
	return time.Date(d.Year(), d.Month(), d.Day(), p.DeskOpens, 0, 0, 0, Berlin)
}

// Pressing turns the presses of Dates into the engine's schedule, in real time.
func (d Dates) Pressing(clock Clock) Schedule {
	presses := make(Schedule, len(d.Presses))
	for i, press := range d.Presses {
		press.At = clock.Real(press.At)
		presses[i] = press
	}
	return presses
}
