-- +goose Up
-- When the persons of a consultation were anonymised: their data and words are gone, figures stay.
ALTER TABLE consultations ADD COLUMN anonymised_at timestamptz; -- business time
CREATE INDEX consultations_to_anonymise ON consultations (ended_at) WHERE ended_at IS NOT NULL AND anonymised_at IS NULL;
CREATE INDEX mails_to_clear ON mails (ordered_at) WHERE address <> '' OR subject <> '' OR failure <> '';

-- +goose Down
DROP INDEX mails_to_clear;
DROP INDEX consultations_to_anonymise;
ALTER TABLE consultations DROP COLUMN anonymised_at;
