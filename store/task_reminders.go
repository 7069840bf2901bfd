package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// NotReminded says why nobody is reminded of a task. It is an error of code conflict.
type NotReminded string

// The reasons.
const (
	TaskIsClosed     NotReminded = "task_is_closed"
	TaskRests        NotReminded = "task_rests"          // its time stands still
	NobodyOwes       NotReminded = "nobody_owes"         // nobody of the team has claimed it
	NobodyActs       NotReminded = "nobody_acts"         // its owner is absent without a deputy, or there is no account any more
	DueIsOver        NotReminded = "due_is_over"         // or will be when a mail can go
	RemindedToday    NotReminded = "reminded_today"      // or will be on the next working day
	MailsDoNotArrive NotReminded = "mails_do_not_arrive" // until the address is clarified
	OwnTask          NotReminded = "own_task"            // whoever wants the reminder owes the task
)

func (r NotReminded) Error() string { return "not reminded: " + string(r) }

// RemindNow orders a reminder for whoever owes an open task, besides those that the programme plans. The post office sends
// it by the rules for every reminder: while the desk is open on a working day, and at most one mail a day to one person
// about one consultation. asker is the person who wants it. Code conflict with a NotReminded where there is to be none,
// not_found where there is no such task.
func (s *Store) RemindNow(ctx context.Context, clock advisory.Clock, taskID, asker string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var consultation string
		if err := tx.GetContext(ctx, &consultation, `SELECT consultation_id FROM tasks WHERE id = $1`, taskID); err != nil {
			return err
		}
		// As a step does: it waits for one that is being written, and none is written meanwhile.
		w, err := s.beginStep(ctx, tx, clock, advisory.Step{ConsultationID: consultation})
		if err != nil {
			return err
		}
		r := reminding{stepWriter: w, asker: asker}
		if r.taskRow, err = w.task(taskID); err != nil {
			return err
		}
		on, reason, err := r.day()
		switch {
		case err != nil:
			return err
		case reason != "":
			return advisory.Errorf(advisory.Conflict, "task %s: %w", taskID, reason)
		}
		return w.mailOwner(r.taskRow, "reminder", "asked-"+on)
	})
}

// reminding is a reminder that somebody asks for.
type reminding struct {
	*stepWriter
	taskRow
	asker string
}

// day is when the reminder goes (2006-01-02), or why it does not.
func (r reminding) day() (on string, reason NotReminded, err error) {
	if reason, err = r.refuse(); err != nil || reason != "" {
		return "", reason, err
	}
	goes := r.programme.NextDesk(r.calendar, r.now)
	waits, reason, err := r.postbox()
	switch {
	case err != nil || reason != "":
		return "", reason, err
	case waits:
		goes = r.programme.NextDesk(r.calendar, advisory.Midnight(r.now).AddDate(0, 0, 1))
	}
	if on = day(goes); on > r.DueOn.Format(time.DateOnly) {
		return "", DueIsOver, nil
	}
	return on, "", nil
}

// refuse says why the task is none to remind of, "" where it is one.
func (r reminding) refuse() (NotReminded, error) {
	var stands struct {
		Open     bool `db:"open"`
		Reminded bool `db:"reminded"` // a reminder waits, or has gone since the day began
	}
	if err := r.tx.GetContext(r.ctx, &stands, `
		SELECT t.state = 'open' AND c.outcome <> 'withdrawn' AS open, EXISTS (SELECT FROM mails m
			WHERE m.consultation_id = t.consultation_id AND m.task_id = t.id AND m.reminder AND m.template NOT LIKE '%\_escalated'
				AND (m.state = 'queued' OR m.state IN ('sent', 'combined') AND m.sent_at >= $2)) AS reminded
		FROM tasks t JOIN consultations c ON c.id = t.consultation_id WHERE t.id = $1`,
		r.ID, advisory.Midnight(r.now)); err != nil {
		return "", err
	}
	switch {
	case !stands.Open:
		return TaskIsClosed, nil
	case r.consultation.RestingSince != nil && !r.Kind.RunsWhileResting():
		return TaskRests, nil
	case r.Role.Coordinates() && r.OwnerID == nil:
		return NobodyOwes, nil
	case r.OwnerID != nil && *r.OwnerID == r.asker:
		return OwnTask, nil
	case stands.Reminded:
		return RemindedToday, nil
	}
	return "", nil
}

// postbox tells whether everybody who owes the task had a mail about the consultation today, so that the reminder waits
// for another day, or why none reaches anybody.
func (r reminding) postbox() (waits bool, reason NotReminded, err error) {
	owners, err := r.owners(r.taskRow, true)
	if err != nil || len(owners) == 0 {
		return false, NobodyActs, err
	}
	ids := make([]string, len(owners))
	for i, owner := range owners {
		ids[i] = owner.ID
	}
	var reached struct {
		N       int `db:"n"`
		Written int `db:"written"`
	}
	err = r.tx.GetContext(r.ctx, &reached, `
		SELECT count(*) AS n, count(*) FILTER (WHERE EXISTS (SELECT FROM mails m WHERE m.person_id = p.id
			AND m.consultation_id = $3 AND m.state = 'sent' AND m.sent_at >= $4)) AS written
		FROM persons p WHERE p.id = ANY($1::uuid[]) AND (p.bounced_at IS NULL OR p.role <> ALL($2))`,
		pq.Array(ids), pq.Array([]advisory.Role{advisory.Municipality, advisory.Advisor}), r.step.ConsultationID, advisory.Midnight(r.now))
	if err == nil && reached.N == 0 {
		reason = MailsDoNotArrive
	}
	return reached.N == reached.Written, reason, err
}
