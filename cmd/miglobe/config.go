package main

import (
	"errors"
	"fmt"
	"net/mail"
	"os"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"miglobe/advisory"
	appmail "miglobe/mail"
	"miglobe/server"
	"miglobe/worker"
)

// config is everything that the environment may say, with the prefix MIGLOBE_. A secret comes from a file where the
// variable with the suffix _FILE names one.
type config struct {
	Database     string `env:"DATABASE"`
	DatabaseFile string `env:"DATABASE_FILE"`

	TemporalAddress   string `env:"TEMPORAL_ADDRESS" envDefault:"localhost:7233"`
	TemporalNamespace string `env:"TEMPORAL_NAMESPACE" envDefault:"miglobe"`

	Listen            string `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	SiteURL           string `env:"SITE_URL"`
	TrustProxy        bool   `env:"TRUST_PROXY"`
	TestSystem        bool   `env:"TEST_SYSTEM"`
	CoordinationPhone string `env:"COORDINATION_PHONE"`

	SMTPHost         string        `env:"SMTP_HOST"`
	SMTPPort         int           `env:"SMTP_PORT" envDefault:"587"`
	SMTPSecurity     string        `env:"SMTP_SECURITY" envDefault:"starttls"`
	SMTPUser         string        `env:"SMTP_USER"`
	SMTPPassword     string        `env:"SMTP_PASSWORD"`
	SMTPPasswordFile string        `env:"SMTP_PASSWORD_FILE"`
	SMTPTimeout      time.Duration `env:"SMTP_TIMEOUT" envDefault:"30s"`
	MailFrom         string        `env:"MAIL_FROM"`
	MailReplyTo      string        `env:"MAIL_REPLY_TO"`

	RetentionClosedYears    int `env:"RETENTION_CLOSED_YEARS" envDefault:"5"`
	RetentionDeclinedMonths int `env:"RETENTION_DECLINED_MONTHS" envDefault:"12"`
	RetentionMailMonths     int `env:"RETENTION_MAIL_MONTHS" envDefault:"12"`

	// Operator fills the placeholders of the legal pages (texts/README.md): NAME=value, one a line, in a file.
	OperatorFile string `env:"OPERATOR_FILE"`
}

// part names the variables that a command cannot do without.
type part func(config) []error

// readConfig reads the environment and reports everything that is wrong with it at once.
func readConfig(parts ...part) (config, error) {
	c, err := env.ParseAsWithOptions[config](env.Options{Prefix: "MIGLOBE_"})
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	var problems []error
	for _, secret := range []struct {
		value *string
		file  string
	}{{&c.Database, c.DatabaseFile}, {&c.SMTPPassword, c.SMTPPasswordFile}} {
		if secret.file == "" {
			continue
		}
		content, err := os.ReadFile(secret.file)
		if err != nil {
			problems = append(problems, err)
		}
		*secret.value = strings.TrimSpace(string(content))
	}
	for _, check := range parts {
		problems = append(problems, check(c)...)
	}
	if err := errors.Join(problems...); err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

func missing(names map[string]string) (problems []error) {
	for name, value := range names {
		if value == "" {
			problems = append(problems, fmt.Errorf("MIGLOBE_%s is not set", name))
		}
	}
	return problems
}

func needsDatabase(c config) []error { return missing(map[string]string{"DATABASE": c.Database}) }

func needsSite(c config) []error { return missing(map[string]string{"SITE_URL": c.SiteURL}) }

func needsMail(c config) []error {
	problems := missing(map[string]string{"SMTP_HOST": c.SMTPHost, "MAIL_FROM": c.MailFrom})
	for name, address := range map[string]string{"MAIL_FROM": c.MailFrom, "MAIL_REPLY_TO": c.MailReplyTo} {
		if address == "" {
			continue
		}
		if _, err := mail.ParseAddress(address); err != nil {
			problems = append(problems, fmt.Errorf("MIGLOBE_%s: %w", name, err))
		}
	}
	return problems
}

// soundRetention refuses periods that would erase what has only just ended.
func soundRetention(c config) (problems []error) {
	for name, period := range map[string]int{
		"CLOSED_YEARS": c.RetentionClosedYears, "DECLINED_MONTHS": c.RetentionDeclinedMonths, "MAIL_MONTHS": c.RetentionMailMonths,
	} {
		if period < 1 {
			problems = append(problems, fmt.Errorf("MIGLOBE_RETENTION_%s: %d is less than 1", name, period))
		}
	}
	return problems
}

func (c config) retention() advisory.Retention {
	return advisory.Retention{
		ClosedYears: c.RetentionClosedYears, DeclinedMonths: c.RetentionDeclinedMonths, MailMonths: c.RetentionMailMonths,
	}
}

// operator reads the placeholders of the legal pages.
func (c config) operator() (map[string]string, error) {
	values := map[string]string{}
	if c.OperatorFile == "" {
		return values, nil
	}
	content, err := os.ReadFile(c.OperatorFile)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	for line := range strings.Lines(string(content)) {
		name, value, found := strings.Cut(strings.TrimSpace(line), "=")
		if found && !strings.HasPrefix(name, "#") {
			values[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return values, nil
}

func (c config) serverSettings() (server.Settings, error) {
	operator, err := c.operator()
	return server.Settings{
		SiteURL: c.SiteURL, Operator: operator, CoordinationPhone: c.CoordinationPhone, TestSystem: c.TestSystem,
		TrustProxy: c.TrustProxy, Retention: c.retention(),
	}, err
}

func (c config) workerSettings() (worker.Settings, error) {
	operator, err := c.operator()
	if err != nil {
		return worker.Settings{}, err
	}
	settings := worker.Settings{
		SiteURL: strings.TrimRight(c.SiteURL, "/"), OperatorName: operator["operator_name"], Phone: c.CoordinationPhone,
		Retention: c.retention(),
	}
	from, err := mail.ParseAddress(c.MailFrom)
	if err != nil {
		return settings, fmt.Errorf("configuration: %w", err)
	}
	settings.From = *from
	if c.MailReplyTo != "" {
		replyTo, err := mail.ParseAddress(c.MailReplyTo)
		if err != nil {
			return settings, fmt.Errorf("configuration: %w", err)
		}
		settings.ReplyTo = *replyTo
	}
	return settings, nil
}

func (c config) smtp() appmail.SMTP {
	return appmail.SMTP{
		Host: c.SMTPHost, Port: c.SMTPPort, Security: appmail.Security(c.SMTPSecurity), User: c.SMTPUser,
		Password: c.SMTPPassword, Timeout: c.SMTPTimeout,
	}
}
