package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"miglobe/activities"
	"miglobe/advisory"
	"miglobe/local/temporal"
	"miglobe/store"
	"miglobe/workflows"
)

// nextRelease is a release that orders something more at the beginning of a journey, behind a marker as CONTRIBUTING.md
// wants it: a timer that nobody waits for.
func nextRelease(ctx workflow.Context, journey advisory.Journey) error {
	if workflow.GetVersion(ctx, rehearsal, workflow.DefaultVersion, 1) > workflow.DefaultVersion {
		workflow.NewTimer(ctx, 24*time.Hour)
	}
	return workflows.Consultation(ctx, journey)
}

const rehearsal = "rehearsal of an upgrade"

// The worker of the next release is a process of its own, as in production: in one process the workers would share their
// cache, and with it the code. These variables say where its engine and database are.
const (
	engineOfNextRelease   = "MIGLOBE_TEST_ENGINE"
	databaseOfNextRelease = "MIGLOBE_TEST_DATABASE"
)

// hostNextRelease is that process: it works until its input ends, and lets go gracefully. It keeps no workflow in its cache,
// so that every one of its tasks may come to the worker of the old release as well: the worst of all overlaps.
func hostNextRelease() int {
	worker.SetStickyWorkflowCacheSize(0)
	err := func() error {
		st, err := store.Open(context.Background(), os.Getenv(databaseOfNextRelease))
		if err != nil {
			return err
		}
		defer st.Close()
		engine, err := client.Dial(client.Options{HostPort: os.Getenv(engineOfNextRelease), Namespace: temporal.Namespace})
		if err != nil {
			return err
		}
		defer engine.Close()
		host := worker.New(engine, advisory.TaskQueue, worker.Options{WorkerStopTimeout: 10 * time.Second})
		register(host, nextRelease)
		a := &activities.Activities{Store: st, Clock: advisory.RealClock()}
		host.RegisterActivityWithOptions(a.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
		if err := host.Start(); err != nil {
			return err
		}
		defer host.Stop()
		fmt.Println("works")
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "next release:", err)
		return 1
	}
	return 0
}

// startNextRelease starts the worker of the next release, and returns what stops it.
func startNextRelease(t *testing.T) (stop func()) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), engineOfNextRelease+"="+around.Temporal.Address(), databaseOfNextRelease+"="+around.DSN())
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
	stop = sync.OnceFunc(func() {
		input.Close()
		if err := process.Wait(); err != nil {
			t.Errorf("next release: %v", err)
		}
	})
	t.Cleanup(stop)
	if lines := bufio.NewScanner(output); !lines.Scan() {
		t.Fatal("the next release does not work")
	}
	return stop
}
