-- +goose Up
-- Who made a version of the programme and why. The first one came with the product.
ALTER TABLE programmes ADD author_id uuid REFERENCES persons (id), ADD note text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE programmes DROP author_id, DROP note;
