package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// IncidentsPerPage is how many rows a list of incidents shows, CountedIncidents how far it is counted.
const (
	IncidentsPerPage = 10
	CountedIncidents = 1000
)

// Incidents is a page of a list of what does not go on by itself.
type Incidents[Row any] struct {
	Rows      []Row
	Total     int  // on all pages, at most CountedIncidents
	Uncounted bool // there are more than Total
	Retryable int  // of those counted
	More      bool // there is another page
}

// incidentList is how a list is read: the rows of one table that are incidents, and what a page tells of them.
type incidentList struct {
	from      string // table with its alias i, and the condition
	retryable string // condition on i
	order     string // carried by an index
	columns   string
	values    map[string]any
}

// itsNumber is the number of the consultation of a row i, "" where there is none.
const itsNumber = `coalesce((SELECT number FROM consultations WHERE id = i.consultation_id), '') AS number`

func (l incidentList) countQuery() (string, map[string]any) {
	l.values["counted"] = CountedIncidents + 1
	return `SELECT count(*) AS total, count(*) FILTER (WHERE retryable) AS retryable
		FROM (SELECT ` + l.retryable + ` AS retryable FROM ` + l.from + ` LIMIT :counted) found`, l.values
}

func (l incidentList) pageQuery(page int) (string, map[string]any) {
	l.values["limit"], l.values["offset"] = IncidentsPerPage+1, IncidentsPerPage*(max(page, 1)-1)
	return `SELECT ` + l.columns + `, ` + l.retryable + ` AS retryable
		FROM (SELECT i.* FROM ` + l.from + ` ORDER BY ` + l.order + ` LIMIT :limit OFFSET :offset) i ORDER BY ` + l.order, l.values
}

func readIncidents[Row any](ctx context.Context, s *Store, list incidentList, page int) (found Incidents[Row], err error) {
	query, values := list.pageQuery(page)
	if err := s.selectNamed(ctx, &found.Rows, query, values); err != nil {
		return found, err
	}
	if len(found.Rows) > IncidentsPerPage {
		found.Rows, found.More = found.Rows[:IncidentsPerPage], true
	}
	var counts []struct{ Total, Retryable int }
	query, values = list.countQuery()
	if err := s.selectNamed(ctx, &counts, query, values); err != nil {
		return found, err
	}
	found.Total, found.Uncounted = min(counts[0].Total, CountedIncidents), counts[0].Total > CountedIncidents
	found.Retryable = min(counts[0].Retryable, CountedIncidents)
	return found, nil
}

// retry runs an UPDATE with named parameters and tells how many rows it changed.
func (s *Store) retry(ctx context.Context, statement string, values map[string]any) (int, error) {
	result, err := s.db.NamedExecContext(withoutPreparing(ctx), statement, values)
	if err != nil {
		return 0, problem(err)
	}
	n, err := result.RowsAffected()
	return int(n), problem(err)
}

// UndeliveredInput is an input that the engine has not applied although it was to long ago. It holds no word of it.
type UndeliveredInput struct {
	ID           string             `db:"id"`
	Number       string             `db:"number"` // of the consultation
	Kind         advisory.InputKind `db:"kind"`
	Task         advisory.TaskKind  `db:"task"`          // what it settles; "" for none
	Since        time.Time          `db:"created_at"`    // real time
	Deliveries   int                `db:"deliveries"`    // attempts after the first
	NextDelivery time.Time          `db:"next_delivery"` // real time
	Retryable    bool               `db:"retryable"`
}

// isUndelivered is the condition on inputs i. What is on its way for a short while is no incident.
const isUndelivered = `i.state = 'journaled' AND (i.created_at < now() - interval '1 minute' OR i.deliveries >= 3)`

func undeliveredInputs() incidentList {
	return incidentList{
		from: `inputs i WHERE ` + isUndelivered, retryable: `true`, order: `i.created_at, i.id`,
		columns: `i.id, ` + itsNumber + `, coalesce((SELECT kind FROM tasks WHERE id = i.task_id), '') AS task, i.kind,
			i.created_at, i.deliveries, i.next_delivery`,
		values: map[string]any{},
	}
}

// UndeliveredInputs reads a page of the inputs that have not arrived, oldest first. A request whose workflow has not begun
// is one of them.
func (s *Store) UndeliveredInputs(ctx context.Context, page int) (Incidents[UndeliveredInput], error) {
	return readIncidents[UndeliveredInput](ctx, s, undeliveredInputs(), page)
}

// RetryInputs makes an undelivered input due at once, or all of them where id is "", and tells how many were not yet. The
// engine applies an input once, however often it is delivered.
func (s *Store) RetryInputs(ctx context.Context, id string) (int, error) {
	return s.retry(ctx, `UPDATE inputs i SET next_delivery = now() WHERE `+isUndelivered+` AND i.next_delivery > now()
		AND (:id = '' OR CAST(i.id AS text) = :id)`, map[string]any{"id": id})
}
