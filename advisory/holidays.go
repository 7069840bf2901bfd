package advisory

import (
	"slices"
	"time"
)

// Holiday is a public holiday on one day, and the Länder in which it is one.
type Holiday struct {
	Day     time.Time // midnight in Europe/Berlin
	Name    string    // German
	Laender []Land
}

// Holidays are the public holidays from the day of from up to, but not on, the day of until, by date. Every Calendar counts
// those of its Land.
func Holidays(from, until time.Time) []Holiday {
	var found []Holiday
	from, until = Midnight(from), Midnight(until)
	for year := from.Year(); year <= until.Year(); year++ {
		for _, land := range Laender {
			for _, holiday := range holidays[land] {
				date, _ := holiday.Calc(year)
				day := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, Berlin)
				if date.IsZero() || day.Before(from) || !day.Before(until) {
					continue
				}
				i := slices.IndexFunc(found, func(h Holiday) bool { return h.Day.Equal(day) && h.Name == holiday.Name })
				if i < 0 {
					i, found = len(found), append(found, Holiday{Day: day, Name: holiday.Name})
				}
				found[i].Laender = append(found[i].Laender, land)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Holiday) int { return a.Day.Compare(b.Day) })
	return found
}
