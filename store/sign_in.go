package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// SignInLinkLife is how long a mailed link signs in, in real time.
const SignInLinkLife = 15 * time.Minute

// OrderSignInLink orders the mail with a link that signs in, if an active person has this address, and does nothing
// otherwise: neither for a contact who has not confirmed the address, or takes part in nothing any more. Caller and clock cannot tell the two apart. now is business time.
func (s *Store) OrderSignInLink(ctx context.Context, email string, now time.Time) error {
	id := newID()
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO mails (id, key, person_id, template, language, ordered_at, not_before)
		SELECT $1::uuid, 'sign_in_link/' || $1::uuid, id, $2, language, $3, $3 FROM persons WHERE email = $4 AND active
			AND (NOT EXISTS (SELECT FROM contacts WHERE person_id = persons.id)
				OR EXISTS (SELECT FROM contacts WHERE person_id = persons.id AND confirmed_at IS NOT NULL))`,
		id, advisory.MailSignInLink, now, advisory.NormalEmail(email))
	return problem(err)
}

// IssueSignInLink makes a link that signs the person in once. The post office calls it when it writes the mail, because
// only the hash of the token is stored. The end of its life is real time.
func (s *Store) IssueSignInLink(ctx context.Context, personID string, life time.Duration) (token string, expires time.Time, err error) {
	token, expires = newToken(), time.Now().Add(life)
	_, err = s.db.ExecContext(ctx, `INSERT INTO sign_in_links (token_hash, person_id, expires_at) VALUES ($1, $2, $3)`,
		tokenHash(token), personID, expires)
	return token, expires, problem(err)
}

// CheckSignInLink tells whether the link would still sign in; it changes nothing. Code not_found where it would not.
func (s *Store) CheckSignInLink(ctx context.Context, token string) error {
	var one int
	return problem(s.db.GetContext(ctx, &one, `
		SELECT 1 FROM sign_in_links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()`, tokenHash(token)))
}

// UseSignInLink spends the link and returns who signs in. Code not_found where it is unknown, spent or too old, or where
// the account is blocked: the four are not told apart.
func (s *Store) UseSignInLink(ctx context.Context, token string) (Person, error) {
	var person Person
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var id string
		if err := tx.GetContext(ctx, &id, `
			UPDATE sign_in_links SET used_at = now() WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()
			RETURNING person_id`, tokenHash(token)); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1 AND active`, id); err != nil {
			return err
		}
		return addressIsReached(ctx, tx, id) // the mail with the link has arrived
	})
	return person, err
}
