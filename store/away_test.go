package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/lib/pq"

	"miglobe/advisory"
)

func TestAnErrorOfTheDatabaseDoesNotQuoteWhatWasTyped(t *testing.T) {
	err := problem(fmt.Errorf("statement: %w", &pq.Error{Code: "22P02", Message: `invalid input syntax for type date: "Toni Muster"`}))
	var server *pq.Error
	if strings.Contains(err.Error(), "Toni") || !strings.Contains(err.Error(), "22P02") || !errors.As(err, &server) {
		t.Errorf("%v", err)
	}
}

// TestADatabaseThatIsAwayIsToldFromAnErrorOfOurs: a page may say "try again" only where that helps, and a step that fails
// for another reason is an incident.
func TestADatabaseThatIsAwayIsToldFromAnErrorOfOurs(t *testing.T) {
	for want, errs := range map[advisory.Code][]error{
		advisory.Unavailable: {io.EOF, io.ErrUnexpectedEOF, driver.ErrBadConn, &net.OpError{Op: "read", Err: fmt.Errorf("reset")}, &pq.Error{Code: "57P01"}},
		advisory.Internal:    {&pq.Error{Code: "23514"}, fmt.Errorf("no number")},
	} {
		for _, err := range errs {
			if code := advisory.CodeOf(problem(fmt.Errorf("statement: %w", err))); code != want {
				t.Errorf("%v is %s, want %s", err, code, want)
			}
		}
	}
}
