-- +goose Up
-- How invitations are spread over a period.
CREATE INDEX invitations_by_time ON invitations (invited_at) INCLUDE (advisor_id, state, answered_at);

-- The assignments that a change of weights is previewed with, and the choices with the reasons noted at them.
CREATE INDEX tasks_choosing_advisors ON tasks (due_on, id) WHERE state = 'open' AND kind = 'choose_advisors';
CREATE INDEX inputs_choosing_advisors ON inputs (entered_at DESC, id) WHERE form = 'choose_advisors' AND state = 'applied';

-- +goose Down
DROP INDEX inputs_choosing_advisors, tasks_choosing_advisors, invitations_by_time;
