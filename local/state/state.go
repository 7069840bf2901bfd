// Package state knows the folder of a local run: where it is by default, who works with it, and at which speed its
// business clock runs.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"miglobe/advisory"
)

// DefaultFolder is where the state of a local run is kept unless somebody says otherwise. A run whose clock
// is faster has a folder of its own: what waits in it waits in real time.
//
// For root it is below /var/lib, because PostgreSQL, which then runs as another user, cannot enter root's home.
func DefaultFolder(speed float64) (string, error) {
	folder := "/var/lib/miglobe-local"
	if os.Geteuid() != 0 {
		base := os.Getenv("XDG_STATE_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return "", fmt.Errorf("state: %w", err)
			}
			base = filepath.Join(home, ".local", "state")
		}
		folder = filepath.Join(base, "miglobe-local")
	}
	if speed != 0 && speed != 1 {
		folder += "-speed"
	}
	return folder, nil
}

// ErrOtherSpeed says that the clock of a folder runs at another speed than the one asked for.
var ErrOtherSpeed = errors.New("state: the clock of this folder has another speed")

// ClockFile is the file of the business clock in a state folder.
const ClockFile = "clock.json"

// clockStart is what the file of the business clock says.
type clockStart struct {
	Real     time.Time `json:"real"`
	Business time.Time `json:"business"`
	Speed    float64   `json:"speed"`
}

// Clock is the business clock of a folder, which is created when missing. The first start fixes its speed; 0 asks for none in
// particular: the one of the first start, or else that of real time.
func Clock(folder string, speed float64) (advisory.Clock, error) {
	path := clockFile(folder)
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return startClock(path, speed)
	}
	if err != nil {
		return advisory.Clock{}, fmt.Errorf("state: read clock: %w", err)
	}
	var start clockStart
	if err := json.Unmarshal(content, &start); err != nil {
		return advisory.Clock{}, fmt.Errorf("state: %s: %w", path, err)
	}
	if speed != 0 && speed != start.Speed {
		return advisory.Clock{}, fmt.Errorf("%w: %s runs at %g; give that speed, or another folder", ErrOtherSpeed, folder, start.Speed)
	}
	return advisory.NewClock(start.Real, start.Business, start.Speed), nil
}

// CopyClock gives a folder the clock of another one, which has been started.
func CopyClock(from, to string) error {
	content, err := os.ReadFile(clockFile(from))
	if err != nil {
		return fmt.Errorf("state: read clock: %w", err)
	}
	if err := os.WriteFile(clockFile(to), content, 0o600); err != nil {
		return fmt.Errorf("state: write clock: %w", err)
	}
	return nil
}

func clockFile(folder string) string { return filepath.Join(folder, ClockFile) }

func startClock(path string, speed float64) (advisory.Clock, error) {
	if speed == 0 {
		speed = 1
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return advisory.Clock{}, fmt.Errorf("state: create folder: %w", err)
	}
	if speed < 1 {
		return advisory.Clock{}, fmt.Errorf("state: speed %g: a clock that is slower than real time helps nobody", speed)
	}
	now := time.Now().Round(0)
	start := clockStart{Real: now, Business: now, Speed: speed}
	content, err := json.MarshalIndent(start, "", "  ")
	if err != nil {
		return advisory.Clock{}, fmt.Errorf("state: clock: %w", err)
	}
	if err := os.WriteFile(path, append(content, '\n'), 0o600); err != nil {
		return advisory.Clock{}, fmt.Errorf("state: write clock: %w", err)
	}
	return advisory.NewClock(start.Real, start.Business, start.Speed), nil
}
