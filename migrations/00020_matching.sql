-- +goose Up
-- Who declared a conflict of interest once is not suggested to the same municipality again without a word about it.
CREATE INDEX invitations_by_conflict ON invitations (advisor_id) WHERE state = 'conflict_of_interest';
CREATE INDEX replacements_by_advisor ON replacements (advisor_id);

-- +goose Down
DROP INDEX replacements_by_advisor, invitations_by_conflict;
