package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
