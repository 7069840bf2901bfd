package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// EnsureProgramme keeps the default programme in the database where no programme is there yet. A version is never
// changed once a consultation may have started with it.
func (s *Store) EnsureProgramme(ctx context.Context, programme advisory.Programme) error {
	rules, err := json.Marshal(programme)
	if err != nil {
		return fmt.Errorf("programme: %w", err)
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO programmes (version, rules) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		programme.Version, rules)
	return problem(err)
}

// Programme is the newest programme: the one that a new consultation starts with.
func (s *Store) Programme(ctx context.Context) (advisory.Programme, error) {
	return programme(ctx, s.db, `SELECT rules FROM programmes ORDER BY version DESC LIMIT 1`)
}

// programmeVersion reads a version once: it is never changed.
func (s *Store) programmeVersion(ctx context.Context, q sqlx.QueryerContext, version int) (advisory.Programme, error) {
	if known, ok := s.programmes.Load(version); ok {
		return known.(advisory.Programme), nil
	}
	read, err := programme(ctx, q, `SELECT rules FROM programmes WHERE version = $1`, version)
	if err == nil {
		s.programmes.Store(version, read)
	}
	return read, err
}

func programme(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (advisory.Programme, error) {
	var rules []byte
	if err := sqlx.GetContext(ctx, q, &rules, query, args...); err != nil {
		return advisory.Programme{}, problem(err)
	}
	p := advisory.Programme{}
	if err := json.Unmarshal(rules, &p); err != nil {
		return advisory.Programme{}, fmt.Errorf("programme: %w", err)
	}
	return p.Completed(), nil
}
