package store

import "context"

// exportedAtOnce is how many rows of a list are read at once when all of it is wanted. Between two readings no connection
// is held, however slowly somebody takes them.
const exportedAtOnce = 500

// exportQuery reads what was sent before the given consultation, or from the beginning: an order that no change moves.
func (f ConsultationFilter) exportQuery(after *ListedConsultation) (string, map[string]any) {
	where, values := f.where()
	values["at_once"] = exportedAtOnce
	if after != nil {
		where += ` AND (c.sent_at, c.id) < (:after_sent, CAST(:after_id AS uuid))`
		values["after_sent"], values["after_id"] = after.SentAt, after.ID
	}
	const order = ` ORDER BY c.sent_at DESC, c.id DESC`
	return listedConsultations + `(SELECT c.* FROM consultations c` + where + order + ` LIMIT :at_once) c ` + besideConsultations +
		order, values
}

// EachConsultation gives every consultation of a list to f, the latest request first, whatever the page. It ends with the
// first error.
func (s *Store) EachConsultation(ctx context.Context, filter ConsultationFilter, f func(ListedConsultation) error) error {
	var after *ListedConsultation
	for {
		var found []ListedConsultation
		query, values := filter.exportQuery(after)
		if err := s.selectNamed(ctx, &found, query, values); err != nil {
			return err
		}
		for i := range found {
			if err := f(found[i]); err != nil {
				return err
			}
		}
		if len(found) < exportedAtOnce {
			return nil
		}
		after = &found[len(found)-1]
	}
}

// AllWork reads every task of a list, by due date, whatever the page. Open tasks alone are listed, so it is never long.
func (s *Store) AllWork(ctx context.Context, filter WorkFilter) ([]Task, error) {
	var err error
	if filter.owners, err = s.actsAs(ctx, filter.Person.ID, filter.Now); err != nil {
		return nil, err
	}
	query, values := filter.pageQuery()
	values["limit"], values["offset"] = nil, 0
	var tasks []Task
	err = s.selectNamed(ctx, &tasks, query, values)
	return tasks, err
}
