package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// TakenAGS says that another entry of the directory has the official key already. It comes with code conflict.
type TakenAGS struct{ Other MunicipalityEntry }

func (t TakenAGS) Error() string {
	return fmt.Sprintf("official key is that of municipality %s", t.Other.ID)
}

// ChangeMunicipality sets the name and the official key of an entry; "" takes the key away. What a request said stays as it
// was said. Code invalid where the key is none of the entry's Land (advisory.CheckAGS), conflict with TakenAGS where another
// entry has it.
func (s *Store) ChangeMunicipality(ctx context.Context, id, name, ags string) error {
	entry, err := s.Municipality(ctx, id)
	if err != nil {
		return err
	}
	if problem := advisory.CheckAGS(ags, entry.Land); ags != "" && problem != advisory.AGSFits {
		return advisory.Errorf(advisory.Invalid, "official key: %s", problem)
	}
	name = strings.TrimSpace(name)
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE municipalities SET name = $2, ags = $3 WHERE id = $1`, entry.ID, name, ags); err != nil {
			return err
		}
		// The next request under the new name belongs to this entry.
		_, err := tx.ExecContext(ctx, `
			INSERT INTO municipality_names (land, folded, name, municipality_id) VALUES ($2, municipality_fold($3), $3, $1)
			ON CONFLICT DO NOTHING`, entry.ID, entry.Land, name)
		return err
	})
	if !isDuplicate(err) {
		return err
	}
	var other MunicipalityEntry
	if err := s.db.GetContext(ctx, &other, municipalityEntries+` WHERE m.ags = $1`, ags); err != nil {
		return problem(err)
	}
	return advisory.Errorf(advisory.Conflict, "change of municipality: %w", TakenAGS{other})
}

// MunicipalitiesLike reads the other entries of the same Land that are most like an entry by their names, at most limit.
func (s *Store) MunicipalitiesLike(ctx context.Context, entry MunicipalityEntry, limit int) ([]MunicipalityEntry, error) {
	var found []MunicipalityEntry
	err := s.db.SelectContext(ctx, &found, municipalityEntries+`
		WHERE m.land = $1 AND m.id <> $2 ORDER BY similarity(m.name, $3) DESC, m.name, m.id LIMIT $4`, entry.Land, entry.ID, entry.Name, limit)
	return found, problem(err)
}

// MergeMunicipality moves all consultations and names of an entry to another one of the same Land, and removes it. The other
// keeps its name, and its official key where it has one. Code conflict where the two have different keys, invalid where they
// lie in different Länder or are one.
func (s *Store) MergeMunicipality(ctx context.Context, id, intoID string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var both []MunicipalityEntry
		if err := tx.SelectContext(ctx, &both, `
			SELECT id, land, name, ags FROM municipalities WHERE id IN ($1, $2) ORDER BY id FOR UPDATE`, asID(id), asID(intoID)); err != nil {
			return err
		}
		switch {
		case len(both) < 2 && id != intoID:
			return advisory.Errorf(advisory.NotFound, "no such municipality")
		case len(both) < 2 || both[0].Land != both[1].Land:
			return advisory.Errorf(advisory.Invalid, "municipalities that cannot be one")
		case both[0].AGS != "" && both[1].AGS != "":
			return advisory.Errorf(advisory.Conflict, "both municipalities have an official key")
		}
		ags := both[0].AGS + both[1].AGS
		for _, change := range []struct {
			statement string
			args      []any
		}{
			{`UPDATE consultations SET municipality_id = $2 WHERE municipality_id = $1`, []any{id, intoID}},
			{`UPDATE municipality_names SET municipality_id = $2 WHERE municipality_id = $1`, []any{id, intoID}},
			{`DELETE FROM municipalities WHERE id = $1`, []any{id}},
			{`UPDATE municipalities SET ags = $2 WHERE id = $1`, []any{intoID, ags}},
		} {
			if _, err := tx.ExecContext(ctx, change.statement, change.args...); err != nil {
				return err
			}
		}
		return nil
	})
}
