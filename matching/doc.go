// Package matching orders the advisors of the pool by how well they fit what a consultation looks for, and says why
// (journey.md, explainable matching). It is a help for people, who decide.
//
// It looks at nothing but its arguments and the places of towns: the same arguments always give the same order.
package matching
