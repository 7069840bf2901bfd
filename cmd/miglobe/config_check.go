package main

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	appmail "miglobe/mail"
)

// problem is one variable of the environment that a command cannot work with.
type problem struct {
	Variable string // without prefix
	Found    string // "" where it is not set
	Expected string
}

func (p problem) Error() string {
	found := strconv.Quote(p.Found)
	if p.Found == "" {
		found = "nothing"
	}
	return fmt.Sprintf("%s%s: found %s, expected %s", prefix, p.Variable, found, p.Expected)
}

// asError tells of each variable once: what is not a number is no port either.
func asError(problems []problem) error {
	var errs []error
	told := map[string]bool{}
	for _, p := range problems {
		if !told[p.Variable] {
			errs = append(errs, p)
		}
		told[p.Variable] = true
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// expectedType says what a Go type wants to read.
func expectedType(name string) string {
	switch name {
	case "int":
		return "a whole number"
	case "bool":
		return "true or false"
	case "time.Duration":
		return "a time such as 30s"
	}
	return "another kind of value"
}

func check(problems []problem, ok bool, variable, found, expected string) []problem {
	if ok {
		return problems
	}
	return append(problems, problem{variable, found, expected})
}

func needsDatabase(c config) []problem {
	return check(nil, c.Database != "", "DATABASE", "", "the connection string of a PostgreSQL, or "+prefix+"DATABASE_FILE with it")
}

func needsEngine(c config) []problem {
	problems := check(nil, isHostPort(c.TemporalAddress), "TEMPORAL_ADDRESS", c.TemporalAddress, "HOST:PORT of a Temporal")
	problems = check(problems, c.TemporalNamespace != "", "TEMPORAL_NAMESPACE", c.TemporalNamespace, "a name")
	return append(problems, c.engineSecurityProblems()...)
}

func needsSite(c config) []problem {
	site, err := url.Parse(c.SiteURL)
	ok := err == nil && site.Host != "" && slices.Contains([]string{"http", "https"}, site.Scheme)
	return check(nil, ok, "SITE_URL", c.SiteURL, "the public address, such as https://miglobe.example")
}

func needsListen(c config) []problem {
	return check(nil, isHostPort(c.Listen), "LISTEN", c.Listen, "HOST:PORT to listen on")
}

func needsMail(c config) []problem {
	problems := check(nil, c.SMTPHost != "", "SMTP_HOST", "", "the name of a mail server")
	problems = check(problems, c.SMTPPort > 0 && c.SMTPPort <= 65535, "SMTP_PORT", strconv.Itoa(c.SMTPPort), "a port from 1 to 65535")
	problems = check(problems, c.SMTPTimeout > 0, "SMTP_TIMEOUT", c.SMTPTimeout.String(), "a time such as "+(30*time.Second).String())
	var known []string
	for _, security := range []appmail.Security{appmail.StartTLS, appmail.TLS, appmail.NoTLS} {
		known = append(known, string(security))
	}
	problems = check(problems, slices.Contains(known, c.SMTPSecurity), "SMTP_SECURITY", c.SMTPSecurity, strings.Join(known, ", "))
	problems = check(problems, isAddress(c.MailFrom), "MAIL_FROM", c.MailFrom, "the sender, such as MiGlobe <post@miglobe.example>")
	return check(problems, c.MailReplyTo == "" || isAddress(c.MailReplyTo), "MAIL_REPLY_TO", c.MailReplyTo, "a mail address, or nothing")
}

// soundWatching checks how the process is watched.
func soundWatching(c config) []problem {
	problems := check(nil, c.InternalListen == "" || isHostPort(c.InternalListen), "INTERNAL_LISTEN", c.InternalListen,
		"HOST:PORT to listen on inside, or nothing")
	endpoint, err := url.Parse(c.OTLPEndpoint)
	ok := err == nil && endpoint.Host != "" && slices.Contains([]string{"http", "https"}, endpoint.Scheme)
	problems = check(problems, c.OTLPEndpoint == "" || ok, "OTLP_ENDPOINT", c.OTLPEndpoint,
		"the URL that traces go to, such as http://collector:4318/v1/traces, or nothing")
	return check(problems, c.StopDelay >= 0, "STOP_DELAY", c.StopDelay.String(), "a time such as 3s")
}

// soundRetention refuses periods that would erase what has only just ended.
func soundRetention(c config) (problems []problem) {
	for _, period := range []struct {
		variable string
		length   int
	}{
		{"RETENTION_CLOSED_YEARS", c.RetentionClosedYears}, {"RETENTION_DECLINED_MONTHS", c.RetentionDeclinedMonths},
		{"RETENTION_MAIL_MONTHS", c.RetentionMailMonths},
	} {
		problems = check(problems, period.length >= 1, period.variable, strconv.Itoa(period.length), "at least 1")
	}
	return problems
}

func isHostPort(address string) bool {
	_, port, err := net.SplitHostPort(address)
	return err == nil && port != ""
}

func isAddress(address string) bool {
	_, err := mail.ParseAddress(address)
	return err == nil
}
