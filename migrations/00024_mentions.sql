-- +goose Up
-- Who of the coordination team is mentioned in an internal note, until they have read it.
CREATE TABLE note_mentions (
    note_id    uuid NOT NULL REFERENCES internal_notes (id),
    person_id  uuid NOT NULL REFERENCES persons (id),
    written_at timestamptz NOT NULL, -- the note's; business time
    seen_at    timestamptz,          -- business time
    PRIMARY KEY (note_id, person_id)
);
CREATE INDEX note_mentions_unseen ON note_mentions (person_id, written_at DESC, note_id) WHERE seen_at IS NULL;

-- +goose Down
DROP TABLE note_mentions;
