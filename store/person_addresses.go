package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// PersonAddressLink is a link that confirms the address of a person: a contact who was added, or somebody whose address
// was corrected.
type PersonAddressLink struct {
	PersonID       string `db:"person_id"`
	ConsultationID string `db:"consultation_id"` // for which it was sent
	Number         string `db:"number"`
	Email          string `db:"email"`
}

// A link counts once and as long as the person still uses the address, or is to use it.
const personAddressLinkQuery = `SELECT l.person_id, l.consultation_id, c.number, l.email FROM address_links l
	JOIN persons p ON p.id = l.person_id AND p.active AND l.email IN (p.email, p.new_email)
	JOIN consultations c ON c.id = l.consultation_id
	WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > now() `

// IssuePersonAddressLink makes a link that confirms the address of the person who has it or is to get it. The post office
// calls it when it writes the mail, because only the hash of the token is stored. The end of its life is real time. Code
// not_found where nobody waits for this address any more.
func (s *Store) IssuePersonAddressLink(ctx context.Context, consultationID, email string) (token string, expires time.Time, err error) {
	token, expires, email = newToken(), time.Now().Add(AddressLinkLife), advisory.NormalEmail(email)
	var person string
	err = s.db.GetContext(ctx, &person, `
		INSERT INTO address_links (token_hash, person_id, consultation_id, email, expires_at)
		SELECT $1, id, $2::uuid, $3, $4 FROM persons WHERE active AND (new_email = $3 OR email = $3 AND EXISTS (
			SELECT FROM contacts WHERE consultation_id = $2::uuid AND person_id = id AND confirmed_at IS NULL AND left_at IS NULL))
		ORDER BY email = $3 DESC LIMIT 1 RETURNING person_id`, tokenHash(token), consultationID, email, expires)
	return token, expires, problem(err)
}

// PersonAddressLink reads a link without using it. Code not_found where it is unknown, used, too old, or not needed any
// more: they are not told apart.
func (s *Store) PersonAddressLink(ctx context.Context, token string) (PersonAddressLink, error) {
	var link PersonAddressLink
	err := s.db.GetContext(ctx, &link, personAddressLinkQuery, tokenHash(token))
	return link, problem(err)
}

// ConfirmPersonAddress uses a link: a contact who was waiting takes part from now on, and a corrected address takes the
// place of the old one. Codes: not_found where the link is of no use, conflict where the address has become somebody
// else's meanwhile. now is business time.
func (s *Store) ConfirmPersonAddress(ctx context.Context, token string, now time.Time) (PersonAddressLink, error) {
	var link PersonAddressLink
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever comes second waits here, and only then reads what the first has written.
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM consultations WHERE id = (SELECT consultation_id FROM address_links
			WHERE token_hash = $1) FOR UPDATE`, tokenHash(token)); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &link, personAddressLinkQuery+`FOR UPDATE OF l, p`, tokenHash(token)); err != nil {
			return err
		}
		if err := takeNewAddress(ctx, tx, link); err != nil {
			return err
		}
		if err := confirmContact(ctx, tx, link, now); err != nil {
			return err
		}
		if err := addressIsReached(ctx, tx, link.PersonID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE address_links SET used_at = now() WHERE person_id = $1 AND consultation_id = $2
			AND email = $3 AND used_at IS NULL`, link.PersonID, link.ConsultationID, link.Email)
		return err
	})
	return link, err
}

// takeNewAddress puts a corrected address in the place of the old one. Whoever reads the old one's mail has no right any
// more: links end, and so do the browsers that signed in with it (server, session).
func takeNewAddress(ctx context.Context, tx *sqlx.Tx, link PersonAddressLink) error {
	result, err := tx.ExecContext(ctx, `UPDATE persons SET email = new_email, new_email = '' WHERE id = $1 AND new_email = $2`,
		link.PersonID, link.Email)
	if isDuplicate(err) {
		return advisory.Errorf(advisory.Conflict, "address belongs to another person: %w", err)
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM sign_in_links WHERE person_id = $1 AND used_at IS NULL`,
		`DELETE FROM task_links WHERE person_id = $1`,
		`DELETE FROM calendar_feeds WHERE person_id = $1`,
		`DELETE FROM address_links WHERE person_id = $1 AND used_at IS NULL AND email <> (SELECT email FROM persons WHERE id = $1)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, link.PersonID); err != nil {
			return err
		}
	}
	return releaseHeldBack(ctx, tx, link.PersonID)
}

// confirmContact lets a contact take part who was waiting.
func confirmContact(ctx context.Context, tx *sqlx.Tx, link PersonAddressLink, now time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE contacts SET confirmed_at = $3
		WHERE consultation_id = $1 AND person_id = $2 AND confirmed_at IS NULL AND left_at IS NULL`,
		link.ConsultationID, link.PersonID, now)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return tellOfContact(ctx, tx, ContactChange{ConsultationID: link.ConsultationID, Actor: link.PersonID, Now: now},
		advisory.ContactConfirmed, nil)
}

// AddressIsTaken tells whether an address cannot become this person's, because somebody else has it or is to get it.
func (s *Store) AddressIsTaken(ctx context.Context, email, personID string) (bool, error) {
	return addressIsTaken(ctx, s.db, email, personID)
}

func addressIsTaken(ctx context.Context, q sqlx.QueryerContext, email, personID string) (taken bool, err error) {
	err = sqlx.GetContext(ctx, q, &taken, `SELECT EXISTS (SELECT FROM persons WHERE $1 IN (email, new_email) AND id::text <> $2)`,
		advisory.NormalEmail(email), personID)
	return taken, problem(err)
}

// UnclearAddress is what a coordinator needs to know to clarify an address.
type UnclearAddress struct {
	Person
	LeftAt *time.Time    `db:"left_at"` // as a contact of the consultation
	Held   int           `db:"held"`    // mails that wait for the address, whatever consultation they are about
	Failed []RefusedMail // the latest ones of the consultation
}

// RefusedMail is a mail that did not arrive.
type RefusedMail struct {
	Template advisory.Template `db:"template"`
	Subject  string            `db:"subject"`
	Failure  string            `db:"failure"` // what the server said: a code for machines
	State    string            `db:"state"`   // bounced or given_up
	At       time.Time         `db:"at"`      // business time
	DueOn    *time.Time        `db:"due_on"`
	StartsAt *time.Time        `db:"starts_at"`
}

const refusedMailsShown = 5

// UnclearAddress reads what is known about the address of a person. Code not_found where there is no such person.
func (s *Store) UnclearAddress(ctx context.Context, consultationID, personID string) (UnclearAddress, error) {
	var address UnclearAddress
	if err := s.db.GetContext(ctx, &address, `
		SELECT `+personColumns+`, (SELECT left_at FROM contacts WHERE consultation_id = $1 AND person_id = persons.id) AS left_at,
			(SELECT count(*) FROM mails WHERE person_id = persons.id AND state = 'held_back') AS held
		FROM persons WHERE id = $2`, consultationID, asID(personID)); err != nil {
		return address, problem(err)
	}
	err := s.db.SelectContext(ctx, &address.Failed, `
		SELECT m.template, m.subject, m.failure, m.state, m.not_before AS at, t.due_on, x.starts_at
		FROM mails m LEFT JOIN tasks t ON t.id = m.task_id
			LEFT JOIN sessions x ON x.consultation_id = m.consultation_id AND x.number = m.session
		WHERE m.consultation_id = $1 AND m.state IN ('bounced', 'given_up')
			AND (m.person_id = $2 OR m.person_id IS NULL AND m.address IN ($3, $4))
		ORDER BY m.ordered_at DESC, m.id DESC LIMIT $5`,
		consultationID, address.ID, address.Email, address.NewEmail, refusedMailsShown)
	return address, problem(err)
}
