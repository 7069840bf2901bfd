-- +goose Up
-- What is read again and again to watch the program: open tasks by kind, mails that did not arrive.
CREATE INDEX tasks_open_by_kind ON tasks (kind, due_on) INCLUDE (consultation_id) WHERE state = 'open';
CREATE INDEX mails_failed ON mails (state) WHERE state IN ('given_up', 'bounced', 'held_back');

-- +goose Down
DROP INDEX mails_failed, tasks_open_by_kind;
