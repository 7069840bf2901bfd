package texts

import (
	"fmt"
	"time"

	"miglobe/advisory"
)

const noBreakSpace = "\u00a0"

// dateWords are the names of days, from Sunday on, and of months. They are
// those of calendar in ui/*.yaml.
type dateWords struct {
	weekdayShort [7]string
	weekday      [7]string
	month        [12]string
	monthShort   [12]string
}

var words = map[Lang]dateWords{
	German: {
		weekdayShort: [7]string{"So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."},
		weekday:      [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		month:        [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		monthShort:   [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."},
	},
	English: {
		weekdayShort: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		weekday:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		month:        [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		monthShort:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	},
}

// Date is "Mo., 23.11.2026" or "Mon 23 Nov 2026", in Europe/Berlin like all
// dates here, with a no-break space after the weekday.
func Date(lang Lang, t time.Time) string {
	after := ","
	if lang == English {
		after = ""
	}
	return WeekdayShort(lang, t) + after + noBreakSpace + ShortDate(lang, t)
}

// ShortDate is "23.11.2026" or "23 Nov 2026", for tight columns.
func ShortDate(lang Lang, t time.Time) string {
	t = t.In(advisory.Berlin)
	if lang == English {
		return fmt.Sprintf("%d %s %d", t.Day(), words[lang].monthShort[t.Month()-1], t.Year())
	}
	return t.Format("02.01.2006")
}

// LongDate is "Freitag, 13. März 2026" or "Friday 13 March 2026", for mails.
func LongDate(lang Lang, t time.Time) string {
	t = t.In(advisory.Berlin)
	format := "%s, %d. %s %d"
	if lang == English {
		format = "%s %d %s %d"
	}
	w := words[lang]
	return fmt.Sprintf(format, w.weekday[t.Weekday()], t.Day(), w.month[t.Month()-1], t.Year())
}

// DateTime is "Mo., 23.11.2026, 14:00 Uhr" or "Mon 23 Nov 2026, 14:00".
func DateTime(lang Lang, t time.Time) string { return Date(lang, t) + ", " + Time(lang, t) }

// LongDateTime is "Freitag, 13. März 2026, 14:00 Uhr", for mails.
func LongDateTime(lang Lang, t time.Time) string { return LongDate(lang, t) + ", " + Time(lang, t) }

// Time is "14:00 Uhr" or "14:00".
func Time(lang Lang, t time.Time) string { return withClockWord(lang, clock(t)) }

// TimeRange is "10:00 bis 12:00 Uhr" or "10:00 to 12:00".
func TimeRange(lang Lang, from, to time.Time) string {
	between := " bis "
	if lang == English {
		between = " to "
	}
	return withClockWord(lang, clock(from)+between+clock(to))
}

// DateTimeRange is "Di., 01.12.2026, 10:00 bis 12:00 Uhr".
func DateTimeRange(lang Lang, from, to time.Time) string {
	return Date(lang, from) + ", " + TimeRange(lang, from, to)
}

// LongDateTimeRange is "Dienstag, 17. März 2026, 10:00 bis 11:30 Uhr", for
// mails.
func LongDateTimeRange(lang Lang, from, to time.Time) string {
	return LongDate(lang, from) + ", " + TimeRange(lang, from, to)
}

// Month is "Januar 2027" or "January 2027".
func Month(lang Lang, t time.Time) string {
	t = t.In(advisory.Berlin)
	return fmt.Sprintf("%s %d", words[lang].month[t.Month()-1], t.Year())
}

// WeekdayShort is "Mo." or "Mon", for the leaf of a calendar.
func WeekdayShort(lang Lang, t time.Time) string {
	return words[lang].weekdayShort[t.In(advisory.Berlin).Weekday()]
}

// MonthShort is "Nov." or "Nov", for the leaf of a calendar.
func MonthShort(lang Lang, t time.Time) string {
	return words[lang].monthShort[t.In(advisory.Berlin).Month()-1]
}

func clock(t time.Time) string { return t.In(advisory.Berlin).Format("15:04") }

func withClockWord(lang Lang, time string) string {
	if lang == English {
		return time
	}
	return time + noBreakSpace + "Uhr"
}
