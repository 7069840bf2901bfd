package backup

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"miglobe/local/postgres"
	"miglobe/local/state"
)

// Manifest tells what a back-up is of. It is written last: what has no manifest is no back-up.
type Manifest struct {
	Taken    time.Time `json:"taken"`    // real time at which it began; everything said before is in it
	Business time.Time `json:"business"` // what the business clock showed then
	Postgres string    `json:"postgresql"`
	Temporal string    `json:"temporal"` // version of the engine's server
}

const engineModule = "go.temporal.io/server"

func describe(ctx context.Context, folder string) (Manifest, error) {
	clock, err := state.Clock(folder, 0)
	if err != nil {
		return Manifest{}, err
	}
	version, err := postgres.Version(ctx)
	if err != nil {
		return Manifest{}, err
	}
	now := time.Now().Round(time.Second)
	return Manifest{Taken: now.UTC(), Business: clock.At(now), Postgres: version, Temporal: versionOf(engineModule)}, nil
}

// versionOf is the version of a module that this program was built with.
func versionOf(module string) string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return dependency.Version
			}
		}
	}
	return "unknown"
}

func (m Manifest) write(folder string) error {
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("backup: manifest: %w", err)
	}
	if err := os.WriteFile(manifestFile(folder), append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("backup: write manifest: %w", err)
	}
	return nil
}

func readManifest(folder string) (m Manifest, err error) {
	content, err := os.ReadFile(manifestFile(folder))
	if err != nil {
		return m, fmt.Errorf("backup: %s is no finished back-up: %w", folder, err)
	}
	if err := json.Unmarshal(content, &m); err != nil {
		return m, fmt.Errorf("backup: manifest of %s: %w", folder, err)
	}
	return m, nil
}

func manifestFile(folder string) string { return filepath.Join(folder, "manifest.json") }
