package advisory_test

import (
	"testing"
	"time"

	"miglobe/advisory"
)

func day(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, advisory.Berlin)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, s, advisory.Berlin)
	}
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkingDaysByLand(t *testing.T) {
	for _, c := range []struct {
		land advisory.Land
		day  string
		want bool
	}{
		{"NW", "2026-11-23", true},  // a Monday
		{"NW", "2026-11-22", false}, // a Sunday
		{"NW", "2026-11-21", false}, // a Saturday
		{"NW", "2026-06-04", false}, // Corpus Christi
		{"BE", "2026-06-04", true},
		{"BE", "2027-03-08", false}, // Women's Day
		{"NW", "2027-03-08", true},
		{"SN", "2026-11-18", false}, // Buß- und Bettag
		{"NW", "2026-11-18", true},
		{"NI", "2025-10-31", false}, // Reformation Day
		{"NW", "2025-10-31", true},
		{"TH", "2027-09-20", false}, // World Children's Day
		{"HE", "2026-01-06", true},
		{"BY", "2026-01-06", false}, // Epiphany
		{"BW", "2026-05-14", false}, // Ascension Day, everywhere
		{"", "2026-05-14", true},    // no Land: weekends only
	} {
		if got := advisory.NewCalendar(c.land).IsWorkday(day(c.day)); got != c.want {
			t.Errorf("%s in %q: working day %v, want %v", c.day, c.land, got, c.want)
		}
	}
}

func TestEveryLandHasItsHolidays(t *testing.T) {
	for _, land := range advisory.Laender {
		if advisory.NewCalendar(land).IsWorkday(day("2026-10-03").AddDate(-1, 0, 0)) { // 3 October 2025, a Friday
			t.Errorf("%s works on the Day of German Unity", land)
		}
	}
}

func TestClosuresOfTheOfficeAreNoWorkingDays(t *testing.T) {
	if advisory.NewCalendar("NW", "2026-12-28").IsWorkday(day("2026-12-28")) {
		t.Error("the office is closed")
	}
}

func TestAddWorkdays(t *testing.T) {
	calendar := advisory.NewCalendar("NW")
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-23 23:59", 0, "2026-11-23"},
		{"2026-11-20 16:00", 1, "2026-11-23"},  // over a weekend
		{"2026-11-21 10:00", 1, "2026-11-23"},  // from a Saturday
		{"2026-12-23 10:00", 2, "2026-12-28"},  // over Christmas
		{"2026-03-27 10:00", 2, "2026-03-31"},  // into summer time
		{"2026-10-23 10:00", 1, "2026-10-26"},  // out of it
		{"2026-04-02 10:00", 1, "2026-04-07"},  // over Easter
		{"2025-12-31 23:30", 10, "2026-01-15"}, // over New Year
	} {
		got := calendar.AddWorkdays(day(c.from), c.n)
		if !got.Equal(day(c.want)) {
			t.Errorf("%s + %d = %v, want %s", c.from, c.n, got, c.want)
		}
		if n := calendar.WorkdaysBetween(day(c.from), got); n != c.n {
			t.Errorf("between %s and %s: %d, want %d", c.from, c.want, n, c.n)
		}
	}
}

func TestWorkingDaysCountInBerlin(t *testing.T) {
	// 23:30 UTC on Sunday is Monday in Berlin.
	if !advisory.NewCalendar("NW").IsWorkday(time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)) {
		t.Error("Monday in Berlin is a working day")
	}
}

func TestRemindersKeepToTheDesk(t *testing.T) {
	programme, calendar := advisory.DefaultProgramme(), advisory.NewCalendar("NW")
	for _, c := range []struct{ at, next string }{
		{"2026-11-23 08:00", "2026-11-23 08:00"},
		{"2026-11-23 16:59", "2026-11-23 16:59"},
		{"2026-11-23 17:00", "2026-11-24 08:00"},
		{"2026-11-23 07:59", "2026-11-23 08:00"},
		{"2026-11-20 18:00", "2026-11-23 08:00"},
		{"2026-11-22 12:00", "2026-11-23 08:00"},
	} {
		if got := programme.NextDesk(calendar, day(c.at)); !got.Equal(day(c.next)) {
			t.Errorf("at %s the desk opens %v, want %s", c.at, got, c.next)
		}
		if may := programme.MayRemind(calendar, day(c.at)); may != (c.at == c.next) {
			t.Errorf("at %s reminders may be sent: %v", c.at, may)
		}
	}
}

func TestFrozenTimesRunOnAfterwards(t *testing.T) {
	calendar := advisory.NewCalendar("NW")
	for _, c := range []struct{ instant, frozen, resumed, want string }{
		{"2026-03-05 08:00", "2026-03-03 12:00", "2026-05-04 09:00", "2026-05-06 08:00"}, // two working days away, again
		{"2026-03-09 08:00", "2026-03-06 12:00", "2026-03-13 12:00", "2026-03-16 08:00"}, // over a weekend, again
		{"2026-03-03 16:00", "2026-03-03 12:00", "2026-05-04 18:00", "2026-05-04 22:00"}, // later that day: the same hours
	} {
		if got := advisory.Thaw(calendar, day(c.instant), day(c.frozen), day(c.resumed)); !got.Equal(day(c.want)) {
			t.Errorf("%s, frozen %s, resumed %s: %v, want %s", c.instant, c.frozen, c.resumed, got, c.want)
		}
	}
}

func TestTheClockOfTheDemonstration(t *testing.T) {
	start, business := day("2026-11-23 10:00"), day("2026-03-02 08:00")
	clock := advisory.NewClock(start, business, 3600)
	later := business.Add(48 * time.Hour)
	if got := clock.Real(later); !got.Equal(start.Add(48 * time.Second)) {
		t.Errorf("two days pass until %v", got)
	}
	if got := clock.At(clock.Real(later)); !got.Equal(later) {
		t.Errorf("and back: %v", got)
	}
	if now := day("2026-11-23 10:00"); !advisory.RealClock().Real(now).Equal(now) {
		t.Error("the clock of production is the time of day")
	}
}

func TestSubtractWorkdaysIsTheWayBack(t *testing.T) {
	calendar := advisory.NewCalendar("NW", "2026-03-13")
	for day := time.Date(2026, 1, 1, 15, 0, 0, 0, advisory.Berlin); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		for n := 1; n <= 12; n++ {
			back := calendar.SubtractWorkdays(day, n)
			if !calendar.IsWorkday(back) || calendar.IsWorkday(day) && !calendar.AddWorkdays(back, n).Equal(advisory.Midnight(day)) {
				t.Fatalf("%d working days before %v is %v", n, day, back)
			}
		}
	}
}
