package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miglobe/advisory"
)

func TestAllConfigurationErrorsAtOnce(t *testing.T) {
	t.Setenv("MIGLOBE_MAIL_REPLY_TO", "nobody at nowhere")
	_, err := readConfig(needsDatabase, needsSite, needsMail)
	if err == nil {
		t.Fatal("an empty configuration was accepted")
	}
	for _, want := range []string{"MIGLOBE_DATABASE", "MIGLOBE_SITE_URL", "MIGLOBE_SMTP_HOST", "MIGLOBE_MAIL_FROM", "MIGLOBE_MAIL_REPLY_TO"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "database")
	if err := os.WriteFile(file, []byte("postgres://secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MIGLOBE_DATABASE_FILE", file)
	c, err := readConfig(needsDatabase)
	if err != nil || c.Database != "postgres://secret" {
		t.Errorf("database %q, %v", c.Database, err)
	}
}

func TestUnknownCommandEndsWithAStatus(t *testing.T) {
	if status := run(context.Background(), []string{"fly"}); status == 0 {
		t.Error("an unknown command was accepted")
	}
}

func TestPeriodsOfRetention(t *testing.T) {
	for name, test := range map[string]struct {
		set  map[string]string
		want advisory.Retention // none: refused
	}{
		"none set":  {nil, advisory.DefaultRetention()},
		"all set":   {map[string]string{"CLOSED_YEARS": "3", "DECLINED_MONTHS": "6", "MAIL_MONTHS": "1"}, advisory.Retention{ClosedYears: 3, DeclinedMonths: 6, MailMonths: 1}},
		"zero":      {map[string]string{"CLOSED_YEARS": "0"}, advisory.Retention{}},
		"negative":  {map[string]string{"MAIL_MONTHS": "-1"}, advisory.Retention{}},
		"no number": {map[string]string{"DECLINED_MONTHS": "a year"}, advisory.Retention{}},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.set {
				t.Setenv("MIGLOBE_RETENTION_"+variable, value)
			}
			t.Setenv("MIGLOBE_MAIL_FROM", "miglobe@demo.example")
			c, err := readConfig(soundRetention)
			if (err != nil) != (test.want == advisory.Retention{}) {
				t.Fatalf("%+v, %v", c.retention(), err)
			}
			if err != nil {
				return
			}
			pages, err := c.serverSettings()
			if err != nil || pages.Retention != test.want {
				t.Errorf("pages say %+v, %v", pages.Retention, err)
			}
			work, err := c.workerSettings()
			if err != nil || work.Retention != test.want {
				t.Errorf("worker keeps to %+v, %v", work.Retention, err)
			}
		})
	}
}

func TestConfigurationErrorsSayWhatWasFoundAndWhatIsExpected(t *testing.T) {
	for variable, value := range map[string]string{
		"SITE_URL": "miglobe.example", "TEMPORAL_ADDRESS": "temporal", "INTERNAL_LISTEN": "inside", "OTLP_ENDPOINT": "collector", "SMTP_PORT": "mail", "SMTP_SECURITY": "ssl", "TRUST_PROXY": "maybe",
		"SMTP_TIMEOUT": "soon", "DATABASE_FILE": "/no/such/file", "RETENTION_MAIL_MONTHS": "0",
	} {
		t.Setenv("MIGLOBE_"+variable, value)
	}
	_, err := readConfig(needsDatabase, needsEngine, needsSite, needsListen, needsMail, soundRetention, soundWatching)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		`MIGLOBE_SITE_URL: found "miglobe.example", expected the public address`, `MIGLOBE_TEMPORAL_ADDRESS: found "temporal", expected HOST:PORT`,
		`MIGLOBE_SMTP_PORT: found "mail", expected a whole number`, `MIGLOBE_SMTP_SECURITY: found "ssl", expected starttls, tls, none`,
		`MIGLOBE_TRUST_PROXY: found "maybe", expected true or false`, `MIGLOBE_SMTP_TIMEOUT: found "soon", expected a time`,
		`MIGLOBE_DATABASE_FILE: found "/no/such/file", expected a file`, `MIGLOBE_RETENTION_MAIL_MONTHS: found "0", expected at least 1`,
		`MIGLOBE_MAIL_FROM: found nothing, expected`, `MIGLOBE_INTERNAL_LISTEN: found "inside", expected HOST:PORT`,
		`MIGLOBE_OTLP_ENDPOINT: found "collector", expected the URL`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}

func TestTheConfigurationIsShownWithoutSecrets(t *testing.T) {
	t.Setenv("MIGLOBE_DATABASE", "postgres://miglobe:geheim@localhost/miglobe")
	t.Setenv("MIGLOBE_SMTP_PASSWORD", "geheim")
	t.Setenv("MIGLOBE_TEMPORAL_API_KEY", "geheim")
	t.Setenv("MIGLOBE_INTERNAL_LISTEN", "") // off, which is not the default
	t.Setenv("MIGLOBE_SITE_URL", "https://miglobe.example")
	c, err := readConfig(needsDatabase)
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	if err := c.show(&shown); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(shown.String(), "geheim") {
		t.Errorf("a secret is shown:\n%s", shown.String())
	}
	for _, want := range []string{"MIGLOBE_DATABASE ", "(set)", "https://miglobe.example", "MIGLOBE_LISTEN", "127.0.0.1:8080", "(not set)"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("lacks %q:\n%s", want, shown.String())
		}
	}
}
