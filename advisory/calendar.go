package advisory

import (
	"slices"
	"time"
	_ "time/tzdata" // the small container image has no time zones of its own

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
)

// Berlin is the time zone of every date that people see.
var Berlin = mustLoad("Europe/Berlin")

func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // embedded by time/tzdata: cannot happen
	}
	return location
}

// Land is a federal state by its ISO 3166-2 code without DE-.
type Land string

// Laender are the sixteen Länder in alphabetical order of their German names, with their public holidays.
var Laender = []Land{"BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"}

var holidays = map[Land][]*cal.Holiday{
	"BW": de.HolidaysBW, "BY": de.HolidaysBY, "BE": de.HolidaysBE, "BB": de.HolidaysBB, "HB": de.HolidaysHB,
	"HH": de.HolidaysHH, "HE": de.HolidaysHE, "MV": de.HolidaysMV, "NI": de.HolidaysNI, "NW": de.HolidaysNW,
	"RP": de.HolidaysRP, "SL": de.HolidaysSL, "SN": de.HolidaysSN, "ST": de.HolidaysST, "SH": de.HolidaysSH,
	"TH": de.HolidaysTH,
}

// Calendar knows the working days of one Land: no weekends, none of its public holidays, none of the office's closures.
type Calendar struct {
	land     *cal.BusinessCalendar
	closures []string
}

// NewCalendar makes the calendar of a Land. An unknown Land counts weekends only. Closures are days as 2006-01-02.
func NewCalendar(land Land, closures ...string) Calendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(holidays[land]...)
	return Calendar{land: c, closures: closures}
}

// IsWorkday tells whether the day of t in Europe/Berlin is a working day.
func (c Calendar) IsWorkday(t time.Time) bool {
	// The holidays are compared by date, so noon of the same date keeps clear of every change of time zone.
	day := noon(t)
	return c.land.IsWorkday(day) && !slices.Contains(c.closures, day.Format(time.DateOnly))
}

// AddWorkdays returns the date that is n working days after the date of t, at midnight in Europe/Berlin. With n = 0 it is
// the date of t itself, working day or not.
func (c Calendar) AddWorkdays(t time.Time, n int) time.Time {
	day := noon(t)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if c.IsWorkday(day) {
			n--
		}
	}
	return Midnight(day)
}

// SubtractWorkdays returns the date that is n working days before the date of t, at midnight in Europe/Berlin.
func (c Calendar) SubtractWorkdays(t time.Time, n int) time.Time {
	day := noon(t)
	for n > 0 {
		day = day.AddDate(0, 0, -1)
		if c.IsWorkday(day) {
			n--
		}
	}
	return Midnight(day)
}

// WorkdaysBetween counts the working days after the date of from up to and including the date of to; 0 where to is not
// later. It is the number that AddWorkdays needs to come from one to the other.
func (c Calendar) WorkdaysBetween(from, to time.Time) int {
	n := 0
	last := noon(to)
	for day := noon(from).AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		if c.IsWorkday(day) {
			n++
		}
	}
	return n
}

// Midnight is the beginning of t's day in Europe/Berlin.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(Berlin).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Berlin)
}

func noon(t time.Time) time.Time {
	y, m, d := t.In(Berlin).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, Berlin)
}
