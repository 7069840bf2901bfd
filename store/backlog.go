package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// Backlog is what waits in the whole program, for those who watch it.
type Backlog struct {
	Inputs        Waiting // what people said and the engine has not applied yet
	Mails         Waiting // what is due to be sent
	Tasks         []OpenTasks
	Consultations OpenConsultations
	FailedMails   []FailedMails
}

// Waiting is a number of things and the age of the oldest. For mails it is counted in business time from when they were
// due, also where they were tried in between.
type Waiting struct {
	N      int     `db:"n"`
	Oldest float64 `db:"oldest"` // seconds; 0 where nothing waits
}

// OpenTasks are those of a kind. What rests is not overdue.
type OpenTasks struct {
	Kind    advisory.TaskKind `db:"kind"`
	Open    int               `db:"open"`
	Overdue int               `db:"overdue"`
}

// OpenConsultations have not ended; those that wait for their follow-up count.
type OpenConsultations struct {
	Open    int `db:"open"`
	Resting int `db:"resting"`
}

// FailedMails are those in a state: given_up, bounced or held_back.
type FailedMails struct {
	State string `db:"state"`
	N     int    `db:"n"`
}

// The statements of the backlog. Each is carried by an index that holds nothing but what is open.
const (
	waitingInputsStatement = `SELECT count(*) AS n, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS oldest
		FROM inputs WHERE state = 'journaled'`
	waitingMailsStatement = `SELECT count(*) AS n, coalesce(extract(epoch FROM $1 - min(not_before)), 0) AS oldest
		FROM mails WHERE state = 'queued' AND not_before <= $1`
	openConsultationsStatement = `SELECT count(*) AS open, count(resting_since) AS resting FROM consultations WHERE ended_at IS NULL`
	failedMailsStatement       = `SELECT state, count(*) AS n FROM mails WHERE state IN ('given_up', 'bounced', 'held_back') GROUP BY state`
)

var openTasksStatement = `SELECT t.kind, count(*) AS open, count(*) FILTER (WHERE t.due_on < $1 AND NOT ` + frozen + `) AS overdue
	FROM tasks t LEFT JOIN consultations c
		ON c.id = t.consultation_id AND c.resting_since IS NOT NULL AND c.ended_at IS NULL
	WHERE t.state = 'open' GROUP BY t.kind ORDER BY t.kind`

// Backlog counts what waits. now is business time. Code unavailable where the database is away.
func (s *Store) Backlog(ctx context.Context, now time.Time) (Backlog, error) {
	var b Backlog
	for _, read := range []func() error{
		func() error { return s.db.GetContext(ctx, &b.Inputs, waitingInputsStatement) },
		func() error { return s.db.GetContext(ctx, &b.Mails, waitingMailsStatement, now) },
		func() error { return s.db.SelectContext(ctx, &b.Tasks, openTasksStatement, day(now)) },
		func() error { return s.db.GetContext(ctx, &b.Consultations, openConsultationsStatement) },
		func() error { return s.db.SelectContext(ctx, &b.FailedMails, failedMailsStatement) },
	} {
		if err := read(); err != nil {
			return Backlog{}, problem(err)
		}
	}
	return b, nil
}
