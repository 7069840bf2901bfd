package store

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// UserFilter says which accounts to read. Empty fields do not filter.
type UserFilter struct {
	Role  advisory.Role
	Words string // parts of name and address
	Page  int    // from 1
}

// UsersPerPage is how many accounts a page shows.
const UsersPerPage = 25

// Users reads a page of all accounts, by name, and how many there are. Who was anonymised has none.
func (s *Store) Users(ctx context.Context, filter UserFilter) ([]Person, int, error) {
	values := map[string]any{"limit": UsersPerPage, "offset": UsersPerPage * (max(filter.Page, 1) - 1)}
	where := ` WHERE last_name <> '` + advisory.Erased + `'`
	if filter.Role != "" {
		where += ` AND role = :role`
		values["role"] = filter.Role
	}
	if words := strings.TrimSpace(filter.Words); words != "" {
		where += ` AND first_name || ' ' || last_name || ' ' || email ILIKE :words`
		values["words"] = "%" + literalPattern(words) + "%"
	}
	var total []int
	if err := s.selectNamed(ctx, &total, `SELECT count(*) FROM persons`+where, values); err != nil {
		return nil, 0, err
	}
	var persons []Person
	err := s.selectNamed(ctx, &persons, `SELECT `+personColumns+` FROM persons`+where+`
		ORDER BY last_name, first_name, id LIMIT :limit OFFSET :offset`, values)
	return persons, total[0], err
}

// AddUser makes an account that can sign in at once, and returns its id. An advisor also gets an empty profile. Code
// conflict where the address has an account already.
func (s *Store) AddUser(ctx context.Context, person Person) (string, error) {
	person.ID, person.Active = "", true
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		if person.ID, err = savePerson(ctx, tx, person); err != nil {
			return err
		}
		return ensureAdvisor(ctx, tx, person)
	})
	return person.ID, err
}

func ensureAdvisor(ctx context.Context, tx *sqlx.Tx, person Person) error {
	if person.Role != advisory.Advisor {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO advisors (person_id) VALUES ($1) ON CONFLICT DO NOTHING`, person.ID)
	return err
}

// AccountRule is why an account stays as it is. It comes with code conflict.
type AccountRule string

// The rules.
const (
	OwnAccount        AccountRule = "own_account"        // nobody locks the door behind oneself
	LastAdministrator AccountRule = "last_administrator" // somebody has to be able to manage the accounts
	MunicipalityRole  AccountRule = "municipality_role"  // comes with a request and never changes
	StillOwesTasks    AccountRule = "still_owes_tasks"   // another role would not see them any more
)

func (r AccountRule) Error() string { return "account stays as it is: " + string(r) }

func (r AccountRule) refusal() error {
	return advisory.Errorf(advisory.Conflict, "change of account: %w", r)
}

// ChangeUser writes name, address, telephone and language of an account; those of a municipality's contact come with its
// consultations. Code conflict where the address belongs to somebody else, or with the rule MunicipalityRole.
func (s *Store) ChangeUser(ctx context.Context, changed Person) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var person Person
		if err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1 FOR UPDATE`, asID(changed.ID)); err != nil {
			return err
		}
		if person.Role == advisory.Municipality {
			return MunicipalityRole.refusal()
		}
		another := person.Email != advisory.NormalEmail(changed.Email)
		person.Salutation, person.FirstName, person.LastName = changed.Salutation, changed.FirstName, changed.LastName
		person.Email, person.Phone, person.Language = changed.Email, changed.Phone, changed.Language
		if _, err := savePerson(ctx, tx, person); err != nil || !another {
			return err
		}
		return addressIsReached(ctx, tx, person.ID)
	})
}

// ChangeRole gives an account another role. Code conflict with an AccountRule where a rule forbids it.
func (s *Store) ChangeRole(ctx context.Context, id string, role advisory.Role, by string) error {
	return s.changeUser(ctx, id, by, func(tx *sqlx.Tx, person Person) error {
		switch {
		case person.Role == role:
			return nil
		case person.Role == advisory.Municipality || role == advisory.Municipality:
			return MunicipalityRole.refusal()
		case !person.Role.Coordinates() || !role.Coordinates():
			if owes, err := owesTasks(ctx, tx, id); err != nil {
				return err
			} else if owes {
				return StillOwesTasks.refusal()
			}
		}
		person.Role = role
		if _, err := tx.ExecContext(ctx, `UPDATE persons SET role = $2 WHERE id = $1`, id, role); err != nil {
			return err
		}
		return ensureAdvisor(ctx, tx, person)
	})
}

// BlockUser lets an account sign in no more, from the next request on, or again. Code conflict with an AccountRule where
// a rule forbids it.
func (s *Store) BlockUser(ctx context.Context, id string, blocked bool, by string) error {
	return s.changeUser(ctx, id, by, func(tx *sqlx.Tx, _ Person) error {
		_, err := tx.ExecContext(ctx, `UPDATE persons SET active = $2 WHERE id = $1`, id, !blocked)
		return err
	})
}

// changeUser changes one account while nobody changes another, so that two administrators cannot block each other.
func (s *Store) changeUser(ctx context.Context, id, by string, change func(*sqlx.Tx, Person) error) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var administrators []string
		if err := tx.SelectContext(ctx, &administrators, `
			SELECT id FROM persons WHERE role = 'administrator' AND active ORDER BY id FOR UPDATE`); err != nil {
			return err
		}
		var person Person
		if err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1 FOR UPDATE`, asID(id)); err != nil {
			return err
		}
		switch {
		case id == by:
			return OwnAccount.refusal()
		case len(administrators) == 1 && administrators[0] == id:
			return LastAdministrator.refusal()
		}
		return change(tx, person)
	})
}

func owesTasks(ctx context.Context, tx *sqlx.Tx, id string) (owes bool, err error) {
	err = tx.GetContext(ctx, &owes, `SELECT EXISTS (SELECT FROM tasks WHERE owner_id = $1 AND state = 'open')`, id)
	return owes, err
}
