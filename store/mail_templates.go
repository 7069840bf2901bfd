package store

import (
	"context"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// MailTemplate is a version of a mail's text in one language. Version 0 is the product's text, of which nothing is stored.
type MailTemplate struct {
	Name       string     `db:"name"`
	Language   texts.Lang `db:"language"`
	Version    int        `db:"version"`
	Standard   bool       `db:"standard"` // from here on the product's text is used; subject and body are empty
	Subject    string     `db:"subject"`
	Body       string     `db:"body"`
	Note       string     `db:"note"`
	AuthorName string     `db:"author_name"`
	CreatedAt  time.Time  `db:"created_at"`
}

// Text is subject and body.
func (t MailTemplate) Text() texts.MailText { return texts.MailText{Subject: t.Subject, Body: t.Body} }

const mailTemplateColumns = `t.name, t.language, t.version, t.standard, t.subject, t.body, t.note, t.created_at,
	trim(a.first_name || ' ' || a.last_name) AS author_name FROM mail_templates t JOIN persons a ON a.id = t.author_id`

// NewestMailTemplates reads the newest version of every text that somebody has changed, in the order of the names.
func (s *Store) NewestMailTemplates(ctx context.Context) ([]MailTemplate, error) {
	var newest []MailTemplate
	err := s.db.SelectContext(ctx, &newest, `
		SELECT DISTINCT ON (t.name, t.language) `+mailTemplateColumns+` ORDER BY t.name, t.language, t.version DESC`)
	return newest, problem(err)
}

// OwnMails reads the newest own texts, without those that say to use the product's.
func (s *Store) OwnMails(ctx context.Context) ([]texts.OwnMail, error) {
	newest, err := s.NewestMailTemplates(ctx)
	var own []texts.OwnMail
	for _, t := range newest {
		if !t.Standard {
			own = append(own, texts.OwnMail{Name: t.Name, Lang: t.Language, Version: t.Version, MailText: t.Text()})
		}
	}
	return own, err
}

// MailTemplateEdition grows with every version that is saved: versions are never removed.
func (s *Store) MailTemplateEdition(ctx context.Context) (int, error) {
	var versions int
	err := s.db.GetContext(ctx, &versions, `SELECT count(*) FROM mail_templates`)
	return versions, problem(err)
}

// MailTemplateVersions reads the versions of a text, the newest first.
func (s *Store) MailTemplateVersions(ctx context.Context, name string, lang texts.Lang) ([]MailTemplate, error) {
	var versions []MailTemplate
	err := s.db.SelectContext(ctx, &versions, `
		SELECT `+mailTemplateColumns+` WHERE t.name = $1 AND t.language = $2 ORDER BY t.version DESC`, name, lang)
	return versions, problem(err)
}

// AddMailTemplate keeps a text as the version after the one that it was made from, which is in its field Version, and
// returns the new number. The mails that are composed from then on use it. Code conflict where somebody else has made a
// version in the meantime. It does not check the text: see mail.Check. now is business time.
func (s *Store) AddMailTemplate(ctx context.Context, t MailTemplate, authorID string, now time.Time) (int, error) {
	result, err := s.db.ExecContext(ctx, `
		INSERT INTO mail_templates (name, language, version, standard, subject, body, note, author_id, created_at)
		SELECT $1, $2, $3::integer + 1, $4, $5, $6, $7, $8, $9
		WHERE $3 = (SELECT coalesce(max(version), 0) FROM mail_templates WHERE name = $1 AND language = $2)
		ON CONFLICT DO NOTHING`,
		t.Name, t.Language, t.Version, t.Standard, t.Subject, t.Body, t.Note, authorID, now)
	if err != nil {
		return 0, problem(err)
	}
	if added, err := result.RowsAffected(); err != nil || added == 0 {
		return 0, advisory.Errorf(advisory.Conflict, "version %d of mail %s (%s) is not the newest: %w", t.Version, t.Name, t.Language, err)
	}
	return t.Version + 1, nil
}
