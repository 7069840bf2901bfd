package advisory

import (
	"slices"
	"testing"
	"time"
)

// A request that nobody has claimed opens on Monday, 2 March; by version 1 it goes to the deputy after 3 full working days
// and to the lead coordinator after 5.
func TestWhatHasHappenedIsNotAheadByAnotherVersion(t *testing.T) {
	calendar := NewCalendar("NW")
	opened := time.Date(2026, time.March, 2, 10, 0, 0, 0, Berlin)
	version := func(n int, escalations ...Escalation) Programme {
		p := DefaultProgramme()
		p.Version = n
		i := slices.IndexFunc(p.Tasks, func(rule TaskRule) bool { return rule.Kind == ClaimRequest })
		p.Tasks[i].Escalations = escalations
		return p
	}
	deputy, lead := Escalation{After: 3, Then: PassOn, To: ToDeputy}, Escalation{After: 5, Then: PassOn, To: ToLead}
	first := version(1, deputy, lead)
	later := func(e Escalation, days int) Escalation { e.After += days; return e }
	for name, c := range map[string]struct {
		to   Programme
		now  time.Time
		want []Address
		past bool
	}{
		"nothing yet":           {to: version(2, later(deputy, 2), later(lead, 2)), now: opened, want: []Address{ToDeputy, ToLead}},
		"the deputy has it":     {to: version(2, later(deputy, 5), later(lead, 5)), now: opened.AddDate(0, 0, 4), want: []Address{ToLead}},
		"the lead is too early": {to: version(2, deputy, later(lead, -2)), now: opened.AddDate(0, 0, 4), want: []Address{ToLead}, past: true},
		"in another order":      {to: version(2, later(lead, -2), later(deputy, 9)), now: opened.AddDate(0, 0, 1), want: []Address{ToLead, ToDeputy}},
		"a further one":         {to: version(2, deputy, lead, Escalation{After: 9, Then: PassOn, To: ToCoordinator}), now: opened.AddDate(0, 0, 8), want: []Address{ToCoordinator}},
		"one that is too late":  {to: version(2, deputy, lead, Escalation{After: 4, Then: PassOn, To: ToCoordinator}), now: opened.AddDate(0, 0, 8), want: []Address{ToCoordinator}, past: true},
	} {
		before := first.Dates(calendar, ClaimRequest, opened)
		ahead := slices.DeleteFunc(before.Presses, func(press Instant) bool { return !press.At.After(c.now) })
		dates, past := c.to.Adopted(calendar, first, Standing{Kind: ClaimRequest, OpenedAt: opened, DueOn: before.DueOn, Ahead: ahead, From: c.now}, nil)
		var got []Address
		for _, press := range dates.Presses {
			got = append(got, press.Rule.To)
		}
		if !slices.Equal(got, c.want) || past.IsZero() == c.past {
			t.Errorf("%s: ahead %v, past %v", name, got, past)
		}
	}
}
