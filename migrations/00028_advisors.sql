-- +goose Up
ALTER TABLE advisors
    ADD further_places text[] NOT NULL DEFAULT '{}', -- towns beside home that the way to a municipality may begin in
    ADD networks text NOT NULL DEFAULT '';

-- What an advisor wants to change of what municipalities rely on. It counts from the approval on; empty columns stay as
-- they are.
CREATE TABLE profile_proposals (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES persons (id),
    topics      text[],
    competences text,
    networks    text,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'returned', 'withdrawn')),
    proposed_at timestamptz NOT NULL, -- business time, like the next
    decided_at  timestamptz,
    decided_by  uuid REFERENCES persons (id),
    reason      text NOT NULL DEFAULT '' -- of the return, for the advisor
);
CREATE UNIQUE INDEX profile_proposals_waiting ON profile_proposals (person_id) WHERE state = 'waiting';
CREATE INDEX profile_proposals_by_person ON profile_proposals (person_id, proposed_at DESC);

-- Files of advisors between their check and the confirmation of what they do. Each is used once.
CREATE TABLE pool_uploads (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES persons (id),
    content    bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pool_uploads_by_person ON pool_uploads (person_id);

-- +goose Down
DROP TABLE pool_uploads, profile_proposals;
ALTER TABLE advisors DROP further_places, DROP networks;
