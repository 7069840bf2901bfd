package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"miglobe/health"
	"miglobe/telemetry"
)

func TestARequestUnderWayEndsWithItsAnswer(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	ready := health.New(quiet)
	began, goOn := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", ready.Ready)
	mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-goOn
		io.WriteString(w, "saved") //nolint:errcheck // the client asserts it
	})
	listener := loopback(t)
	ctx, signal := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- site{listener: listener, handler: mux, health: ready, delay: time.Second, log: quiet}.serve(ctx)
	}()
	address := "http://" + listener.Addr().String()

	slow := make(chan string, 1)
	go func() { slow <- body(t, address+"/slow") }()
	<-began
	signal()
	eventually(t, "the process says that it stops", func() bool {
		return strings.Contains(body(t, address+"/readyz"), "process stopping") // the listener is still open
	})
	eventually(t, "the listener closes", func() bool {
		_, err := net.DialTimeout("tcp", listener.Addr().String(), time.Second)
		return err != nil
	})
	select {
	case err := <-ended:
		t.Fatalf("ended before the request: %v", err)
	default:
	}
	close(goOn)
	if got := <-slow; got != "saved" {
		t.Errorf("the request got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheInternalAddressAnswersThoseWhoWatch(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	watch, err := telemetry.New(t.Context(), telemetry.Settings{Process: "worker"})
	if err != nil {
		t.Fatal(err)
	}
	free := loopback(t)
	address := free.Addr().String()
	free.Close()
	defer internal(address, watch, health.New(quiet, health.Check{Name: "engine", Run: func(context.Context) (string, error) {
		return "away", io.EOF
	}}), quiet)()
	for path, want := range map[string]string{
		"/metrics": "miglobe_mails_sent_total 0", "/healthz": "ok", "/readyz": "engine away",
	} {
		if got := body(t, "http://"+address+path); !strings.Contains(got, want) {
			t.Errorf("%s answers %q", path, got)
		}
	}
	t.Setenv("MIGLOBE_INTERNAL_LISTEN", address)
	if err := (healthCommand{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "engine away") {
		t.Errorf("miglobe health says %v", err)
	}
}

func loopback(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// body is what an address answers; "" where it does not.
func body(t *testing.T, address string) string {
	t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(address)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return string(content)
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not true: %s", what)
		}
	}
}
