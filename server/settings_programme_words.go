package server

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// ruleWords puts rules of a programme into words.
type ruleWords struct{ *Context }

// differenceTable says in words what two programmes say differently.
type differenceTable struct {
	Was, Is string // headings
	Rows    []differenceRow
}

type differenceRow struct{ What, Was, Is string }

func (w ruleWords) table(earlier, later advisory.Programme, heading string) differenceTable {
	table := differenceTable{Was: w.T("settings_programme.was", "n", earlier.Version), Is: heading}
	for _, difference := range later.Differences(earlier) {
		row := differenceRow{What: w.label(difference.Task, difference.Field)}
		was, listed := stringsOf(difference.Was)
		is, _ := stringsOf(difference.Is)
		if listed {
			row.Was = w.listed("settings_programme.dropped", difference.Field, without(was, is))
			row.Is = w.listed("settings_programme.added", difference.Field, without(is, was))
		} else {
			row.Was, row.Is = w.value(difference.Field, difference.Was), w.value(difference.Field, difference.Is)
		}
		if row.Was == row.Is { // nothing that words could tell apart, such as another order
			row.Was, row.Is = "–", w.T("settings_programme.changed")
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// listed says what came or went; "–" for nothing.
func (w ruleWords) listed(key, field string, values []string) string {
	if len(values) == 0 {
		return "–"
	}
	return w.T(key, "what", w.value(field, values))
}

func without(values, others []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(others, v) })
}

// ruleLabel names a rule: the path that Differences and Problems give. One that has no words yet is named as it is stored.
func (w ruleWords) label(task advisory.TaskKind, field string) string {
	if strings.HasPrefix(field, "escalations.") {
		field = "escalations"
	}
	label := ""
	if key := "settings_programme.fields." + field; field != "" && w.has(key) {
		label = w.T(key)
	} else if field != "" {
		label = w.T("settings_programme.other_field", "name", field)
	}
	if task == "" {
		return label
	}
	name := string(task)
	if key := "settings_programme.tasks." + name; w.has(key) {
		name = w.T(key)
	}
	if label == "" {
		return name
	}
	return name + ": " + label
}

// ruleValue says what a rule says. What it has no words for it calls changed, or shows as text.
func (w ruleWords) value(field string, value any) string {
	switch v := value.(type) {
	case nil:
		return "–"
	case int:
		if key := "settings_programme.units." + field; w.has(key + "_many") {
			return w.server.texts.Count(w.Lang, key, v)
		}
		return strconv.Itoa(v)
	case string:
		return v
	case []int:
		return w.days(field, v)
	case []advisory.Escalation:
		return w.orNone(strings.Join(w.escalations(v), "; "))
	case advisory.TaskRule:
		return w.T("settings_programme.exists")
	}
	if list, ok := stringsOf(value); ok {
		return w.orNone(w.list(field, list))
	}
	return w.T("settings_programme.changed")
}

func (w ruleWords) orNone(words string) string {
	if words == "" {
		return w.T("settings_programme.none")
	}
	return words
}

// words are the values of a list as people read them.
func (w ruleWords) list(field string, list []string) string {
	switch field {
	case "topics":
		return strings.Join(w.topics(list), ", ")
	case "closures":
		return strings.Join(w.closures(list), ", ")
	}
	return strings.Join(list, ", ")
}

func (w ruleWords) topics(keys []string) []string {
	var labels []string
	for _, key := range keys {
		labels = append(labels, w.server.texts.OptionLabel(w.Lang, "topics", key))
	}
	return labels
}

// days are numbers of days, such as "am 5. und 9. Arbeitstag".
func (w ruleWords) days(field string, days []int) string {
	if len(days) == 0 {
		return w.T("settings_programme.none")
	}
	var each []string
	for _, day := range days {
		if key := "settings_programme.day." + field; w.has(key) {
			each = append(each, w.T(key, "n", day))
		} else {
			each = append(each, strconv.Itoa(day))
		}
	}
	joined := each[len(each)-1]
	if len(each) > 1 {
		joined = w.T("settings_programme.and", "first", strings.Join(each[:len(each)-1], ", "), "last", joined)
	}
	if key := "settings_programme.days." + field; w.has(key + "_many") {
		number := len(days)
		if number == 1 {
			number = days[0] // "one day before", but "7 days before"
		}
		return w.server.texts.Count(w.Lang, key, number, "days", joined)
	}
	return joined
}

// escalations say what happens, and when, to a task that stays open.
func (w ruleWords) escalations(escalations []advisory.Escalation) []string {
	var lines []string
	for _, escalation := range escalations {
		lines = append(lines, w.server.texts.Count(w.Lang, "settings_programme.after", escalation.After)+": "+w.consequence(escalation))
	}
	return lines
}

func (w ruleWords) consequence(escalation advisory.Escalation) string {
	key := "settings_programme.consequences." + string(escalation.Then)
	if escalation.To != "" {
		key += "_" + string(escalation.To)
	}
	return w.T(key)
}

// closures are days as people read them; days that follow one another are one entry.
func (w ruleWords) closures(days []string) []string {
	var entries []string
	for i := 0; i < len(days); {
		first, err := time.ParseInLocation(time.DateOnly, days[i], advisory.Berlin)
		if err != nil { // an old version may say anything
			entries, i = append(entries, days[i]), i+1
			continue
		}
		last := first
		for i++; i < len(days) && days[i] == last.AddDate(0, 0, 1).Format(time.DateOnly); i++ {
			last = last.AddDate(0, 0, 1)
		}
		entry := w.date(first)
		if last.After(first) {
			entry = w.T("settings_programme.days_from_to", "from", entry, "to", w.date(last))
		}
		entries = append(entries, entry)
	}
	return entries
}

// stringsOf reads any list of words.
func stringsOf(value any) ([]string, bool) {
	list := reflect.ValueOf(value)
	if !list.IsValid() || list.Kind() != reflect.Slice || list.Type().Elem().Kind() != reflect.String {
		return nil, false
	}
	words := make([]string, list.Len())
	for i := range words {
		words[i] = list.Index(i).String()
	}
	return words, true
}

// problem says why a programme must not be used, and of what it speaks.
func (w ruleWords) problem(problem advisory.Problem) string {
	sentence := w.server.texts.FormText(w.Lang, "errors."+problemText(problem.Code), problemValues(problem)...)
	return w.label(problem.Task, problem.Field) + ": " + sentence
}

func problemText(code advisory.ProblemCode) string { return "programme_" + string(code) }

func problemValues(p advisory.Problem) []any {
	return []any{"n", p.Number, "min", p.Least, "max", p.Most, "value", p.Value}
}

func (w ruleWords) has(key string) bool { return w.server.texts.HasUI(w.Lang, key) }

func (w ruleWords) date(t time.Time) string { return texts.ShortDate(w.Lang, t) }
