package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// PoolMember is an account with the profile of the person, as the file of advisors has it.
type PoolMember struct {
	Person
	Profile AdvisorProfile `db:"profile"`
}

const poolMembers = `
	SELECT ` + personColumns + `, id AS "profile.person_id", phone AS "profile.phone", language AS "profile.language",
		mail_rhythm AS "profile.mail_rhythm", coalesce(a.about, '') AS "profile.about",
		coalesce(a.topics, '{}') AS "profile.topics", coalesce(a.competences, '') AS "profile.competences",
		coalesce(a.networks, '') AS "profile.networks", coalesce(a.languages, '{}') AS "profile.languages",
		coalesce(a.other_language, '') AS "profile.other_language", coalesce(a.home, '') AS "profile.home",
		coalesce(a.further_places, '{}') AS "profile.further_places", coalesce(a.capacity, 1) AS "profile.capacity",
		coalesce(a.meeting_format, '') AS "profile.meeting_format", coalesce(a.origin_country, '') AS "profile.origin_country",
		coalesce(a.origin_consent, false) AS "profile.origin_consent"
	FROM persons LEFT JOIN advisors a ON a.person_id = id`

// PoolMembers reads all advisors whose account is not blocked, by name.
func (s *Store) PoolMembers(ctx context.Context) ([]PoolMember, error) {
	var members []PoolMember
	err := s.db.SelectContext(ctx, &members, poolMembers+` WHERE role = 'advisor' AND active ORDER BY last_name, first_name, id`)
	return members, problem(err)
}

// PoolAccounts reads who has one of the addresses, in whatever role, by normalised address.
func (s *Store) PoolAccounts(ctx context.Context, emails []string) (map[string]PoolMember, error) {
	return poolAccounts(ctx, s.db, emails, "")
}

func poolAccounts(ctx context.Context, from sqlx.QueryerContext, emails []string, lock string) (map[string]PoolMember, error) {
	var found []PoolMember
	if err := sqlx.SelectContext(ctx, from, &found, poolMembers+` WHERE email = ANY($1) ORDER BY id`+lock, pq.Array(emails)); err != nil {
		return nil, problem(err)
	}
	accounts := map[string]PoolMember{}
	for _, member := range found {
		accounts[member.Email] = member
	}
	return accounts, nil
}

// PoolUploadLife is how long a file of advisors waits for its confirmation.
const PoolUploadLife = time.Hour

// KeepPoolUpload keeps a file of advisors until its confirmation, for the person alone, in the place of an earlier one. It
// returns the id.
func (s *Store) KeepPoolUpload(ctx context.Context, personID string, content []byte) (id string, err error) {
	id = newID()
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM pool_uploads WHERE person_id = $1`, personID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO pool_uploads (id, person_id, content, expires_at)
			VALUES ($1, $2, $3, now() + make_interval(secs => $4))`, id, personID, content, PoolUploadLife.Seconds())
		return err
	})
	return id, err
}

// PoolUpload reads the file that a person has uploaded. Code not_found where it is another's, was used, or has waited too
// long.
func (s *Store) PoolUpload(ctx context.Context, id, personID string) (content []byte, err error) {
	err = s.db.GetContext(ctx, &content, `SELECT content FROM pool_uploads WHERE id = $1 AND person_id = $2 AND expires_at > now()`,
		asID(id), personID)
	return content, problem(err)
}

// ImportPool uses an upload: it writes what decide makes of the accounts with these addresses, which nobody else changes
// meanwhile. A member without an id gets an account; whoever is not among the members stays as he or she is. Consents, and
// a country of origin that is stated, stay the advisor's own. An error of decide leaves everything as it was. Code not_found
// as with PoolUpload, conflict where an address has come to belong to somebody else meanwhile.
func (s *Store) ImportPool(ctx context.Context, id, personID string, emails []string,
	decide func(accounts map[string]PoolMember) ([]PoolMember, error)) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var used string
		if err := tx.GetContext(ctx, &used, `DELETE FROM pool_uploads WHERE id = $1 AND person_id = $2 AND expires_at > now()
			RETURNING id`, asID(id), personID); err != nil {
			return err
		}
		accounts, err := poolAccounts(ctx, tx, emails, ` FOR UPDATE OF persons`)
		if err != nil {
			return err
		}
		members, err := decide(accounts)
		if err != nil {
			return err
		}
		for _, member := range members {
			if err := importMember(ctx, tx, accounts[member.Email].Profile, member); err != nil {
				return err
			}
		}
		return nil
	})
}

func importMember(ctx context.Context, tx *sqlx.Tx, before AdvisorProfile, member PoolMember) error {
	person, profile := member.Person, member.Profile
	if person.ID == "" {
		person.Role, person.Active = advisory.Advisor, true
	}
	person.Phone, person.Language, person.MailRhythm = profile.Phone, profile.Language, profile.MailRhythm
	var err error
	if profile.PersonID, err = savePerson(ctx, tx, person); err != nil {
		return err
	}
	profile.OriginConsent = before.OriginConsent
	if before.OriginCountry != "" {
		profile.OriginCountry = before.OriginCountry
	}
	return saveProfile(ctx, tx, profile)
}
