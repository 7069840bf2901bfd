-- +goose Up
-- One row a mail. The key makes the same occasion the same mail, however often it is ordered.
CREATE TABLE mails (
    id              uuid PRIMARY KEY,
    key             text NOT NULL UNIQUE, -- consultation or subject, template, person, occasion
    consultation_id uuid REFERENCES consultations (id),
    task_id         text REFERENCES tasks (id),
    session         integer NOT NULL DEFAULT 0,
    input_id        uuid REFERENCES inputs (id), -- whose words it quotes
    draft_id        uuid REFERENCES drafts (id) ON DELETE SET NULL,
    person_id       uuid REFERENCES persons (id), -- empty where only an address is known
    address         text NOT NULL DEFAULT '',     -- where no person is known yet
    template        text NOT NULL,
    language        text NOT NULL,
    reminder        boolean NOT NULL DEFAULT false, -- keeps to the rules for reminders
    state           text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('planned', 'queued', 'sent', 'combined', 'not_needed', 'held_back', 'bounced', 'given_up')),
    subject         text NOT NULL DEFAULT '',
    message_id      text NOT NULL DEFAULT '',
    combined_into   uuid REFERENCES mails (id),
    ordered_at      timestamptz NOT NULL, -- business time
    not_before      timestamptz NOT NULL, -- business time
    sent_at         timestamptz,          -- business time
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt    timestamptz NOT NULL DEFAULT now(), -- real time
    failure         text NOT NULL DEFAULT ''
);
CREATE INDEX mails_to_send ON mails (next_attempt) WHERE state = 'queued';
CREATE INDEX mails_by_consultation ON mails (consultation_id, ordered_at DESC);
CREATE INDEX mails_sent_by_person ON mails (person_id, consultation_id, sent_at) WHERE state = 'sent';

-- +goose Down
DROP TABLE mails;
