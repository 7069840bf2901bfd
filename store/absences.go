package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// Absence is a time in which a person is away, as pages show it.
type Absence struct {
	ID         string    `db:"id"`
	PersonID   string    `db:"person_id"`
	PersonName string    `db:"person_name"`
	From       time.Time `db:"from_at"`
	Until      time.Time `db:"until_at"`  // the first moment at which the person is back
	DeputyID   *string   `db:"deputy_id"` // named for it, else the standing deputy; nil: nobody
	DeputyName string    `db:"deputy_name"`
	DeputyAway bool      `db:"deputy_away"` // the deputy is away for some of the time, too
}

// Begun tells whether it has begun at a moment.
func (a Absence) Begun(moment time.Time) bool { return !moment.Before(a.From) }

// Over tells whether the person is back at a moment.
func (a Absence) Over(moment time.Time) bool { return !moment.Before(a.Until) }

const absences = `
	SELECT a.id, a.person_id, trim(p.first_name || ' ' || p.last_name) AS person_name, a.from_at, a.until_at,
		d.id AS deputy_id, coalesce(trim(d.first_name || ' ' || d.last_name), '') AS deputy_name,
		EXISTS (SELECT FROM absences o WHERE o.person_id = d.id AND o.from_at < a.until_at AND o.until_at > a.from_at) AS deputy_away
	FROM absences a JOIN persons p ON p.id = a.person_id
		LEFT JOIN persons d ON d.id = coalesce(a.deputy_id, p.deputy_id)`

// maxAbsences bounds the lists of absences: nobody plans more.
const maxAbsences = 100

// Absences reads the absences of a person that are going on or ahead, the next one first.
func (s *Store) Absences(ctx context.Context, personID string, now time.Time) ([]Absence, error) {
	var found []Absence
	err := s.db.SelectContext(ctx, &found, absences+`
		WHERE a.person_id = $1 AND a.until_at > $2 ORDER BY a.from_at LIMIT $3`, personID, now, maxAbsences)
	return found, problem(err)
}

// PastAbsences reads the latest absences of a person that are over, at most limit, the latest first.
func (s *Store) PastAbsences(ctx context.Context, personID string, now time.Time, limit int) ([]Absence, error) {
	var found []Absence
	err := s.db.SelectContext(ctx, &found, absences+`
		WHERE a.person_id = $1 AND a.until_at <= $2 ORDER BY a.until_at DESC LIMIT $3`, personID, now, limit)
	return found, problem(err)
}

// AbsencesDeputised reads the absences, going on or ahead, in which a person is the deputy, the next one first.
func (s *Store) AbsencesDeputised(ctx context.Context, personID string, now time.Time) ([]Absence, error) {
	var found []Absence
	err := s.db.SelectContext(ctx, &found, absences+`
		WHERE d.id = $1 AND a.until_at > $2 ORDER BY a.from_at LIMIT $3`, personID, now, maxAbsences)
	return found, problem(err)
}

// AbsenceAt reads the absence of a person that is going on at a moment; nil where the person is there.
func (s *Store) AbsenceAt(ctx context.Context, personID string, moment time.Time) (*Absence, error) {
	var found Absence
	err := s.db.GetContext(ctx, &found, absences+`
		WHERE a.person_id = $1 AND a.from_at <= $2 AND $2 < a.until_at ORDER BY a.from_at LIMIT 1`, personID, moment)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &found, problem(err)
}

// AbsenceRefused is why an absence was not entered. One of the two is said.
type AbsenceRefused struct {
	Overlaps *Absence // another absence of the person in this time
	// Circle are the persons whose deputies would lead back to the first of them, At the moment at which they would.
	Circle []Person
	At     time.Time
}

func (r *AbsenceRefused) Error() string {
	if r.Overlaps != nil {
		return fmt.Sprintf("absence %s is in the same time", r.Overlaps.ID)
	}
	return fmt.Sprintf("%d deputies in a circle at %s", len(r.Circle), r.At)
}

// EnterAbsence writes a new absence. Code conflict wrapping *AbsenceRefused where it is in the time of another absence of
// the person, or would make the deputies stand in for each other in a circle.
func (s *Store) EnterAbsence(ctx context.Context, absence advisory.Absence) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Two people who name each other at the same moment would each see nothing of the other.
		if _, err := tx.ExecContext(ctx, `LOCK TABLE absences IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		refused, err := refuseAbsence(ctx, tx, absence)
		if err != nil {
			return err
		}
		if refused != nil {
			return advisory.Errorf(advisory.Conflict, "absence: %w", refused)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO absences (id, person_id, from_at, until_at, deputy_id) VALUES ($1, $2, $3, $4, NULLIF($5, '')::uuid)`,
			newID(), absence.Person, absence.From, absence.Until, absence.Deputy)
		return err
	})
}

func refuseAbsence(ctx context.Context, tx *sqlx.Tx, absence advisory.Absence) (*AbsenceRefused, error) {
	var overlapping []Absence
	if err := tx.SelectContext(ctx, &overlapping, absences+` WHERE a.from_at < $1 AND a.until_at > $2 ORDER BY a.from_at`,
		absence.Until, absence.From); err != nil {
		return nil, err
	}
	var others []advisory.Absence
	for _, other := range overlapping {
		if other.PersonID == absence.Person {
			return &AbsenceRefused{Overlaps: &other}, nil
		}
		found := advisory.Absence{Person: other.PersonID, From: other.From, Until: other.Until}
		if other.DeputyID != nil {
			found.Deputy = *other.DeputyID
		}
		others = append(others, found)
	}
	standing, err := standingDeputy(ctx, tx, absence.Person)
	if err != nil {
		return nil, err
	}
	circle := advisory.FindDeputyCycle(absence, others, standing)
	if circle == nil {
		return nil, nil
	}
	refused := &AbsenceRefused{At: circle.At}
	for _, id := range circle.Persons {
		var person Person
		if err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1`, id); err != nil {
			return nil, err
		}
		refused.Circle = append(refused.Circle, person)
	}
	return refused, nil
}

// standingDeputy is that of one person; what is read of the absences of others names theirs already.
func standingDeputy(ctx context.Context, tx *sqlx.Tx, personID string) (map[string]string, error) {
	var deputy string
	err := tx.GetContext(ctx, &deputy, `SELECT coalesce(deputy_id::text, '') FROM persons WHERE id = $1`, personID)
	return map[string]string{personID: deputy}, err
}

// EndAbsence ends an absence of a person that is going on: the person is back. Code conflict where it is not going on.
func (s *Store) EndAbsence(ctx context.Context, id, personID string, now time.Time) error {
	return s.changeAbsence(ctx, `
		UPDATE absences SET until_at = $3 WHERE id = $1 AND person_id = $2 AND from_at < $3 AND until_at > $3`, id, personID, now)
}

// DeleteAbsence deletes an absence of a person that is still ahead. Code conflict where it is not: what was stays known.
func (s *Store) DeleteAbsence(ctx context.Context, id, personID string, now time.Time) error {
	return s.changeAbsence(ctx, `DELETE FROM absences WHERE id = $1 AND person_id = $2 AND from_at > $3`, id, personID, now)
}

func (s *Store) changeAbsence(ctx context.Context, statement, id, personID string, now time.Time) error {
	result, err := s.db.ExecContext(ctx, statement, asID(id), personID, now)
	if err != nil {
		return problem(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return advisory.Errorf(advisory.Conflict, "absence %s cannot be changed any more", id)
	}
	return nil
}
