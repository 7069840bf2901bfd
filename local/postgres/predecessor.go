package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// endPredecessor deals with the postmaster.pid of an earlier run. A postmaster that still works on these
// data (its parent was killed) is shut down. A file without such a process is removed: PostgreSQL would
// refuse to start when the number has meanwhile gone to another process of the same user. Without /proc
// nobody can tell these cases apart, and PostgreSQL is left to judge.
func (s *Server) endPredecessor(ctx context.Context) error {
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return nil
	}
	path := filepath.Join(s.dataFolder(), "postmaster.pid")
	pid, err := readPID(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	told := false
	for s.worksOnOurData(pid) {
		if !told {
			if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("postgres: end predecessor: %w", err)
			}
			told = true
		}
		if !pause(ctx) {
			return fmt.Errorf("postgres: predecessor %d does not end: %w", pid, ctx.Err())
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("postgres: remove stale pid file: %w", err)
	}
	return nil
}

func readPID(path string) (int, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("postgres: read pid file: %w", err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0, nil // cut off while being written; no process has this number
	}
	return pid, nil
}

// worksOnOurData tells whether the process is a postmaster of our data folder, where every postmaster
// has its working directory.
func (s *Server) worksOnOurData(pid int) bool {
	if pid <= 1 || pid == os.Getpid() {
		return false
	}
	directory, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	data, err := filepath.EvalSymlinks(s.dataFolder())
	return err == nil && directory == data
}
