package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// Appointment is a session with a fixed date that is still ahead, as a list of several consultations shows it.
type Appointment struct {
	Number       string               `db:"number"` // of the consultation
	Municipality string               `db:"municipality"`
	Subject      string               `db:"subject"`
	Session      int                  `db:"session"`
	Kind         advisory.SessionKind `db:"kind"`
	StartsAt     time.Time            `db:"starts_at"`
	EndsAt       time.Time            `db:"ends_at"`
	Format       string               `db:"meeting_format"`
	Place        string               `db:"place"`
}

// AppointmentsOfPerson reads the next appointments of the consultations whose contact or advisor the person is or acts for.
func (s *Store) AppointmentsOfPerson(ctx context.Context, personID string, now time.Time, limit int) ([]Appointment, error) {
	persons, err := s.actsAs(ctx, personID, now)
	if err != nil {
		return nil, err
	}
	var appointments []Appointment
	err = s.db.SelectContext(ctx, &appointments, `
		SELECT c.number, c.municipality, c.subject, s.number AS session, s.kind, s.starts_at, s.ends_at, s.meeting_format, s.place
		FROM (`+participation+`) mine JOIN sessions s ON s.consultation_id = mine.consultation_id
			JOIN consultations c ON c.id = mine.consultation_id
		WHERE s.state = 'scheduled' AND s.ends_at > $2 ORDER BY s.starts_at, c.number LIMIT $3`, pq.Array(persons), now, limit)
	return appointments, problem(err)
}

// Engagement is a time at which an advisor cannot be elsewhere: an appointment of any consultation, or an absence.
type Engagement struct {
	PersonID   string               `db:"person_id"`
	PersonName string               `db:"person_name"`
	StartsAt   time.Time            `db:"starts_at"`
	EndsAt     time.Time            `db:"ends_at"`
	Number     string               `db:"number"` // of the consultation; "" is an absence
	Kind       advisory.SessionKind `db:"kind"`   // "" is an absence
}

// IsAbsence tells an absence from an appointment.
func (e Engagement) IsAbsence() bool { return e.Number == "" }

// Overlaps tells whether the time between start and end touches the engagement. What ends when the other begins does not.
func (e Engagement) Overlaps(start, end time.Time) bool {
	return e.StartsAt.Before(end) && start.Before(e.EndsAt)
}

// EngagementsOfTeam reads what the advisors of a consultation have in the time between from and until, by its beginning.
// The session of the consultation that dates are looked for does not count.
func (s *Store) EngagementsOfTeam(ctx context.Context, consultationID string, session int, from, until time.Time) ([]Engagement, error) {
	var engagements []Engagement
	err := s.db.SelectContext(ctx, &engagements, `
		WITH engaged AS (
			SELECT theirs.advisor_id, a.starts_at, a.ends_at, c.number, a.kind
			FROM team ours JOIN team theirs ON theirs.advisor_id = ours.advisor_id AND theirs.until IS NULL
				JOIN sessions a ON a.consultation_id = theirs.consultation_id JOIN consultations c ON c.id = a.consultation_id
			WHERE ours.consultation_id = $1 AND ours.until IS NULL AND a.state = 'scheduled'
				AND a.starts_at < $4 AND a.ends_at > $3 AND NOT (a.consultation_id = $1 AND a.number = $2)
			UNION ALL
			SELECT b.person_id, b.from_at, b.until_at, '', '' FROM absences b JOIN team ours ON ours.advisor_id = b.person_id
			WHERE ours.consultation_id = $1 AND ours.until IS NULL AND b.from_at < $4 AND b.until_at > $3)
		SELECT e.advisor_id AS person_id, trim(p.first_name || ' ' || p.last_name) AS person_name, e.starts_at, e.ends_at,
			e.number, e.kind
		FROM engaged e JOIN persons p ON p.id = e.advisor_id ORDER BY e.starts_at, e.number, person_name`,
		consultationID, session, from, until)
	return engagements, problem(err)
}
