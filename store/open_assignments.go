package store

import "context"

const openAssignments = ` FROM tasks WHERE state = 'open' AND kind = 'choose_advisors'`

// OpenAssignments reads the open tasks that choose advisors, the first due first, at most limit, and how many there are.
func (s *Store) OpenAssignments(ctx context.Context, limit int) ([]Task, int, error) {
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*)`+openAssignments); err != nil {
		return nil, 0, problem(err)
	}
	var tasks []Task
	err := s.db.SelectContext(ctx, &tasks, `
		SELECT `+taskColumns+` FROM `+taskTables+`
		WHERE t.id IN (SELECT id`+openAssignments+` ORDER BY due_on, id LIMIT $1) ORDER BY t.due_on, t.id`, limit)
	return tasks, total, problem(err)
}
