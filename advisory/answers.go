package advisory

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
)

// Answers are what a person entered in a form: the field's key and its values in the order of the form. Fields of a
// repeated step have keys STEP.N.FIELD with N counted from 1, for example slots.1.date. Dates are kept as 2006-01-02.
//
// Answers are words of a person: they live in PostgreSQL and never enter the engine.
type Answers map[string][]string

// Get returns the first value of a field, or "" where it was left empty.
func (a Answers) Get(key string) string {
	if v := a[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// All returns every value of a field with several choices.
func (a Answers) All(key string) []string { return a[key] }

// Has tells whether the option is among the values of the field.
func (a Answers) Has(key, option string) bool { return slices.Contains(a[key], option) }

// Set replaces the value of a field.
func (a Answers) Set(key string, values ...string) { a[key] = values }

// Value stores answers as JSON.
func (a Answers) Value() (driver.Value, error) {
	if a == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(a)
}

// Scan reads answers from JSON.
func (a *Answers) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*a = nil
		return nil
	case []byte:
		return json.Unmarshal(v, a)
	case string:
		return json.Unmarshal([]byte(v), a)
	default:
		return fmt.Errorf("answers cannot be read from %T", src)
	}
}
