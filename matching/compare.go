package matching

import "slices"

// Move is where somebody stands in one order of suggestions and in another, from 1.
type Move struct {
	ID            string
	Before, After int
}

// Compare tells where everybody stands in two orders of the same advisors, in the order after.
func Compare(before, after []string) []Move {
	moves := make([]Move, 0, len(after))
	for i, id := range after {
		moves = append(moves, Move{ID: id, Before: slices.Index(before, id) + 1, After: i + 1})
	}
	return moves
}
