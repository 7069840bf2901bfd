package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrFolderInUse says that another process works with the folder.
var ErrFolderInUse = errors.New("stack: another MiGlobe runs with this folder")

// takeFolder creates the state folder and locks it as long as the process lives. Its parents stay open to
// be entered: PostgreSQL runs as another user when root calls. What is in it protects itself.
func (s *Stack) takeFolder(context.Context) error {
	folder := s.settings.Folder
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("stack: create folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("stack: lock folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("%w: %s", ErrFolderInUse, folder)
		}
		return fmt.Errorf("stack: lock folder: %w", err)
	}
	s.lock = lock
	return nil
}
