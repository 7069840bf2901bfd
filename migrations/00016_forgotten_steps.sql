-- +goose Up
-- An engine that is killed may forget a step that stands here already. What was written tells such a step from another
-- one of the same number; an input is delivered until the engine has confirmed it.
ALTER TABLE steps
    ADD COLUMN digest bytea,                        -- of the entries; empty in rows of before
    ADD COLUMN inputs uuid[] NOT NULL DEFAULT '{}'; -- whose effects it holds, in their order
ALTER TABLE inputs ADD COLUMN confirmed boolean NOT NULL DEFAULT true;
ALTER TABLE inputs ALTER COLUMN confirmed SET DEFAULT false;
DROP INDEX inputs_to_deliver;
CREATE INDEX inputs_to_deliver ON inputs (next_delivery) WHERE state = 'journaled' OR state = 'applied' AND NOT confirmed;

-- +goose Down
DROP INDEX inputs_to_deliver;
CREATE INDEX inputs_to_deliver ON inputs (next_delivery) WHERE state = 'journaled';
ALTER TABLE inputs DROP COLUMN confirmed;
ALTER TABLE steps DROP COLUMN inputs, DROP COLUMN digest;
