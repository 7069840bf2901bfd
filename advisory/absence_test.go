package advisory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

func berlin(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, advisory.Berlin)
}

func TestPeriodOfAnAbsence(t *testing.T) {
	for name, test := range map[string]struct {
		from, fromPart, to, toPart string
		begins, ends               time.Time
		lasts                      time.Duration
	}{
		"one whole day":       {"2026-03-02", "all_day", "2026-03-02", "all_day", berlin(2026, 3, 2, 0), berlin(2026, 3, 3, 0), 24 * time.Hour},
		"one morning":         {"2026-03-02", "all_day", "2026-03-02", "until_noon", berlin(2026, 3, 2, 0), berlin(2026, 3, 2, 12), 12 * time.Hour},
		"one afternoon":       {"2026-03-02", "from_noon", "2026-03-02", "all_day", berlin(2026, 3, 2, 12), berlin(2026, 3, 3, 0), 12 * time.Hour},
		"noon to noon":        {"2026-03-02", "from_noon", "2026-03-04", "until_noon", berlin(2026, 3, 2, 12), berlin(2026, 3, 4, 12), 48 * time.Hour},
		"into the new year":   {"2026-12-24", "from_noon", "2027-01-03", "all_day", berlin(2026, 12, 24, 12), berlin(2027, 1, 4, 0), 252 * time.Hour},
		"the short Sunday":    {"2026-03-29", "all_day", "2026-03-29", "all_day", berlin(2026, 3, 29, 0), berlin(2026, 3, 30, 0), 23 * time.Hour},
		"its short morning":   {"2026-03-29", "all_day", "2026-03-29", "until_noon", berlin(2026, 3, 29, 0), berlin(2026, 3, 29, 12), 11 * time.Hour},
		"the long Sunday":     {"2026-10-25", "all_day", "2026-10-25", "all_day", berlin(2026, 10, 25, 0), berlin(2026, 10, 26, 0), 25 * time.Hour},
		"across the change":   {"2026-10-24", "from_noon", "2026-10-26", "until_noon", berlin(2026, 10, 24, 12), berlin(2026, 10, 26, 12), 49 * time.Hour},
		"the day of the leap": {"2028-02-29", "all_day", "2028-02-29", "all_day", berlin(2028, 2, 29, 0), berlin(2028, 3, 1, 0), 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := advisory.AbsenceFrom("ada", advisory.Answers{"from": {test.from}, "from_part": {test.fromPart},
				"to": {test.to}, "to_part": {test.toPart}, "deputy": {"ben"}})
			if err != nil || !got.From.Equal(test.begins) || !got.Until.Equal(test.ends) || got.Person != "ada" || got.Deputy != "ben" {
				t.Errorf("%+v, %v; want %s to %s", got, err, test.begins, test.ends)
			}
			if lasts := got.Until.Sub(got.From); lasts != test.lasts {
				t.Errorf("lasts %s, want %s", lasts, test.lasts)
			}
			if !got.At(got.From) || got.At(got.Until) || got.At(got.From.Add(-time.Nanosecond)) || !got.At(got.Until.Add(-time.Nanosecond)) {
				t.Error("the beginning belongs to it and the end does not")
			}
		})
	}
}

func TestPeriodsThatAreNone(t *testing.T) {
	for name, answers := range map[string]advisory.Answers{
		"no dates":                {},
		"no last day":             {"from": {"2026-03-02"}},
		"no date":                 {"from": {"2026-02-30"}, "to": {"2026-03-02"}},
		"backwards":               {"from": {"2026-03-03"}, "to": {"2026-03-02"}},
		"from noon until noon":    {"from": {"2026-03-02"}, "from_part": {"from_noon"}, "to": {"2026-03-02"}, "to_part": {"until_noon"}},
		"afternoon, last morning": {"from": {"2026-03-03"}, "from_part": {"from_noon"}, "to": {"2026-03-02"}, "to_part": {"until_noon"}},
	} {
		if got, err := advisory.AbsenceFrom("ada", answers); advisory.CodeOf(err) != advisory.Invalid {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// week is an absence from one day of March 2026 until before another.
func week(person string, from, until int, deputy string) advisory.Absence {
	return advisory.Absence{Person: person, From: berlin(2026, 3, from, 0), Until: berlin(2026, 3, until, 0), Deputy: deputy}
}

func TestDeputiesInACircle(t *testing.T) {
	noon := func(a advisory.Absence, from, until int) advisory.Absence {
		a.From, a.Until = a.From.Add(time.Duration(from)*time.Hour), a.Until.Add(time.Duration(until)*time.Hour)
		return a
	}
	for name, test := range map[string]struct {
		added    advisory.Absence
		others   []advisory.Absence
		standing map[string]string
		chain    []string
		day      int
	}{
		"deputy is here":             {added: week("ada", 2, 7, "ben")},
		"deputy is away":             {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 2, 7, "cleo")}},
		"one for the other":          {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 4, 9, "ada")}, chain: []string{"ada", "ben"}, day: 4},
		"one after the other":        {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 7, 9, "ada")}},
		"one before the other":       {added: week("ada", 7, 9, "ben"), others: []advisory.Absence{week("ben", 2, 7, "ada")}},
		"half a day between":         {added: noon(week("ada", 2, 4, "ben"), 0, 12), others: []advisory.Absence{noon(week("ben", 4, 9, "ada"), 12, 0)}},
		"half a day together":        {added: noon(week("ada", 2, 5, "ben"), 0, 0), others: []advisory.Absence{noon(week("ben", 4, 9, "ada"), 12, 0)}, chain: []string{"ada", "ben"}, day: 4},
		"three":                      {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("cleo", 1, 9, "ada"), week("ben", 3, 5, "cleo")}, chain: []string{"ada", "ben", "cleo"}, day: 3},
		"three, never all at once":   {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 2, 4, "cleo"), week("cleo", 4, 7, "ada")}},
		"the own standing deputy":    {added: week("ada", 2, 7, ""), others: []advisory.Absence{week("ben", 1, 7, "ada")}, standing: map[string]string{"ada": "ben"}, chain: []string{"ada", "ben"}, day: 2},
		"another's standing deputy":  {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 1, 7, "")}, standing: map[string]string{"ben": "ada"}, chain: []string{"ada", "ben"}, day: 2},
		"named before standing":      {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 1, 7, "cleo")}, standing: map[string]string{"ben": "ada"}},
		"standing, but not away":     {added: week("ada", 2, 7, "ben"), standing: map[string]string{"ben": "ada"}},
		"nobody at all":              {added: week("ada", 2, 7, ""), others: []advisory.Absence{week("ben", 1, 7, "ada")}},
		"a circle of others":         {added: week("ada", 2, 7, "ben"), others: []advisory.Absence{week("ben", 1, 9, "cleo"), week("cleo", 1, 9, "ben")}},
		"two absences of the deputy": {added: week("ada", 2, 9, "ben"), others: []advisory.Absence{week("ben", 1, 4, "cleo"), week("ben", 4, 6, "ada")}, chain: []string{"ada", "ben"}, day: 4},
	} {
		t.Run(name, func(t *testing.T) {
			got := advisory.FindDeputyCycle(test.added, test.others, test.standing)
			switch {
			case got == nil && test.chain == nil:
			case got == nil || !slices.Equal(got.Persons, test.chain):
				t.Fatalf("%+v, want %v", got, test.chain)
			case got.At.Day() != test.day:
				t.Errorf("at %s, want the %d.", got.At, test.day)
			}
		})
	}
}

// TestAcceptedAbsencesNeverMakeACircle enters random absences as far as they are not refused, and follows the chain of
// everybody at every hour on a way of its own.
func TestAcceptedAbsencesNeverMakeACircle(t *testing.T) {
	refused := 0
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 2026))
			people := []string{"ada", "ben", "cleo", "dora", "emil"}
			standing := map[string]string{"ada": "ben", "ben": "cleo"}
			var accepted []advisory.Absence
			for range 40 {
				from := berlin(2026, 3, 27, 0).Add(time.Duration(random.IntN(96)) * time.Hour)
				added := advisory.Absence{Person: people[random.IntN(len(people))], From: from,
					Until: from.Add(time.Duration(1+random.IntN(48)) * time.Hour)}
				if deputy := people[random.IntN(len(people))]; deputy != added.Person {
					added.Deputy = deputy
				}
				if slices.ContainsFunc(accepted, func(a advisory.Absence) bool { return a.Person == added.Person && a.Overlaps(added) }) {
					continue
				}
				cycle := advisory.FindDeputyCycle(added, accepted, standing)
				if leadsBack(append(slices.Clone(accepted), added), standing, added) != (cycle != nil) {
					t.Fatalf("%+v after %+v: found %+v", added, accepted, cycle)
				}
				if cycle != nil {
					refused++
					continue
				}
				accepted = append(accepted, added)
			}
		})
	}
	if refused < 100 {
		t.Errorf("%d refused: these sequences test too little", refused)
	}
}

// leadsBack tries every hour of an absence.
func leadsBack(absences []advisory.Absence, standing map[string]string, of advisory.Absence) bool {
	for moment := of.From; moment.Before(of.Until); moment = moment.Add(time.Hour) {
		person := of.Person
		for range len(absences) + 1 {
			i := slices.IndexFunc(absences, func(a advisory.Absence) bool { return a.Person == person && a.At(moment) })
			if i < 0 {
				break
			}
			if person = absences[i].Deputy; person == "" {
				person = standing[absences[i].Person]
			}
			if person == of.Person {
				return true
			}
		}
	}
	return false
}
