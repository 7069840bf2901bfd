package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"miglobe/health"
	"miglobe/telemetry"
)

// lastRequests is what requests that are under way may take once the process is asked to end.
const lastRequests = 20 * time.Second

// site is how the public is served, and how it ends.
type site struct {
	listener net.Listener
	handler  http.Handler
	health   *health.Health
	// delay lies between the signal and the end of the listener: a balancer learns from /readyz that it is to send
	// nobody here any more, and whoever it sends until then is served.
	delay time.Duration
	log   *slog.Logger
}

// serve serves until ctx ends, and then lets requests that are under way finish.
func (s site) serve(ctx context.Context) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }()
	s.log.Info("serving", "address", s.listener.Addr().String())
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.health.Stop()
	s.log.Info("stopping", "delay", s.delay)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-time.After(s.delay):
	}
	ending, stop := context.WithTimeout(context.Background(), lastRequests)
	defer stop()
	return server.Shutdown(ending)
}

// internal answers those who watch the process, on an address that the public cannot reach, until the returned function
// is called. It outlives the public listener. Where it cannot listen the process works all the same, and says so.
func internal(address string, watch *telemetry.Telemetry, h *health.Health, logger *slog.Logger) (stop func()) {
	if address == "" {
		return func() {}
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		logger.Error("nobody can watch this process: "+prefix+"INTERNAL_LISTEN", "error", err)
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", watch.Handler())
	mux.HandleFunc("GET /healthz", health.Alive)
	mux.HandleFunc("GET /readyz", h.Ready)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("internal address", "error", err)
		}
	}()
	return func() { server.Close() }
}
