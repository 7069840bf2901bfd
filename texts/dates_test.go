package texts

import (
	"strings"
	"testing"
	"time"
)

func TestDatesInBothLanguages(t *testing.T) {
	winter := time.Date(2026, time.November, 23, 13, 0, 0, 0, time.UTC)
	summer := time.Date(2026, time.July, 3, 22, 30, 0, 0, time.UTC)
	nearMidnight := time.Date(2026, time.March, 28, 23, 15, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		format func(Lang, time.Time) string
		at     time.Time
		de, en string
	}{
		{"date", Date, winter, "Mo.,~23.11.2026", "Mon~23 Nov 2026"},
		{"date and time in winter", DateTime, winter, "Mo.,~23.11.2026, 14:00~Uhr", "Mon~23 Nov 2026, 14:00"},
		{"date and time in summer, the next day in Berlin", DateTime, summer, "Sa.,~04.07.2026, 00:30~Uhr", "Sat~4 Jul 2026, 00:30"},
		{"night of the change to summer time", DateTime, nearMidnight, "So.,~29.03.2026, 00:15~Uhr", "Sun~29 Mar 2026, 00:15"},
		{"long date", LongDate, time.Date(2026, time.March, 13, 12, 0, 0, 0, time.UTC), "Freitag, 13. März 2026", "Friday 13 March 2026"},
		{"long date and time", LongDateTime, winter, "Montag, 23. November 2026, 14:00~Uhr", "Monday 23 November 2026, 14:00"},
		{"short date", ShortDate, summer, "04.07.2026", "4 Jul 2026"},
		{"month", Month, time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC), "Januar 2027", "January 2027"},
		{"weekday of a calendar leaf", WeekdayShort, winter, "Mo.", "Mon"},
		{"month of a calendar leaf", MonthShort, winter, "Nov.", "Nov"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for lang, want := range map[Lang]string{German: test.de, English: test.en} {
				want = strings.ReplaceAll(want, "~", noBreakSpace)
				if got := test.format(lang, test.at); got != want {
					t.Errorf("%s: got %q, want %q", lang, got, want)
				}
			}
		})
	}
}

func TestTimeRanges(t *testing.T) {
	from := time.Date(2026, time.December, 1, 9, 0, 0, 0, time.UTC)
	to := from.Add(2 * time.Hour)
	for got, want := range map[string]string{
		TimeRange(German, from, to):          "10:00 bis 12:00~Uhr",
		TimeRange(English, from, to):         "10:00 to 12:00",
		DateTimeRange(German, from, to):      "Di.,~01.12.2026, 10:00 bis 12:00~Uhr",
		LongDateTimeRange(English, from, to): "Tuesday 1 December 2026, 10:00 to 12:00",
	} {
		if want = strings.ReplaceAll(want, "~", noBreakSpace); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDateWordsAreThoseOfTheCalendar(t *testing.T) {
	c := load(t)
	for _, lang := range Langs {
		for day, name := range words[lang].weekday {
			if want := c.UI(lang, "calendar."+strings.ToLower(time.Weekday(day).String())); name != want {
				t.Errorf("%s: weekday %q, calendar says %q", lang, name, want)
			}
		}
		for month, name := range words[lang].month {
			if want := c.UI(lang, "calendar."+strings.ToLower(time.Month(month+1).String())); name != want {
				t.Errorf("%s: month %q, calendar says %q", lang, name, want)
			}
		}
	}
}
