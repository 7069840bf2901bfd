package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// PoolMember reads an advisor with the profile, also a blocked one, and the version that ChangePoolMember wants. Code
// not_found where there is none.
func (s *Store) PoolMember(ctx context.Context, id string) (member PoolMember, version string, err error) {
	var row struct {
		PoolMember
		Version string `db:"version"`
	}
	err = s.db.GetContext(ctx, &row, poolMembersWithVersion+` WHERE id = $1 AND role = 'advisor'`, asID(id))
	return row.PoolMember, row.Version, problem(err)
}

const poolMembersWithVersion = `SELECT m.*, v.updated_at::text AS version FROM (` + poolMembers + `) m
	JOIN advisors v ON v.person_id = m.id`

// ChangePoolMember writes what a coordinator says of an advisor: name, form of address and profile, all of it at once.
// Consent and country of origin stay the advisor's own. Code conflict where the profile has changed since the version was
// read.
func (s *Store) ChangePoolMember(ctx context.Context, member PoolMember, version string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockAdvisor(ctx, tx, member.ID); err != nil {
			return err
		}
		var now struct {
			PoolMember
			Version string `db:"version"`
		}
		if err := tx.GetContext(ctx, &now, poolMembersWithVersion+` WHERE id = $1`, member.ID); err != nil {
			return err
		}
		if now.Version != version {
			return advisory.Errorf(advisory.Conflict, "profile of %s has changed meanwhile", member.ID)
		}
		person := now.Person
		person.Salutation, person.FirstName, person.LastName = member.Salutation, member.FirstName, member.LastName
		member.Person, member.Profile.OriginCountry = person, now.Profile.OriginCountry
		return importMember(ctx, tx, now.Profile, member)
	})
}
