-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Everybody who acts: contacts of municipalities, advisors, coordinators, readers, administrators.
CREATE TABLE persons (
    id           uuid PRIMARY KEY,
    email        text NOT NULL UNIQUE CHECK (email = lower(email)),
    role         text NOT NULL CHECK (role IN ('municipality', 'advisor', 'coordinator', 'lead_coordinator', 'reader', 'administrator')),
    salutation   text NOT NULL DEFAULT '' CHECK (salutation IN ('', 'ms', 'mr', 'neutral')),
    first_name   text NOT NULL,
    last_name    text NOT NULL,
    function     text NOT NULL DEFAULT '',
    phone        text NOT NULL DEFAULT '',
    language     text NOT NULL DEFAULT 'de' CHECK (language IN ('de', 'en')),
    mail_rhythm  text NOT NULL DEFAULT 'immediately' CHECK (mail_rhythm IN ('immediately', 'daily_digest')),
    deputy_id    uuid REFERENCES persons (id),
    active       boolean NOT NULL DEFAULT true,
    demo         boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX persons_by_role ON persons (role, last_name, first_name) WHERE active;

-- What an advisor tells in the own profile (form advisor_profile).
CREATE TABLE advisors (
    person_id       uuid PRIMARY KEY REFERENCES persons (id),
    about           text NOT NULL DEFAULT '',
    topics          text[] NOT NULL DEFAULT '{}',
    competences     text NOT NULL DEFAULT '',
    languages       text[] NOT NULL DEFAULT '{}',
    other_language  text NOT NULL DEFAULT '',
    home            text NOT NULL DEFAULT '',
    capacity        integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 0 AND 3),
    meeting_format  text NOT NULL DEFAULT 'either',
    origin_country  text NOT NULL DEFAULT '',
    origin_consent  boolean NOT NULL DEFAULT false,
    last_invited_at timestamptz,
    updated_at      timestamptz NOT NULL DEFAULT now()
);

-- Sessions of the browser (the token is stored hashed).
CREATE TABLE web_sessions (
    token      text PRIMARY KEY,
    data       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX web_sessions_by_expiry ON web_sessions (expires_at);

-- Links of mails that sign in. Single use.
CREATE TABLE sign_in_links (
    token_hash bytea PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES persons (id),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX sign_in_links_by_expiry ON sign_in_links (expires_at);

-- How often something was tried in a window of time; the subject is a hash of an address.
CREATE TABLE rate_limits (
    action       text NOT NULL,
    subject      bytea NOT NULL,
    window_start timestamptz NOT NULL,
    count        integer NOT NULL,
    PRIMARY KEY (action, subject, window_start)
);

-- +goose Down
DROP TABLE rate_limits, sign_in_links, web_sessions, advisors, persons;
