package store

import (
	"context"
	"time"

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

// AppointmentsOfPerson reads the next appointments of the consultations whose contact or advisor the person is.
func (s *Store) AppointmentsOfPerson(ctx context.Context, personID string, now time.Time, limit int) ([]Appointment, error) {
	var appointments []Appointment
	err := s.db.SelectContext(ctx, &appointments, `
		SELECT c.number, c.municipality, c.subject, s.number AS session, s.kind, s.starts_at, s.ends_at, s.meeting_format, s.place
		FROM (`+participation+`) mine JOIN sessions s ON s.consultation_id = mine.consultation_id
			JOIN consultations c ON c.id = mine.consultation_id
		WHERE s.state = 'scheduled' AND s.ends_at > $2 ORDER BY s.starts_at, c.number LIMIT $3`, personID, now, limit)
	return appointments, problem(err)
}
