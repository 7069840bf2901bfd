package store

import "github.com/google/uuid"

// newID makes the id of a row: random, and rising with time, so that new rows lie together in their index.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
