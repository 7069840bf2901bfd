-- +goose Up
-- What municipalities and advisors owe, in the order of its list, with what its counts need.
CREATE INDEX tasks_open_of_others ON tasks (due_on, opened_at, id) INCLUDE (consultation_id, kind, owner_id)
    WHERE state = 'open' AND owner_role IN ('municipality', 'advisor');

ALTER TABLE saved_filters DROP CONSTRAINT saved_filters_list_check,
    ADD CONSTRAINT saved_filters_list_check CHECK (list IN ('consultations', 'tasks'));

-- +goose Down
DELETE FROM saved_filters WHERE list = 'tasks';
ALTER TABLE saved_filters DROP CONSTRAINT saved_filters_list_check,
    ADD CONSTRAINT saved_filters_list_check CHECK (list IN ('consultations'));
DROP INDEX tasks_open_of_others;
