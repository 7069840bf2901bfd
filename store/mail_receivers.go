package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// MailReceiver is how the mails about a consultation fared that went to one person.
type MailReceiver struct {
	PersonID  string        `db:"person_id"` // "" where only an address is known
	Name      string        `db:"name"`      // or the address
	Role      advisory.Role `db:"role"`      // "" where only an address is known
	Accepted  int           `db:"accepted"`  // the mail server has taken them
	Waiting   int           `db:"waiting"`   // not tried yet, or planned for later
	Retried   int           `db:"retried"`   // not taken so far, will be tried again
	Refused   int           `db:"refused"`   // the address does not work, or the mails wait until it is clarified
	GivenUp   int           `db:"given_up"`  // not taken after many attempts
	LastTaken *time.Time    `db:"last_taken"`
}

// MailReceivers reads to whom mails about a consultation went or are to go, those first where something did not arrive.
func (s *Store) MailReceivers(ctx context.Context, consultationID string) ([]MailReceiver, error) {
	var receivers []MailReceiver
	err := s.db.SelectContext(ctx, &receivers, mailReceiversQuery, consultationID)
	return receivers, problem(err)
}

const mailReceiversQuery = `
	SELECT coalesce(m.person_id::text, '') AS person_id, ` + mailRecipient + ` AS name, coalesce(p.role, '') AS role,
		count(*) FILTER (WHERE m.state IN ('sent', 'combined')) AS accepted,
		count(*) FILTER (WHERE m.state = 'queued' AND m.failure = '' OR m.state = 'planned') AS waiting,
		count(*) FILTER (WHERE m.state = 'queued' AND m.failure <> '') AS retried,
		count(*) FILTER (WHERE m.state IN ('bounced', 'held_back')) AS refused,
		count(*) FILTER (WHERE m.state = 'given_up') AS given_up, max(m.sent_at) AS last_taken
	FROM mails m LEFT JOIN persons p ON p.id = m.person_id
	WHERE m.consultation_id = $1 GROUP BY 1, 2, 3
	ORDER BY count(*) FILTER (WHERE m.state IN ('bounced', 'held_back', 'given_up')) > 0 DESC,
		count(*) FILTER (WHERE m.state = 'queued' AND m.failure <> '') > 0 DESC, 2, 1`

// mailRecipient names who a mail m to a person p goes to.
const mailRecipient = `coalesce(nullif(trim(p.first_name || ' ' || p.last_name), ''), nullif(m.address, ''), '` + advisory.Erased + `')`
