package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// mailOrder asks the post office for one mail. Either PersonID or Address says to whom. What is empty stays empty in the
// row; no secret stands in an order, because the post office makes the tokens of links when it writes the mail.
type mailOrder struct {
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
func orderMail(ctx context.Context, tx *sqlx.Tx, now time.Time, order mailOrder) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mails (id, key, consultation_id, task_id, session, input_id, draft_id, person_id, address, template,
			language, reminder, link, ordered_at, not_before)
		VALUES ($1, $2, NULLIF($3, '')::uuid, NULLIF($4, ''), $5, NULLIF($6, '')::uuid, NULLIF($7, '')::uuid,
			NULLIF($8, '')::uuid, $9, $10, $11, $12, $13, $14, $14)
		ON CONFLICT (key) DO NOTHING`,
		newID(), order.Key, order.ConsultationID, order.TaskID, order.Session, order.InputID, order.DraftID, order.PersonID,
		order.Address, order.Template, order.Language, order.Reminder, order.Link, now)
	return err
}
