package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// GoalVersion is one version of goal and need. Version 1 is the baseline; only the municipality confirms one.
type GoalVersion struct {
	Version     int           `db:"version"`
	Goal        string        `db:"goal"`
	Need        string        `db:"need"`
	Why         string        `db:"why"` // what its author said for it
	WrittenAt   time.Time     `db:"written_at"`
	Proposed    bool          `db:"proposed"` // a change that counts only once it is confirmed
	ConfirmedAt *time.Time    `db:"confirmed_at"`
	DeclinedAt  *time.Time    `db:"declined_at"` // the municipality stayed with the version before
	AuthorName  string        `db:"author_name"`
	AuthorRole  advisory.Role `db:"author_role"`
	OnBehalf    bool          `db:"on_behalf"`  // entered by a coordinator for the municipality
	SettledBy   string        `db:"settled_by"` // the coordinator who confirmed or declined it for the municipality, or ""
}

// Counts tells whether the version is or was the goal: a proposal is none before the municipality has confirmed it.
func (v GoalVersion) Counts() bool { return !v.Proposed || v.ConfirmedAt != nil }

// IsOpen tells whether the municipality has still to say whether the version counts.
func (v GoalVersion) IsOpen() bool { return !v.Counts() && v.DeclinedAt == nil }

// countsSince is when a version that counts became the goal.
func (v GoalVersion) countsSince() time.Time {
	if v.ConfirmedAt != nil {
		return *v.ConfirmedAt
	}
	return v.WrittenAt
}

// CurrentGoal is the version that counts now: the one that became the goal last, which need not be the one that was
// written last. A zero GoalVersion where none is recorded.
func CurrentGoal(versions []GoalVersion) GoalVersion {
	var current GoalVersion
	for _, v := range versions {
		if v.Counts() && (current.Version == 0 || !v.countsSince().Before(current.countsSince())) {
			current = v
		}
	}
	return current
}

// OpenGoalProposal is the latest version on which the municipality has still to decide; a zero GoalVersion where none is.
func OpenGoalProposal(versions []GoalVersion) GoalVersion {
	for i := len(versions) - 1; i >= 0; i-- {
		if versions[i].IsOpen() {
			return versions[i]
		}
	}
	return GoalVersion{}
}

// GoalVersions reads every version of goal and need, proposals too, the first one first.
func (s *Store) GoalVersions(ctx context.Context, consultationID string) ([]GoalVersion, error) {
	var versions []GoalVersion
	err := s.db.SelectContext(ctx, &versions, `
		SELECT g.version, g.goal, g.need, g.written_at, g.proposed, g.confirmed_at, g.declined_at, i.on_behalf,
			CASE i.form WHEN 'goal_change' THEN coalesce(i.answers->'why'->>0, '') ELSE '' END AS why, p.role AS author_role,
			trim(p.first_name || ' ' || p.last_name) AS author_name,
			coalesce((SELECT trim(k.first_name || ' ' || k.last_name) FROM tasks t JOIN inputs s ON s.id = t.input_id
				JOIN persons k ON k.id = s.actor_id WHERE t.consultation_id = g.consultation_id AND s.on_behalf
				AND t.kind IN ('confirm_need', 'confirm_goal_change') AND t.closed_at IN (g.confirmed_at, g.declined_at) LIMIT 1),
				CASE WHEN i.on_behalf AND g.confirmed_at IS NOT NULL THEN trim(p.first_name || ' ' || p.last_name) END, '') AS settled_by
		FROM goal_versions g JOIN inputs i ON i.id = g.input_id JOIN persons p ON p.id = i.actor_id
		WHERE g.consultation_id = $1 ORDER BY g.version`, consultationID)
	return versions, problem(err)
}
