package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// CardsPerColumn is how many consultations the board shows of a stage.
const CardsPerColumn = 20

// BoardColumn is a stage of the board.
type BoardColumn struct {
	Stage advisory.Stage
	Cards []BoardCard // the most urgent ones, at most CardsPerColumn
	Total int
}

// BoardCard is a consultation on the board.
type BoardCard struct {
	Stage           advisory.Stage `db:"stage"` // what waits for its follow-up is at the follow-up
	Number          string         `db:"number"`
	Municipality    string         `db:"municipality"`
	Subject         string         `db:"subject"`
	CoordinatorName string         `db:"coordinator_name"` // "" before the request is claimed
	Resting         bool           `db:"resting"`
	NextDue         *time.Time     `db:"next_due"`       // of its open tasks; nil: nobody owes anything
	FollowUpFrom    *time.Time     `db:"follow_up_from"` // nil before it is completed
	Total           int            `db:"total"`          // of its column
}

// boardQuery ranks what goes on within its stage: first what is due first, then where nobody owes anything, then what rests.
func (f ConsultationFilter) boardQuery() (string, map[string]any) {
	where, values := f.where()
	values["cards"] = CardsPerColumn
	return `
		WITH running AS (
			SELECT c.number, c.municipality, c.subject, c.coordinator_id, c.follow_up_from, c.resting_since IS NOT NULL AS resting, t.due_on,
				CASE WHEN c.stage = 'closing' AND c.outcome = 'completed' THEN 'follow_up' ELSE c.stage END AS stage
			FROM consultations c
				LEFT JOIN (SELECT consultation_id, min(due_on) AS due_on FROM tasks WHERE state = 'open' GROUP BY consultation_id) t
					ON t.consultation_id = c.id` + where + ` AND c.ended_at IS NULL AND c.outcome IN ('', 'completed')
		), ranked AS (
			SELECT running.*, count(*) OVER (PARTITION BY stage) AS total,
				row_number() OVER (PARTITION BY stage ORDER BY resting, due_on NULLS LAST, number) AS place
			FROM running
		)
		SELECT r.stage, r.number, r.municipality, r.subject, r.resting, r.due_on AS next_due, r.follow_up_from, r.total,
			coalesce(trim(k.first_name || ' ' || k.last_name), '') AS coordinator_name
		FROM (SELECT * FROM ranked WHERE place <= :cards) r LEFT JOIN persons k ON k.id = r.coordinator_id
		ORDER BY r.stage, r.place`, values
}

// Board reads the consultations that are not at their end by stage, in the order of the journey; a column stands there too
// where there is none, unless the filter asks for another stage. The page of the filter does not count.
func (s *Store) Board(ctx context.Context, filter ConsultationFilter) ([]BoardColumn, error) {
	var cards []BoardCard
	query, values := filter.boardQuery()
	if err := s.selectNamed(ctx, &cards, query, values); err != nil {
		return nil, err
	}
	var columns []BoardColumn
	for _, stage := range advisory.Stages {
		if stage == advisory.Draft || filter.Stage != "" && filter.Stage != stage {
			continue
		}
		column := BoardColumn{Stage: stage}
		for _, card := range cards {
			if card.Stage == stage {
				column.Cards, column.Total = append(column.Cards, card), card.Total
			}
		}
		columns = append(columns, column)
	}
	return columns, nil
}
