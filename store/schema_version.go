package store

import (
	"context"
	"errors"

	"github.com/lib/pq"
)

// SchemaVersion is the newest migration that the database has; 0 where it has none.
func (s *Store) SchemaVersion(ctx context.Context) (version int64, err error) {
	err = s.db.GetContext(ctx, &version, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
	var server *pq.Error
	if errors.As(err, &server) && server.Code == "42P01" { // no such table
		return 0, nil
	}
	return version, problem(err)
}
