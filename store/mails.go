package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
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
	MessageID      string            `db:"message_id"` // of the letter that was begun with it; "" where none was

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
	return `(SELECT acting.id FROM (SELECT acting_for(` + person + `, $2) AS id) acting
		WHERE acting.id = ` + person + ` OR acting.id IS DISTINCT FROM t.not_id AND NOT ` + biased("c.id", "acting.id") + `)`
}

var (
	queuedMailColumns = `m.id, m.key, m.consultation_id, m.task_id, m.session, m.input_id, m.draft_id, m.person_id, m.address,
		m.template, m.language, m.link, m.reminder, m.digest, m.ordered_at, m.attempts, m.message_id,
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

// lease is how long a mail belongs to the post office that took it: longer than any attempt to send it.
const lease = "3 minutes"

// ClaimMails takes the mails that are due for one person about one consultation: what falls together is one mail. Or it
// takes what is collected for a person's one mail a day, or what was begun as one letter before (BeginLetter). It returns none where nothing is due. now is business time.
func (s *Store) ClaimMails(ctx context.Context, now time.Time) ([]QueuedMail, error) {
	var claimed []QueuedMail
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var head string
		if err := tx.GetContext(ctx, &head, `
			SELECT id FROM mails WHERE state = 'queued' AND next_attempt <= now() AND not_before <= $1
			ORDER BY next_attempt LIMIT 1 FOR UPDATE SKIP LOCKED`, now); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &claimed, `
			WITH head AS (SELECT person_id, consultation_id, digest, message_id FROM mails WHERE id = $1),
			due AS (
				SELECT id FROM mails WHERE state = 'queued' AND next_attempt <= now() AND not_before <= $2
					AND (id = $1 OR digest = (SELECT digest FROM head) AND person_id = (SELECT person_id FROM head)
						AND (digest OR consultation_id = (SELECT consultation_id FROM head))
						AND message_id = (SELECT message_id FROM head))
				FOR UPDATE SKIP LOCKED),
			m AS (
				UPDATE mails SET attempts = attempts + 1, next_attempt = now() + interval '`+lease+`'
				WHERE id IN (SELECT id FROM due) RETURNING *)
			SELECT `+queuedMailColumns+` FROM `+queuedMailTables+`
			ORDER BY m.task_id IS NULL, t.due_on, m.ordered_at, m.id`, head, now)
	})
	if advisory.CodeOf(err) == advisory.NotFound {
		return nil, nil
	}
	return claimed, err
}

// BeginLetter notes the Message-ID of the letter that mails are about to be sent as. Should nobody learn whether the mail
// server took it, the same mails are sent as the same message again, without any that came later.
func (s *Store) BeginLetter(ctx context.Context, ids []string, messageID string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE mails SET message_id = $2 WHERE id = ANY($1::uuid[]) AND message_id <> $2`,
		pq.Array(ids), messageID)
	return problem(err)
}

// SentMail is what the post office knows of a mail that the server has taken.
type SentMail struct {
	IDs       []string // the first gave the subject, the others are combined into it
	Subject   string
	MessageID string
	At        time.Time // business time
}

// MarkSent notes that the mail server has taken a mail; reminders stand in the history from then on.
func (s *Store) MarkSent(ctx context.Context, sent SentMail) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		for i, id := range sent.IDs {
			state, into := "sent", sql.NullString{}
			if i > 0 {
				state, into = "combined", sql.NullString{String: sent.IDs[0], Valid: true}
			}
			if _, err := tx.ExecContext(ctx, `
				UPDATE mails SET state = $2, combined_into = $3, subject = $4, message_id = $5, sent_at = $6, failure = ''
				WHERE id = $1`, id, state, into, sent.Subject, sent.MessageID, sent.At); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO history (consultation_id, step, at, kind, task_id)
				SELECT m.consultation_id, c.step, $2, 'reminder_sent', m.task_id
				FROM mails m JOIN consultations c ON c.id = m.consultation_id
				WHERE m.id = $1 AND m.reminder AND m.template NOT LIKE '%_escalated'`, id, sent.At); err != nil {
				return err
			}
		}
		// Nobody clarifies an address of the staff: what arrives there shows that it works again.
		_, err := tx.ExecContext(ctx, `UPDATE persons SET bounced_at = NULL
			WHERE bounced_at IS NOT NULL AND role NOT IN ($2, $3) AND id = (SELECT person_id FROM mails WHERE id = $1)`,
			sent.IDs[0], advisory.Municipality, advisory.Advisor)
		return err
	})
}

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

// WasWrittenTo tells whether a person got a mail about a consultation since a moment of business time.
func (s *Store) WasWrittenTo(ctx context.Context, personID, consultationID string, since time.Time) (bool, error) {
	var written bool
	err := s.db.GetContext(ctx, &written, `
		SELECT EXISTS (SELECT FROM mails WHERE person_id = $1 AND consultation_id = $2 AND state = 'sent' AND sent_at >= $3)`,
		personID, consultationID, since)
	return written, problem(err)
}
