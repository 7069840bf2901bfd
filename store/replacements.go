package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"miglobe/advisory"
)

// The rounds of an assignment: a round ends with the municipality's agreement to the team.
const (
	// awaitsAgreement is the condition of an invitation v that was answered in the round under way: the municipality has
	// not agreed to this answer yet. An advisor who comes back has a row of the team from before.
	awaitsAgreement = `NOT EXISTS (SELECT FROM team m
		WHERE m.consultation_id = v.consultation_id AND m.advisor_id = v.advisor_id AND v.answered_at <= m.since)`

	agreements = `('advisors_agreed', 'advisor_replaced')` // kinds of the history that end a round

	// lastAgreement is when the municipality of consultation $1 agreed to its team; long ago where it never did.
	lastAgreement = `coalesce((SELECT max(h.at) FROM history h WHERE h.consultation_id = $1 AND h.kind IN ` + agreements + `),
		'-infinity'::timestamptz)`

	// chosenLead is the advisor who was asked to lead in the round under way of consultation $1, or nobody. Where the
	// municipality has asked for others, the choice counts no more.
	chosenLead = `(SELECT i.message->>'lead' FROM inputs i WHERE i.consultation_id = $1 AND i.form = 'choose_advisors'
		AND i.state = 'applied' AND i.entered_at > coalesce((SELECT max(h.at) FROM history h WHERE h.consultation_id = $1
			AND h.kind IN ('advisors_agreed', 'advisor_replaced', 'others_wanted')), '-infinity'::timestamptz)
		ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1)`
)

// Replacement is an advisor who left a running consultation, or is not invited any more. The reason is for the
// coordination team only.
type Replacement struct {
	AdvisorID    string    `db:"advisor_id"`
	AdvisorName  string    `db:"advisor_name"`
	Lead         bool      `db:"lead"`
	InTeam       bool      `db:"in_team"` // false: was only invited
	Reason       string    `db:"reason"`  // key of the option list replacement_reasons
	HandoverNote string    `db:"handover_note"`
	ActorName    string    `db:"actor_name"`
	BegunAt      time.Time `db:"begun_at"`
	Agreed       bool      `db:"agreed"` // the municipality has agreed to a team since
}

const replacementColumns = `
	r.advisor_id, trim(p.first_name || ' ' || p.last_name) AS advisor_name, r.begun_at,
	coalesce(t.lead, false) AS lead, t.advisor_id IS NOT NULL AS in_team,
	coalesce(i.answers->'reason'->>0, '') AS reason, coalesce(i.answers->'handover_note'->>0, '') AS handover_note,
	coalesce(trim(k.first_name || ' ' || k.last_name), '') AS actor_name, r.begun_at <= ` + lastAgreement + ` AS agreed
	FROM replacements r JOIN inputs i ON i.id = r.input_id JOIN persons p ON p.id = r.advisor_id
		LEFT JOIN persons k ON k.id = i.actor_id
		LEFT JOIN team t ON t.consultation_id = r.consultation_id AND t.advisor_id = r.advisor_id`

// Replacements reads who left a consultation, the latest first.
func (s *Store) Replacements(ctx context.Context, consultationID string) ([]Replacement, error) {
	var found []Replacement
	err := s.db.SelectContext(ctx, &found, `SELECT `+replacementColumns+`
		WHERE r.consultation_id = $1 ORDER BY r.begun_at DESC, p.last_name, p.first_name`, consultationID)
	return found, problem(err)
}

// HandoversTo reads what was written for an advisor who came in the place of somebody: the replacements of the round in
// which this advisor joined the team. Empty for everybody who was there before, and before the municipality has agreed.
func (s *Store) HandoversTo(ctx context.Context, consultationID, advisorID string) ([]Replacement, error) {
	var found []Replacement
	err := s.db.SelectContext(ctx, &found, `
		WITH joined AS (
			SELECT max(v.answered_at) AS at FROM invitations v JOIN team m ON m.consultation_id = v.consultation_id
				AND m.advisor_id = v.advisor_id AND m.until IS NULL
			WHERE v.consultation_id = $1 AND v.advisor_id = $2 AND v.state = 'accepted'),
		ends AS (SELECT at FROM history WHERE consultation_id = $1 AND kind IN `+agreements+`)
		SELECT `+replacementColumns+`, joined
		WHERE r.consultation_id = $1 AND r.advisor_id <> $2 AND i.answers->'handover_note'->>0 <> '' AND joined.at IS NOT NULL
			AND (SELECT min(at) FROM ends WHERE at > r.begun_at) = (SELECT min(at) FROM ends WHERE at > joined.at)
		ORDER BY r.begun_at DESC, p.last_name, p.first_name`, consultationID, advisorID)
	return found, problem(err)
}

// HandoverAwaits tells whether somebody who joins the team now will get a hand-over.
func (s *Store) HandoverAwaits(ctx context.Context, consultationID string) (awaits bool, err error) {
	err = s.db.GetContext(ctx, &awaits, `
		SELECT EXISTS (SELECT FROM replacements r JOIN inputs i ON i.id = r.input_id WHERE r.consultation_id = $1
			AND i.answers->'handover_note'->>0 <> '' AND r.begun_at > `+lastAgreement+`)`, consultationID)
	return awaits, problem(err)
}

// Reopening is why the team of a consultation is chosen anew.
type Reopening struct {
	Why       string    `db:"why"`
	ActorName string    `db:"actor_name"`
	At        time.Time `db:"entered_at"`
}

// Reopening reads why the assignment was re-opened; nil where it was not, or the municipality has agreed to a team since.
func (s *Store) Reopening(ctx context.Context, consultationID string) (*Reopening, error) {
	var found Reopening
	err := s.db.GetContext(ctx, &found, `
		SELECT coalesce(i.answers->'why'->>0, '') AS why, i.entered_at,
			coalesce(trim(k.first_name || ' ' || k.last_name), '') AS actor_name
		FROM inputs i LEFT JOIN persons k ON k.id = i.actor_id
		WHERE i.consultation_id = $1 AND i.kind = $2 AND i.state = 'applied' AND i.entered_at > `+lastAgreement+`
		ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1`, consultationID, advisory.ReopenAssignment)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &found, problem(err)
}

// CurrentAdvisor is somebody who accompanies a consultation, or is asked to at the moment.
type CurrentAdvisor struct {
	PersonID  string `db:"person_id"`
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
	Lead      bool   `db:"lead"`       // leads, or is asked to
	InTeam    bool   `db:"in_team"`    // accompanies it; otherwise only invited
	Invited   string `db:"invitation"` // state of the invitation where only invited
	IsLeaving bool   `db:"is_leaving"` // the pool
}

// Name is first and last name.
func (a CurrentAdvisor) Name() string { return strings.TrimSpace(a.FirstName + " " + a.LastName) }

// CurrentAdvisors reads who accompanies a consultation, the lead first, and then who is invited at the moment.
func (s *Store) CurrentAdvisors(ctx context.Context, consultationID string) ([]CurrentAdvisor, error) {
	var found []CurrentAdvisor
	err := s.db.SelectContext(ctx, &found, `
		SELECT p.id AS person_id, p.first_name, p.last_name, x.lead, x.in_team, x.invitation,
			coalesce(a.leaving_at IS NOT NULL, false) AS is_leaving
		FROM (
			SELECT advisor_id, lead, true AS in_team, '' AS invitation FROM team WHERE consultation_id = $1 AND until IS NULL
			UNION ALL
			SELECT v.advisor_id, v.lead, false, v.state FROM invitations v
				WHERE v.consultation_id = $1 AND v.state IN ('open', 'accepted') AND `+awaitsAgreement+`
					AND NOT EXISTS (SELECT FROM team m
						WHERE m.consultation_id = $1 AND m.advisor_id = v.advisor_id AND m.until IS NULL)) x
		JOIN persons p ON p.id = x.advisor_id LEFT JOIN advisors a ON a.person_id = p.id
		ORDER BY x.in_team DESC, x.lead DESC, p.last_name, p.first_name`, consultationID)
	return found, problem(err)
}

// hasLeft tells whether a task is of a consultation that the advisor accompanied and does not any more: then nothing of it
// is to be seen. A new invitation is open to whoever left, too.
func (s *Store) hasLeft(ctx context.Context, task Task, advisorID string) (left bool, err error) {
	if task.Kind == advisory.AnswerInvitation && task.IsOpen() {
		return false, nil
	}
	err = s.db.GetContext(ctx, &left, `
		SELECT EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2 AND until IS NOT NULL)`,
		task.ConsultationID, advisorID)
	return left, problem(err)
}
