-- +goose Up
-- Steps that cannot be written although the database answers, for the people who run the program. Written beside the
-- step's own transaction, so it may tell of a consultation that is not there. It holds codes and names of rules, never a
-- word of what was to be written.
CREATE TABLE step_failures (
    workflow_id     text NOT NULL,
    step            integer NOT NULL,
    consultation_id uuid NOT NULL,
    namespace       text NOT NULL, -- of the engine; with workflow and activity it names what the engine tries again
    activity_id     text NOT NULL,
    reason          text NOT NULL, -- key of the sentence that people read
    detail          text NOT NULL, -- for machines: part of the step, SQLSTATE, rule
    attempts        integer NOT NULL DEFAULT 1,
    first_at        timestamptz NOT NULL DEFAULT now(), -- real time
    last_at         timestamptz NOT NULL DEFAULT now(), -- real time
    retry_at        timestamptz, -- somebody asked to try at once; a worker tells the engine from this moment on
    PRIMARY KEY (workflow_id, step)
);
CREATE INDEX step_failures_by_time ON step_failures (first_at, workflow_id);
CREATE INDEX step_failures_to_retry ON step_failures (retry_at) WHERE retry_at IS NOT NULL;

-- What did not arrive, apart from the very many that did.
CREATE INDEX inputs_undelivered ON inputs (created_at, id) WHERE state = 'journaled';
CREATE INDEX mails_failed_by_time ON mails (ordered_at DESC, id DESC)
    WHERE state IN ('given_up', 'bounced') OR state = 'queued' AND attempts >= 3;

-- +goose Down
DROP INDEX mails_failed_by_time;
DROP INDEX inputs_undelivered;
DROP TABLE step_failures;
