package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// SavedList is a list whose filters can be saved.
type SavedList string

// The lists.
const (
	ConsultationFilters SavedList = "consultations"
	TaskFilters         SavedList = "tasks" // all of the coordination team's lists of tasks
)

// SavedFilter is a filter of a list under a name.
type SavedFilter struct {
	ID        string    `db:"id"`
	OwnerID   string    `db:"owner_id"`
	OwnerName string    `db:"owner_name"`
	List      SavedList `db:"list"`
	Name      string    `db:"name"`   // one of its kind among the owner's
	Query     string    `db:"query"`  // of the address, without page
	Shared    bool      `db:"shared"` // with the whole coordination team
	CreatedAt time.Time `db:"created_at"`
}

// MaxSavedFilters is how many filters of a list one person can save; of those that others share, as many are listed.
const MaxSavedFilters = 50

// SavedFilters reads the filters that a person can open: the own ones, then those that others share, by name.
func (s *Store) SavedFilters(ctx context.Context, list SavedList, personID string) ([]SavedFilter, error) {
	const columns = `SELECT f.*, trim(p.first_name || ' ' || p.last_name) AS owner_name
		FROM saved_filters f JOIN persons p ON p.id = f.owner_id WHERE f.list = $1 AND `
	var filters []SavedFilter
	err := s.db.SelectContext(ctx, &filters, `
		(`+columns+`f.owner_id = $2 ORDER BY f.name LIMIT $3)
		UNION ALL (`+columns+`f.shared AND f.owner_id <> $2 ORDER BY f.name LIMIT $3)`, list, personID, MaxSavedFilters)
	return filters, problem(err)
}

// SaveFilter keeps a filter of its owner, in the place of one with the same name. Code too_many where there are
// MaxSavedFilters.
func (s *Store) SaveFilter(ctx context.Context, filter SavedFilter) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM persons WHERE id = $1 FOR UPDATE`, filter.OwnerID); err != nil {
			return err
		}
		var others int
		if err := tx.GetContext(ctx, &others, `SELECT count(*) FROM saved_filters WHERE owner_id = $1 AND list = $2 AND name <> $3`,
			filter.OwnerID, filter.List, filter.Name); err != nil {
			return err
		}
		if others >= MaxSavedFilters {
			return advisory.Errorf(advisory.TooMany, "%d filters saved", others)
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO saved_filters (id, owner_id, list, name, query, shared) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (owner_id, list, name) DO UPDATE SET query = EXCLUDED.query, shared = EXCLUDED.shared`,
			newID(), filter.OwnerID, filter.List, filter.Name, filter.Query, filter.Shared)
		return err
	})
}

// DeleteFilter deletes a filter of its owner. Code not_found where there is no such one.
func (s *Store) DeleteFilter(ctx context.Context, id, ownerID string) error {
	var deleted string
	return problem(s.db.GetContext(ctx, &deleted, `DELETE FROM saved_filters WHERE id = $1 AND owner_id = $2 RETURNING id`, asID(id), ownerID))
}
