package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// Period is a stretch of business time: from its beginning up to, but without, Until.
type Period struct{ From, Until time.Time }

// InvitationCounts are the invitations that were sent in a period, by what has become of them since.
type InvitationCounts struct {
	Invited   int `db:"invited"`
	Accepted  int `db:"accepted"`
	Declined  int `db:"declined"`
	Conflicts int `db:"conflicts"` // with a declared conflict of interest
	Lapsed    int `db:"lapsed"`
	Withdrawn int `db:"withdrawn"` // by the process, whether answered or not
	Open      int `db:"open"`

	Answered    int     `db:"answered"`     // accepted, declined or with a conflict
	AnswerHours float64 `db:"answer_hours"` // of all those together
}

// Add counts some more invitations.
func (c *InvitationCounts) Add(more InvitationCounts) {
	c.Invited += more.Invited
	c.Accepted += more.Accepted
	c.Declined += more.Declined
	c.Conflicts += more.Conflicts
	c.Lapsed += more.Lapsed
	c.Withdrawn += more.Withdrawn
	c.Open += more.Open
	c.Answered += more.Answered
	c.AnswerHours += more.AnswerHours
}

// AverageAnswer is how long an answer took on average, 0 where nobody has answered.
func (c InvitationCounts) AverageAnswer() time.Duration {
	if c.Answered == 0 {
		return 0
	}
	return time.Duration(c.AnswerHours / float64(c.Answered) * float64(time.Hour))
}

// invitationCounts are the columns of InvitationCounts over invitations.
const invitationCounts = `count(*) AS invited, count(*) FILTER (WHERE state = 'accepted') AS accepted,
	count(*) FILTER (WHERE state = 'declined') AS declined, count(*) FILTER (WHERE state = 'conflict_of_interest') AS conflicts,
	count(*) FILTER (WHERE state = 'lapsed') AS lapsed, count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
	count(*) FILTER (WHERE state = 'open') AS open,
	count(*) FILTER (WHERE state IN ('accepted', 'declined', 'conflict_of_interest')) AS answered,
	coalesce(sum(extract(epoch FROM answered_at - invited_at) / 3600)
		FILTER (WHERE state IN ('accepted', 'declined', 'conflict_of_interest')), 0) AS answer_hours`

// AdvisorInvitations is what an advisor was asked in a period, and what bears on it.
type AdvisorInvitations struct {
	PersonID   string    `db:"person_id"`
	FirstName  string    `db:"first_name"`
	LastName   string    `db:"last_name"` // advisory.Erased for somebody who is anonymised
	Active     bool      `db:"active"`
	CreatedAt  time.Time `db:"created_at"`
	Capacity   int       `db:"capacity"`    // consultations at a time, now
	Load       int       `db:"load"`        // running consultations, now
	AbsentDays float64   `db:"absent_days"` // calendar days of the period, up to its end
	InvitationCounts

	LastInvitedAt *time.Time `db:"last_invited_at"` // ever; nil: never
}

// IsErased tells whether the advisor was anonymised.
func (a AdvisorInvitations) IsErased() bool { return a.LastName == advisory.Erased }

// mostAdvisors bounds the advisors that are read at once: many times the pool.
const mostAdvisors = 1000

const advisorInvitationsQuery = `
	SELECT p.id AS person_id, p.first_name, p.last_name, p.active, p.created_at, a.capacity, a.last_invited_at,
		(SELECT count(*) FROM (` + runningConsultations + `) running) AS load,
		coalesce((SELECT sum(extract(epoch FROM least(b.until_at, $2) - greatest(b.from_at, $1))) / 86400 FROM absences b
			WHERE b.person_id = p.id AND b.from_at < $2 AND b.until_at > $1), 0) AS absent_days,
		coalesce(v.invited, 0) AS invited, coalesce(v.accepted, 0) AS accepted, coalesce(v.declined, 0) AS declined,
		coalesce(v.conflicts, 0) AS conflicts, coalesce(v.lapsed, 0) AS lapsed, coalesce(v.withdrawn, 0) AS withdrawn,
		coalesce(v.open, 0) AS open, coalesce(v.answered, 0) AS answered, coalesce(v.answer_hours, 0) AS answer_hours
	FROM advisors a JOIN persons p ON p.id = a.person_id
		LEFT JOIN (SELECT advisor_id, ` + invitationCounts + ` FROM invitations
			WHERE invited_at >= $1 AND invited_at < $2 GROUP BY advisor_id) v ON v.advisor_id = p.id
	WHERE v.advisor_id IS NOT NULL OR p.active AND p.role = 'advisor' AND p.created_at < $2
	ORDER BY p.last_name, p.first_name, p.id LIMIT $3`

// AdvisorInvitations reads what everybody of the pool was asked in a period, by name: all whose account is open and was
// there before its end, and whoever else was invited then.
func (s *Store) AdvisorInvitations(ctx context.Context, period Period) ([]AdvisorInvitations, error) {
	var found []AdvisorInvitations
	err := s.db.SelectContext(ctx, &found, advisorInvitationsQuery, period.From, period.Until, mostAdvisors)
	return found, problem(err)
}

// PeriodUnit is the length of the parts into which a period is divided.
type PeriodUnit string

// The units.
const (
	Monthly   PeriodUnit = "month"
	Quarterly PeriodUnit = "quarter"
)

// PartInvitations are the invitations of a part of a period.
type PartInvitations struct {
	Begins string `db:"begins"` // the first day of the month or quarter in Europe/Berlin, as 2006-01-02
	InvitationCounts
}

const invitationsOverTimeQuery = `
	SELECT to_char(date_trunc($3, invited_at AT TIME ZONE 'Europe/Berlin'), 'YYYY-MM-DD') AS begins, ` + invitationCounts + `
	FROM invitations WHERE invited_at >= $1 AND invited_at < $2 `

// InvitationsOverTime reads the invitations of a period by month or quarter, the earliest first, of the whole pool or, with
// an id, of one advisor. Parts without any invitation are left out.
func (s *Store) InvitationsOverTime(ctx context.Context, period Period, unit PeriodUnit, advisorID string) ([]PartInvitations, error) {
	var found []PartInvitations
	if advisorID != "" {
		err := s.db.SelectContext(ctx, &found, invitationsOverTimeQuery+`AND advisor_id = $4 GROUP BY 1 ORDER BY 1`,
			period.From, period.Until, unit, asID(advisorID))
		return found, problem(err)
	}
	err := s.db.SelectContext(ctx, &found, invitationsOverTimeQuery+`GROUP BY 1 ORDER BY 1`, period.From, period.Until, unit)
	return found, problem(err)
}
