-- +goose Up
CREATE TABLE programmes (
    version    integer PRIMARY KEY,
    rules      jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A request that is being written. Whoever has the link may write; the token stays the same as long as the draft lives.
CREATE TABLE drafts (
    id           uuid PRIMARY KEY,
    token_hash   bytea NOT NULL UNIQUE,
    answers      jsonb NOT NULL DEFAULT '{}',
    form_version integer NOT NULL,
    language     text NOT NULL,
    email        text NOT NULL DEFAULT '',
    sent_at      timestamptz, -- the form was sent; the address is not confirmed yet
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX drafts_by_age ON drafts (updated_at);

CREATE TABLE consultations (
    id                uuid PRIMARY KEY,
    number            text NOT NULL UNIQUE,
    municipality      text NOT NULL,
    land              text NOT NULL,
    unit              text NOT NULL DEFAULT '',
    subject           text NOT NULL,
    language          text NOT NULL DEFAULT 'de',
    programme_version integer NOT NULL REFERENCES programmes (version),
    request           jsonb NOT NULL, -- answers of the form request
    form_version      integer NOT NULL,
    stage             text NOT NULL,
    stage_since       timestamptz NOT NULL,
    outcome           text NOT NULL DEFAULT '',
    resting_since     timestamptz,
    coordinator_id    uuid REFERENCES persons (id),
    sent_at           timestamptz NOT NULL,
    closed_at         timestamptz, -- when the outcome was reached
    follow_up_from    date,
    ended_at          timestamptz, -- nothing more will happen: after the follow-up, or with any outcome but completed
    step              integer NOT NULL DEFAULT 0,
    demo              boolean NOT NULL DEFAULT false,
    updated_at        timestamptz NOT NULL
);
CREATE INDEX consultations_by_update ON consultations (updated_at DESC, id);
CREATE INDEX consultations_by_stage ON consultations (stage, updated_at DESC, id);
CREATE INDEX consultations_by_coordinator ON consultations (coordinator_id, updated_at DESC, id);
CREATE INDEX consultations_by_words ON consultations USING gin ((number || ' ' || lower(municipality)) gin_trgm_ops);

-- The running number of a year's consultations.
CREATE TABLE consultation_numbers (
    year integer PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE contacts (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    person_id       uuid NOT NULL REFERENCES persons (id),
    confirmed_at    timestamptz, -- nothing is sent before
    PRIMARY KEY (consultation_id, person_id)
);
CREATE INDEX contacts_by_person ON contacts (person_id);

-- Links of mails that confirm an address: of a draft's author, or of a further contact. Single use.
CREATE TABLE address_links (
    token_hash      bytea PRIMARY KEY,
    draft_id        uuid REFERENCES drafts (id) ON DELETE CASCADE,
    consultation_id uuid REFERENCES consultations (id),
    email           text NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX address_links_by_draft ON address_links (draft_id);

-- What has been said: one row before anybody gets an answer. The engine gets its id.
CREATE TABLE inputs (
    id              uuid PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    workflow_id     text NOT NULL,
    task_id         text,
    kind            text NOT NULL,
    choice          text NOT NULL DEFAULT '',
    actor_id        uuid NOT NULL REFERENCES persons (id), -- who entered it
    on_behalf       boolean NOT NULL DEFAULT false,         -- of the municipality, by a coordinator
    form            text NOT NULL DEFAULT '',
    form_version    integer NOT NULL DEFAULT 0,
    answers         jsonb NOT NULL DEFAULT '{}',
    message         jsonb NOT NULL, -- what the engine gets: ids and choices
    state           text NOT NULL DEFAULT 'journaled' CHECK (state IN ('journaled', 'applied', 'refused')),
    refusal         text NOT NULL DEFAULT '',
    entered_at      timestamptz NOT NULL, -- business time
    created_at      timestamptz NOT NULL DEFAULT now(),
    next_delivery   timestamptz NOT NULL DEFAULT now(),
    deliveries      integer NOT NULL DEFAULT 0
);
CREATE INDEX inputs_to_deliver ON inputs (next_delivery) WHERE state = 'journaled';
CREATE INDEX inputs_by_consultation ON inputs (consultation_id, created_at);
CREATE INDEX inputs_by_task ON inputs (task_id, created_at) WHERE task_id IS NOT NULL;

CREATE TABLE tasks (
    id              text PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    workflow_id     text NOT NULL,
    kind            text NOT NULL,
    owner_role      text NOT NULL,
    owner_id        uuid REFERENCES persons (id), -- empty: everybody of the role on this consultation
    not_id          uuid REFERENCES persons (id), -- may not settle it
    session         integer NOT NULL DEFAULT 0,
    version         integer NOT NULL DEFAULT 0,
    about           text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'lapsed', 'obsolete')),
    choice          text NOT NULL DEFAULT '',
    input_id        uuid REFERENCES inputs (id),
    opened_at       timestamptz NOT NULL,
    due_on          date NOT NULL,
    presses         jsonb NOT NULL DEFAULT '[]', -- business time; what is ahead is frozen while resting
    reminders       integer NOT NULL DEFAULT 0,
    passed_to       text NOT NULL DEFAULT '',    -- address of the last escalation
    shown_from      date,                        -- bring-forward date: hidden from the owner's list until then
    bring_forward_note text NOT NULL DEFAULT '',
    closed_at       timestamptz
);
CREATE INDEX tasks_open_by_owner ON tasks (owner_id, due_on) WHERE state = 'open';
CREATE INDEX tasks_open_by_role ON tasks (owner_role, due_on) WHERE state = 'open';
CREATE INDEX tasks_by_consultation ON tasks (consultation_id, opened_at);

-- Links of mails to the one page that settles a task. They give rights to nothing else and die with the task.
CREATE TABLE task_links (
    token_hash bytea PRIMARY KEY,
    task_id    text NOT NULL REFERENCES tasks (id),
    person_id  uuid NOT NULL REFERENCES persons (id),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_links_by_task ON task_links (task_id);

-- Answers that are saved in between; they are of one person and become an input when sent.
CREATE TABLE task_drafts (
    task_id      text NOT NULL REFERENCES tasks (id),
    person_id    uuid NOT NULL REFERENCES persons (id),
    answers      jsonb NOT NULL,
    form_version integer NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, person_id)
);

CREATE TABLE steps (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    number          integer NOT NULL,
    result          jsonb NOT NULL,
    written_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consultation_id, number)
);

CREATE TABLE history (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    step            integer NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    actor_id        uuid REFERENCES persons (id), -- empty: the program
    on_behalf       boolean NOT NULL DEFAULT false,
    task_id         text REFERENCES tasks (id),
    input_id        uuid REFERENCES inputs (id)
);
CREATE INDEX history_by_consultation ON history (consultation_id, id DESC);

CREATE TABLE internal_notes (
    id              uuid PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    author_id       uuid NOT NULL REFERENCES persons (id),
    note            text NOT NULL,
    written_at      timestamptz NOT NULL
);
CREATE INDEX internal_notes_by_consultation ON internal_notes (consultation_id, written_at DESC);

-- +goose Down
DROP TABLE internal_notes, history, steps, task_drafts, task_links, tasks, inputs, address_links, contacts,
    consultation_numbers, consultations, drafts, programmes;
