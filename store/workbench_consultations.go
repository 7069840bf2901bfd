package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// ConsultationFilter says which of all consultations to read. Empty fields do not filter.
type ConsultationFilter struct {
	Stage   advisory.Stage
	Outcome advisory.Outcome
	Running bool   // only those without an outcome
	Words   string // parts of number and municipality
	Page    int    // from 1
}

// ListedConsultation is a consultation as the team's list shows it.
type ListedConsultation struct {
	Consultation
	CoordinatorName string     `db:"coordinator_name"` // "" before the request is claimed
	NextDue         *time.Time `db:"next_due"`         // of its open tasks; nil: nobody owes anything
}

// CountedConsultations is how far a list of consultations is counted; more are said to be more.
const CountedConsultations = 1000

// ConsultationList is a page of a list, the latest change first.
type ConsultationList struct {
	Consultations []ListedConsultation
	Total         int  // on all pages, at most CountedConsultations
	Uncounted     bool // there are more than Total
	More          bool // there is another page
}

func (f ConsultationFilter) where() (string, map[string]any) {
	values := map[string]any{
		"limit": ConsultationsPerPage + 1, "offset": ConsultationsPerPage * (max(f.Page, 1) - 1),
		"counted": CountedConsultations + 1,
	}
	where := ` WHERE true`
	if f.Stage != "" {
		where += atStage(f.Stage)
		values["stage"] = f.Stage
	}
	if f.Running || f.Outcome != "" {
		where += ` AND c.outcome = :outcome`
		values["outcome"] = f.Outcome
	}
	return where + wordsCondition(f.Words, values), values
}

// atStage is a condition on consultations c. What is completed and waits for its follow-up is at the follow-up.
func atStage(stage advisory.Stage) string {
	switch stage {
	case advisory.FollowUp:
		return ` AND c.stage IN (:stage, 'closing') AND (c.stage = :stage OR c.outcome = 'completed')`
	case advisory.Closing:
		return ` AND c.stage = :stage AND c.outcome <> 'completed'`
	default:
		return ` AND c.stage = :stage`
	}
}

func (f ConsultationFilter) countQuery() (string, map[string]any) {
	where, values := f.where()
	return `SELECT count(*) FROM (SELECT 1 FROM consultations c` + where + ` LIMIT :counted) found`, values
}

func (f ConsultationFilter) pageQuery() (string, map[string]any) {
	where, values := f.where()
	return `
		SELECT ` + consultationListColumns + `, coalesce(trim(k.first_name || ' ' || k.last_name), '') AS coordinator_name,
			(SELECT min(t.due_on) FROM tasks t WHERE t.consultation_id = c.id AND t.state = 'open') AS next_due
		FROM (SELECT c.* FROM consultations c` + where + ` ORDER BY c.updated_at DESC, c.id LIMIT :limit OFFSET :offset) c
		LEFT JOIN persons k ON k.id = c.coordinator_id ORDER BY c.updated_at DESC, c.id`, values
}

// ConsultationList reads a page of all consultations.
func (s *Store) ConsultationList(ctx context.Context, filter ConsultationFilter) (ConsultationList, error) {
	var list ConsultationList
	query, values := filter.pageQuery()
	if err := s.selectNamed(ctx, &list.Consultations, query, values); err != nil {
		return list, err
	}
	if len(list.Consultations) > ConsultationsPerPage {
		list.Consultations, list.More = list.Consultations[:ConsultationsPerPage], true
	}
	var total []int
	query, values = filter.countQuery()
	if err := s.selectNamed(ctx, &total, query, values); err != nil {
		return list, err
	}
	list.Total, list.Uncounted = min(total[0], CountedConsultations), total[0] > CountedConsultations
	return list, nil
}

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
