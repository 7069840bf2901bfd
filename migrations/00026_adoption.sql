-- +goose Up
-- Running consultations that follow an older version of the programme, and what has become of moving them to another one.
CREATE INDEX consultations_following ON consultations (programme_version, id) WHERE ended_at IS NULL;
CREATE INDEX inputs_adopting ON inputs (((message->>'version')::integer), state) WHERE kind = 'adopt_programme';

-- +goose Down
DROP INDEX inputs_adopting, consultations_following;
