package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"miglobe/advisory"
)

// CalendarFeed is a person's private calendar feed. Its address is not stored.
type CalendarFeed struct {
	CreatedAt time.Time  `db:"created_at"` // real time, as ReadAt
	ReadAt    *time.Time `db:"read_at"`    // when a calendar asked for it last; nil: never
}

// CalendarFeed reads the feed of a person; nil where there is none.
func (s *Store) CalendarFeed(ctx context.Context, personID string) (*CalendarFeed, error) {
	var feed CalendarFeed
	err := s.db.GetContext(ctx, &feed, `SELECT created_at, read_at FROM calendar_feeds WHERE person_id = $1`, personID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &feed, problem(err)
}

// IssueCalendarFeed makes the secret part of a feed's address, in the place of the one that the person had: the former
// address ends at once. Only the hash of the token is stored.
func (s *Store) IssueCalendarFeed(ctx context.Context, personID string) (token string, err error) {
	token = newToken()
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO calendar_feeds (person_id, token_hash) VALUES ($1, $2)
		ON CONFLICT (person_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, created_at = now(), read_at = NULL`,
		personID, tokenHash(token))
	return token, problem(err)
}

// RevokeCalendarFeed ends the feed of a person. Where there is none, nothing happens.
func (s *Store) RevokeCalendarFeed(ctx context.Context, personID string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM calendar_feeds WHERE person_id = $1`, personID)
	return problem(err)
}

// ReadCalendarFeed reads whose feed has this token, and notes that it was read. Code not_found where it is revoked, and
// where the person's account is blocked or has a role without appointments of its own.
func (s *Store) ReadCalendarFeed(ctx context.Context, token string) (Person, error) {
	var person Person
	if err := s.db.GetContext(ctx, &person, `
		SELECT `+personColumns+` FROM persons WHERE active AND role IN ('advisor', 'coordinator', 'lead_coordinator')
			AND id = (SELECT person_id FROM calendar_feeds WHERE token_hash = $1)`, tokenHash(token)); err != nil {
		return Person{}, problem(err)
	}
	_, err := s.db.ExecContext(ctx, `UPDATE calendar_feeds SET read_at = now() WHERE token_hash = $1`, tokenHash(token))
	return person, problem(err)
}

// FeedAppointment is an appointment as a calendar feed shows it: what its invitation says, and no more.
type FeedAppointment struct {
	ConsultationID   string               `db:"consultation_id"`
	Number           string               `db:"number"` // of the consultation
	Subject          string               `db:"subject"`
	Session          int                  `db:"session"`
	Kind             advisory.SessionKind `db:"kind"`
	StartsAt         time.Time            `db:"starts_at"`
	EndsAt           time.Time            `db:"ends_at"`
	Place            string               `db:"place"`
	Sequence         int                  `db:"sequence"`
	CoordinatorName  string               `db:"coordinator_name"` // "" before somebody is responsible
	CoordinatorPhone string               `db:"coordinator_phone"`
	CoordinatorEmail string               `db:"coordinator_email"`
	UpdatedAt        time.Time            `db:"updated_at"` // latest change of the consultation
}

// FeedAppointments reads the appointments since a moment of the consultations that the person accompanies now or is
// responsible for. What was called off, and what is being planned anew, is not among them.
func (s *Store) FeedAppointments(ctx context.Context, personID string, since time.Time) ([]FeedAppointment, error) {
	var appointments []FeedAppointment
	err := s.db.SelectContext(ctx, &appointments, `
		SELECT s.consultation_id, c.number, c.subject, s.number AS session, s.kind, s.starts_at, s.ends_at, s.place, s.sequence,
			coalesce(trim(k.first_name || ' ' || k.last_name), '') AS coordinator_name,
			coalesce(k.phone, '') AS coordinator_phone, coalesce(k.email, '') AS coordinator_email, c.updated_at
		FROM sessions s JOIN consultations c ON c.id = s.consultation_id LEFT JOIN persons k ON k.id = c.coordinator_id
		WHERE s.state IN ('scheduled', 'outcome_wanted', 'held', 'unknown') AND s.starts_at IS NOT NULL AND s.ends_at > $2
			AND (c.coordinator_id = $1
				OR EXISTS (SELECT FROM team t WHERE t.consultation_id = c.id AND t.advisor_id = $1 AND t.until IS NULL))
		ORDER BY s.starts_at, c.number, s.number`, personID, since)
	return appointments, problem(err)
}
