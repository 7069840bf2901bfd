package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"miglobe/local/stack"
	"miglobe/local/temporal"
)

// child is the production program in a process of its own.
type child struct{ command *exec.Cmd }

// startChild runs `miglobe serve` or `miglobe worker` against the stack, configured as in production. Its log goes to the
// stack's folder.
func startChild(ctx context.Context, options Options, around *surroundings, command string) (*child, error) {
	log, err := os.Create(filepath.Join(around.folder, command+".log"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	defer log.Close()
	c := exec.CommandContext(ctx, options.Miglobe, command)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = time.Minute
	c.Stdout, c.Stderr = log, log
	c.Env = append(os.Environ(),
		"MIGLOBE_DATABASE="+around.DSN(),
		"MIGLOBE_TEMPORAL_ADDRESS="+around.Temporal.Address(), "MIGLOBE_TEMPORAL_NAMESPACE="+temporal.Namespace,
		"MIGLOBE_INTERNAL_LISTEN=127.0.0.1:0",
		"MIGLOBE_LISTEN=127.0.0.1:"+strconv.Itoa(around.Ports.Site), "MIGLOBE_SITE_URL="+stack.URL(around.Ports.Site),
		"MIGLOBE_SMTP_HOST=127.0.0.1", "MIGLOBE_SMTP_PORT="+strconv.Itoa(around.Ports.SMTP), "MIGLOBE_SMTP_SECURITY=none",
		"MIGLOBE_MAIL_FROM=miglobe@bench.example", "MIGLOBE_COORDINATION_PHONE=0000 00",
	)
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	return &child{c}, nil
}

func (c *child) stop() error {
	if c == nil {
		return nil
	}
	return stopProcess(c.command)
}

// memory is what the process holds now, and the most that it held.
func (c *child) memory() (now, most int64) {
	status := "/proc/" + strconv.Itoa(c.command.Process.Pid) + "/status"
	return kilobytesOf(status, "VmRSS"), kilobytesOf(status, "VmHWM")
}

func kilobytesOf(path, name string) int64 {
	kB, err := strconv.ParseInt(strings.TrimSuffix(field(path, name), " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kB << 10
}
