package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
	"miglobe/texts"
)

// MailPreview is a text of a mail that somebody looks at before it counts.
type MailPreview struct {
	ID       string     `db:"id"`
	Name     string     `db:"name"`
	Language texts.Lang `db:"language"`
	Subject  string     `db:"subject"`
	Body     string     `db:"body"`
}

// Text is subject and body.
func (p MailPreview) Text() texts.MailText { return texts.MailText{Subject: p.Subject, Body: p.Body} }

// SaveMailPreview keeps a text for some days, to be shown to its author.
func (s *Store) SaveMailPreview(ctx context.Context, authorID string, p MailPreview) (id string, err error) {
	id = newID()
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO mail_template_previews (id, name, language, subject, body, author_id) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, p.Name, p.Language, p.Subject, p.Body, authorID)
	return id, problem(err)
}

// MailPreview reads a text that its author looks at. Code not_found for everybody else.
func (s *Store) MailPreview(ctx context.Context, id, authorID string) (MailPreview, error) {
	return s.mailPreview(ctx, `id = $1 AND author_id = $2`, asID(id), asID(authorID))
}

// TestedMailText reads the text that a test mail is written from.
func (s *Store) TestedMailText(ctx context.Context, mailID string) (MailPreview, error) {
	return s.mailPreview(ctx, `id = $1`, asID(mailID))
}

func (s *Store) mailPreview(ctx context.Context, condition string, args ...any) (MailPreview, error) {
	var p MailPreview
	err := s.db.GetContext(ctx, &p, `SELECT id, name, language, subject, body FROM mail_template_previews WHERE `+condition, args...)
	return p, problem(err)
}

// OrderTestMail orders a mail with a text that was saved as a preview before, to its author. Ordering the same one again
// changes nothing. now is business time.
func (s *Store) OrderTestMail(ctx context.Context, previewID, authorID string, now time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var language string
		if err := tx.GetContext(ctx, &language, `SELECT language FROM mail_template_previews WHERE id = $1 AND author_id = $2`,
			asID(previewID), asID(authorID)); err != nil {
			return err
		}
		return orderMail(ctx, tx, now, mailOrder{
			ID: previewID, Key: string(advisory.MailTemplateTest) + "/" + previewID, PersonID: authorID, Language: language,
			Template: advisory.MailTemplateTest,
		})
	})
}
