package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// StillAccompanies is the rule that an advisor's account is closed only after the hand-over of everything that the advisor
// accompanies or is asked to.
const StillAccompanies AccountRule = "still_accompanies"

// BeginLeaving begins the hand-over of an advisor who leaves the pool for good: from now on the advisor is not suggested
// any more. Beginning twice changes nothing. Code not_found where there is no such advisor with an open account.
func (s *Store) BeginLeaving(ctx context.Context, advisorID string, now time.Time) error {
	return s.changeAdvisor(ctx, `UPDATE advisors SET leaving_at = coalesce(leaving_at, $2)`, advisorID, now)
}

// StayInPool takes back that an advisor leaves, as long as the account is not closed. What was handed over stays so.
func (s *Store) StayInPool(ctx context.Context, advisorID string) error {
	return s.changeAdvisor(ctx, `UPDATE advisors SET leaving_at = NULL`, advisorID)
}

func (s *Store) changeAdvisor(ctx context.Context, update, advisorID string, values ...any) error {
	result, err := s.db.ExecContext(ctx, update+` WHERE person_id = $1 AND EXISTS (
		SELECT FROM persons p WHERE p.id = person_id AND p.role = 'advisor' AND p.active)`,
		append([]any{asID(advisorID)}, values...)...)
	if err != nil {
		return problem(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return advisory.Errorf(advisory.NotFound, "advisor %s has no open account", advisorID)
	}
	return nil
}

// OpenPart is what an advisor still is to a running consultation.
type OpenPart struct {
	ConsultationID string         `db:"consultation_id"`
	Number         string         `db:"number"`
	Municipality   string         `db:"municipality"`
	Subject        string         `db:"subject"`
	Stage          advisory.Stage `db:"stage"`
	RestingSince   *time.Time     `db:"resting_since"`
	InTeam         bool           `db:"in_team"`    // accompanies it; otherwise only invited
	Lead           bool           `db:"lead"`       // leads, or is asked to
	Invitation     string         `db:"invitation"` // state of the invitation (ui/invitations) where only invited
	NextSession    *time.Time     `db:"next_session"`
}

const openPartsOfAdvisor = `
	SELECT m.consultation_id, true AS in_team, m.lead, '' AS invitation FROM team m WHERE m.advisor_id = $1 AND m.until IS NULL
	UNION ALL
	SELECT v.consultation_id, false, v.lead, v.state FROM invitations v
		WHERE v.advisor_id = $1 AND v.state IN ('open', 'accepted') AND ` + awaitsAgreement + ` AND NOT EXISTS (
			SELECT FROM team m WHERE m.consultation_id = v.consultation_id AND m.advisor_id = $1 AND m.until IS NULL)`

// OpenParts reads the running consultations that an advisor accompanies or is asked to, those with the next appointment
// first.
func (s *Store) OpenParts(ctx context.Context, advisorID string) ([]OpenPart, error) {
	var parts []OpenPart
	err := s.db.SelectContext(ctx, &parts, `
		SELECT x.*, c.number, c.municipality, c.subject, c.stage, c.resting_since,
			(SELECT min(d.starts_at) FROM sessions d WHERE d.consultation_id = c.id AND d.state = 'scheduled') AS next_session
		FROM (`+openPartsOfAdvisor+`) x JOIN consultations c ON c.id = x.consultation_id
		WHERE c.outcome = '' OR c.undo_until IS NOT NULL ORDER BY next_session NULLS LAST, x.in_team DESC, x.lead DESC, c.number`, advisorID)
	return parts, problem(err)
}

// HandedOver reads the consultations that an advisor has left since a moment, the latest first.
func (s *Store) HandedOver(ctx context.Context, advisorID string, since time.Time) ([]HandedOver, error) {
	var found []HandedOver
	err := s.db.SelectContext(ctx, &found, `
		SELECT DISTINCT ON (r.begun_at, c.number) c.number, c.municipality, c.outcome, r.begun_at,
			EXISTS (SELECT FROM history h WHERE h.consultation_id = c.id AND h.kind IN `+agreements+` AND h.at > r.begun_at) AS agreed
		FROM replacements r JOIN consultations c ON c.id = r.consultation_id
		WHERE r.advisor_id = $1 AND r.begun_at >= $2 ORDER BY r.begun_at DESC, c.number`, advisorID, since)
	return found, problem(err)
}

// HandedOver is a consultation that an advisor has left.
type HandedOver struct {
	Number       string           `db:"number"`
	Municipality string           `db:"municipality"`
	Outcome      advisory.Outcome `db:"outcome"`
	BegunAt      time.Time        `db:"begun_at"`
	Agreed       bool             `db:"agreed"` // the municipality has agreed to a team since
}

// CloseAdvisor closes the account of an advisor who leaves the pool: nobody signs in with it any more. Code conflict with
// an AccountRule as long as something is to be handed over; code not_found where no hand-over was begun.
func (s *Store) CloseAdvisor(ctx context.Context, advisorID string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var id string
		if err := tx.GetContext(ctx, &id, `
			SELECT p.id FROM persons p JOIN advisors a ON a.person_id = p.id
			WHERE p.id = $1 AND p.role = 'advisor' AND a.leaving_at IS NOT NULL FOR UPDATE OF p`, asID(advisorID)); err != nil {
			return err
		}
		var accompanies bool
		if err := tx.GetContext(ctx, &accompanies, `
			SELECT EXISTS (SELECT FROM (`+openPartsOfAdvisor+`) x JOIN consultations c ON c.id = x.consultation_id
				WHERE c.outcome = '' OR c.undo_until IS NOT NULL)`, id); err != nil {
			return err
		}
		if accompanies {
			return StillAccompanies.refusal()
		}
		if owes, err := owesTasks(ctx, tx, id); err != nil {
			return err
		} else if owes {
			return StillOwesTasks.refusal()
		}
		_, err := tx.ExecContext(ctx, `UPDATE persons SET active = false WHERE id = $1`, id)
		return err
	})
}
