package store

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// MunicipalityEntry is a municipality of the directory: one that has asked for advice at least once.
type MunicipalityEntry struct {
	ID         string        `db:"id"`
	Land       advisory.Land `db:"land"`
	Name       string        `db:"name"`
	AGS        string        `db:"ags"`          // official key; "" while unknown
	Running    int           `db:"running"`      // consultations without an outcome
	Total      int           `db:"total"`        // consultations ever
	LastSentAt *time.Time    `db:"last_sent_at"` // of its latest request; nil where all of them were moved to another entry
}

// MunicipalityFilter says which municipalities to read. Empty fields do not filter.
type MunicipalityFilter struct {
	Words      string // part of one of its names, or the beginning of its official key
	Land       advisory.Land
	WithoutAGS bool
	Page       int // from 1
}

// MunicipalitiesPerPage is how many municipalities a page shows.
const MunicipalitiesPerPage = 25

func (f MunicipalityFilter) where() (string, map[string]any) {
	where, values := ` WHERE true`, map[string]any{}
	if f.Land != "" {
		where += ` AND m.land = :land`
		values["land"] = f.Land
	}
	if f.WithoutAGS {
		where += ` AND m.ags = ''`
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		where += ` AND (m.ags LIKE :ags OR EXISTS (
			SELECT FROM municipality_names n WHERE n.municipality_id = m.id AND n.folded LIKE '%' || municipality_fold(:words) || '%'))`
		values["words"], values["ags"] = literalPattern(words), literalPattern(words)+"%"
	}
	return where, values
}

const municipalityEntries = `
	SELECT m.id, m.land, m.name, m.ags, asked.* FROM municipalities m CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE c.outcome = '') AS running, count(*) AS total, max(c.sent_at) AS last_sent_at
		FROM consultations c WHERE c.municipality_id = m.id) asked`

// Municipalities reads a page of the directory, by name, and how many there are.
func (s *Store) Municipalities(ctx context.Context, filter MunicipalityFilter) ([]MunicipalityEntry, int, error) {
	where, values := filter.where()
	var total []int
	if err := s.selectNamed(ctx, &total, `SELECT count(*) FROM municipalities m`+where, values); err != nil {
		return nil, 0, err
	}
	values["limit"], values["offset"] = MunicipalitiesPerPage, MunicipalitiesPerPage*(max(filter.Page, 1)-1)
	var found []MunicipalityEntry
	err := s.selectNamed(ctx, &found, municipalityEntries+where+` ORDER BY m.name, m.id LIMIT :limit OFFSET :offset`, values)
	return found, total[0], err
}

// AllMunicipalities reads the whole list that a filter finds, by name, for an export.
func (s *Store) AllMunicipalities(ctx context.Context, filter MunicipalityFilter) ([]MunicipalityEntry, error) {
	where, values := filter.where()
	var found []MunicipalityEntry
	err := s.selectNamed(ctx, &found, municipalityEntries+where+` ORDER BY m.name, m.id`, values)
	return found, err
}

// Municipality reads one entry. Code not_found where there is none.
func (s *Store) Municipality(ctx context.Context, id string) (MunicipalityEntry, error) {
	var entry MunicipalityEntry
	err := s.db.GetContext(ctx, &entry, municipalityEntries+` WHERE m.id = $1`, asID(id))
	return entry, problem(err)
}

// MunicipalityNames reads the names that requests of a municipality came with.
func (s *Store) MunicipalityNames(ctx context.Context, id string) ([]string, error) {
	var names []string
	err := s.db.SelectContext(ctx, &names, `SELECT name FROM municipality_names WHERE municipality_id = $1 ORDER BY name`, asID(id))
	return names, problem(err)
}

// ConsultationsOfMunicipality reads the latest consultations of a municipality, at most limit.
func (s *Store) ConsultationsOfMunicipality(ctx context.Context, id string, limit int) ([]Consultation, error) {
	var found []Consultation
	err := s.db.SelectContext(ctx, &found, `SELECT `+consultationListColumns+` FROM consultations c
		WHERE c.municipality_id = $1 ORDER BY c.sent_at DESC LIMIT $2`, asID(id), limit)
	return found, problem(err)
}

// MunicipalityContact is somebody who speaks for a municipality in at least one of its consultations.
type MunicipalityContact struct {
	Person
	Consultations int       `db:"consultations"`
	Since         time.Time `db:"since"` // confirmed the address first
}

// MunicipalityContacts reads the confirmed contacts of a municipality whose data are still kept, the one of the latest
// consultation first, at most limit.
func (s *Store) MunicipalityContacts(ctx context.Context, id string, limit int) ([]MunicipalityContact, error) {
	var found []MunicipalityContact
	err := s.db.SelectContext(ctx, &found, `
		SELECT p.*, of_it.consultations, of_it.since FROM (
			SELECT k.person_id, count(*) AS consultations, min(k.confirmed_at) AS since, max(c.sent_at) AS latest
			FROM consultations c JOIN contacts k ON k.consultation_id = c.id AND k.confirmed_at IS NOT NULL
			WHERE c.municipality_id = $1 AND c.anonymised_at IS NULL GROUP BY k.person_id) of_it
		JOIN (SELECT `+personColumns+` FROM persons) p ON p.id = of_it.person_id AND p.last_name <> $2
		ORDER BY of_it.latest DESC, p.last_name, p.first_name LIMIT $3`, asID(id), advisory.Erased, limit)
	return found, problem(err)
}

// municipalityOf finds the municipality of a name, or adds it to the directory.
func municipalityOf(ctx context.Context, tx *sqlx.Tx, land advisory.Land, name string) (string, error) {
	name = strings.TrimSpace(name)
	var found []string
	if err := tx.SelectContext(ctx, &found, `
		SELECT municipality_id FROM municipality_names WHERE land = $1 AND folded = municipality_fold($2)`, land, name); err != nil {
		return "", err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	added, kept := newID(), ""
	if _, err := tx.ExecContext(ctx, `INSERT INTO municipalities (id, land, name) VALUES ($1, $2, $3)`, added, land, name); err != nil {
		return "", err
	}
	if err := tx.GetContext(ctx, &kept, `
		INSERT INTO municipality_names (land, folded, name, municipality_id) VALUES ($2, municipality_fold($3), $3, $1)
		ON CONFLICT (land, folded) DO UPDATE SET name = municipality_names.name RETURNING municipality_id`, added, land, name); err != nil {
		return "", err
	}
	if kept == added {
		return added, nil
	}
	// Somebody of the same municipality was faster.
	_, err := tx.ExecContext(ctx, `DELETE FROM municipalities WHERE id = $1`, added)
	return kept, err
}
