package browser_test

import (
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// onAWorkday moves an appointment on to the next working day where its own is none.
func onAWorkday(at time.Time) time.Time {
	for calendar := advisory.NewCalendar("NW"); !calendar.IsWorkday(at); {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// atTen are so many working days one after the other, at ten o'clock, the first of them at least some days ahead: nobody
// will wait for them.
func atTen(daysAhead, count int) []time.Time {
	day := advisory.Midnight(app.Clock.Now()).AddDate(0, 0, daysAhead)
	var dates []time.Time
	for range count {
		day = onAWorkday(day)
		dates = append(dates, time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, advisory.Berlin))
		day = day.AddDate(0, 0, 1)
	}
	return dates
}

// tonight is a day that is not over before somebody has picked and sent it.
func tonight() time.Time {
	return app.Clock.Now().Add(time.Hour)
}

// stillReachable is the first of some dates that is far enough ahead to be chosen, as the page shows it.
func (v *visitor) stillReachable(dates []time.Time) string {
	v.Helper()
	for _, at := range dates {
		if at.Sub(app.Clock.Now()) > time.Hour {
			return texts.DateTimeRange(texts.German, at, at.Add(time.Hour))
		}
	}
	v.Fatalf("%s comes too late for all of %v", v.name, dates)
	return ""
}
