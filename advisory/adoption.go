package advisory

import (
	"slices"
	"time"
)

// Standing is how an open task stands when its consultation is to follow another version of the programme. All of it is
// business time.
type Standing struct {
	Kind     TaskKind
	OpenedAt time.Time
	DueOn    time.Time
	Ahead    Schedule // the presses that have not happened
	Reminded int      // reminders that were sent
	PassedTo Address  // to whom it was passed on last, "" for nobody
	// From is the moment from which its remaining times count: now, or that since which it is frozen.
	From time.Time
}

// Period is a time during which a consultation rested.
type Period struct{ From, Until time.Time }

// Adopted says which dates an open task has by this version of the programme, as if the version had been followed since the
// task opened: counted from that day, with the rests that are over. Its presses are those that have not happened by the
// version followed so far. Past is the first date that would move into the past, zero where there is none; what was overdue
// before is not moved. The calendar is that of this version.
func (p Programme) Adopted(calendar Calendar, followed Programme, t Standing, rests []Period) (dates Dates, past time.Time) {
	dates = p.Dates(calendar, t.Kind, t.OpenedAt)
	for _, rest := range rests {
		frozen := rest.From
		if t.OpenedAt.After(frozen) {
			frozen = t.OpenedAt
		}
		if rest.Until.After(frozen) && !t.Kind.RunsWhileResting() {
			dates = dates.Thawed(calendar, frozen, rest.Until)
		}
	}
	rule, _ := followed.Rule(t.Kind)
	dates.Presses = slices.DeleteFunc(dates.Presses, func(press Instant) bool { return t.happened(press, rule) })
	today := Midnight(t.From)
	if dates.DueOn.Before(today) && !Midnight(t.DueOn).Before(today) {
		return dates, dates.DueOn
	}
	if len(dates.Presses) > 0 && !dates.Presses[0].At.After(t.From) {
		return dates, dates.Presses[0].At
	}
	return dates, time.Time{}
}

// happened tells whether what a press brings has come about by the version followed so far, which may date it differently.
func (t Standing) happened(press Instant, followed TaskRule) bool {
	if press.Rule == nil {
		ahead := slices.ContainsFunc(t.Ahead, func(ahead Instant) bool { return ahead.Remind == press.Remind })
		return press.Remind <= t.Reminded || press.Remind <= len(followed.Reminders) && !ahead
	}
	if press.Rule.Then == PassOn && press.Rule.To == t.PassedTo {
		return true
	}
	same := func(other Escalation) bool { return other.Then == press.Rule.Then && other.To == press.Rule.To }
	ahead := slices.ContainsFunc(t.Ahead, func(ahead Instant) bool { return ahead.Rule != nil && same(*ahead.Rule) })
	return slices.ContainsFunc(followed.Escalations, same) && !ahead
}
