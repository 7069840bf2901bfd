package form

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"miglobe/advisory"
	"miglobe/texts"
)

// Validate checks the answers of the fields that are shown and returns the
// errors in the order of the page.
func Validate(f *texts.Form, answers advisory.Answers, sources Sources, c Context) Errors {
	all := questions(sections(f, labelsOf(sources)))
	position := map[string]int{}
	for i, q := range all {
		position[q.key] = i
	}
	v := validation{shown: shown(all, answers), answers: answers, sources: sources, Context: c}
	var found Errors
	for _, q := range v.shown {
		if c.Step != "" && q.step.Key != c.Step {
			continue
		}
		if code, pairs := v.check(q); code != "" {
			found = append(found, q.newError(position[q.key], sources, c, code, pairs...))
		}
	}
	return found
}

type validation struct {
	Context
	shown   []question
	answers advisory.Answers
	sources Sources
}

// check returns the code of the first thing that is wrong with an answer, or
// "", and the values for its message.
func (v validation) check(q question) (string, []any) {
	if !answered(v.answers, q.key) {
		if q.field.Required && !v.Draft {
			return "missing", nil
		}
		return "", nil
	}
	if q.isChoice() {
		return v.checkChoice(q)
	}
	value := v.answers.Get(q.key)
	if n := utf8.RuneCountInString(value); q.field.Max > 0 && n > q.field.Max {
		return "too_long", []any{"max", q.field.Max, "n", n}
	}
	if !understood(q.field, value) {
		return "invalid", nil
	}
	if q.field.Type == "date" {
		return v.checkDate(q, value)
	}
	return v.checkRepetition(q, value), nil
}

func (v validation) checkChoice(q question) (string, []any) {
	chosen := v.answers.All(q.key)
	options := q.options(v.sources)
	for _, key := range chosen {
		if !slices.ContainsFunc(options, func(o texts.Option) bool { return o.Key == key }) {
			return "invalid_choice", nil
		}
	}
	if !q.severalChoices() {
		if len(chosen) > 1 {
			return "invalid_choice", nil
		}
		return "", nil
	}
	if len(chosen) < q.field.Min && !v.Draft {
		return "missing", nil
	}
	if q.field.Max > 0 && len(chosen) > q.field.Max {
		return "too_many_choices", []any{"max", q.field.Max}
	}
	return "", nil
}

func understood(field *texts.Field, value string) bool {
	switch field.Format {
	case "time":
		_, ok := parseTime(value)
		return ok
	case "number":
		return number.MatchString(value)
	}
	switch field.Type {
	case "email":
		return validEmail(value)
	case "tel":
		return validTelephone(value)
	case "date":
		_, ok := parseDate(value)
		return ok
	case "municipality":
		return hasLetter(value)
	default:
		return true
	}
}

func (v validation) checkDate(q question, value string) (string, []any) {
	day, _ := parseDate(value)
	today := advisory.Midnight(v.Today)
	if limit, ok := limitOf(v.NotBefore, q); ok && day.Before(limit) {
		if day.Before(today) {
			return "date_in_past", nil
		}
		return "date_too_early", []any{"date", texts.Date(v.Lang, limit)}
	}
	if limit, ok := limitOf(v.NotAfter, q); ok && day.After(limit) {
		if day.After(today) && !limit.After(today) {
			return "date_in_future", nil
		}
		return "too_late", []any{"date", texts.Date(v.Lang, limit)}
	}
	if start, ok := v.startOf(q); ok && day.Before(start) {
		return "end_before_start", nil
	}
	if v.Workday != nil && hasTime(q.step) && !v.Workday(day) {
		return "no_working_day", nil
	}
	return "", nil
}

// limitOf finds a limit by the full key or by the key of the field.
func limitOf(limits map[string]time.Time, q question) (time.Time, bool) {
	limit, ok := limits[q.key]
	if !ok {
		limit, ok = limits[q.field.Key]
	}
	return advisory.Midnight(limit), ok
}

// startOf finds the beginning of a period: the date before the one that
// knows the error end_before_start.
func (v validation) startOf(end question) (time.Time, bool) {
	if _, ok := end.field.Errors["end_before_start"]; !ok {
		return time.Time{}, false
	}
	var start time.Time
	var ok bool
	for _, q := range v.shown {
		if q.key == end.key {
			break
		}
		if q.field.Type == "date" {
			start, ok = parseDate(v.answers.Get(q.key))
		}
	}
	return start, ok
}

// hasTime tells an appointment from other dates.
func hasTime(step *texts.Step) bool {
	return slices.ContainsFunc(step.Fields, func(f texts.Field) bool { return f.Format == "time" })
}

// checkRepetition finds what was said before in the same form: the address
// of another contact, or an appointment that was proposed already.
func (v validation) checkRepetition(q question, value string) string {
	for _, earlier := range v.shown {
		if earlier.key == q.key {
			break
		}
		if q.field.Type == "email" && earlier.field.Type == "email" && strings.EqualFold(v.answers.Get(earlier.key), value) {
			return "duplicate"
		}
		if q.field.Format == "time" && earlier.field.Key == q.field.Key && earlier.step == q.step && v.sameAppointment(earlier, q) {
			return "same_slot"
		}
	}
	return ""
}

func (v validation) sameAppointment(a, b question) bool {
	if v.answers.Get(a.key) != v.answers.Get(b.key) {
		return false
	}
	for _, field := range a.step.Fields {
		day := v.answers.Get(b.section.key(field.Key))
		if field.Type == "date" && (day == "" || v.answers.Get(a.section.key(field.Key)) != day) {
			return false
		}
	}
	return true
}
