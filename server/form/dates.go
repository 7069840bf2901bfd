package form

import "time"

// ParseDate reads a date as a date field posts it or as people type it: midnight in Europe/Berlin.
func ParseDate(value string) (time.Time, bool) { return parseDate(value) }
