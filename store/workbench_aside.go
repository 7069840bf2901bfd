package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// StageCount is how many consultations are at a stage and not at their end.
type StageCount struct {
	Stage   advisory.Stage `db:"stage"`
	N       int            `db:"n"`
	Resting int            `db:"resting"` // of these
}

const stageCountsQuery = `
	SELECT CASE WHEN stage = 'closing' AND outcome = 'completed' THEN 'follow_up' ELSE stage END AS stage, count(*) AS n,
		count(resting_since) AS resting
	FROM consultations WHERE ended_at IS NULL AND outcome IN ('', 'completed') GROUP BY 1`

// StageCounts counts the consultations that are not at their end by stage, in the order of the journey, also the stages
// where there is none. What waits for its follow-up counts there; what is withdrawn is at its end while it can be undone.
func (s *Store) StageCounts(ctx context.Context) ([]StageCount, error) {
	var found []StageCount
	if err := s.db.SelectContext(ctx, &found, stageCountsQuery); err != nil {
		return nil, problem(err)
	}
	byStage := map[advisory.Stage]StageCount{}
	for _, count := range found {
		byStage[count.Stage] = count
	}
	var counts []StageCount
	for _, stage := range advisory.Stages {
		if stage != advisory.Draft {
			counts = append(counts, StageCount{Stage: stage, N: byStage[stage].N, Resting: byStage[stage].Resting})
		}
	}
	return counts, nil
}

// ListedSession is a session with a date, as the workbench announces it.
type ListedSession struct {
	Number       string               `db:"number"` // of the consultation
	Municipality string               `db:"municipality"`
	Ordinal      int                  `db:"ordinal"` // among the sessions of its kind, from 1
	Kind         advisory.SessionKind `db:"kind"`
	StartsAt     time.Time            `db:"starts_at"`
}

// SessionsThisWeek reads the sessions from now to Sunday, at most limit.
func (s *Store) SessionsThisWeek(ctx context.Context, now time.Time, limit int) ([]ListedSession, error) {
	var sessions []ListedSession
	err := s.db.SelectContext(ctx, &sessions, `
		SELECT c.number, c.municipality, s.kind, s.starts_at,
			(SELECT count(*) FROM sessions o WHERE o.consultation_id = s.consultation_id AND o.kind = s.kind
				AND o.number <= s.number) AS ordinal
		FROM sessions s JOIN consultations c ON c.id = s.consultation_id
		WHERE s.state = 'scheduled' AND s.starts_at >= $1 AND s.starts_at < $2 ORDER BY s.starts_at, c.number LIMIT $3`,
		now, endOfWeek(now).AddDate(0, 0, 1), limit)
	return sessions, problem(err)
}
