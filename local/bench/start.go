package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"miglobe/local/stack"
)

const startGoal = 5 * time.Second

// measureStart starts the local program, as `make run` does after the build, until the first page answers: once with a new
// folder, which gets a database and the demo, and again with what is there then.
func measureStart(ctx context.Context, options Options) (Result, error) {
	folder, err := os.MkdirTemp("", "miglobe-start-")
	if err != nil {
		return Result{}, fmt.Errorf("folder: %w", err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil {
		return Result{}, fmt.Errorf("folder: %w", err)
	}
	var result Result
	table := Table{Head: []string{"start", "first page", "everything up"}}
	for _, name := range []string{"with a new folder", "with what is there"} {
		start, err := startLocal(ctx, options, folder+"/state")
		if err != nil {
			return result, err
		}
		table.Rows = append(table.Rows, []string{name, seconds(start.firstPage), seconds(start.up)})
		goal := Goal{
			Measure: "`make run` " + name + ", until the first page", Value: seconds(start.firstPage),
			Wanted: "≤ " + seconds(startGoal), Met: start.firstPage <= startGoal,
		}
		if !goal.Met {
			goal.Reason = start.slowest()
		}
		result.Goals = append(result.Goals, goal)
		result.Notes = append(result.Notes, "Steps "+name+": "+start.phases()+".")
	}
	result.Tables = []Table{table}
	return result, nil
}

// localStart is how long a start took, and its steps as the program named them.
type localStart struct {
	firstPage, up time.Duration
	steps         []startStep
}

type startStep struct {
	name string
	at   time.Duration
}

func (s localStart) phases() string {
	var told []string
	for i, step := range s.steps {
		told = append(told, step.name+" "+seconds(s.end(i)-step.at))
	}
	return strings.Join(told, ", ")
}

// end is when the step after it began.
func (s localStart) end(step int) time.Duration {
	if step+1 < len(s.steps) {
		return s.steps[step+1].at
	}
	return s.up
}

func (s localStart) slowest() string {
	worst := 0
	for i := range s.steps {
		if s.end(i)-s.steps[i].at > s.end(worst)-s.steps[worst].at {
			worst = i
		}
	}
	if len(s.steps) == 0 {
		return ""
	}
	return "longest is " + s.steps[worst].name
}

var siteMoved = regexp.MustCompile(`MiGlobe is on (\d+)`)

func startLocal(ctx context.Context, options Options, folder string) (localStart, error) {
	began := time.Now()
	command := exec.CommandContext(ctx, options.MiglobeLocal, "run", "--state", folder)
	command.Stderr = os.Stderr
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = time.Minute
	output, err := command.StdoutPipe()
	if err != nil {
		return localStart{}, fmt.Errorf("local program: %w", err)
	}
	if err := command.Start(); err != nil {
		return localStart{}, fmt.Errorf("local program: %w", err)
	}
	var site atomic.Int64
	site.Store(int64(stack.DefaultPorts().Site))
	found := make(chan localStart, 1)
	go func() { found <- readStart(output, began, &site) }()

	start, err := localStart{}, awaitFirstPage(ctx, &site)
	first := time.Since(began)
	if err == nil {
		select {
		case start = <-found:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	start.firstPage = first
	return start, errors.Join(err, stopProcess(command))
}

// readStart notes when the program names a step, until it is up. The rest of the output is thrown away.
func readStart(output io.Reader, began time.Time, site *atomic.Int64) localStart {
	var start localStart
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if moved := siteMoved.FindStringSubmatch(line); moved != nil {
			port, _ := strconv.Atoi(moved[1])
			site.Store(int64(port))
		}
		if name, isStep := strings.CutSuffix(line, " …"); isStep {
			start.steps = append(start.steps, startStep{name, time.Since(began)})
		}
		if strings.HasPrefix(line, "Up after") {
			start.up = time.Since(began)
			go io.Copy(io.Discard, output) //nolint:errcheck // until the program ends
			break
		}
	}
	return start
}

func awaitFirstPage(ctx context.Context, site *atomic.Int64) error {
	client := &http.Client{Timeout: time.Second}
	return until(ctx, 10*time.Millisecond, "the first page", func() (bool, error) {
		response, err := client.Get(stack.URL(int(site.Load())) + "/")
		if err != nil {
			return false, nil
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		return err == nil && response.StatusCode == http.StatusOK && strings.Contains(string(content), "MiGlobe"), nil
	})
}

// stopProcess asks a program to end and waits for it.
func stopProcess(command *exec.Cmd) error {
	if err := command.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop: %w", err)
	}
	var exit *exec.ExitError
	if err := command.Wait(); err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}
