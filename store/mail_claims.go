package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// lease is how long a mail belongs to the post office that took it: longer than any attempt to send it.
const lease = "3 minutes"

// claiming is the lock that lets post offices claim one after the other, so that what falls together is not torn apart.
const claiming = 7_235_001

// ClaimMails takes mails that are due, at most so many letters. A letter is what is due for one person about one
// consultation, or what is collected for a person's one mail a day, or what was begun as one letter before (BeginLetters).
// It returns none where nothing is due. now is business time.
func (s *Store) ClaimMails(ctx context.Context, now time.Time, letters int) ([][]QueuedMail, error) {
	var ids []string
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// A claim that a crash of the database takes back is made again: nobody waits for the disk here.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)`,
			claiming); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &ids, `
			WITH heads AS (
				SELECT id, person_id, consultation_id, digest, message_id FROM mails
				WHERE state = 'queued' AND next_attempt <= now() AND not_before <= $1
				ORDER BY next_attempt LIMIT $2 FOR UPDATE SKIP LOCKED),
			together AS (
				SELECT id FROM heads
				UNION
				SELECT o.id FROM heads h JOIN mails o ON o.state = 'queued' AND o.person_id = h.person_id AND o.digest = h.digest
					AND (o.digest OR o.consultation_id = h.consultation_id) AND o.message_id = h.message_id
				WHERE o.next_attempt <= now() AND o.not_before <= $1),
			due AS (SELECT id FROM mails WHERE id IN (SELECT id FROM together) AND state = 'queued' FOR UPDATE SKIP LOCKED)
			UPDATE mails SET attempts = attempts + 1, next_attempt = now() + interval '`+lease+`'
			WHERE id IN (SELECT id FROM due) RETURNING id`, now, letters)
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var claimed []QueuedMail
	err = s.db.SelectContext(ctx, &claimed, `
		WITH m AS (SELECT * FROM mails WHERE id = ANY($1::uuid[]) AND state = 'queued')
		SELECT `+queuedMailColumns+` FROM `+queuedMailTables+`
		ORDER BY m.message_id = '', m.task_id IS NULL, t.due_on, m.ordered_at, m.id`, pq.Array(ids), now)
	return intoLetters(claimed), problem(err)
}

// intoLetters lays together what falls together, in the order of the mails.
func intoLetters(mails []QueuedMail) (letters [][]QueuedMail) {
	type kind struct {
		person, consultation sql.NullString
		digest               bool
		messageID            string
	}
	places := map[kind]int{}
	for _, m := range mails {
		k := kind{m.PersonID, m.ConsultationID, m.Digest, m.MessageID}
		if m.Digest {
			k.consultation = sql.NullString{}
		}
		place, known := places[k]
		if !known || !m.PersonID.Valid || !m.ConsultationID.Valid && !m.Digest {
			places[k] = len(letters)
			letters = append(letters, []QueuedMail{m})
			continue
		}
		letters[place] = append(letters[place], m)
	}
	return letters
}

// BeginLetters notes the Message-IDs of the letters that mails are about to be sent as. Should nobody learn whether the mail
// server took one, the same mails are sent as the same message again, without any that came later.
func (s *Store) BeginLetters(ctx context.Context, letters []SentMail) error {
	ids, _, messageIDs, _, _ := columnsOf(letters)
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails m SET message_id = l.message_id FROM unnest($1::uuid[], $2::text[]) AS l (id, message_id)
		WHERE m.id = l.id AND m.message_id <> l.message_id`, pq.Array(ids), pq.Array(messageIDs))
	return problem(err)
}

// ReturnLetters puts mails back that were claimed, perhaps begun, and surely not handed to the mail server. It does not
// count as an attempt. Only a letter that this claim was the first to begin is taken apart again: an earlier attempt may have
// arrived. What belongs to another claim by now stays as it is.
func (s *Store) ReturnLetters(ctx context.Context, letters [][]QueuedMail) error {
	var ids []string
	var leases []time.Time
	var bound []bool
	for _, together := range letters {
		for _, m := range together {
			ids, leases, bound = append(ids, m.ID), append(leases, m.Lease), append(bound, m.MessageID != "")
		}
	}
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails m SET next_attempt = now(), attempts = m.attempts - 1, message_id = CASE WHEN l.bound THEN m.message_id ELSE '' END
		FROM unnest($1::uuid[], $2::timestamptz[], $3::boolean[]) AS l (id, lease, bound)
		WHERE m.id = l.id AND m.state = 'queued' AND m.next_attempt = l.lease`, pq.Array(ids), pq.Array(leases), pq.Array(bound))
	return problem(err)
}

// SentMail is what the post office knows of a letter that the server has taken.
type SentMail struct {
	IDs       []string // the first gave the subject, the others are combined into it
	Subject   string
	MessageID string
	At        time.Time // business time
}

// columnsOf writes the orders of letters below each other.
func columnsOf(letters []SentMail) (ids []string, into []sql.NullString, messageIDs, subjects []string, at []time.Time) {
	for _, letter := range letters {
		for i, id := range letter.IDs {
			ids = append(ids, id)
			into = append(into, sql.NullString{String: letter.IDs[0], Valid: i > 0})
			messageIDs, subjects, at = append(messageIDs, letter.MessageID), append(subjects, letter.Subject), append(at, letter.At)
		}
	}
	return ids, into, messageIDs, subjects, at
}

// MarkSent notes that the mail server has taken letters; reminders stand in the history from then on.
func (s *Store) MarkSent(ctx context.Context, letters ...SentMail) error {
	ids, into, messageIDs, subjects, at := columnsOf(letters)
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE mails m SET state = CASE WHEN l.combined_into IS NULL THEN 'sent' ELSE 'combined' END,
				combined_into = l.combined_into, subject = l.subject, message_id = l.message_id, sent_at = l.at, failure = ''
			FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS l (id, combined_into, message_id, subject, at)
			WHERE m.id = l.id`, pq.Array(ids), pq.Array(into), pq.Array(messageIDs), pq.Array(subjects), pq.Array(at)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO history (consultation_id, step, at, kind, task_id)
			SELECT m.consultation_id, c.step, l.at, 'reminder_sent', m.task_id
			FROM unnest($1::uuid[], $2::timestamptz[]) WITH ORDINALITY AS l (id, at, n)
			JOIN mails m ON m.id = l.id JOIN consultations c ON c.id = m.consultation_id
			WHERE m.reminder AND m.template NOT LIKE '%_escalated' ORDER BY l.n`, pq.Array(ids), pq.Array(at)); err != nil {
			return err
		}
		// Nobody clarifies an address of the staff: what arrives there shows that it works again.
		_, err := tx.ExecContext(ctx, `UPDATE persons SET bounced_at = NULL
			WHERE bounced_at IS NOT NULL AND role NOT IN ($2, $3) AND id IN (SELECT person_id FROM mails WHERE id = ANY($1::uuid[]))`,
			pq.Array(ids), advisory.Municipality, advisory.Advisor)
		return err
	})
}
