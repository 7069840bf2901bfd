package advisory

import (
	"slices"
	"time"
)

// Absence is a time in which a person owes nothing, because a deputy acts in the person's place (journey.md, Absence).
type Absence struct {
	Person string
	From   time.Time
	Until  time.Time // the first moment at which the person is back
	Deputy string    // empty: the person's standing deputy, if there is one
}

// At tells whether the person is away at a moment.
func (a Absence) At(moment time.Time) bool { return !moment.Before(a.From) && moment.Before(a.Until) }

// Overlaps tells whether there is a moment that belongs to both.
func (a Absence) Overlaps(b Absence) bool { return a.From.Before(b.Until) && b.From.Before(a.Until) }

// The halves of a day, as the form absence knows them (option lists day_parts_from and day_parts_to).
const (
	fromNoon  = "from_noon"
	untilNoon = "until_noon"
)

// AbsenceFrom reads period and deputy of a person's absence from the answers of the form absence. Whole days begin and
// end at midnight, half days at noon, in Europe/Berlin. Code invalid where a date cannot be read or nothing lies between
// begin and end, as from noon until noon of one day.
func AbsenceFrom(person string, answers Answers) (Absence, error) {
	absence := Absence{Person: person, Deputy: answers.Get("deputy")}
	first, err := time.ParseInLocation(time.DateOnly, answers.Get("from"), Berlin)
	if err != nil {
		return absence, Errorf(Invalid, "first day of an absence: %w", err)
	}
	last, err := time.ParseInLocation(time.DateOnly, answers.Get("to"), Berlin)
	if err != nil {
		return absence, Errorf(Invalid, "last day of an absence: %w", err)
	}
	absence.From, absence.Until = Midnight(first), Midnight(noon(last).AddDate(0, 0, 1))
	if answers.Get("from_part") == fromNoon {
		absence.From = noon(first)
	}
	if answers.Get("to_part") == untilNoon {
		absence.Until = noon(last)
	}
	if !absence.From.Before(absence.Until) {
		return absence, Errorf(Invalid, "an absence from %s until %s", absence.From, absence.Until)
	}
	return absence, nil
}

// DeputyCycle is a moment at which everybody stands in for somebody else and nobody acts: the second person for the
// first, the third for the second, and so on, and the first for the last.
type DeputyCycle struct {
	Persons []string
	At      time.Time
}

// FindDeputyCycle tells whether a new absence would make the chain of deputies lead back to the person at some moment,
// and returns the first such moment; nil where it never does. Others are the absences of everybody else that touch the
// same time; standing are the standing deputies by person, for absences that name none.
func FindDeputyCycle(added Absence, others []Absence, standing map[string]string) *DeputyCycle {
	moments := []time.Time{added.From} // an end of an absence takes a link out of the chain: only beginnings close it
	for _, other := range others {
		if added.At(other.From) {
			moments = append(moments, other.From)
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	for _, moment := range moments {
		if chain := deputyChain(added, others, standing, moment); chain != nil {
			return &DeputyCycle{Persons: chain, At: moment}
		}
	}
	return nil
}

// deputyChain follows the deputies of a moment; nil where they do not lead back to the person.
func deputyChain(added Absence, others []Absence, standing map[string]string, moment time.Time) []string {
	deputyOf := map[string]string{}
	for _, absence := range append([]Absence{added}, others...) {
		if _, known := deputyOf[absence.Person]; known || !absence.At(moment) {
			continue
		}
		deputy := absence.Deputy
		if deputy == "" {
			deputy = standing[absence.Person]
		}
		deputyOf[absence.Person] = deputy
	}
	chain := []string{added.Person}
	for {
		next := deputyOf[chain[len(chain)-1]]
		switch {
		case next == added.Person:
			return chain
		case next == "" || slices.Contains(chain, next):
			return nil
		}
		chain = append(chain, next)
	}
}
