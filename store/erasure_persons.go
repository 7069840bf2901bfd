package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// anonymousEmail is what the address of an anonymised person p is: nothing arrives there and nobody signs in with it.
const anonymousEmail = `('anonymised-' || p.id || '@invalid')`

// IsAnonymised tells whether the person was anonymised: there is no name and no address any more.
func (p Person) IsAnonymised() bool { return p.LastName == advisory.Erased }

// isNamed tells that a consultation whose persons are not anonymised yet names a person p.
const isNamed = `EXISTS (
	SELECT FROM (
		SELECT consultation_id FROM contacts WHERE person_id = p.id
		UNION ALL SELECT consultation_id FROM team WHERE advisor_id = p.id
		UNION ALL SELECT consultation_id FROM invitations WHERE advisor_id = p.id
	) named JOIN consultations c ON c.id = named.consultation_id WHERE c.anonymised_at IS NULL)`

// anonymiseFormerAdvisors anonymises the advisors who left the pool before a moment and whom no consultation names that
// is younger.
func (s *Store) anonymiseFormerAdvisors(ctx context.Context, before time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var former []string
		if err := tx.SelectContext(ctx, &former, `
			SELECT p.id FROM persons p JOIN advisors a ON a.person_id = p.id
			WHERE NOT p.active AND a.leaving_at < $1 AND p.email <> `+anonymousEmail+` AND NOT `+isNamed, before); err != nil {
			return err
		}
		return anonymisePersons(ctx, tx, former)
	})
}

// anonymisePersons leaves of contacts and of advisors who left a row without a name, to which others refer. Whoever is
// named elsewhere, or still has an open account of the pool, stays.
func anonymisePersons(ctx context.Context, tx *sqlx.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	// Who is just becoming a contact of another consultation holds the row; only afterwards it shows who is named.
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM persons WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`, pq.Array(ids)); err != nil {
		return err
	}
	var erased []string
	if err := tx.SelectContext(ctx, &erased, `
		UPDATE persons p SET email = `+anonymousEmail+`, first_name = '', last_name = $2, salutation = '', function = '', phone = '',
			new_email = '', bounced_at = NULL, deputy_id = NULL, active = false
		WHERE id = ANY($1::uuid[]) AND (role = 'municipality' OR role = 'advisor' AND NOT active) AND NOT `+isNamed+`
		RETURNING id`, pq.Array(ids), advisory.Erased); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE advisors SET about = '', topics = '{}', competences = '', networks = '', languages = '{}', other_language = '',
			home = '', further_places = '{}', origin_country = '', origin_consent = false WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM sign_in_links WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM task_links WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM task_drafts WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM address_links WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM calendar_feeds WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM profile_proposals WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM absences WHERE person_id = ANY($1::uuid[])`,
		`DELETE FROM web_sessions s USING unnest($1::text[]) person WHERE position(convert_to(person, 'UTF8') IN s.data) > 0`,
	} {
		if _, err := tx.ExecContext(ctx, statement, pq.Array(erased)); err != nil {
			return err
		}
	}
	return refreshSearchOf(ctx, tx, erased...)
}
