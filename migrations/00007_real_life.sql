-- +goose Up
-- Until when and why a consultation rests; until when a withdrawal can be taken back.
ALTER TABLE consultations
    ADD COLUMN rest_until  date,
    ADD COLUMN rest_reason text NOT NULL DEFAULT '',
    ADD COLUMN undo_until  timestamptz;

-- What the program itself says, such as that a mail was refused, has no actor. A deputy speaks in somebody's place.
ALTER TABLE inputs
    ALTER COLUMN actor_id DROP NOT NULL,
    ADD COLUMN deputy_for uuid REFERENCES persons (id);

-- A proposed version counts only when the municipality has confirmed it; it may keep the previous one.
ALTER TABLE goal_versions
    ADD COLUMN proposed    boolean NOT NULL DEFAULT false,
    ADD COLUMN declined_at timestamptz;

ALTER TABLE notes
    ADD COLUMN correction_input_id uuid REFERENCES inputs (id),
    ADD COLUMN corrected_at        timestamptz;

-- Who leaves the team of a running consultation; reason and hand-over note are in the input.
CREATE TABLE replacements (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    advisor_id      uuid NOT NULL REFERENCES persons (id),
    input_id        uuid NOT NULL REFERENCES inputs (id),
    begun_at        timestamptz NOT NULL,
    PRIMARY KEY (consultation_id, advisor_id, input_id)
);

-- A contact who has left keeps the row but neither the confirmation nor the access.
ALTER TABLE contacts ADD COLUMN left_at timestamptz;

-- Nothing is sent to an address that refused mail for good until it is clarified. A new address counts once confirmed.
ALTER TABLE persons
    ADD COLUMN bounced_at timestamptz,
    ADD COLUMN new_email  text NOT NULL DEFAULT '';
ALTER TABLE address_links ADD COLUMN person_id uuid REFERENCES persons (id);

CREATE TABLE absences (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES persons (id),
    from_at    timestamptz NOT NULL, -- business time; half days begin and end at noon
    until_at   timestamptz NOT NULL CHECK (until_at > from_at),
    deputy_id  uuid REFERENCES persons (id) CHECK (deputy_id <> person_id),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX absences_by_person ON absences (person_id, from_at);
CREATE INDEX absences_by_time ON absences (until_at);

-- Who acts in a person's place at a moment: the person, or the deputy of the deputy and so on; nobody (NULL) where the
-- chain ends with somebody who is absent without a deputy, or whose deputy's account is closed.
-- +goose StatementBegin
CREATE FUNCTION acting_for(person uuid, moment timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain (id, links) AS (
        SELECT person, 0
        UNION ALL
        SELECT (SELECT d.id FROM absences a JOIN persons p ON p.id = a.person_id
                LEFT JOIN persons d ON d.id = coalesce(a.deputy_id, p.deputy_id) AND d.active
                WHERE a.person_id = chain.id AND a.from_at <= moment AND moment < a.until_at ORDER BY a.from_at LIMIT 1),
            links + 1
        FROM chain
        WHERE links < 20 AND EXISTS (SELECT FROM absences a
            WHERE a.person_id = chain.id AND a.from_at <= moment AND moment < a.until_at)
    )
    SELECT CASE WHEN links < 20 THEN id END FROM chain ORDER BY links DESC LIMIT 1
$$;
-- +goose StatementEnd

-- A private calendar feed; whoever has its address may read it until it is revoked.
CREATE TABLE calendar_feeds (
    person_id  uuid PRIMARY KEY REFERENCES persons (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at    timestamptz
);

-- Collected with others of the same person into one mail a day.
ALTER TABLE mails ADD COLUMN digest boolean NOT NULL DEFAULT false;
CREATE INDEX mails_digests_by_person ON mails (person_id) WHERE state = 'queued' AND digest;

-- Looked up by person alone: what waits for an address, today's digest, a new address, its links.
CREATE INDEX mails_not_arrived_by_person ON mails (person_id) WHERE state IN ('held_back', 'bounced');
CREATE INDEX mails_digests_sent ON mails (person_id, sent_at) WHERE state = 'sent' AND digest;
CREATE INDEX persons_by_new_email ON persons (new_email) WHERE new_email <> '';
CREATE INDEX address_links_by_person ON address_links (person_id) WHERE person_id IS NOT NULL;

-- +goose Down
DROP INDEX address_links_by_person, persons_by_new_email, mails_digests_sent, mails_not_arrived_by_person;
DROP INDEX mails_digests_by_person;
ALTER TABLE mails DROP COLUMN digest;
DROP TABLE calendar_feeds;
DROP FUNCTION acting_for(uuid, timestamptz);
DROP TABLE absences;
ALTER TABLE address_links DROP COLUMN person_id;
ALTER TABLE persons DROP COLUMN new_email, DROP COLUMN bounced_at;
ALTER TABLE contacts DROP COLUMN left_at;
DROP TABLE replacements;
ALTER TABLE notes DROP COLUMN corrected_at, DROP COLUMN correction_input_id;
ALTER TABLE goal_versions DROP COLUMN declined_at, DROP COLUMN proposed;
ALTER TABLE inputs DROP COLUMN deputy_for;
ALTER TABLE consultations DROP COLUMN undo_until, DROP COLUMN rest_reason, DROP COLUMN rest_until;
