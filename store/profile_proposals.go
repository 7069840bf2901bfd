package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// ProposalState is how far a proposal is.
type ProposalState string

// The states of a proposal that anybody gets to see.
const (
	ProposalWaiting  ProposalState = "waiting"
	ProposalApproved ProposalState = "approved"
	ProposalReturned ProposalState = "returned"
)

// ReviewedProfile is the part of a profile that municipalities rely on: it changes with the coordination team's approval.
type ReviewedProfile struct {
	Topics      pq.StringArray `db:"topics"` // keys of the option list topics
	Competences string         `db:"competences"`
	Networks    string         `db:"networks"`
}

// Reviewed is the part of the profile that changes with an approval only.
func (p AdvisorProfile) Reviewed() ReviewedProfile {
	return ReviewedProfile{Topics: p.Topics, Competences: p.Competences, Networks: p.Networks}
}

// With is the profile with another reviewed part.
func (p AdvisorProfile) With(part ReviewedProfile) AdvisorProfile {
	p.Topics, p.Competences, p.Networks = part.Topics, part.Competences, part.Networks
	return p
}

// Equals tells whether both say the same.
func (r ReviewedProfile) Equals(other ReviewedProfile) bool {
	return sameKeys(r.Topics, other.Topics) && r.Competences == other.Competences && r.Networks == other.Networks
}

// sameKeys tells whether both hold the same, in any order.
func sameKeys(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// ProfileProposal is a change that an advisor has proposed.
type ProfileProposal struct {
	ID         string          `db:"id"`
	PersonID   string          `db:"person_id"`
	PersonName string          `db:"person_name"`
	Before     ReviewedProfile `db:"before"` // as it counts now
	After      ReviewedProfile `db:"after"`  // as it would count
	State      ProposalState   `db:"state"`
	ProposedAt time.Time       `db:"proposed_at"` // business time, like the next
	DecidedAt  *time.Time      `db:"decided_at"`
	DecidedBy  string          `db:"decided_by"` // name of the coordinator, "" while it waits
	Reason     string          `db:"reason"`     // why it was returned
}

const profileProposals = `
	SELECT x.id, x.person_id, trim(p.first_name || ' ' || p.last_name) AS person_name, x.state, x.proposed_at, x.decided_at,
		x.reason, coalesce(trim(d.first_name || ' ' || d.last_name), '') AS decided_by,
		a.topics AS "before.topics", a.competences AS "before.competences", a.networks AS "before.networks",
		coalesce(x.topics, a.topics) AS "after.topics", coalesce(x.competences, a.competences) AS "after.competences",
		coalesce(x.networks, a.networks) AS "after.networks"
	FROM profile_proposals x JOIN persons p ON p.id = x.person_id JOIN advisors a ON a.person_id = x.person_id
		LEFT JOIN persons d ON d.id = x.decided_by`

// maxProposals bounds the list: there is at most one for each advisor.
const maxProposals = 100

// WaitingProposals reads what waits for a decision, the oldest first. Who is blocked waits for nothing.
func (s *Store) WaitingProposals(ctx context.Context) ([]ProfileProposal, error) {
	var found []ProfileProposal
	err := s.db.SelectContext(ctx, &found, profileProposals+`
		WHERE x.state = 'waiting' AND p.active ORDER BY x.proposed_at, x.id LIMIT $1`, maxProposals)
	return found, problem(err)
}

// CountWaitingProposals says how many proposals wait for a decision.
func (s *Store) CountWaitingProposals(ctx context.Context) (int, error) {
	var n int
	err := s.db.GetContext(ctx, &n, `SELECT count(*) FROM profile_proposals x JOIN persons p ON p.id = x.person_id
		WHERE x.state = 'waiting' AND p.active`)
	return n, problem(err)
}

// LatestProposal reads the latest proposal of an advisor that was not taken back; nil where there is none.
func (s *Store) LatestProposal(ctx context.Context, personID string) (*ProfileProposal, error) {
	var found ProfileProposal
	err := s.db.GetContext(ctx, &found, profileProposals+`
		WHERE x.person_id = $1 AND x.state <> 'withdrawn' ORDER BY x.proposed_at DESC, x.id DESC LIMIT 1`, asID(personID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &found, problem(err)
}

// SaveOwnProfile writes what an advisor says of himself or herself. The reviewed part stays as it is; where the advisor
// wants it otherwise, that becomes the one proposal of the advisor that waits, and waits is true. Asking for what counts
// already takes a waiting proposal back. now is business time.
func (s *Store) SaveOwnProfile(ctx context.Context, profile AdvisorProfile, now time.Time) (waits bool, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockAdvisor(ctx, tx, profile.PersonID); err != nil {
			return err
		}
		var counts ReviewedProfile
		if err := tx.GetContext(ctx, &counts, `SELECT topics, competences, networks FROM advisors WHERE person_id = $1`,
			profile.PersonID); err != nil {
			return err
		}
		wanted := profile.Reviewed()
		if waits, err = propose(ctx, tx, profile.PersonID, counts, wanted, now); err != nil {
			return err
		}
		return saveProfile(ctx, tx, profile.With(counts))
	})
	return waits, err
}

// lockAdvisor lets nobody else change an advisor before the transaction is over, and makes a profile where there is none.
func lockAdvisor(ctx context.Context, tx *sqlx.Tx, personID string) error {
	var person Person
	if err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE id = $1 AND role = $2 FOR UPDATE`,
		asID(personID), advisory.Advisor); err != nil {
		return err
	}
	return ensureAdvisor(ctx, tx, person)
}

func propose(ctx context.Context, tx *sqlx.Tx, personID string, counts, wanted ReviewedProfile, now time.Time) (bool, error) {
	var waiting []ProfileProposal
	if err := tx.SelectContext(ctx, &waiting, profileProposals+` WHERE x.person_id = $1 AND x.state = 'waiting'`, personID); err != nil {
		return false, err
	}
	if len(waiting) > 0 && waiting[0].After.Equals(wanted) && !wanted.Equals(counts) {
		return true, nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE profile_proposals SET state = 'withdrawn', decided_at = $2
		WHERE person_id = $1 AND state = 'waiting'`, personID, now); err != nil || wanted.Equals(counts) {
		return false, err
	}
	var topics, competences, networks any // what stays as it is does not undo what a coordinator changes meanwhile
	if !sameKeys(wanted.Topics, counts.Topics) {
		topics = append(pq.StringArray{}, wanted.Topics...)
	}
	if wanted.Competences != counts.Competences {
		competences = wanted.Competences
	}
	if wanted.Networks != counts.Networks {
		networks = wanted.Networks
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO profile_proposals (id, person_id, topics, competences, networks, proposed_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, newID(), personID, topics, competences, networks, now)
	return true, err
}

// ApproveProposal lets a proposal count from now on, business time, and has the advisor told, like ReturnProposal. Code conflict where it does not wait any more: the
// advisor has changed it, or somebody else has decided.
func (s *Store) ApproveProposal(ctx context.Context, id, by string, now time.Time) (ProfileProposal, error) {
	return s.decideProposal(ctx, id, by, ProposalApproved, "", now)
}

// ReturnProposal gives a proposal back to the advisor with a reason, which stands in the own profile, and changes nothing else. Code conflict as with
// ApproveProposal.
func (s *Store) ReturnProposal(ctx context.Context, id, by, reason string, now time.Time) (ProfileProposal, error) {
	return s.decideProposal(ctx, id, by, ProposalReturned, reason, now)
}

func (s *Store) decideProposal(ctx context.Context, id, by string, state ProposalState, reason string, now time.Time) (ProfileProposal, error) {
	var decided ProfileProposal
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &decided, profileProposals+` WHERE x.id = $1`, asID(id)); err != nil {
			return err
		}
		if err := lockAdvisor(ctx, tx, decided.PersonID); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE profile_proposals SET state = $2, decided_at = $3, decided_by = $4, reason = $5
			WHERE id = $1 AND state = 'waiting'`, decided.ID, state, now, by, reason)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return advisory.Errorf(advisory.Conflict, "proposal %s does not wait any more", decided.ID)
		}
		if err := tellDecision(ctx, tx, decided, state, now); err != nil || state != ProposalApproved {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE advisors a SET topics = coalesce(x.topics, a.topics),
				competences = coalesce(x.competences, a.competences), networks = coalesce(x.networks, a.networks), updated_at = now()
			FROM profile_proposals x WHERE x.id = $1 AND a.person_id = x.person_id`, decided.ID)
		return err
	})
	return decided, err
}

// tellDecision orders the mail to the advisor. The reason of a return stands in the profile alone.
func tellDecision(ctx context.Context, tx *sqlx.Tx, proposal ProfileProposal, state ProposalState, now time.Time) error {
	order := mailOrder{Key: "profile_change/" + proposal.ID, PersonID: proposal.PersonID, Template: advisory.MailProfileReturned, Link: "/profil"}
	if state == ProposalApproved {
		order.Template = advisory.MailProfileApproved
	}
	if err := tx.GetContext(ctx, &order.Language, `SELECT language FROM persons WHERE id = $1`, proposal.PersonID); err != nil {
		return err
	}
	return orderMail(ctx, tx, now, order)
}
