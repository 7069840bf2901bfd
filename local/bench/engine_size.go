package bench

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"
)

// historyOf reads what the engine keeps of workflows that have ended: events and bytes of history, on average.
func historyOf(ctx context.Context, engine *sql.DB, workflows []string) (events, bytes int64, err error) {
	err = engine.QueryRowContext(ctx, `
		SELECT coalesce(avg(e.next_event_id - 1), 0)::bigint, coalesce(avg(h.bytes), 0)::bigint
		FROM executions e JOIN current_executions c USING (shard_id, namespace_id, workflow_id, run_id)
		CROSS JOIN LATERAL (SELECT sum(length(n.data)) AS bytes FROM history_node n
			JOIN history_tree t ON t.shard_id = n.shard_id AND t.tree_id = n.tree_id AND t.branch_id = n.branch_id
			WHERE n.shard_id = e.shard_id AND n.tree_id = e.run_id) h
		WHERE c.status <> 1 AND e.workflow_id = ANY($1)`, pq.Array(workflows)).Scan(&events, &bytes)
	if err != nil {
		return 0, 0, fmt.Errorf("history: %w", err)
	}
	return events, bytes, nil
}
