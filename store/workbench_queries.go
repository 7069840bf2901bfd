package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// selectNamed reads rows of a query whose parameters have names, such as :stage.
func (s *Store) selectNamed(ctx context.Context, rows any, query string, values map[string]any) error {
	bound, args, err := sqlx.Named(query, values)
	if err != nil {
		return advisory.Errorf(advisory.Internal, "name parameters: %w", err)
	}
	return problem(s.db.SelectContext(withoutPreparing(ctx), rows, s.db.Rebind(bound), args...))
}

// maxWords bounds what one search looks for.
const maxWords = 5

// wordsCondition finds parts of number and municipality of consultations c, each word somewhere in them, in whatever
// case they are written. It adds the patterns to the values and uses the expression of the index consultations_by_words.
func wordsCondition(words string, values map[string]any) string {
	const searched = `(c.number || ' ' || lower(c.municipality))`
	var condition strings.Builder
	for i, word := range strings.Fields(words) {
		if i == maxWords {
			break
		}
		name := fmt.Sprintf("word%d", i)
		fmt.Fprintf(&condition, ` AND (%[1]s LIKE :%[2]s_lower OR %[1]s LIKE :%[2]s_upper)`, searched, name)
		values[name+"_lower"] = "%" + literalPattern(strings.ToLower(word)) + "%"
		values[name+"_upper"] = "%" + literalPattern(strings.ToUpper(word)) + "%"
	}
	return condition.String()
}

// literalPattern takes the meaning of a pattern from the characters that LIKE reads as one.
func literalPattern(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// day is the date of t in Europe/Berlin, as the database reads it.
func day(t time.Time) string { return t.In(advisory.Berlin).Format(time.DateOnly) }
