package store

import (
	"context"
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

// literalPattern takes the meaning of a pattern from the characters that LIKE reads as one.
func literalPattern(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// day is the date of t in Europe/Berlin, as the database reads it.
func day(t time.Time) string { return t.In(advisory.Berlin).Format(time.DateOnly) }
