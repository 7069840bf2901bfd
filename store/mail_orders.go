package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// mailOrder asks the post office for one mail. Either PersonID or Address says to whom. What is empty stays empty in the
// row; no secret stands in an order, because the post office makes the tokens of links when it writes the mail.
type mailOrder struct {
	ID             string // "" for a new one
	Key            string // of the occasion: the same key is the same mail, however often it is ordered
	ConsultationID string
	TaskID         string
	Session        int
	InputID        string // whose words the mail quotes
	DraftID        string
	PersonID       string
	Address        string
	Template       advisory.Template
	Language       string
	Reminder       bool   // keeps to the rules for reminders
	Link           string // path of the page, where it is not that of the task, the draft or the consultation
}

// orderMail queues a mail in the caller's transaction; ordering the same key again changes nothing. now is business time.
// Whoever chose one mail a day gets what is about tasks, and where they are mentioned, with it; everything else at once.
func orderMail(ctx context.Context, tx *sqlx.Tx, now time.Time, order mailOrder) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mails (id, key, consultation_id, task_id, session, input_id, draft_id, person_id, address, template,
			language, reminder, link, ordered_at, not_before, digest)
		VALUES ($1, $2, NULLIF($3, '')::uuid, NULLIF($4, ''), $5, NULLIF($6, '')::uuid, NULLIF($7, '')::uuid,
			NULLIF($8, '')::uuid, $9, $10, $11, $12, $13, $14, $14,
			EXISTS (SELECT FROM persons p WHERE p.id = NULLIF($8, '')::uuid AND `+collects("($4 <> '' OR $10 = '"+string(advisory.MailNoteMention)+"')", "p")+`))
		ON CONFLICT (key) DO NOTHING`,
		cmp.Or(order.ID, newID()), order.Key, order.ConsultationID, order.TaskID, order.Session, order.InputID, order.DraftID, order.PersonID,
		order.Address, order.Template, order.Language, order.Reminder, order.Link, now)
	return err
}

// RefuseInputAndTell notes that the engine refused an input whose actor has left the page with the word that it is saved,
// and orders the mail that says it was not adopted. What a step has applied stays applied; the program itself gets no
// mail, and who moves consultations to another programme sees on one page what became of them.
func (s *Store) RefuseInputAndTell(ctx context.Context, id string, reason advisory.Refusal) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var refused struct {
			ConsultationID string         `db:"consultation_id"`
			ActorID        sql.NullString `db:"actor_id"`
			Language       sql.NullString `db:"language"`
			EnteredAt      time.Time      `db:"entered_at"`
			Unclear        string         `db:"unclear"` // whose address was to be clarified
		}
		err := tx.GetContext(ctx, &refused, `
			UPDATE inputs i SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'journaled'
			RETURNING consultation_id, actor_id, (SELECT language FROM persons WHERE id = i.actor_id AND active AND i.kind <> $4) AS language,
				entered_at, CASE kind WHEN $3 THEN message->>'person' ELSE '' END AS unclear`, id, reason,
			advisory.ClarifyAddress, advisory.AdoptProgramme)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil && refused.Unclear != "" && reason != advisory.UnderWay {
			err = forgetBounce(ctx, tx, refused.Unclear)
		}
		if err != nil || !refused.Language.Valid {
			return err
		}
		return orderMail(ctx, tx, refused.EnteredAt, mailOrder{
			Key: "input_not_adopted/" + id, ConsultationID: refused.ConsultationID, InputID: id,
			PersonID: refused.ActorID.String, Language: refused.Language.String, Template: advisory.MailInputNotAdopted,
		})
	})
}

// draftReminderDays is how many days before a draft is deleted its author hears of it.
const draftReminderDays = 7

// OrderDraftReminders orders the mail that a draft will be deleted, to those who left an address with it. Calling it
// often does no harm. now is business time.
func (s *Store) OrderDraftReminders(ctx context.Context, now time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO mails (id, key, draft_id, address, template, language, ordered_at, not_before)
		SELECT gen_random_uuid(), 'draft_reminder/' || d.id || '/' || extract(epoch FROM d.updated_at), d.id, d.email, $1, d.language, $2, $2
		FROM drafts d WHERE d.email <> '' AND d.sent_at IS NULL AND d.updated_at < $3 AND d.updated_at > $4
			AND NOT EXISTS (SELECT FROM consultations c WHERE c.id = d.id)
		ON CONFLICT (key) DO NOTHING`, advisory.MailDraftReminder, now,
		now.Add(-DraftLife).AddDate(0, 0, draftReminderDays), now.Add(-DraftLife).AddDate(0, 0, 2))
	return problem(err)
}
