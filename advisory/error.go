package advisory

import (
	"errors"
	"fmt"
)

// Code says to a machine what kind of failure it was. A page chooses its words and its status by it.
type Code string

// The codes, and the HTTP status that a page answers with.
const (
	Invalid      Code = "invalid"      // 400: the input cannot be understood
	Unauthorized Code = "unauthorized" // 401: nobody is signed in
	Forbidden    Code = "forbidden"    // 403: this person may not
	NotFound     Code = "not_found"    // 404: there is no such thing, or not for this person
	Conflict     Code = "conflict"     // 409: the state has changed meanwhile
	TooLarge     Code = "too_large"    // 413
	TooMany      Code = "too_many"     // 429
	Unavailable  Code = "unavailable"  // 503: database away
	Internal     Code = "internal"     // 500: a defect of ours
)

// Error carries a code for machines around the cause, which goes to the log only.
type Error struct {
	Code Code
	Err  error
}

// Error is for the log; people read the sentence that texts hold for the code.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Code, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error with a code; the format may wrap a cause with %w.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// CodeOf returns the outermost code of an error, Internal where it has none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
