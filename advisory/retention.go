package advisory

import (
	"time"
)

// Erased stands in the place of a name or of words that were erased. It is no text of any language: pages show a word in
// its place. No keyboard types it.
const Erased = "\uE000"

// Retention is how long persons stay named after nothing more happens with a consultation (journey.md, Erasure).
type Retention struct {
	ClosedYears    int // completed, or not accompanied; also of advisors after they have left the pool
	DeclinedMonths int // declined, referred or withdrawn
	MailMonths     int // to whom mails went and what they were about
}

// DefaultRetention are the periods where the operator sets no others.
func DefaultRetention() Retention {
	return Retention{ClosedYears: 5, DeclinedMonths: 12, MailMonths: 12}
}

// Check refuses periods that would erase what has only just ended.
func (r Retention) Check() error {
	if r.ClosedYears < 1 || r.DeclinedMonths < 1 || r.MailMonths < 1 {
		return Errorf(Invalid, "a period of retention is shorter than 1: %+v", r)
	}
	return nil
}

// Closed is the moment before which a completed consultation has to have ended to be anonymised now.
func (r Retention) Closed(now time.Time) time.Time { return now.AddDate(-r.ClosedYears, 0, 0) }

// Declined is the moment before which a declined, referred or withdrawn request has to have ended to be anonymised now.
func (r Retention) Declined(now time.Time) time.Time { return now.AddDate(0, -r.DeclinedMonths, 0) }

// Mails is the moment before which a mail has to have been ordered to be cleared now.
func (r Retention) Mails(now time.Time) time.Time { return now.AddDate(0, -r.MailMonths, 0) }
