package advisory

import (
	"fmt"
	"reflect"
	"strings"
)

// Difference is one thing that two programmes say differently.
type Difference struct {
	Task  TaskKind // "" where it is not about a task
	Field string   // the path of the names in the stored programme, such as "due" or "matching.topic"; "" for a whole task
	Was   any      // of the field's type; nil where one of them has no such task
	Is    any
}

// EscalationField is the name of the day count of a task's escalation, from 0, in Problem.Field.
func EscalationField(i int) string { return fmt.Sprintf("escalations.%d.after", i+1) }

// Differences are everything that a programme says differently from an earlier one, in the order of its fields; the number
// of the version is none. It looks at every field, also at those that are added to Programme later.
func (p Programme) Differences(earlier Programme) []Difference {
	var found []Difference
	was, is := reflect.ValueOf(earlier), reflect.ValueOf(p)
	for i := range is.NumField() {
		switch field := is.Type().Field(i); {
		case field.Name == "Version":
		case field.Name == "Tasks":
			found = append(found, taskDifferences(earlier, p)...)
		default:
			found = append(found, differences("", nameOf(field), was.Field(i), is.Field(i))...)
		}
	}
	return found
}

func taskDifferences(earlier, later Programme) []Difference {
	var found []Difference
	for _, kind := range TaskKinds {
		was, had := earlier.Rule(kind)
		is, has := later.Rule(kind)
		switch {
		case had && has:
			found = append(found, ruleDifferences(kind, was, is)...)
		case had:
			found = append(found, Difference{Task: kind, Was: was})
		case has:
			found = append(found, Difference{Task: kind, Is: is})
		}
	}
	return found
}

func ruleDifferences(kind TaskKind, earlier, later TaskRule) []Difference {
	var found []Difference
	was, is := reflect.ValueOf(earlier), reflect.ValueOf(later)
	for i := range is.NumField() {
		found = append(found, differences(kind, nameOf(is.Type().Field(i)), was.Field(i), is.Field(i))...)
	}
	return found
}

// differences goes into structs; everything else is compared as a whole. An empty list is no list.
func differences(task TaskKind, name string, was, is reflect.Value) []Difference {
	if is.Kind() != reflect.Struct {
		empty := (is.Kind() == reflect.Slice || is.Kind() == reflect.Map) && was.Len() == 0 && is.Len() == 0
		if empty || reflect.DeepEqual(was.Interface(), is.Interface()) {
			return nil
		}
		return []Difference{{Task: task, Field: name, Was: was.Interface(), Is: is.Interface()}}
	}
	var found []Difference
	for i := range is.NumField() {
		found = append(found, differences(task, name+"."+nameOf(is.Type().Field(i)), was.Field(i), is.Field(i))...)
	}
	return found
}

// nameOf is the name of a field in the stored programme.
func nameOf(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}
