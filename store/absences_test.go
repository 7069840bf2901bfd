package store_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// hours is an absence so many hours from monday until so many; deputy "" names none.
func (d *desk) hours(person string, from, until int, deputy string) advisory.Absence {
	return advisory.Absence{Person: d.people[person], From: monday.Add(time.Duration(from) * time.Hour),
		Until: monday.Add(time.Duration(until) * time.Hour), Deputy: d.people[deputy]}
}

// away lets a person be absent.
func (d *desk) away(person string, from, until int, deputy string) {
	d.Helper()
	d.must(d.store.EnterAbsence(d.ctx, d.hours(person, from, until, deputy)))
}

func (d *desk) at(hours int) time.Time { return monday.Add(time.Duration(hours) * time.Hour) }

// names are the people behind ids, in alphabetical order.
func (d *desk) names(ids []string) []string {
	var names []string
	for name, id := range d.people {
		if slices.Contains(ids, id) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// advisors adds people to the pool.
func (d *desk) advisors(names ...string) {
	d.Helper()
	for _, name := range names {
		id, err := d.store.SavePerson(d.ctx, store.Person{
			Email: name + "@demo.example", Role: advisory.Advisor, FirstName: name, LastName: "Muster", Active: true})
		d.must(err)
		d.people[name] = id
		d.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, id)
	}
}

func TestDeputiesChain(t *testing.T) {
	d := newDesk(t)
	d.advisors("cleo", "dora")
	d.away("amina", 0, 48, "joseph")
	d.away("joseph", 12, 24, "cleo")
	d.away("cleo", 14, 16, "dora")
	d.away("dora", 20, 48, "")
	for _, test := range []struct {
		hours int
		acts  map[string][]string
	}{
		{-1, nil},
		{0, map[string][]string{"joseph": {"amina"}}},
		{12, map[string][]string{"cleo": {"amina", "joseph"}}},
		{14, map[string][]string{"dora": {"amina", "cleo", "joseph"}}},
		{16, map[string][]string{"cleo": {"amina", "joseph"}}},
		{24, map[string][]string{"joseph": {"amina"}}}, // nobody acts for dora
		{48, nil},
	} {
		for name, id := range d.people {
			represented, err := d.store.Represents(d.ctx, id, d.at(test.hours))
			d.must(err)
			if got := d.names(represented); !slices.Equal(got, test.acts[name]) {
				t.Errorf("after %d hours %s acts for %v, want %v", test.hours, name, got, test.acts[name])
			}
		}
	}
	deputies, err := d.store.Deputies(d.ctx, []string{d.people["amina"], d.people["dora"], d.people["kim"]}, d.at(20))
	d.must(err)
	if len(deputies) != 2 || deputies[d.people["amina"]].ID != d.people["cleo"] ||
		deputies[d.people["dora"]].ID != "" || !deputies[d.people["dora"]].Until.Equal(d.at(48)) {
		t.Errorf("deputies %+v", deputies)
	}
}

func TestStandingDeputiesCountWhereNoneIsNamed(t *testing.T) {
	d := newDesk(t)
	d.advisors("cleo")
	d.exec(`UPDATE persons SET deputy_id = $2 WHERE id = $1`, d.people["amina"], d.people["cleo"])
	d.away("amina", 0, 24, "")
	d.away("amina", 24, 48, "joseph")
	for hours, want := range map[int]string{1: "cleo", 25: "joseph"} {
		represented, err := d.store.Represents(d.ctx, d.people[want], d.at(hours))
		d.must(err)
		if !slices.Equal(represented, []string{d.people["amina"]}) {
			t.Errorf("after %d hours %s acts for %v", hours, want, represented)
		}
	}
	absence, err := d.store.AbsenceAt(d.ctx, d.people["amina"], d.at(1))
	d.must(err)
	if absence == nil || absence.DeputyName != "cleo Muster" {
		t.Errorf("now: %+v", absence)
	}
}

func TestAbsencesThatAreRefused(t *testing.T) {
	d := newDesk(t)
	d.advisors("cleo")
	d.exec(`UPDATE persons SET deputy_id = $2 WHERE id = $1`, d.people["cleo"], d.people["amina"])
	d.away("amina", 10, 20, "joseph")
	d.away("joseph", 15, 30, "cleo")
	for name, test := range map[string]struct {
		absence  advisory.Absence
		overlaps bool
		circle   string
	}{
		"circle of three":             {absence: d.hours("cleo", 16, 17, "amina"), circle: "cleo amina joseph"},
		"through the standing deputy": {absence: d.hours("cleo", 5, 40, ""), circle: "cleo amina joseph"},
		"the own time twice":          {absence: d.hours("amina", 19, 25, ""), overlaps: true},
		"around the own time":         {absence: d.hours("amina", 0, 99, "cleo"), overlaps: true},
		"right after the circle":      {absence: d.hours("cleo", 20, 30, "amina")},
		"right before it":             {absence: d.hours("cleo", 3, 15, "amina")},
		"right after the own time":    {absence: d.hours("amina", 30, 40, "cleo")},
	} {
		err := d.store.EnterAbsence(d.ctx, test.absence)
		var refused *store.AbsenceRefused
		if !errors.As(err, &refused) {
			d.must(err)
			if test.overlaps || test.circle != "" {
				t.Errorf("%s: was entered", name)
			}
			d.exec(`DELETE FROM absences WHERE person_id = $1 AND from_at = $2`, test.absence.Person, test.absence.From)
			continue
		}
		var circle []string
		for _, person := range refused.Circle {
			circle = append(circle, person.FirstName)
		}
		if (refused.Overlaps != nil) != test.overlaps || strings.Join(circle, " ") != test.circle || advisory.CodeOf(err) != advisory.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two people who name each other at the same moment: one of them is refused, whoever comes second.
func TestNobodyMakesACircleAtTheSameMoment(t *testing.T) {
	d := newDesk(t)
	for round := range 8 {
		var wait sync.WaitGroup
		refusals := make([]error, 2)
		for i, names := range [][]string{{"amina", "joseph"}, {"joseph", "amina"}} {
			wait.Add(1)
			go func() {
				defer wait.Done()
				refusals[i] = d.store.EnterAbsence(d.ctx, d.hours(names[0], round, round+1, names[1]))
			}()
		}
		wait.Wait()
		if (refusals[0] == nil) == (refusals[1] == nil) {
			t.Fatalf("round %d: %v", round, refusals)
		}
	}
}

func TestComingBackEarlier(t *testing.T) {
	d := newDesk(t)
	d.away("amina", 0, 48, "joseph")
	d.away("amina", 72, 96, "joseph")
	amina := d.people["amina"]
	ahead, err := d.store.Absences(d.ctx, amina, d.at(1))
	d.must(err)
	if len(ahead) != 2 || !ahead[0].Begun(d.at(1)) || ahead[0].Over(d.at(1)) || ahead[1].Begun(d.at(1)) || ahead[0].DeputyName != "joseph Muster" {
		t.Fatalf("ahead: %+v", ahead)
	}
	now, later := ahead[0].ID, ahead[1].ID
	for name, err := range map[string]error{
		"ending what has not begun":  d.store.EndAbsence(d.ctx, later, amina, d.at(1)),
		"ending what is over":        d.store.EndAbsence(d.ctx, now, amina, d.at(49)),
		"ending another's":           d.store.EndAbsence(d.ctx, now, d.people["joseph"], d.at(1)),
		"deleting what has begun":    d.store.DeleteAbsence(d.ctx, now, amina, d.at(1)),
		"deleting another's":         d.store.DeleteAbsence(d.ctx, later, d.people["joseph"], d.at(1)),
		"deleting what is not there": d.store.DeleteAbsence(d.ctx, "x", amina, d.at(1)),
	} {
		if advisory.CodeOf(err) != advisory.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.must(d.store.EndAbsence(d.ctx, now, amina, d.at(5)))
	d.must(d.store.DeleteAbsence(d.ctx, later, amina, d.at(5)))
	if absence, err := d.store.AbsenceAt(d.ctx, amina, d.at(5)); err != nil || absence != nil {
		t.Errorf("still away: %+v, %v", absence, err)
	}
	ahead, err = d.store.Absences(d.ctx, amina, d.at(5))
	d.must(err)
	past, err := d.store.PastAbsences(d.ctx, amina, d.at(5), 5)
	d.must(err)
	if len(ahead) != 0 || len(past) != 1 || !past[0].Until.Equal(d.at(5)) {
		t.Errorf("ahead %+v, past %+v", ahead, past)
	}
}

func TestListOfDeputisedAbsences(t *testing.T) {
	d := newDesk(t)
	d.advisors("cleo")
	d.exec(`UPDATE persons SET deputy_id = $2 WHERE id = $1`, d.people["cleo"], d.people["joseph"])
	d.away("amina", 0, 10, "joseph")
	d.away("cleo", 5, 20, "")
	d.away("joseph", 8, 9, "")
	for hours, want := range map[int]int{1: 2, 11: 1, 21: 0} {
		found, err := d.store.AbsencesDeputised(d.ctx, d.people["joseph"], d.at(hours))
		d.must(err)
		if len(found) != want {
			t.Errorf("after %d hours: %+v", hours, found)
		}
		for _, absence := range found {
			if !absence.DeputyAway {
				t.Errorf("joseph is away, too: %+v", absence)
			}
		}
	}
}

func TestWhoCanBeADeputy(t *testing.T) {
	d := newDesk(t)
	d.advisors("blocked")
	d.exec(`UPDATE persons SET active = false WHERE id = $1`, d.people["blocked"])
	for name, want := range map[string][]string{"amina": {"joseph"}, "kim": {"lea", "robin"}, "lea": {"kim", "robin"}, "toni": nil} {
		person, err := d.store.Person(d.ctx, d.people[name])
		d.must(err)
		possible, err := d.store.PossibleDeputies(d.ctx, person)
		d.must(err)
		var ids []string
		for _, deputy := range possible {
			ids = append(ids, deputy.ID)
		}
		if got := d.names(ids); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
