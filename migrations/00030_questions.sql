-- +goose Up
-- The version of the programme whose questions were answered. NULL: answered before questions could be changed.
ALTER TABLE inputs ADD programme_version integer;

-- +goose Down
ALTER TABLE inputs DROP programme_version;
