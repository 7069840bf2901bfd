package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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

// TopicWords are the words of all topics that some version of the programme names, as the newest of these versions has them.
func (s *Store) TopicWords(ctx context.Context) (map[string]advisory.TopicWords, error) {
	var rows []struct {
		Key   string `db:"key"`
		Words []byte `db:"value"`
	}
	if err := s.db.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (t.key) t.key, t.value FROM programmes p, jsonb_each(p.rules->'topic_words') t
		ORDER BY t.key, p.version DESC`); err != nil {
		return nil, problem(err)
	}
	words := make(map[string]advisory.TopicWords, len(rows))
	for _, row := range rows {
		var of advisory.TopicWords
		if err := json.Unmarshal(row.Words, &of); err != nil {
			return nil, fmt.Errorf("words of topic %s: %w", row.Key, err)
		}
		words[row.Key] = of
	}
	return words, nil
}

// ProgrammeVersion is a version of the programme and how it came about.
type ProgrammeVersion struct {
	Version    int       `db:"version"`
	AuthorName string    `db:"author_name"` // "" for the one that came with the product
	Note       string    `db:"note"`
	CreatedAt  time.Time `db:"created_at"`
	Running    int       `db:"running"` // consultations that have not ended and follow it
}

// ProgrammeVersions reads all versions, the newest first.
func (s *Store) ProgrammeVersions(ctx context.Context) ([]ProgrammeVersion, error) {
	var versions []ProgrammeVersion
	err := s.db.SelectContext(ctx, &versions, `
		SELECT p.version, p.note, p.created_at, coalesce(trim(a.first_name || ' ' || a.last_name), '') AS author_name,
			(SELECT count(*) FROM consultations c WHERE c.programme_version = p.version AND c.ended_at IS NULL) AS running
		FROM programmes p LEFT JOIN persons a ON a.id = p.author_id ORDER BY p.version DESC`)
	return versions, problem(err)
}

// AddProgramme keeps a changed programme as the version after the one that it was made from, which is in its field Version,
// and returns the new number. New consultations start with it; running ones keep theirs. Code conflict where somebody else
// has made a version in the meantime. It does not check the rules: see Programme.Problems.
func (s *Store) AddProgramme(ctx context.Context, changed advisory.Programme, authorID, note string) (int, error) {
	base := changed.Version
	changed.Version = base + 1
	rules, err := json.Marshal(changed)
	if err != nil {
		return 0, fmt.Errorf("programme: %w", err)
	}
	result, err := s.db.ExecContext(ctx, `
		INSERT INTO programmes (version, rules, author_id, note)
		SELECT $1, $2, $3, $4 WHERE (SELECT max(version) FROM programmes) = $5 ON CONFLICT DO NOTHING`,
		changed.Version, rules, authorID, note, base)
	if err != nil {
		return 0, problem(err)
	}
	added, err := result.RowsAffected()
	if err == nil && added == 0 {
		err = advisory.Errorf(advisory.Conflict, "version %d is not the newest programme", base)
	}
	if err != nil {
		return 0, err
	}
	return changed.Version, nil
}
