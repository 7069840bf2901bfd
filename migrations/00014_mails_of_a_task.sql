-- +goose Up
-- A task that is settled takes back the mails that press for it.
CREATE INDEX mails_queued_by_task ON mails (task_id) WHERE state = 'queued';

-- +goose Down
DROP INDEX mails_queued_by_task;
