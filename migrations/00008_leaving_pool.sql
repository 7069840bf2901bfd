-- +goose Up
-- An advisor who leaves the pool for good is not suggested any more from the beginning of the hand-over on. The account is
-- closed (persons.active) when nothing is left to hand over.
ALTER TABLE advisors ADD COLUMN leaving_at timestamptz; -- business time; empty: stays

-- +goose Down
ALTER TABLE advisors DROP COLUMN leaving_at;
