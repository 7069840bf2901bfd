-- +goose Up
-- Random keys of this installation, made when they are first needed. They sign links that have to stay the same.
CREATE TABLE secrets (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

-- The page that a mail leads to, as a path, where it is not the page of its task, its draft or its consultation.
ALTER TABLE mails ADD COLUMN link text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE mails DROP COLUMN link;
DROP TABLE secrets;
