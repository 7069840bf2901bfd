-- +goose Up
-- Every version of goal and need. Version 1 is the baseline.
CREATE TABLE goal_versions (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    version         integer NOT NULL,
    goal            text NOT NULL,
    need            text NOT NULL,
    input_id        uuid NOT NULL REFERENCES inputs (id),
    written_at      timestamptz NOT NULL,
    confirmed_at    timestamptz, -- by the municipality
    PRIMARY KEY (consultation_id, version)
);

CREATE TABLE invitations (
    task_id         text PRIMARY KEY REFERENCES tasks (id),
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    advisor_id      uuid NOT NULL REFERENCES persons (id),
    lead            boolean NOT NULL DEFAULT false, -- asked to lead
    state           text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'accepted', 'declined', 'conflict_of_interest', 'lapsed', 'withdrawn')),
    invited_at      timestamptz NOT NULL,
    answered_at     timestamptz
);
CREATE INDEX invitations_by_consultation ON invitations (consultation_id, invited_at);
CREATE INDEX invitations_by_advisor ON invitations (advisor_id, invited_at DESC);

CREATE TABLE team (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    advisor_id      uuid NOT NULL REFERENCES persons (id),
    lead            boolean NOT NULL DEFAULT false,
    since           timestamptz NOT NULL,
    until           timestamptz,
    PRIMARY KEY (consultation_id, advisor_id)
);
CREATE INDEX team_by_advisor ON team (advisor_id) WHERE until IS NULL;

CREATE TABLE sessions (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    number          integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('opening', 'dialogue')),
    state           text NOT NULL,
    starts_at       timestamptz,
    ends_at         timestamptz,
    meeting_format  text NOT NULL DEFAULT '',
    place           text NOT NULL DEFAULT '',
    participants    text NOT NULL DEFAULT '',
    sequence        integer NOT NULL DEFAULT 0, -- of the calendar entry (RFC 5545)
    PRIMARY KEY (consultation_id, number)
);
CREATE INDEX sessions_by_date ON sessions (starts_at) WHERE state = 'scheduled';

CREATE TABLE slots (
    consultation_id uuid NOT NULL,
    session         integer NOT NULL,
    round           integer NOT NULL,
    position        integer NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    meeting_format  text NOT NULL DEFAULT '',
    place           text NOT NULL DEFAULT '',
    input_id        uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (consultation_id, session, round, position),
    FOREIGN KEY (consultation_id, session) REFERENCES sessions (consultation_id, number)
);

CREATE TABLE notes (
    consultation_id uuid NOT NULL,
    session         integer NOT NULL,
    input_id        uuid NOT NULL REFERENCES inputs (id),
    shared_at       timestamptz NOT NULL,
    correct_until   date NOT NULL,
    PRIMARY KEY (consultation_id, session),
    FOREIGN KEY (consultation_id, session) REFERENCES sessions (consultation_id, number)
);

-- Every version of the options for action; the answers are those of its input, one OPTION step each.
CREATE TABLE option_versions (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    version         integer NOT NULL,
    input_id        uuid NOT NULL REFERENCES inputs (id),
    shared_at       timestamptz NOT NULL,
    confirmed_at    timestamptz, -- by both sides
    PRIMARY KEY (consultation_id, version)
);

-- +goose Down
DROP TABLE option_versions, notes, slots, sessions, team, invitations, goal_versions;
