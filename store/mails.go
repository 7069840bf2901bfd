package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// QueuedMail is an order that waits for the post office, with what decides whether it may go.
type QueuedMail struct {
	ID             string            `db:"id"`
	Key            string            `db:"key"`
	ConsultationID sql.NullString    `db:"consultation_id"`
	TaskID         sql.NullString    `db:"task_id"`
	Session        int               `db:"session"`
	InputID        sql.NullString    `db:"input_id"`
	DraftID        sql.NullString    `db:"draft_id"`
	PersonID       sql.NullString    `db:"person_id"`
	Address        string            `db:"address"`
	Template       advisory.Template `db:"template"`
	Language       string            `db:"language"`
	Link           string            `db:"link"`
	Reminder       bool              `db:"reminder"`
	Digest         bool              `db:"digest"` // collected into the one mail a day of the person
	OrderedAt      time.Time         `db:"ordered_at"`
	Attempts       int               `db:"attempts"`
	MessageID      string            `db:"message_id"` // of the letter that was begun with it before; "" where none was
	Lease          time.Time         `db:"lease"`      // until when it belongs to who claimed it, in real time; of one claim alone

	Role      advisory.Role  `db:"role"` // of the person
	Active    bool           `db:"active"`
	Bounced   bool           `db:"bounced"`    // the person's address refused mail for good
	ActingID  sql.NullString `db:"acting_id"`  // who acts in the person's place now; none: nobody
	HasLeft   bool           `db:"has_left"`   // the person, or the task's owner, takes no part any more
	TakesPart bool           `db:"takes_part"` // the person is in the team
	IsInvited bool           `db:"is_invited"` // the person is invited, or has accepted and is not agreed to yet

	TaskState     sql.NullString    `db:"task_state"`
	TaskKind      advisory.TaskKind `db:"task_kind"`
	TaskDueOn     *time.Time        `db:"task_due_on"`
	TaskOpenedAt  *time.Time        `db:"task_opened_at"`
	TaskOwnerID   sql.NullString    `db:"task_owner_id"`
	OwnerActingID sql.NullString    `db:"owner_acting_id"` // who acts in the owner's place now; none: nobody
	ForOwner      bool              `db:"for_owner"`       // ordered for the present owner of the task, or for a deputy

	Outcome      advisory.Outcome `db:"outcome"` // of the consultation
	Stage        advisory.Stage   `db:"stage"`
	Resting      bool             `db:"resting"`
	UndoUntil    *time.Time       `db:"undo_until"`
	SessionState sql.NullString   `db:"session_state"`
	SessionStart *time.Time       `db:"session_start"`
	CorrectUntil *time.Time       `db:"correct_until"` // last day for corrections of the session's note
	IsPlanned    bool             `db:"is_planned"`    // some session of the consultation has an appointment
	Superseded   bool             `db:"superseded"`    // a later order to the same person tells how it is now
	DraftGone    bool             `db:"draft_gone"`    // the draft is deleted, or has become a consultation
	DraftMoved   bool             `db:"draft_moved"`   // the draft was sent or changed since the order
}

// actingID is who acts at the moment $2 in the place of a person of the statement around it. Who has declared a conflict
// of interest is deputy of nobody there, and who may not settle the task does not get it this way.
func actingID(person string) string {
	return `CASE WHEN NOT EXISTS (SELECT FROM absences WHERE person_id = ` + person + ` AND from_at <= $2 AND $2 < until_at) THEN ` + person + `
		ELSE (SELECT acting.id FROM (SELECT acting_for(` + person + `, $2) AS id) acting
			WHERE acting.id = ` + person + ` OR acting.id IS DISTINCT FROM t.not_id AND NOT ` + biased("c.id", "acting.id") + `) END`
}

var (
	queuedMailColumns = `m.id, m.key, m.consultation_id, m.task_id, m.session, m.input_id, m.draft_id, m.person_id, m.address,
		m.template, m.language, m.link, m.reminder, m.digest, m.ordered_at, m.attempts, m.message_id, m.next_attempt AS lease,
		coalesce(p.role, '') AS role, coalesce(p.active, true) AS active, p.bounced_at IS NOT NULL AS bounced,
		` + actingID("p.id") + ` AS acting_id,
		EXISTS (SELECT FROM team WHERE consultation_id = c.id AND until IS NOT NULL
			AND advisor_id = CASE WHEN t.owner_id IS NULL OR m.template LIKE '%_escalated' THEN p.id ELSE t.owner_id END)
			OR EXISTS (SELECT FROM contacts WHERE consultation_id = c.id AND person_id = p.id AND confirmed_at IS NULL) AS has_left,
		EXISTS (SELECT FROM team WHERE consultation_id = c.id AND advisor_id = p.id AND until IS NULL) AS takes_part,
		EXISTS (SELECT FROM invitations v WHERE v.consultation_id = c.id AND v.advisor_id = p.id
			AND v.state IN ('open', 'accepted') AND ` + awaitsAgreement + `) AS is_invited,
		t.state AS task_state, coalesce(t.kind, '') AS task_kind, t.due_on AS task_due_on, t.opened_at AS task_opened_at,
		t.owner_id AS task_owner_id, ` + actingID("t.owner_id") + ` AS owner_acting_id,
		coalesce(t.owner_id = p.id OR position(t.owner_id::text IN m.key) > 0
			OR acting_for(t.owner_id, m.ordered_at) = p.id, false) AS for_owner,
		coalesce(c.outcome, '') AS outcome, coalesce(c.stage, '') AS stage, c.resting_since IS NOT NULL AS resting, c.undo_until,
		s.state AS session_state, s.starts_at AS session_start, n.correct_until,
		EXISTS (SELECT FROM sessions WHERE consultation_id = c.id AND state = 'scheduled') AS is_planned,
		` + isSuperseded + ` AS superseded,
		d.id IS NULL OR EXISTS (SELECT FROM consultations WHERE id = d.id) AS draft_gone,
		coalesce(d.sent_at IS NOT NULL OR d.updated_at > m.ordered_at, false) AS draft_moved`
	queuedMailTables = `m LEFT JOIN persons p ON p.id = m.person_id LEFT JOIN tasks t ON t.id = m.task_id
		LEFT JOIN consultations c ON c.id = m.consultation_id
		LEFT JOIN sessions s ON s.consultation_id = m.consultation_id AND s.number = m.session
		LEFT JOIN notes n ON n.consultation_id = m.consultation_id AND n.session = m.session
		LEFT JOIN drafts d ON d.id = m.draft_id`
	// Of the mails that tell how an appointment stands, and of those that tell how the consultation goes on, only the
	// latest is so. A reminder is of the date that was told last before it.
	isSuperseded = `EXISTS (SELECT FROM mails later WHERE later.consultation_id = m.consultation_id AND later.person_id = m.person_id
		AND (later.ordered_at, later.id) > (m.ordered_at, m.id) AND (
			m.template IN ('appointment_confirmed', 'appointment_moved', 'appointment_cancelled', 'appointment_reminder')
				AND later.session = m.session
				AND later.template IN ('appointment_confirmed', 'appointment_moved', 'appointment_cancelled')
			OR m.template IN ('consultation_resting', 'consultation_resumed', 'consultation_withdrawn', 'consultation_withdrawn_advisor')
				AND later.template IN ('consultation_resting', 'consultation_resumed', 'consultation_withdrawn',
					'consultation_withdrawn_advisor')))`
)

// DropMail notes that a mail is not needed any more, or cannot be written: state not_needed or given_up.
func (s *Store) DropMail(ctx context.Context, id, state, failure string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE mails SET state = $2, failure = $3 WHERE id = $1 AND state = 'queued'`,
		id, state, failure)
	return problem(err)
}

// RetryMail puts a mail back for another attempt after a real-time pause.
func (s *Store) RetryMail(ctx context.Context, id, failure string, pause time.Duration) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails SET failure = $2, next_attempt = now() + $3 * interval '1 second' WHERE id = $1 AND state = 'queued'`,
		id, failure, pause.Seconds())
	return problem(err)
}

// PostponeMail puts a mail back until a moment of business time; it does not count as an attempt.
func (s *Store) PostponeMail(ctx context.Context, id string, until time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails SET not_before = $2, next_attempt = now(), attempts = attempts - 1 WHERE id = $1 AND state = 'queued'`,
		id, until)
	return problem(err)
}

// ReaddressMail gives a mail to somebody who acts in the person's place, in that person's language and rhythm; it does
// not count as an attempt. Where that person gets the same mail anyway, it is not needed.
func (s *Store) ReaddressMail(ctx context.Context, id, personID string) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails m SET person_id = p.id, language = p.language, digest = `+collects("m.task_id IS NOT NULL", "p")+`,
			next_attempt = now(), attempts = m.attempts - 1,
			state = CASE WHEN EXISTS (SELECT FROM mails own WHERE own.person_id = p.id AND own.template = m.template
				AND own.consultation_id = m.consultation_id AND own.task_id IS NOT DISTINCT FROM m.task_id
				AND own.session = m.session AND own.ordered_at = m.ordered_at AND own.id <> m.id) THEN 'not_needed' ELSE 'queued' END
		FROM persons p WHERE m.id = $1 AND p.id = $2 AND m.state = 'queued'`, id, personID)
	return problem(err)
}

// WrittenTo tells who got a mail about which consultation since a moment of business time, of those whom the mails are for.
func (s *Store) WrittenTo(ctx context.Context, mails []QueuedMail, since time.Time) (map[Correspondence]bool, error) {
	var persons, consultations []sql.NullString
	for _, m := range mails {
		persons, consultations = append(persons, m.PersonID), append(consultations, m.ConsultationID)
	}
	var found []Correspondence
	if err := s.db.SelectContext(ctx, &found, `
		SELECT DISTINCT person_id, consultation_id FROM unnest($1::uuid[], $2::uuid[]) AS asked (person_id, consultation_id)
		WHERE EXISTS (SELECT FROM mails m WHERE m.person_id = asked.person_id AND m.consultation_id = asked.consultation_id
			AND m.state = 'sent' AND m.sent_at >= $3)`, pq.Array(persons), pq.Array(consultations), since); err != nil {
		return nil, problem(err)
	}
	written := map[Correspondence]bool{}
	for _, correspondence := range found {
		written[correspondence] = true
	}
	return written, nil
}

// Correspondence is what is written to a person about a consultation.
type Correspondence struct {
	PersonID       string `db:"person_id"`
	ConsultationID string `db:"consultation_id"`
}
