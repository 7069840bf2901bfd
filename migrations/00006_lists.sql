-- +goose Up
-- Lists of the coordination team stay fast with many ended consultations: what still runs has an index of its own.
CREATE INDEX consultations_running ON consultations (stage, outcome, resting_since) WHERE ended_at IS NULL;
CREATE INDEX consultations_by_outcome ON consultations (outcome, updated_at DESC, id);
CREATE INDEX consultations_by_stage_and_outcome ON consultations (stage, outcome, updated_at DESC, id);
CREATE INDEX tasks_open_passed_on ON tasks (passed_to, due_on) WHERE state = 'open' AND passed_to <> '';

-- +goose Down
DROP INDEX tasks_open_passed_on, consultations_by_stage_and_outcome, consultations_by_outcome, consultations_running;
