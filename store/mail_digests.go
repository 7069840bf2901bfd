package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"miglobe/advisory"
)

// collects is the condition under which a mail waits for the one mail a day of its person: it is of a kind that can wait, and
// the person, who is one of the pool or of the staff, chose that rhythm.
func collects(canWait, person string) string {
	return `(` + canWait + ` AND ` + person + `.mail_rhythm = 'daily_digest'
		AND ` + person + `.role IN ('advisor', 'coordinator', 'lead_coordinator'))`
}

// HadDigest tells whether a person got the one mail a day since a moment of business time.
func (s *Store) HadDigest(ctx context.Context, personID string, since time.Time) (bool, error) {
	var had bool
	err := s.db.GetContext(ctx, &had, `
		SELECT EXISTS (SELECT FROM mails WHERE person_id = $1 AND digest AND state = 'sent' AND sent_at >= $2)`, personID, since)
	return had, problem(err)
}

// DigestTasks reads what is open for a person now, by due date: the list that the person's pages begin with, and the
// tasks that the collected mails are about. What rests needs nothing of anybody.
func (s *Store) DigestTasks(ctx context.Context, person Person, about []string, now time.Time) ([]Task, error) {
	tasks, err := s.firstTasks(ctx, person, now)
	if err != nil {
		return nil, err
	}
	for _, id := range about {
		if slices.ContainsFunc(tasks, func(t Task) bool { return t.ID == id }) {
			continue
		}
		task, err := s.Task(ctx, id)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, task)
	}
	tasks = slices.DeleteFunc(tasks, func(t Task) bool {
		return !t.IsOpen() || t.RestingSince != nil && !t.Kind.RunsWhileResting()
	})
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
	})
	return tasks, nil
}

func (s *Store) firstTasks(ctx context.Context, person Person, now time.Time) ([]Task, error) {
	if person.Role.Coordinates() {
		work, err := s.Work(ctx, WorkFilter{List: MyTasks, Person: person, Now: now, Page: 1})
		return work.Tasks, err
	}
	tasks, _, err := s.TasksOfPerson(ctx, person.ID, now, 1)
	return tasks, err
}

// MailWishes are how a person wants to be written to.
type MailWishes struct {
	Rhythm   string `db:"mail_rhythm"` // immediately or daily_digest
	Language string `db:"language"`
}

// SaveMailWishes keeps how a person of the coordination team wants to be written to.
func (s *Store) SaveMailWishes(ctx context.Context, personID string, wishes MailWishes) error {
	var id string
	return problem(s.db.GetContext(ctx, &id, `
		UPDATE persons SET mail_rhythm = $2, language = $3 WHERE id = $1 AND role IN ($4, $5) RETURNING id`,
		personID, wishes.Rhythm, wishes.Language, advisory.Coordinator, advisory.LeadCoordinator))
}
