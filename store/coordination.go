package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// ConsultationMail is a mail about a consultation, as the coordination team sees it.
type ConsultationMail struct {
	ID        string            `db:"id"`
	Template  advisory.Template `db:"template"`
	Recipient string            `db:"recipient"` // name, or the address where no person is known
	State     string            `db:"state"`     // a key of ui/mails
	Subject   string            `db:"subject"`   // "" before it is written
	At        time.Time         `db:"at"`        // business time: sent, or else planned for
	Attempts  int               `db:"attempts"`  // failed so far where it is still queued
	Failure   string            `db:"failure"`   // why it did not arrive: a code for machines
	DueOn     *time.Time        `db:"due_on"`    // of its task
	StartsAt  *time.Time        `db:"starts_at"` // of its session
}

// MailsOf reads the latest mails about a consultation, at most limit, and how many there are.
func (s *Store) MailsOf(ctx context.Context, consultationID string, limit int) ([]ConsultationMail, int, error) {
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM mails WHERE consultation_id = $1`, consultationID); err != nil {
		return nil, 0, problem(err)
	}
	var mails []ConsultationMail
	err := s.db.SelectContext(ctx, &mails, `
		SELECT m.id, m.template, `+mailRecipient+` AS recipient, m.state, m.failure, m.subject, coalesce(m.sent_at, m.not_before) AS at,
			CASE WHEN m.failure <> '' THEN m.attempts ELSE 0 END AS attempts, t.due_on, x.starts_at
		FROM mails m LEFT JOIN persons p ON p.id = m.person_id LEFT JOIN tasks t ON t.id = m.task_id
			LEFT JOIN sessions x ON x.consultation_id = m.consultation_id AND x.number = m.session
		WHERE m.consultation_id = $1 ORDER BY m.ordered_at DESC, m.id DESC LIMIT $2`, consultationID, limit)
	return mails, total, problem(err)
}

// Advisors reads everybody of the pool whose account is not blocked, by name.
func (s *Store) Advisors(ctx context.Context) ([]Person, error) {
	var persons []Person
	err := s.db.SelectContext(ctx, &persons, `
		SELECT `+personColumns+` FROM persons WHERE role = 'advisor' AND active ORDER BY last_name, first_name, id`)
	return persons, problem(err)
}

// Coordinators reads everybody who may get a task of the coordination team.
func (s *Store) Coordinators(ctx context.Context) ([]Person, error) {
	var persons []Person
	err := s.db.SelectContext(ctx, &persons, `
		SELECT `+personColumns+` FROM persons WHERE role IN ('coordinator', 'lead_coordinator') AND active
		ORDER BY last_name, first_name, id`)
	return persons, problem(err)
}
