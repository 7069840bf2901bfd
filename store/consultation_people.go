package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// Contact is a contact of the municipality of one consultation, or was.
type Contact struct {
	Person
	ConfirmedAt *time.Time `db:"confirmed_at"` // nil: the address is not confirmed, nothing but the question is sent there
	LeftAt      *time.Time `db:"left_at"`      // nil: has not left
	Unasked     bool       `db:"unasked"`      // the question whether the address is right did not arrive
}

// IsConfirmed tells whether the person takes part.
func (c Contact) IsConfirmed() bool { return c.ConfirmedAt != nil }

// IsWaiting tells whether the address is still to be confirmed.
func (c Contact) IsWaiting() bool { return c.ConfirmedAt == nil && c.LeftAt == nil }

// ToConfirm is the address at which the person is still to be asked: the corrected one, or that of who is waiting; "" where
// nothing is to be confirmed.
func (c Contact) ToConfirm() string {
	switch {
	case c.LeftAt != nil:
		return ""
	case c.NewEmail != "":
		return c.NewEmail
	case c.IsWaiting():
		return c.Email
	}
	return ""
}

const contactQuery = `SELECT ` + personColumns + `, k.confirmed_at, k.left_at,
	coalesce((SELECT m.state IN ('bounced', 'given_up') FROM mails m WHERE m.consultation_id = k.consultation_id
		AND m.template = 'verify_address' AND m.address = email ORDER BY m.ordered_at DESC, m.id DESC LIMIT 1), false) AS unasked
	FROM contacts k JOIN persons ON id = k.person_id `

// Contacts reads the contacts of a consultation, the confirmed ones first. Who has left is none of them.
func (s *Store) Contacts(ctx context.Context, consultationID string) ([]Contact, error) {
	return s.contacts(ctx, `WHERE k.consultation_id = $1 AND k.left_at IS NULL
		ORDER BY k.confirmed_at NULLS LAST, last_name, first_name`, consultationID)
}

// FormerContacts reads who was a contact of a consultation and has left, the last one first.
func (s *Store) FormerContacts(ctx context.Context, consultationID string) ([]Contact, error) {
	return s.contacts(ctx, `WHERE k.consultation_id = $1 AND k.left_at IS NOT NULL
		ORDER BY k.left_at DESC, last_name, first_name`, consultationID)
}

func (s *Store) contacts(ctx context.Context, condition, consultationID string) ([]Contact, error) {
	var contacts []Contact
	err := s.db.SelectContext(ctx, &contacts, contactQuery+condition, consultationID)
	return contacts, problem(err)
}

// TeamPerson is an advisor who accompanies a consultation, or did.
type TeamPerson struct {
	Person
	About       string         `db:"about"`
	Competences string         `db:"competences"`
	Topics      pq.StringArray `db:"topics"`    // keys of the option list topics
	Languages   pq.StringArray `db:"languages"` // keys of the option list languages
	Home        string         `db:"home"`      // for distances only: not for the municipality
	Lead        bool           `db:"lead"`
	Since       time.Time      `db:"since"`
	Until       *time.Time     `db:"until"` // nil: still there
}

// Team reads who accompanies a consultation, the lead first, and then who did.
func (s *Store) Team(ctx context.Context, consultationID string) ([]TeamPerson, error) {
	var team []TeamPerson
	err := s.db.SelectContext(ctx, &team, `
		SELECT `+personColumns+`, coalesce(a.about, '') AS about, coalesce(a.competences, '') AS competences,
			coalesce(a.topics, '{}') AS topics, coalesce(a.languages, '{}') AS languages, coalesce(a.home, '') AS home,
			m.lead, m.since, m.until
		FROM team m JOIN persons ON id = m.advisor_id LEFT JOIN advisors a ON a.person_id = m.advisor_id
		WHERE m.consultation_id = $1 ORDER BY m.until IS NOT NULL, m.lead DESC, last_name, first_name`, consultationID)
	return team, problem(err)
}

// Invitation is an advisor who was asked to accompany a consultation. The answers are for the coordination team only.
type Invitation struct {
	TaskID      string           `db:"task_id"`
	AdvisorID   string           `db:"advisor_id"`
	AdvisorName string           `db:"advisor_name"`
	Lead        bool             `db:"lead"`  // asked to lead
	State       string           `db:"state"` // a key of ui/invitations
	InvitedAt   time.Time        `db:"invited_at"`
	AnsweredAt  *time.Time       `db:"answered_at"`
	DueOn       time.Time        `db:"due_on"`
	Answers     advisory.Answers `db:"answers"` // of the form answer_invitation; empty before
}

// Invitations reads all invitations to a consultation in the order in which they were sent.
func (s *Store) Invitations(ctx context.Context, consultationID string) ([]Invitation, error) {
	var invitations []Invitation
	err := s.db.SelectContext(ctx, &invitations, `
		SELECT v.task_id, v.advisor_id, trim(p.first_name || ' ' || p.last_name) AS advisor_name, v.lead, v.state,
			v.invited_at, v.answered_at, t.due_on, coalesce(i.answers, '{}') AS answers
		FROM invitations v JOIN persons p ON p.id = v.advisor_id JOIN tasks t ON t.id = v.task_id
			LEFT JOIN inputs i ON i.id = t.input_id
		WHERE v.consultation_id = $1 ORDER BY v.invited_at, v.task_id`, consultationID)
	return invitations, problem(err)
}
