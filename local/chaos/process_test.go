package chaos_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// startAgain is how long what watches over a process waits before it starts it again, as a service manager does.
const startAgain = 300 * time.Millisecond

// process runs a part and starts it again whenever it has ended, until it is stopped.
type process struct {
	part    part
	log     *os.File
	mu      sync.Mutex
	command *exec.Cmd
	stopped atomic.Bool
	done    chan struct{}
}

func startProcess(t *testing.T, p part, number int) *process {
	t.Helper()
	log, err := os.OpenFile(filepath.Join(logFolder(t, p), fmt.Sprintf("%s-%d.log", p.Name, number)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	running := &process{part: p, log: log, done: make(chan struct{})}
	go running.keepAlive()
	return running
}

func logFolder(t *testing.T, p part) string {
	t.Helper()
	folder := filepath.Join(p.Folder, "..", "logs")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// keepAlive holds on to its thread: Linux ends a child with its parent when the thread that started it ends.
func (p *process) keepAlive() {
	runtime.LockOSThread()
	defer close(p.done)
	for !p.stopped.Load() {
		command := exec.Command(os.Args[0])
		description, err := json.Marshal(p.part)
		if err != nil {
			panic(err)
		}
		command.Env = append(os.Environ(), partVariable+"="+string(description))
		command.Stdout, command.Stderr = p.log, p.log
		command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		p.mu.Lock()
		err = command.Start()
		p.command = command
		p.mu.Unlock()
		if err != nil {
			panic(err)
		}
		_ = command.Wait() // killed, mostly
		if !p.stopped.Load() {
			time.Sleep(startAgain)
		}
	}
}

// kill ends the process as a crash would. What watches over it starts it again.
func (p *process) kill() { p.signal(syscall.SIGKILL) }

// stop ends it for good and lets it finish what it does.
func (p *process) stop() {
	p.stopped.Store(true)
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
	_ = p.log.Close()
}

func (p *process) signal(signal syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command != nil && p.command.Process != nil {
		_ = p.command.Process.Signal(signal)
	}
}
