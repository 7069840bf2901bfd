-- +goose Up
-- Texts of mails that lead coordinators have written in place of the product's. Versions are only added: the newest one
-- counts, also where it says to use the product's text again. That text is version 0 and not stored.
CREATE TABLE mail_templates (
    name       text NOT NULL,
    language   text NOT NULL CHECK (language IN ('de', 'en')),
    version    integer NOT NULL CHECK (version > 0),
    standard   boolean NOT NULL DEFAULT false,
    subject    text NOT NULL DEFAULT '',
    body       text NOT NULL DEFAULT '',
    author_id  uuid NOT NULL REFERENCES persons (id),
    note       text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL, -- business time
    PRIMARY KEY (name, language, version),
    CHECK (standard = (body = ''))
);

-- Texts that somebody looks at before they count. A test mail has the id of the text that it is written from.
CREATE TABLE mail_template_previews (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    language   text NOT NULL CHECK (language IN ('de', 'en')),
    subject    text NOT NULL,
    body       text NOT NULL,
    author_id  uuid NOT NULL REFERENCES persons (id),
    created_at timestamptz NOT NULL DEFAULT now() -- real time
);

-- +goose Down
DROP TABLE mail_template_previews;
DROP TABLE mail_templates;
