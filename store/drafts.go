package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// DraftLife is how long a draft is kept after its last change, in business time.
const DraftLife = 30 * 24 * time.Hour

const draftLinksSecret = "draft_links"

// Draft is a request that is being written. Whoever has its token may read and change it.
type Draft struct {
	ID          string           `db:"id"`
	Answers     advisory.Answers `db:"answers"`
	FormVersion int              `db:"form_version"`
	Language    string           `db:"language"`
	Email       string           `db:"email"`      // where its link was sent to, if it was
	SentAt      *time.Time       `db:"sent_at"`    // sent, and not changed since; the address is not confirmed yet
	CreatedAt   time.Time        `db:"created_at"` // real time
	UpdatedAt   time.Time        `db:"updated_at"` // business time
	Follows     *string          `db:"follows"`    // id of the consultation that this one is to follow, nil without
	// Number is that of the consultation that the draft has become, "" before. Its answers then live there.
	Number string `db:"number"`
}

// Expires is when the draft is deleted unless somebody changes it.
func (d Draft) Expires() time.Time { return d.UpdatedAt.Add(DraftLife) }

const draftQuery = `SELECT d.id, d.answers, d.form_version, d.language, d.email, d.sent_at, d.created_at, d.updated_at, d.follows,
	coalesce(c.number, '') AS number FROM drafts d LEFT JOIN consultations c ON c.id = d.id `

// CreateDraft begins a request with the answers that are known already and returns the token of its link.
func (s *Store) CreateDraft(ctx context.Context, draft Draft, now time.Time) (token string, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		_, token, err = insertDraft(ctx, tx, draft, now)
		return err
	})
	return token, err
}

// insertDraft makes a draft unless one is being written that follows the same consultation.
func insertDraft(ctx context.Context, tx *sqlx.Tx, draft Draft, now time.Time) (inserted bool, token string, err error) {
	key, err := secret(ctx, tx, draftLinksSecret)
	if err != nil {
		return false, "", err
	}
	id := newID()
	token = derivedToken(key, id)
	result, err := tx.ExecContext(ctx, `
		INSERT INTO drafts (id, token_hash, answers, form_version, language, updated_at, follows)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (follows) DO NOTHING`,
		id, tokenHash(token), draft.Answers, draft.FormVersion, draft.Language, now, draft.Follows)
	if err != nil {
		return false, "", err
	}
	rows, err := result.RowsAffected()
	return rows > 0, token, err
}

// DraftToken is the token of a draft's link. It stays the same as long as the draft lives, so that every mail leads to
// the same place; it is made from a key of this installation instead of being stored.
func (s *Store) DraftToken(ctx context.Context, draftID string) (string, error) {
	key, err := s.Secret(ctx, draftLinksSecret)
	if err != nil {
		return "", err
	}
	return derivedToken(key, draftID), nil
}

// Draft reads a draft by its id. Code not_found where it was deleted.
func (s *Store) Draft(ctx context.Context, id string) (Draft, error) {
	var draft Draft
	err := s.db.GetContext(ctx, &draft, draftQuery+`WHERE d.id = $1`, id)
	return draft, problem(err)
}

// DraftByToken reads the draft that a link leads to. Code not_found where there is none any more.
func (s *Store) DraftByToken(ctx context.Context, token string) (Draft, error) {
	var draft Draft
	err := s.db.GetContext(ctx, &draft, draftQuery+`WHERE d.token_hash = $1`, tokenHash(token))
	return draft, problem(err)
}

// DraftChange is what one save brings. Merge gets the answers so far and returns all of them.
type DraftChange struct {
	Merge       func(advisory.Answers) advisory.Answers
	FormVersion int
	Language    string
	Now         time.Time // business time
}

// SaveDraft changes a draft and returns it. A draft that was sent and is changed before its address was confirmed has to
// be sent again. Code conflict where the draft has become a consultation.
func (s *Store) SaveDraft(ctx context.Context, token string, change DraftChange) (Draft, error) {
	var draft Draft
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever comes second waits here, and only then reads what the first has written.
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM drafts WHERE token_hash = $1 FOR UPDATE`, tokenHash(token)); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &draft, draftQuery+`WHERE d.token_hash = $1`, tokenHash(token)); err != nil {
			return err
		}
		if draft.Number != "" {
			return advisory.Errorf(advisory.Conflict, "draft %s was sent", draft.ID)
		}
		before := draft.Answers
		draft.Answers = change.Merge(maps.Clone(before))
		if !maps.EqualFunc(before, draft.Answers, slices.Equal[[]string]) {
			draft.SentAt = nil
		}
		draft.FormVersion, draft.Language, draft.UpdatedAt = change.FormVersion, change.Language, change.Now
		_, err := tx.NamedExecContext(ctx, `
			UPDATE drafts SET (answers, form_version, language, sent_at, updated_at) =
				(:answers, :form_version, :language, :sent_at, :updated_at) WHERE id = :id`, draft)
		return err
	})
	return draft, err
}

// MailDraftLink orders the mail with the link of a draft, once for each address, and remembers the address.
func (s *Store) MailDraftLink(ctx context.Context, draft Draft, email string, now time.Time) error {
	email = advisory.NormalEmail(email)
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE drafts SET email = $2 WHERE id = $1`, draft.ID, email); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(email))
		return orderMail(ctx, tx, now, mailOrder{
			Key: "draft_saved/" + draft.ID + "/" + hex.EncodeToString(sum[:8]), DraftID: draft.ID, Address: email,
			Template: advisory.MailDraftSaved, Language: draft.Language,
		})
	})
}

// MailDraftLinkAgain orders the link of the newest draft that was saved for this address, if there is one. The caller
// cannot tell whether there is.
func (s *Store) MailDraftLinkAgain(ctx context.Context, email string, now time.Time) error {
	email = advisory.NormalEmail(email)
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO mails (id, key, draft_id, address, template, language, ordered_at, not_before)
		SELECT $1::uuid, 'draft_saved_again/' || $1::uuid, d.id, d.email, $2, d.language, $3, $3 FROM drafts d
		WHERE d.email = $4 AND NOT EXISTS (SELECT FROM consultations c WHERE c.id = d.id)
		ORDER BY d.updated_at DESC LIMIT 1`, newID(), advisory.MailDraftSaved, now, email)
	return problem(err)
}
