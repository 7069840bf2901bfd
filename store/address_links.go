package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// AddressLinkLife is how long a mailed link confirms an address, in real time: over a weekend.
const AddressLinkLife = 72 * time.Hour

// AddressLink is a link that confirms the address of a draft's author.
type AddressLink struct {
	DraftID string     `db:"draft_id"`
	Email   string     `db:"email"`
	UsedAt  *time.Time `db:"used_at"`
	Expired bool       `db:"expired"`
	// Number is that of the consultation that the draft has become, "" before.
	Number string `db:"number"`
}

const addressLinkQuery = `SELECT l.draft_id, l.email, l.used_at, l.expires_at <= now() AS expired,
	coalesce(c.number, '') AS number FROM address_links l LEFT JOIN consultations c ON c.id = l.draft_id
	WHERE l.token_hash = $1 AND l.draft_id IS NOT NULL`

// OrderVerification notes that a draft was sent and orders the mail that confirms the address. A draft that was sent
// already and not changed since gets a further mail only where somebody asks for it again.
func (s *Store) OrderVerification(ctx context.Context, draft Draft, email string, again bool, now time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE drafts SET sent_at = $2, email = coalesce(nullif(email, ''), $3) WHERE id = $1 AND sent_at IS NULL`,
			draft.ID, now, advisory.NormalEmail(email))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 && !again {
			return err
		}
		return orderMail(ctx, tx, now, mailOrder{
			Key: "verify_address/" + newID(), DraftID: draft.ID, Address: advisory.NormalEmail(email),
			Template: advisory.MailVerifyAddress, Language: draft.Language,
		})
	})
}

// IssueAddressLink makes a link that confirms the address of a draft's author. The post office calls it when it writes
// the mail, because only the hash of the token is stored. The end of its life is real time.
func (s *Store) IssueAddressLink(ctx context.Context, draftID, email string) (token string, expires time.Time, err error) {
	token, expires = newToken(), time.Now().Add(AddressLinkLife)
	_, err = s.db.ExecContext(ctx, `INSERT INTO address_links (token_hash, draft_id, email, expires_at) VALUES ($1, $2, $3, $4)`,
		tokenHash(token), draftID, advisory.NormalEmail(email), expires)
	return token, expires, problem(err)
}

// AddressLink reads a link without using it. Code not_found where there is none, or where it is too old and was never
// used.
func (s *Store) AddressLink(ctx context.Context, token string) (AddressLink, error) {
	var link AddressLink
	err := s.db.GetContext(ctx, &link, addressLinkQuery, tokenHash(token))
	if err == nil && link.Expired && link.UsedAt == nil {
		return link, advisory.Errorf(advisory.NotFound, "link has expired")
	}
	return link, problem(err)
}
