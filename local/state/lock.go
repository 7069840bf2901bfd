package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrInUse says that another process works with the folder.
var ErrInUse = errors.New("state: another MiGlobe runs with this folder")

// Lock creates a state folder and holds it until the file is closed or the process ends. Its parents stay open to be
// entered: PostgreSQL runs as another user when root calls. What is in it protects itself. The error is ErrInUse
// where another process holds the folder.
func Lock(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("state: create folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("state: lock folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrInUse, folder)
		}
		return nil, fmt.Errorf("state: lock folder: %w", err)
	}
	return lock, nil
}
