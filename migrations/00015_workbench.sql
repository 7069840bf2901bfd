-- +goose Up
-- The lists of the coordination team in the order of their pages, with what groups and counts need: they are read from the
-- index alone. What rests is little, and told apart by an index of its own.
CREATE INDEX tasks_open_of_team ON tasks (due_on, opened_at, id) INCLUDE (consultation_id, kind)
    WHERE state = 'open' AND (owner_role IN ('coordinator', 'lead_coordinator') OR passed_to <> '');
CREATE INDEX tasks_unclaimed ON tasks (due_on, opened_at, id) INCLUDE (consultation_id, kind, not_id)
    WHERE state = 'open' AND owner_role IN ('coordinator', 'lead_coordinator') AND owner_id IS NULL;
CREATE INDEX consultations_resting ON consultations (id) WHERE resting_since IS NOT NULL;

-- +goose Down
DROP INDEX consultations_resting, tasks_unclaimed, tasks_open_of_team;
