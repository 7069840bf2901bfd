package mail

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Refused is the final word of a mail server about a recipient or a mail, such
// as an address that does not exist. Sending the same again does not help;
// somebody has to clarify the address. It holds no address and none of the
// server's words, which may repeat it, so that it can be logged and recorded.
type Refused struct {
	Code     string // reply code such as "550"
	Enhanced string // enhanced status code such as "5.1.1"; empty if the server gave none
}

// Error is for the log.
func (r *Refused) Error() string {
	return strings.TrimSpace("the mail server refuses for good: " + r.Code + " " + r.Enhanced)
}

// Deferred is a no of a mail server that passes: it is busy, or does not accept
// our settings. Like Refused it holds none of the server's words.
type Deferred struct {
	Reason   string // what was asked of the server
	Code     string // reply code such as "451"
	Enhanced string // enhanced status code; empty if the server gave none
}

// Error is for the log.
func (d *Deferred) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %s", d.Reason, d.Code, d.Enhanced))
}

// refusedAddressForm is what a server would say about an address that does not
// have the form of one; no server is asked then.
var refusedAddressForm = &Refused{Code: "553", Enhanced: "5.1.3"}

// classify tells refusals from errors that pass, and leaves addresses out of
// both.
func classify(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return err
	}
	code := failed.ErrorCode()
	if code == 0 {
		cause, _, _ := strings.Cut(failed.Error(), ", affected recipient")
		return errors.New(cause)
	}
	if isFinal(failed.Reason, code) {
		return &Refused{Code: strconv.Itoa(code), Enhanced: failed.EnhancedStatusCode()}
	}
	return &Deferred{Reason: failed.Reason.String(), Code: strconv.Itoa(code), Enhanced: failed.EnhancedStatusCode()}
}

// isFinal tells what is wrong with the recipient or the mail from what is
// wrong with us. A server that does not take our sender address, our commands
// or our sign-in says nothing about the recipient: that is mended in the
// configuration, and the mail goes out then.
func isFinal(reason gomail.SendErrReason, code int) bool {
	switch reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
	default:
		return false
	}
	switch code {
	case 500, 502, 503, 530, 534, 535, 538:
		return false
	}
	return code >= 500 && code < 600
}
