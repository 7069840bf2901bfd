package store

import (
	"context"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// TaskLink says whom a link of a mail lets in, and to which task alone.
type TaskLink struct {
	TaskID         string             `db:"task_id"`
	PersonID       string             `db:"person_id"`
	ConsultationID string             `db:"consultation_id"`
	State          advisory.TaskState `db:"state"` // the link is alive while it is open
}

// IssueTaskLink makes a link to the one page that settles a task, for one person. The post office calls it when it
// writes the mail, because only the hash of the token is stored.
func (s *Store) IssueTaskLink(ctx context.Context, taskID, personID string) (token string, err error) {
	tokens, err := s.IssueTaskLinks(ctx, []TaskLink{{TaskID: taskID, PersonID: personID}})
	if err != nil {
		return "", err
	}
	return tokens[0], nil
}

// IssueTaskLinks makes several links at once. The tokens are in the order of the links, of which task and person count.
func (s *Store) IssueTaskLinks(ctx context.Context, links []TaskLink) (tokens []string, err error) {
	var tasks, persons []string
	var hashes pq.ByteaArray
	for _, link := range links {
		token := newToken()
		tokens, hashes = append(tokens, token), append(hashes, tokenHash(token))
		tasks, persons = append(tasks, link.TaskID), append(persons, link.PersonID)
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO task_links (token_hash, task_id, person_id) SELECT * FROM unnest($1::bytea[], $2::text[], $3::uuid[])`,
		hashes, pq.Array(tasks), pq.Array(persons))
	return tokens, problem(err)
}

// TaskLink reads what a link leads to, also where the task is no longer open. Code not_found where the link is unknown
// or the person's account is blocked.
func (s *Store) TaskLink(ctx context.Context, token string) (TaskLink, error) {
	var link TaskLink
	err := s.db.GetContext(ctx, &link, `
		SELECT l.task_id, l.person_id, t.consultation_id, t.state FROM task_links l
		JOIN tasks t ON t.id = l.task_id JOIN persons p ON p.id = l.person_id
		WHERE l.token_hash = $1 AND p.active`, tokenHash(token))
	return link, problem(err)
}

// TaskLinkLives tells whether the person has a link to the task that still gives a right: the task is open, and the
// links of the person were not taken back.
func (s *Store) TaskLinkLives(ctx context.Context, taskID, personID string) (bool, error) {
	var lives bool
	err := s.db.GetContext(ctx, &lives, `SELECT EXISTS (SELECT FROM task_links l JOIN tasks t ON t.id = l.task_id
		WHERE t.id = $1 AND t.state = 'open' AND l.person_id::text = $2)`, taskID, personID)
	return lives, problem(err)
}
