package server

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

const (
	taskRulesPath     = programmesPath + "/aufgaben"
	calendarRulesPath = programmesPath + "/kalender"
	numberRulesPath   = programmesPath + "/zahlen"
)

// ruleArea is what one page changes of a programme: a form whose fields are called as Problem.Field.
type ruleArea struct {
	path, form, title string
	task              advisory.TaskKind               // "" where it is not about a task
	holidays          bool                            // they are shown beside it
	needed            map[string]advisory.ProblemCode // fields that this area needs and others do not: why
	sources           func(advisory.Programme) form.Sources
	read              func(advisory.Programme) advisory.Answers
	// enter changes a copy of the programme: it replaces lists and never writes into them.
	enter func(*advisory.Programme, advisory.Answers) []misentry
}

// misentry is an answer that no rule can be read from: errors.programme_CODE of texts/forms.
type misentry struct {
	field, code string
	values      []any
}

func noSources(advisory.Programme) form.Sources { return nil }

// taskArea is one row of the table of tasks. What happens when it stays open belongs to the journey; its days are free.
func taskArea(c *Context) (ruleArea, error) {
	kind := advisory.TaskKind(c.Param("task"))
	if !slices.Contains(advisory.TaskKinds, kind) {
		return ruleArea{}, advisory.Errorf(advisory.NotFound, "no task %q", kind)
	}
	needed := map[string]advisory.ProblemCode{}
	if rule, _ := advisory.DefaultProgramme().Rule(kind); len(rule.Reminders) > 0 {
		needed["reminders"] = advisory.NeverReminds
	}
	return ruleArea{
		path: taskRulesPath + "/" + string(kind), form: "programme_task", task: kind, title: ruleWords{c}.label(kind, ""), needed: needed,
		sources: func(p advisory.Programme) form.Sources {
			var consequences []texts.Option
			rule, _ := p.Rule(kind)
			for i, escalation := range rule.Escalations {
				consequences = append(consequences, texts.Option{Key: strconv.Itoa(i + 1), Label: ruleWords{c}.consequence(escalation)})
			}
			return form.Sources{"escalations": consequences}
		},
		read: func(p advisory.Programme) advisory.Answers {
			rule, _ := p.Rule(kind)
			answers := advisory.Answers{"due": {strconv.Itoa(rule.Due)}}
			if len(rule.Reminders) > 0 {
				answers.Set("reminders", daysTyped(rule.Reminders))
			}
			for i, escalation := range rule.Escalations {
				answers.Set(advisory.EscalationField(i), strconv.Itoa(escalation.After))
			}
			return answers
		},
		enter: func(p *advisory.Programme, answers advisory.Answers) []misentry { return enterTask(p, kind, answers) },
	}, nil
}

func enterTask(p *advisory.Programme, kind advisory.TaskKind, answers advisory.Answers) []misentry {
	r := entryReader{answers: answers}
	p.Tasks = slices.Clone(p.Tasks)
	i := slices.IndexFunc(p.Tasks, func(rule advisory.TaskRule) bool { return rule.Kind == kind })
	if i < 0 {
		return nil // Problems says that it is missing
	}
	rule := &p.Tasks[i]
	rule.Due, rule.Reminders = r.number("due"), r.days("reminders")
	rule.Escalations = slices.Clone(rule.Escalations)
	for n := range rule.Escalations {
		rule.Escalations[n].After = r.number(advisory.EscalationField(n))
	}
	return r.wrong
}

// numberField is one of the further numbers: a single one, or some days with commas between them.
type numberField struct {
	key  string
	one  func(*advisory.Programme) *int
	many func(*advisory.Programme) *[]int
}

var numberFields = []numberField{
	{key: "slot_rounds", one: func(p *advisory.Programme) *int { return &p.SlotRounds }},
	{key: "missed_sessions", one: func(p *advisory.Programme) *int { return &p.MissedSessions }},
	{key: "reminder_days", many: func(p *advisory.Programme) *[]int { return &p.ReminderDays }},
	{key: "quiet_days", many: func(p *advisory.Programme) *[]int { return &p.QuietDays }},
	{key: "correction_days", one: func(p *advisory.Programme) *int { return &p.CorrectionDays }},
	{key: "plan_months", one: func(p *advisory.Programme) *int { return &p.PlanMonths }},
	{key: "rest_months", one: func(p *advisory.Programme) *int { return &p.RestMonths }},
	{key: "rest_question", one: func(p *advisory.Programme) *int { return &p.RestQuestion }},
	{key: "undo_days", one: func(p *advisory.Programme) *int { return &p.UndoDays }},
	{key: "follow_up_months", one: func(p *advisory.Programme) *int { return &p.FollowUpMonths }},
}

func numberArea(c *Context) (ruleArea, error) {
	return ruleArea{
		path: numberRulesPath, form: "programme_numbers", title: c.T("settings_programme.areas.numbers"), sources: noSources,
		read: func(p advisory.Programme) advisory.Answers {
			answers := advisory.Answers{}
			for _, number := range numberFields {
				if number.one != nil {
					answers.Set(number.key, strconv.Itoa(*number.one(&p)))
				} else {
					answers.Set(number.key, daysTyped(*number.many(&p)))
				}
			}
			return answers
		},
		enter: func(p *advisory.Programme, answers advisory.Answers) []misentry {
			r := entryReader{answers: answers}
			for _, number := range numberFields {
				if number.one != nil {
					*number.one(p) = r.number(number.key)
				} else {
					*number.many(p) = r.days(number.key)
				}
			}
			return r.wrong
		},
	}, nil
}

// calendarFields are the rules of the office calendar.
var calendarFields = []string{"desk_opens", "desk_closes", "closures"}

// calendarArea changes office hours and closures. Closures that are over stay: they cost nobody a day any more.
func calendarArea(c *Context) (ruleArea, error) {
	today := c.Now().In(advisory.Berlin).Format(time.DateOnly)
	ahead := func(p advisory.Programme) []string {
		return slices.DeleteFunc(slices.Clone(p.Closures), func(day string) bool { return day < today })
	}
	return ruleArea{
		path: calendarRulesPath, form: "programme_calendar", title: c.T("settings_programme.areas.calendar"), holidays: true,
		sources: func(p advisory.Programme) form.Sources {
			var days []texts.Option
			for _, day := range ahead(p) {
				days = append(days, texts.Option{Key: day, Label: strings.Join(ruleWords{c}.closures([]string{day}), "")})
			}
			return form.Sources{"closures": days}
		},
		read: func(p advisory.Programme) advisory.Answers {
			return advisory.Answers{"desk_opens": {strconv.Itoa(p.DeskOpens)}, "desk_closes": {strconv.Itoa(p.DeskCloses)}, "closures": ahead(p)}
		},
		enter: func(p *advisory.Programme, answers advisory.Answers) []misentry {
			r := entryReader{answers: answers}
			p.DeskOpens, p.DeskCloses = r.number("desk_opens"), r.number("desk_closes")
			kept := slices.DeleteFunc(slices.Clone(p.Closures), func(day string) bool {
				return day >= today && !answers.Has("closures", day)
			})
			p.Closures = slices.Compact(slices.Sorted(slices.Values(append(kept, r.closures("more_closures", today)...))))
			return r.wrong
		},
	}, nil
}

// entryReader reads rules from what was typed, and notes what it cannot read.
type entryReader struct {
	answers advisory.Answers
	wrong   []misentry
}

func (r *entryReader) refuse(field, code string, values ...any) {
	r.wrong = append(r.wrong, misentry{field: field, code: code, values: values})
}

func (r *entryReader) number(field string) int {
	n, err := strconv.Atoi(r.answers.Get(field))
	if err != nil {
		r.refuse(field, "no_number")
	}
	return n
}

var betweenDays = regexp.MustCompile(`[\s,;]+`)

func (r *entryReader) days(field string) []int {
	var days []int
	for _, part := range betweenDays.Split(r.answers.Get(field), -1) {
		if part == "" {
			continue
		}
		day, err := strconv.Atoi(part)
		if err != nil {
			r.refuse(field, "no_days")
			return nil
		}
		days = append(days, day)
	}
	return days
}

func daysTyped(days []int) string {
	var parts []string
	for _, day := range days {
		parts = append(parts, strconv.Itoa(day))
	}
	return strings.Join(parts, ", ")
}

var untilWord = regexp.MustCompile(`\s*–\s*|\s+(?:-|bis|to)\s+`)

const longestClosure = 62 // days of one entry: more is a slip of the pen

// closures reads a day or a span of days from each line; the weekends of a span are no working days anyway.
func (r *entryReader) closures(field, today string) []string {
	var days []string
	for line := range strings.Lines(r.answers.Get(field)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		ends := untilWord.Split(line, 2)
		first, ok := form.ParseDate(ends[0])
		last, also := form.ParseDate(ends[len(ends)-1])
		switch {
		case !ok || !also || last.Before(first):
			r.refuse(field, "no_closure", "value", line)
		case first.Format(time.DateOnly) < today:
			r.refuse(field, "closure_past", "value", line)
		case last.After(first.AddDate(0, 0, longestClosure)):
			r.refuse(field, "closure_long", "value", line, "max", longestClosure)
		default:
			days = append(days, daysFrom(first, last)...)
		}
	}
	return days
}

func daysFrom(first, last time.Time) []string {
	var days []string
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend || first.Equal(last) {
			days = append(days, day.Format(time.DateOnly))
		}
	}
	return days
}
