package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// pollInterval between two looks at a server that is starting or ending.
const pollInterval = 50 * time.Millisecond

// process is the postmaster as a child of ours.
type process struct {
	command *exec.Cmd
	done    chan struct{}
}

// startProcess runs the command on a thread of its own that lives as long as the child: Linux ends a
// child with a parent death signal when the thread that started it ends, not when the process does.
func startProcess(command *exec.Cmd) (*process, error) {
	p := &process{command: command, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := command.Start()
		started <- err
		if err == nil {
			_ = command.Wait() // how it ended stands in its log
		}
	}()
	return p, <-started
}

func (p *process) signal(signal syscall.Signal) error {
	err := p.command.Process.Signal(signal)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// launch starts the postmaster and waits until it answers. When the previous one was killed, its last
// children may hold the shared memory for a moment longer: then it tries again.
func (s *Server) launch(ctx context.Context) error {
	for {
		err := s.launchOnce(ctx)
		if err == nil || !strings.Contains(err.Error(), "is still in use") {
			return err
		}
		if !pause(ctx) {
			return err
		}
	}
}

func (s *Server) launchOnce(ctx context.Context) error {
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("postgres: log: %w", err)
	}
	defer func() { _ = log.Close() }()

	command := exec.Command(filepath.Join(s.binaries, "postgres"), s.arguments()...)
	command.Dir = s.settings.Folder
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = s.account.attributes()
	endWithParent(command.SysProcAttr)
	if s.process, err = startProcess(command); err != nil {
		return fmt.Errorf("postgres: start: %w", err)
	}
	if err := s.waitUntilReady(ctx); err != nil {
		_ = s.Stop()
		return err
	}
	return nil
}

func (s *Server) waitUntilReady(ctx context.Context) error {
	db, err := sql.Open("postgres", s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("postgres: open: %w", err)
	}
	defer func() { _ = db.Close() }()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("postgres: ended while starting:\n%s", s.logTail())
		default:
		}
		if !pause(ctx) {
			return fmt.Errorf("postgres: not ready in time: %w\n%s", err, s.logTail())
		}
	}
}

// pause waits a moment; false means that ctx ended.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pollInterval):
		return true
	}
}

func (s *Server) logTail() string {
	const most = 2000
	content, _ := os.ReadFile(s.logFile())
	return string(content[max(0, len(content)-most):])
}
