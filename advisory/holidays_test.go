package advisory_test

import (
	"testing"
	"time"

	"miglobe/advisory"
)

func TestHolidaysAreThoseOfTheCalendars(t *testing.T) {
	from := time.Date(2027, 6, 1, 15, 0, 0, 0, advisory.Berlin)
	found := advisory.Holidays(from, from.AddDate(1, 0, 0))
	for i, holiday := range found {
		if i > 0 && holiday.Day.Before(found[i-1].Day) {
			t.Errorf("%s comes too late", holiday.Name)
		}
		for _, land := range holiday.Laender {
			if advisory.NewCalendar(land).IsWorkday(holiday.Day) {
				t.Errorf("%s is a working day in %s", holiday.Name, land)
			}
		}
	}
	where := map[string]int{}
	for _, holiday := range found {
		where[holiday.Day.Format(time.DateOnly)] = len(holiday.Laender)
	}
	if where["2027-10-03"] != len(advisory.Laender) || where["2028-01-06"] != 3 || where["2027-05-17"] != 0 {
		t.Errorf("%v", where)
	}
}
