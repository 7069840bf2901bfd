package store

import (
	"context"
	"math"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// HistoryEntry is one line of a consultation's history. Its answers may hold words for the coordination team only.
type HistoryEntry struct {
	ID        int64                `db:"id"`
	At        time.Time            `db:"at"`
	Kind      advisory.HistoryKind `db:"kind"`
	ActorID   *string              `db:"actor_id"` // nil: the program
	ActorName string               `db:"actor_name"`
	ActorRole advisory.Role        `db:"actor_role"`
	OnBehalf  bool                 `db:"on_behalf"`  // entered by a coordinator for the municipality
	DeputyFor string               `db:"deputy_for"` // name of the absent person in whose place it was done, else ""
	TaskID    string               `db:"task_id"`
	TaskKind  advisory.TaskKind    `db:"task_kind"`
	TaskOwner string               `db:"task_owner"` // name of the person who owed it, "" for a role
	Session   int                  `db:"session"`
	Version   int                  `db:"version"`
	Programme int                  `db:"programme"` // the version of the programme that it is about, else 0
	Choice    advisory.Choice      `db:"choice"`
	Form      string               `db:"form"`
	Answers   advisory.Answers     `db:"answers"`

	ProgrammeVersion int `db:"programme_version"` // whose questions were answered; 0: those of the release
}

// History reads the latest entries of a consultation's history, newest first, at most limit: those before the entry
// with the id before, or the newest where it is 0; only of these kinds, or of all where none is named.
func (s *Store) History(ctx context.Context, consultationID string, limit int, before int64,
	kinds ...advisory.HistoryKind) ([]HistoryEntry, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	var entries []HistoryEntry
	err := s.db.SelectContext(ctx, &entries, historyQuery, consultationID, before, pq.Array(keysOf(kinds)), limit)
	return entries, problem(err)
}

func keysOf(kinds []advisory.HistoryKind) []string {
	keys := make([]string, len(kinds))
	for i, kind := range kinds {
		keys[i] = string(kind)
	}
	return keys
}

const historyQuery = `
	SELECT h.id, h.at, h.kind, h.actor_id, coalesce(trim(p.first_name || ' ' || p.last_name), '') AS actor_name,
		coalesce(p.role, '') AS actor_role, h.on_behalf,
		coalesce(trim(r.first_name || ' ' || r.last_name), '') AS deputy_for, coalesce(h.task_id, '') AS task_id,
		coalesce(t.kind, '') AS task_kind, coalesce(trim(o.first_name || ' ' || o.last_name), '') AS task_owner,
		coalesce(t.session, 0) AS session, coalesce(t.version, 0) AS version,
		coalesce((i.message->>'version')::integer, 0) AS programme,
		coalesce(i.choice, '') AS choice, coalesce(i.form, '') AS form, coalesce(i.answers, '{}') AS answers,
		coalesce(i.programme_version, 0) AS programme_version
	FROM history h LEFT JOIN persons p ON p.id = h.actor_id LEFT JOIN inputs i ON i.id = h.input_id
		LEFT JOIN persons r ON r.id = i.deputy_for
		LEFT JOIN tasks t ON t.id = h.task_id LEFT JOIN persons o ON o.id = t.owner_id
	WHERE h.consultation_id = $1 AND h.id < $2 AND (cardinality($3::text[]) = 0 OR h.kind = ANY($3))
	ORDER BY h.id DESC LIMIT $4`
