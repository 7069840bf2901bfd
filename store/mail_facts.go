package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// MailFacts is what the mails about a consultation tell.
type MailFacts struct {
	ID            string         `db:"id"`
	Number        string         `db:"number"`
	Municipality  string         `db:"municipality"`
	Subject       string         `db:"subject"`
	Land          advisory.Land  `db:"land"`
	Version       int            `db:"programme_version"`
	SentAt        time.Time      `db:"sent_at"`
	FollowUpFrom  *time.Time     `db:"follow_up_from"`
	RestUntil     *time.Time     `db:"rest_until"`  // the day on which a rest ends
	RestReason    string         `db:"rest_reason"` // key of the option list rest_reasons
	UndoUntil     *time.Time     `db:"undo_until"`  // the instant from which a withdrawal is final
	CoordinatorID sql.NullString `db:"coordinator_id"`
	Programme     advisory.Programme
	Coordinator   *Person // nil before somebody is responsible
	Advisors      []TeamMember
}

// TeamMember is an advisor who accompanies a consultation, or is suggested to.
type TeamMember struct {
	PersonID  string `db:"person_id"`
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
	Email     string `db:"email"`
	Lead      bool   `db:"lead"`
}

// MailFacts reads what the mails about consultations tell, by the consultation's id.
func (s *Store) MailFacts(ctx context.Context, consultationIDs ...string) (map[string]MailFacts, error) {
	var found []MailFacts
	if err := s.db.SelectContext(ctx, &found, `
		SELECT id, number, municipality, subject, land, programme_version, sent_at, follow_up_from, rest_until, rest_reason,
			undo_until, coordinator_id FROM consultations WHERE id = ANY($1::uuid[])`, pq.Array(consultationIDs)); err != nil {
		return nil, problem(err)
	}
	var coordinators []string
	for _, facts := range found {
		if facts.CoordinatorID.Valid {
			coordinators = append(coordinators, facts.CoordinatorID.String)
		}
	}
	persons, err := s.Persons(ctx, coordinators...)
	if err != nil {
		return nil, err
	}
	teams, err := teamsOf(ctx, s.db, consultationIDs)
	if err != nil {
		return nil, problem(err)
	}
	byID := map[string]MailFacts{}
	for _, facts := range found {
		if facts.Programme, err = s.programmeVersion(ctx, s.db, facts.Version); err != nil {
			return nil, err
		}
		facts.Advisors = teams[facts.ID]
		if person, known := persons[facts.CoordinatorID.String]; known {
			facts.Coordinator = &person
		}
		byID[facts.ID] = facts
	}
	return byID, nil
}

// teamsOf is who accompanies, by consultation; before the municipality has agreed, who has accepted. The lead comes first.
func teamsOf(ctx context.Context, q sqlx.QueryerContext, consultationIDs []string) (map[string][]TeamMember, error) {
	var members []struct {
		TeamMember
		ConsultationID string `db:"consultation_id"`
	}
	if err := sqlx.SelectContext(ctx, q, &members, `
		WITH agreed AS (SELECT consultation_id, advisor_id, lead FROM team WHERE consultation_id = ANY($1::uuid[]) AND until IS NULL),
		accompanying AS (
			SELECT consultation_id, advisor_id, lead FROM agreed
			UNION SELECT consultation_id, advisor_id, lead FROM invitations v WHERE consultation_id = ANY($1::uuid[])
				AND state = 'accepted' AND NOT EXISTS (SELECT FROM agreed WHERE consultation_id = v.consultation_id))
		SELECT a.consultation_id, p.id AS person_id, p.first_name, p.last_name, p.email, a.lead FROM accompanying a
		JOIN persons p ON p.id = a.advisor_id ORDER BY a.lead DESC, p.last_name, p.first_name`, pq.Array(consultationIDs)); err != nil {
		return nil, err
	}
	teams := map[string][]TeamMember{}
	for _, member := range members {
		teams[member.ConsultationID] = append(teams[member.ConsultationID], member.TeamMember)
	}
	return teams, nil
}

// MailSession is the session that a mail is about.
type MailSession struct {
	Number       int                   `db:"number"`
	Kind         advisory.SessionKind  `db:"kind"`
	State        advisory.SessionState `db:"state"`
	StartsAt     *time.Time            `db:"starts_at"`
	EndsAt       *time.Time            `db:"ends_at"`
	Place        string                `db:"place"`
	Format       string                `db:"meeting_format"`
	Sequence     int                   `db:"sequence"`
	CorrectUntil *time.Time            `db:"correct_until"`
}

// MailSession reads the session that a mail is about.
func (s *Store) MailSession(ctx context.Context, consultationID string, number int) (MailSession, error) {
	var session MailSession
	err := s.db.GetContext(ctx, &session, `
		SELECT s.number, s.kind, s.state, s.starts_at, s.ends_at, s.place, s.meeting_format, s.sequence, n.correct_until
		FROM sessions s LEFT JOIN notes n ON n.consultation_id = s.consultation_id AND n.session = s.number
		WHERE s.consultation_id = $1 AND s.number = $2`, consultationID, number)
	return session, problem(err)
}

// MailInput is what somebody said that a mail quotes or is about.
type MailInput struct {
	Kind     advisory.InputKind `db:"kind"`
	Form     string             `db:"form"`      // "" for none
	TaskKind advisory.TaskKind  `db:"task_kind"` // "" where it was no answer to a task
	Answers  advisory.Answers   `db:"answers"`
}

// MailInput reads what somebody said.
func (s *Store) MailInput(ctx context.Context, id string) (MailInput, error) {
	var in MailInput
	err := s.db.GetContext(ctx, &in, `
		SELECT i.kind, i.form, coalesce(t.kind, '') AS task_kind, i.answers FROM inputs i LEFT JOIN tasks t ON t.id = i.task_id
		WHERE i.id = $1`, id)
	return in, problem(err)
}

// Participants are the persons whom a calendar entry names: confirmed contacts and the team.
func (s *Store) Participants(ctx context.Context, consultationID string) ([]Person, error) {
	var persons []Person
	err := s.db.SelectContext(ctx, &persons, `
		SELECT `+personColumns+` FROM persons WHERE active AND (
			id IN (SELECT person_id FROM contacts WHERE consultation_id = $1 AND confirmed_at IS NOT NULL AND left_at IS NULL)
			OR id IN (SELECT advisor_id FROM team WHERE consultation_id = $1 AND until IS NULL))
		ORDER BY role, last_name, first_name`, consultationID)
	return persons, problem(err)
}
