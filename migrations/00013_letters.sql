-- +goose Up
-- What falls together for one person is looked up for many letters at once.
CREATE INDEX mails_queued_by_person ON mails (person_id, consultation_id) WHERE state = 'queued';
DROP INDEX mails_digests_by_person;

-- +goose Down
CREATE INDEX mails_digests_by_person ON mails (person_id) WHERE state = 'queued' AND digest;
DROP INDEX mails_queued_by_person;
