package store

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// Person is somebody who acts: a contact of a municipality, an advisor, a coordinator, a reader, an administrator.
type Person struct {
	ID         string        `db:"id"`
	Email      string        `db:"email"` // normalised, see advisory.NormalEmail
	Role       advisory.Role `db:"role"`
	Salutation string        `db:"salutation"` // key of the option list salutations, or empty
	FirstName  string        `db:"first_name"`
	LastName   string        `db:"last_name"`
	Function   string        `db:"function"`
	Phone      string        `db:"phone"`
	Language   string        `db:"language"`
	MailRhythm string        `db:"mail_rhythm"`
	DeputyID   *string       `db:"deputy_id"`
	Active     bool          `db:"active"`
	Demo       bool          `db:"demo"`
	CreatedAt  time.Time     `db:"created_at"`
	BouncedAt  *time.Time    `db:"bounced_at"` // mail was refused for good: nothing is sent until a coordinator has clarified the address
	NewEmail   string        `db:"new_email"`  // replaces the address once it is confirmed
}

// Name is first and last name, as lists and pages show it.
func (p Person) Name() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// Initials stand in the place of a picture.
func (p Person) Initials() string {
	if p.IsAnonymised() {
		return "–"
	}
	var initials []rune
	for _, name := range []string{p.FirstName, p.LastName} {
		for _, r := range name {
			initials = append(initials, r)
			break
		}
	}
	return string(initials)
}

const personColumns = `id, email, role, salutation, first_name, last_name, function, phone, language, mail_rhythm, deputy_id,
	active, demo, created_at, bounced_at, new_email`

// Person reads one person. Code not_found where there is none.
func (s *Store) Person(ctx context.Context, id string) (Person, error) {
	var person Person
	err := s.db.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1`, asID(id))
	return person, problem(err)
}

// Persons reads persons by their ids. Who is not there is left out.
func (s *Store) Persons(ctx context.Context, ids ...string) (map[string]Person, error) {
	var found []Person
	if err := s.db.SelectContext(ctx, &found, `SELECT `+personColumns+` FROM persons WHERE id = ANY($1::uuid[])`,
		pq.Array(ids)); err != nil {
		return nil, problem(err)
	}
	persons := map[string]Person{}
	for _, person := range found {
		persons[person.ID] = person
	}
	return persons, nil
}

// ActivePerson reads a person who may still sign in. Code not_found where there is none or the account is blocked.
func (s *Store) ActivePerson(ctx context.Context, id string) (Person, error) {
	var person Person
	err := s.db.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1 AND active`, id)
	return person, problem(err)
}

// PersonByEmail reads the person with this address, in whatever case it is written.
func (s *Store) PersonByEmail(ctx context.Context, email string) (Person, error) {
	var person Person
	err := s.db.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE email = $1`, advisory.NormalEmail(email))
	return person, problem(err)
}

// SavePerson writes a person: a new one where ID is empty, else the one with this id. It returns the id. Code conflict
// where the address belongs to somebody else.
func (s *Store) SavePerson(ctx context.Context, person Person) (string, error) {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		person.ID, err = savePerson(ctx, tx, person)
		return err
	})
	return person.ID, err
}

func savePerson(ctx context.Context, tx *sqlx.Tx, person Person) (string, error) {
	if person.ID == "" {
		person.ID = newID()
	}
	person.Email = advisory.NormalEmail(person.Email)
	if person.Language == "" {
		person.Language = "de"
	}
	if person.MailRhythm == "" {
		person.MailRhythm = "immediately"
	}
	_, err := tx.NamedExecContext(ctx, `
		INSERT INTO persons (id, email, role, salutation, first_name, last_name, function, phone, language, mail_rhythm,
			deputy_id, active, demo)
		VALUES (:id, :email, :role, :salutation, :first_name, :last_name, :function, :phone, :language, :mail_rhythm,
			:deputy_id, :active, :demo)
		ON CONFLICT (id) DO UPDATE SET (email, role, salutation, first_name, last_name, function, phone, language, mail_rhythm,
			deputy_id, active, demo) = (EXCLUDED.email, EXCLUDED.role, EXCLUDED.salutation, EXCLUDED.first_name,
			EXCLUDED.last_name, EXCLUDED.function, EXCLUDED.phone, EXCLUDED.language, EXCLUDED.mail_rhythm, EXCLUDED.deputy_id,
			EXCLUDED.active, EXCLUDED.demo)`, person)
	if isDuplicate(err) {
		return "", advisory.Errorf(advisory.Conflict, "address belongs to another person: %w", err)
	}
	if err != nil {
		return "", err
	}
	return person.ID, refreshSearchOf(ctx, tx, person.ID)
}
