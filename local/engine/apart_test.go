package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"miglobe/activities"
	"miglobe/advisory"
	"miglobe/local/temporal"
	"miglobe/store"
	"miglobe/workflows"
)

// A worker apart is a process of its own, as in production: in one process workers would share their cache, and with it the
// code; and a process can be killed. These variables say what it does, and where its engine and database are.
const (
	workerApart     = "MIGLOBE_TEST_WORKER"
	engineOfApart   = "MIGLOBE_TEST_ENGINE"
	databaseOfApart = "MIGLOBE_TEST_DATABASE"
)

// ofNextRelease is a worker of the next release. It keeps no workflow in its cache, so that every one of its tasks may come to
// the worker of the old release as well: the worst of all overlaps.
const ofNextRelease = "next release"

// diesAfterWriting begins the name of a worker that is killed as soon as a step of the consultation named is written, before
// the engine hears of it.
const diesAfterWriting = "dies: "

// hostApart is that process: it works until its input ends, and lets go gracefully.
func hostApart() int {
	worker.SetStickyWorkflowCacheSize(0)
	if err := workApart(os.Getenv(workerApart)); err != nil {
		fmt.Fprintln(os.Stderr, "worker apart:", err)
		return 1
	}
	return 0
}

func workApart(what string) error {
	st, err := store.Open(context.Background(), os.Getenv(databaseOfApart))
	if err != nil {
		return err
	}
	defer st.Close()
	engine, err := client.Dial(client.Options{HostPort: os.Getenv(engineOfApart), Namespace: temporal.Namespace})
	if err != nil {
		return err
	}
	defer engine.Close()
	host := worker.New(engine, advisory.TaskQueue, worker.Options{WorkerStopTimeout: 10 * time.Second})
	a := &activities.Activities{Store: st, Clock: advisory.RealClock(), Engine: engine}
	writeStep := a.WriteStep
	if what == ofNextRelease {
		register(host, nextRelease)
	} else {
		register(host, workflows.Consultation)
		writeStep = func(ctx context.Context, step advisory.Step) (advisory.StepResult, error) {
			result, err := a.WriteStep(ctx, step)
			if err == nil && diesAfterWriting+step.ConsultationID == what {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
			return result, err
		}
	}
	host.RegisterActivityWithOptions(writeStep, activity.RegisterOptions{Name: "WriteStep"})
	if err := host.Start(); err != nil {
		return err
	}
	defer host.Stop()
	fmt.Println("works")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// startApart starts such a worker. stop ends it, and died is closed when it has ended.
func startApart(t *testing.T, what string) (stop func() error, died <-chan struct{}) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), workerApart+"="+what, engineOfApart+"="+around.Temporal.Address(), databaseOfApart+"="+around.DSN())
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	if lines := bufio.NewScanner(output); !lines.Scan() {
		t.Fatal("the worker apart does not work")
	}
	ended := make(chan struct{})
	var endedWith error
	go func() {
		endedWith = process.Wait()
		close(ended)
	}()
	stop = sync.OnceValue(func() error {
		_ = input.Close()
		<-ended
		return endedWith
	})
	t.Cleanup(func() { _ = stop() })
	return stop, ended
}

// startNextRelease starts the worker of the next release, and returns what stops it.
func startNextRelease(t *testing.T) (stop func()) {
	t.Helper()
	end, _ := startApart(t, ofNextRelease)
	return func() {
		if err := end(); err != nil {
			t.Errorf("next release: %v", err)
		}
	}
}
