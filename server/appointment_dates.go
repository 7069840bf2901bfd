package server

import (
	"slices"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

// The fields of a date in every form that asks for appointments.
const (
	dateField     = "date"
	timeField     = "start_time"
	durationField = "duration"
)

// wishedDate is one date that a form asks for: one of several slots, or the new date of an appointment.
type wishedDate struct {
	group      string // of its fields, for warnings
	prefix     string // of the keys of its fields
	Start, End time.Time
	skipped    bool // the clocks change to summer time over it: there is no such time
}

// wishedDates are the dates of a form as far as they are complete.
func wishedDates(f *texts.Form, answers advisory.Answers) []wishedDate {
	var dates []wishedDate
	for _, step := range f.Steps {
		if !slices.ContainsFunc(step.Fields, func(field texts.Field) bool { return field.Key == timeField }) {
			continue
		}
		wished := []wishedDate{{group: step.Key}}
		if step.Repeat != "" {
			wished = nil
			for n := 1; n <= step.RepeatCount; n++ {
				group := step.Key + "." + strconv.Itoa(n)
				wished = append(wished, wishedDate{group: group, prefix: group + "."})
			}
		}
		for _, date := range wished {
			if date.read(answers) {
				dates = append(dates, date)
			}
		}
	}
	return dates
}

// read reads the date from the answers; false where it is not complete.
func (d *wishedDate) read(answers advisory.Answers) bool {
	const layout = "2006-01-02 15:04"
	local := answers.Get(d.prefix+dateField) + " " + answers.Get(d.prefix+timeField)
	start, err := time.ParseInLocation(layout, local, advisory.Berlin)
	if err != nil {
		return false
	}
	d.Start, d.skipped = start, start.Format(layout) != local
	d.End = start.Add(advisory.SlotLength(answers.Get(d.prefix + durationField)))
	return true
}

func (d *wishedDate) overlaps(other wishedDate) bool {
	return d.Start.Before(other.End) && other.Start.Before(d.End)
}

// limitDates says between which days appointments and what else is planned may lie: ahead, on working days, and not
// further away than anybody plans.
func (c *Context) limitDates(fc form.Context, calendar advisory.Calendar, programme advisory.Programme) form.Context {
	today := c.Now()
	latest := today.AddDate(0, programme.PlanMonths, 0)
	fc.Workday = calendar.IsWorkday
	fc.NotBefore = map[string]time.Time{dateField: today, "follow_up_from": today}
	fc.NotAfter = map[string]time.Time{dateField: latest, "follow_up_from": latest}
	return fc
}

// checkDates adds what is wrong with the dates of a form beside its fields: one of today may have passed, its time may
// not exist, and two of the same proposal may overlap.
func (c *Context) checkDates(f *texts.Form, answers advisory.Answers, fc form.Context, errs form.Errors) form.Errors {
	dates := wishedDates(f, answers)
	for i, date := range dates {
		overlaps := slices.ContainsFunc(dates[:i], date.overlaps)
		switch {
		case date.skipped:
			errs = errs.Add(f, c.Sources, fc, date.prefix+timeField, "no_such_time")
		case !date.Start.After(c.Now()):
			errs = errs.Add(f, c.Sources, fc, date.prefix+dateField, "date_in_past")
		case overlaps:
			errs = errs.Add(f, c.Sources, fc, date.prefix+timeField, "slots_overlap")
		}
	}
	return errs
}
