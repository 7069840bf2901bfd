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
	Database     string `env:"DATABASE" secret:"yes"`
	DatabaseFile string `env:"DATABASE_FILE"`

	TemporalAddress   string `env:"TEMPORAL_ADDRESS" envDefault:"localhost:7233"`
	TemporalNamespace string `env:"TEMPORAL_NAMESPACE" envDefault:"miglobe"`

	TemporalTLS           bool   `env:"TEMPORAL_TLS"`
	TemporalTLSCAFile     string `env:"TEMPORAL_TLS_CA_FILE"`
	TemporalTLSCertFile   string `env:"TEMPORAL_TLS_CERT_FILE"`
	TemporalTLSKeyFile    string `env:"TEMPORAL_TLS_KEY_FILE"`
	TemporalTLSServerName string `env:"TEMPORAL_TLS_SERVER_NAME"`
	TemporalAPIKey        string `env:"TEMPORAL_API_KEY" secret:"yes"`
	TemporalAPIKeyFile    string `env:"TEMPORAL_API_KEY_FILE"`

	Listen            string `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	SiteURL           string `env:"SITE_URL"`
	TrustProxy        bool   `env:"TRUST_PROXY"`
	TestSystem        bool   `env:"TEST_SYSTEM"`
	CoordinationPhone string `env:"COORDINATION_PHONE"`

	SMTPHost         string        `env:"SMTP_HOST"`
	SMTPPort         int           `env:"SMTP_PORT" envDefault:"587"`
	SMTPSecurity     string        `env:"SMTP_SECURITY" envDefault:"starttls"`
	SMTPUser         string        `env:"SMTP_USER"`
	SMTPPassword     string        `env:"SMTP_PASSWORD" secret:"yes"`
	SMTPPasswordFile string        `env:"SMTP_PASSWORD_FILE"`
	SMTPTimeout      time.Duration `env:"SMTP_TIMEOUT" envDefault:"30s"`
	MailFrom         string        `env:"MAIL_FROM"`
	MailReplyTo      string        `env:"MAIL_REPLY_TO"`

	RetentionClosedYears    int `env:"RETENTION_CLOSED_YEARS" envDefault:"5"`
	RetentionDeclinedMonths int `env:"RETENTION_DECLINED_MONTHS" envDefault:"12"`
	RetentionMailMonths     int `env:"RETENTION_MAIL_MONTHS" envDefault:"12"`

	// InternalListen answers those who watch; empty: nobody. It is the one variable that means something while it is empty.
	InternalListen string        `env:"INTERNAL_LISTEN" envDefault:"127.0.0.1:9464"`
	OTLPEndpoint   string        `env:"OTLP_ENDPOINT"`
	StopDelay      time.Duration `env:"STOP_DELAY" envDefault:"3s"`

	// Operator fills the placeholders of the legal pages (texts/README.md): NAME=value, one a line, in a file.
	OperatorFile string `env:"OPERATOR_FILE"`
}

// part checks what a command cannot do without.
type part func(config) []problem

// readConfig reads the environment and reports everything that is wrong with it at once, each with its variable, what was
// found and what is expected.
func readConfig(parts ...part) (config, error) {
	c, problems := parseConfig()
	for _, secret := range []struct {
		value    *string
		variable string
		file     string
	}{{&c.Database, "DATABASE_FILE", c.DatabaseFile}, {&c.SMTPPassword, "SMTP_PASSWORD_FILE", c.SMTPPasswordFile},
		{&c.TemporalAPIKey, "TEMPORAL_API_KEY_FILE", c.TemporalAPIKeyFile}} {
		if secret.file == "" {
			continue
		}
		content, err := os.ReadFile(secret.file)
		if err != nil {
			problems = append(problems, problem{secret.variable, secret.file, "a file that can be read"})
		}
		*secret.value = strings.TrimSpace(string(content))
	}
	for _, check := range parts {
		problems = append(problems, check(c)...)
	}
	return c, asError(problems)
}

// parseConfig takes the variables apart. One that is not of its type is reported, and the others are read all the same.
func parseConfig() (config, []problem) {
	c, err := env.ParseAsWithOptions[config](env.Options{Prefix: prefix})
	if address, set := os.LookupEnv(prefix + "INTERNAL_LISTEN"); set {
		c.InternalListen = address
	}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return c, nil
	}
	var problems []problem
	for _, one := range all.Errors {
		var wrong env.ParseError
		if errors.As(one, &wrong) {
			name := variableOf(wrong.Name)
			problems = append(problems, problem{name, os.Getenv(prefix + name), expectedType(wrong.Type.String())})
		}
	}
	return c, problems
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
