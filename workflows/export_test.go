package workflows

import (
	"maps"
	"slices"

	"miglobe/advisory"
)

// InputKinds are the inputs that a running consultation listens to.
func InputKinds() []advisory.InputKind { return slices.Sorted(maps.Keys(deeds)) }
