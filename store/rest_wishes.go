package store

import (
	"context"
	"database/sql"
	"errors"
)

// RestWish reads who asked for the rest that a task decide_rest is about, and how; a zero Said where nobody did and the
// task is about a long quiet. What was asked before a rest was begun or refused, or before a session, is answered or over.
func (s *Store) RestWish(ctx context.Context, taskID string) (Said, error) {
	var said Said
	err := s.db.GetContext(ctx, &said, `
		SELECT i.form, i.choice, i.actor_id, trim(p.first_name || ' ' || p.last_name) AS actor_name, i.on_behalf, i.entered_at,
			i.answers
		FROM tasks t JOIN inputs i ON i.consultation_id = t.consultation_id JOIN persons p ON p.id = i.actor_id
		WHERE t.id = $1 AND i.kind = 'ask_for_rest' AND i.state = 'applied' AND NOT EXISTS (
			SELECT FROM history h WHERE h.consultation_id = t.consultation_id AND h.at > i.entered_at AND h.at < t.opened_at
				AND h.kind IN ('rest_begun', 'rest_refused', 'outcome_recorded'))
		ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1`, taskID)
	if errors.Is(err, sql.ErrNoRows) {
		return Said{}, nil
	}
	return said, problem(err)
}
