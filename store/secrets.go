package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/jmoiron/sqlx"
)

const tokenBytes = 32

// Secret is a random key of this installation: 32 bytes that are made when somebody first asks for the name, and stay.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	var value []byte
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		value, err = secret(ctx, tx, name)
		return err
	})
	return value, err
}

func secret(ctx context.Context, tx *sqlx.Tx, name string) ([]byte, error) {
	if _, err := tx.ExecContext(ctx, `INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		name, randomBytes()); err != nil {
		return nil, err
	}
	var value []byte
	err := tx.GetContext(ctx, &value, `SELECT value FROM secrets WHERE name = $1`, name)
	return value, err
}

func randomBytes() []byte {
	b := make([]byte, tokenBytes)
	rand.Read(b) //nolint:errcheck // never fails, see crypto/rand
	return b
}

// newToken makes the random part of a link. Only its hash is stored.
func newToken() string { return base64.RawURLEncoding.EncodeToString(randomBytes()) }

// derivedToken is a token that can be made again from a key and an id.
func derivedToken(key []byte, id string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
