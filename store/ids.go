package store

import "github.com/google/uuid"

// newID makes the id of a row: random, and rising with time, so that new rows lie together in their index.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// asID is an id as a path or an older row names it. What is no id becomes NULL, which matches no row, so that the statement
// compares ids, for which there is an index, and not their texts.
func asID(text string) any {
	if _, err := uuid.Parse(text); err != nil || len(text) != len(uuid.Nil.String()) {
		return nil
	}
	return text
}
