package server

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// The names that the page reads from the address.
const (
	periodQuery = "zeitraum"
	fromQuery   = "von"
	untilQuery  = "bis"
)

const (
	lastTwelveMonths = "12-monate"
	offeredYears     = 5
	offeredQuarters  = 8
	mostYears        = 5  // of a period
	monthsByMonth    = 13 // longer periods are divided by quarter
)

// askedPeriod is the period that the address asks for, or the last twelve months.
type askedPeriod struct {
	store.Period
	Unit        store.PeriodUnit
	Choices     []filterOption
	Label       string // its first and last day
	First, Last string // the same, as fields of a date want them
	Problem     string // why the address could not be followed
	OwnDays     bool   // that two days were given
	Key         string // of the choice, "" with days of one's own
	tomorrow    time.Time
}

// Days is how many calendar days the period has.
func (p askedPeriod) Days() int { return int(p.Until.Sub(p.From).Hours()/24 + 0.5) }

func (c *Context) askedPeriod() askedPeriod {
	p := askedPeriod{tomorrow: advisory.Midnight(c.Now()).AddDate(0, 0, 1), Key: lastTwelveMonths}
	from, until := c.QueryParam(fromQuery), c.QueryParam(untilQuery)
	var ok bool
	if p.OwnDays = from != "" || until != ""; p.OwnDays {
		p.Key = ""
		if p.Period, ok = p.between(from, until); !ok {
			p.Problem = c.T("fairness.period.not_understood", "years", mostYears)
		}
	} else if key := c.QueryParam(periodQuery); key != "" && key != lastTwelveMonths {
		p.Key = key
		if p.Period, ok = p.named(key); !ok {
			p.Problem = c.T("fairness.period.unknown")
		}
	}
	if !ok {
		p.Period, p.Key, p.OwnDays = p.lastMonths(), lastTwelveMonths, false
	}
	if p.Until.After(p.tomorrow) {
		p.Until = p.tomorrow
	}
	p.Unit = store.Monthly
	if p.From.AddDate(0, monthsByMonth, 0).Before(p.Until) {
		p.Unit = store.Quarterly
	}
	last := p.Until.AddDate(0, 0, -1)
	p.First, p.Last = p.From.Format(time.DateOnly), last.Format(time.DateOnly)
	p.Label = c.T("fairness.period.from_until", "from", texts.Date(c.Lang, p.From), "until", texts.Date(c.Lang, last))
	p.Choices = c.periodChoices(p)
	return p
}

// lastMonths are this month and the eleven before.
func (p askedPeriod) lastMonths() store.Period {
	today := p.tomorrow.AddDate(0, 0, -1)
	return store.Period{From: time.Date(today.Year(), today.Month()-11, 1, 0, 0, 0, 0, advisory.Berlin), Until: p.tomorrow}
}

// between are the days from one to another; where one of them is left out, up to today, or the year before.
func (p askedPeriod) between(from, until string) (store.Period, bool) {
	last := p.tomorrow.AddDate(0, 0, -1)
	if until != "" {
		day, err := time.ParseInLocation(time.DateOnly, until, advisory.Berlin)
		if err != nil {
			return store.Period{}, false
		}
		last = day
	}
	first := last.AddDate(-1, 0, 1)
	if from != "" {
		day, err := time.ParseInLocation(time.DateOnly, from, advisory.Berlin)
		if err != nil {
			return store.Period{}, false
		}
		first = day
	}
	period := store.Period{From: first, Until: last.AddDate(0, 0, 1)}
	return period, period.From.Before(period.Until) && period.From.Before(p.tomorrow) &&
		!period.From.AddDate(mostYears, 0, 0).Before(period.Until)
}

var namedPeriod = regexp.MustCompile(`^(20[0-9]{2})(?:-q([1-4]))?$`)

// named is a year such as "2026" or a quarter such as "2026-q3".
func (p askedPeriod) named(key string) (store.Period, bool) {
	parts := namedPeriod.FindStringSubmatch(key)
	if parts == nil {
		return store.Period{}, false
	}
	year, _ := strconv.Atoi(parts[1])
	month, months := time.January, 12
	if quarter, err := strconv.Atoi(parts[2]); err == nil {
		month, months = time.Month(3*quarter-2), 3
	}
	from := time.Date(year, month, 1, 0, 0, 0, 0, advisory.Berlin)
	return store.Period{From: from, Until: from.AddDate(0, months, 0)}, from.Before(p.tomorrow)
}

func (c *Context) periodChoices(p askedPeriod) []filterOption {
	choices := []filterOption{{Key: lastTwelveMonths, Label: c.T("fairness.period.twelve_months")}}
	today := p.tomorrow.AddDate(0, 0, -1)
	for n := range offeredYears {
		year := strconv.Itoa(today.Year() - n)
		choices = append(choices, filterOption{Key: year, Label: year})
	}
	quarter := startOf(store.Quarterly, today)
	for n := range offeredQuarters {
		begins := quarter.AddDate(0, -3*n, 0)
		choices = append(choices, filterOption{Key: fmt.Sprintf("%d-q%d", begins.Year(), quarterOf(begins)), Label: c.partLabel(store.Quarterly, begins)})
	}
	for i := range choices {
		choices[i].Chosen = choices[i].Key == p.Key
		if choices[i].Chosen {
			return choices
		}
	}
	// Another one that the address asks for can be seen, too.
	label := c.T("fairness.period.own_days")
	if p.Key != "" {
		label = p.Key
		if p.Unit == store.Monthly && p.From.AddDate(0, 4, 0).After(p.Until) {
			label = c.partLabel(store.Quarterly, p.From)
		}
	}
	return append(choices, filterOption{Key: p.Key, Label: label, Chosen: true})
}

func quarterOf(t time.Time) int { return (int(t.Month()) + 2) / 3 }

// startOf is the first day of the month or quarter of a day.
func startOf(unit store.PeriodUnit, day time.Time) time.Time {
	month := day.Month()
	if unit == store.Quarterly {
		month = time.Month(3*quarterOf(day) - 2)
	}
	return time.Date(day.Year(), month, 1, 0, 0, 0, 0, advisory.Berlin)
}

func next(unit store.PeriodUnit, begins time.Time) time.Time {
	if unit == store.Quarterly {
		return begins.AddDate(0, 3, 0)
	}
	return begins.AddDate(0, 1, 0)
}

// partLabel names a month or quarter.
func (c *Context) partLabel(unit store.PeriodUnit, begins time.Time) string {
	if unit == store.Quarterly {
		return c.T("fairness.period.quarter", "n", quarterOf(begins), "year", begins.Year())
	}
	return texts.Month(c.Lang, begins)
}
