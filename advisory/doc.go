// Package advisory is the domain of MiGlobe: the stages, tasks, choices and roles of a consultation, the programme that
// gives them their deadlines, the working days of the Länder, and the names and ids of the engine's contract.
//
// It is pure Go: no database, no engine, no page. Everything else in the house may import it; it imports nothing of ours.
package advisory
