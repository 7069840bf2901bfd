-- +goose Up
-- A follow-on consultation is linked to the earlier one; so is its request while it is being written. The draft lets go of
-- the earlier one when it is sent, so that there is one open draft for each consultation and never a second.
ALTER TABLE drafts ADD COLUMN follows uuid REFERENCES consultations (id);
CREATE UNIQUE INDEX drafts_by_follows ON drafts (follows);

ALTER TABLE consultations ADD COLUMN follows uuid REFERENCES consultations (id);
CREATE INDEX consultations_by_follows ON consultations (follows) WHERE follows IS NOT NULL;

-- +goose Down
ALTER TABLE consultations DROP COLUMN follows;
ALTER TABLE drafts DROP COLUMN follows;
