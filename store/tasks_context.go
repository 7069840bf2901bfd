package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"miglobe/advisory"
)

// Said is what a person has entered in a form, after it had its effect.
type Said struct {
	Form      string           `db:"form"`
	Choice    advisory.Choice  `db:"choice"`
	ActorID   string           `db:"actor_id"`
	ActorName string           `db:"actor_name"`
	OnBehalf  bool             `db:"on_behalf"`
	EnteredAt time.Time        `db:"entered_at"`
	Answers   advisory.Answers `db:"answers"`

	ProgrammeVersion int `db:"programme_version"` // whose questions were answered; 0: those of the release
}

// LastSaid reads what was entered last in a form; a zero Said where nothing was.
func (s *Store) LastSaid(ctx context.Context, consultationID, form string) (Said, error) {
	var said Said
	err := s.db.GetContext(ctx, &said, `
		SELECT i.form, i.choice, i.actor_id, trim(p.first_name || ' ' || p.last_name) AS actor_name, i.on_behalf, i.entered_at,
			i.answers, coalesce(i.programme_version, 0) AS programme_version
		FROM inputs i JOIN persons p ON p.id = i.actor_id
		WHERE i.consultation_id = $1 AND i.form = $2 AND i.state = 'applied'
		ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1`, consultationID, form)
	if errors.Is(err, sql.ErrNoRows) {
		return Said{}, nil
	}
	return said, problem(err)
}

// InvitedTo tells an advisor about the own invitation.
type InvitedTo struct {
	Lead   bool   `db:"lead"`   // asked to lead
	Why    string `db:"why"`    // the coordinator's words for this choice
	Others int    `db:"others"` // how many more are asked or have accepted
}

// InvitedTo reads what an invitation says beside the goal.
func (s *Store) InvitedTo(ctx context.Context, taskID string) (InvitedTo, error) {
	var invited InvitedTo
	err := s.db.GetContext(ctx, &invited, `
		SELECT v.lead,
			(SELECT count(*) FROM invitations o WHERE o.consultation_id = v.consultation_id AND o.task_id <> v.task_id
				AND o.state IN ('open', 'accepted')) AS others,
			coalesce((SELECT i.answers->'why'->>0 FROM inputs i WHERE i.consultation_id = v.consultation_id
				AND i.state = 'applied' AND i.message->'advisors' ? v.advisor_id::text
				ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1), '') AS why
		FROM invitations v WHERE v.task_id = $1`, taskID)
	return invited, problem(err)
}

// ProgrammeVersion reads the rules that a consultation keeps to.
func (s *Store) ProgrammeVersion(ctx context.Context, version int) (advisory.Programme, error) {
	return s.programmeVersion(ctx, s.db, version)
}
