// Package stack brings up what the product needs around it, in one process on one machine: PostgreSQL,
// Temporal with its web UI, and the mail catcher. The local program and the end-to-end tests use it.
package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"miglobe/local/mailcatcher"
	"miglobe/local/ports"
	"miglobe/local/postgres"
	"miglobe/local/state"
	"miglobe/local/temporal"
)

// productDatabase is the product's own database, beside those of Temporal.
const productDatabase = "miglobe"

// Settings say where a stack keeps its state and where it listens.
type Settings struct {
	// Folder keeps everything that a second start continues with.
	Folder string
	// Ports wanted; see DefaultPorts. The zero value takes any free ones.
	Ports Ports
	// Disposable gives up PostgreSQL's care for a power cut, for tests.
	Disposable bool
	// DynamicConfig of Temporal, by key; for tests.
	DynamicConfig map[string]any
	// Progress is told in words what starts next; nil when nobody listens.
	Progress func(string)
	Log      *slog.Logger
}

// Ports on 127.0.0.1.
type Ports struct {
	Site, MailPage, SMTP, TemporalUI, Postgres int
	Temporal                                   temporal.Ports
}

// DefaultPorts are taken when they are free.
func DefaultPorts() Ports {
	return Ports{
		Site: 8080, MailPage: 8025, SMTP: 1025, TemporalUI: 8233, Postgres: 5433,
		Temporal: temporal.Ports{Frontend: 7233, History: 7234, Matching: 7235, Worker: 7239},
	}
}

// Stack is what runs. Stop ends it.
type Stack struct {
	// Ports that were really given.
	Ports Ports
	// Moved tells what did not get the port it usually has.
	Moved    []ports.Move
	Postgres *postgres.Server
	Temporal *temporal.Server
	Mails    *mailcatcher.Catcher

	settings Settings
	smtp     *mailcatcher.SMTP
	page     *http.Server
	ui       *temporal.UI
	lock     *os.File
}

// Start brings everything up, in the order of need, and returns when all of it answers. ctx limits the
// start alone.
func Start(ctx context.Context, settings Settings) (*Stack, error) {
	if settings.Progress == nil {
		settings.Progress = func(string) {}
	}
	if settings.Log == nil {
		settings.Log = slog.New(slog.DiscardHandler)
	}
	s := &Stack{settings: settings}
	for _, step := range []struct {
		progress string
		run      func(context.Context) error
	}{
		{"", s.lockFolder},
		{"", s.choosePorts},
		{"PostgreSQL", s.startPostgres},
		{"Temporal", s.StartTemporal},
		{"Temporal web UI", s.startUI},
		{"Mail catcher", s.StartSMTP},
		{"", s.startMailPage},
	} {
		if step.progress != "" {
			settings.Progress(step.progress)
		}
		if err := step.run(ctx); err != nil {
			return nil, errors.Join(err, s.Stop())
		}
	}
	return s, nil
}

// DSN is the address of the product's database.
func (s *Stack) DSN() string { return s.Postgres.DSN(productDatabase) }

// URL of something that listens on a port of the stack.
func URL(port int) string { return "http://localhost:" + strconv.Itoa(port) }

// Stop ends everything in the reverse order. It may be called on a stack that is partly up.
func (s *Stack) Stop() error {
	var problems []error
	if s.page != nil {
		problems = append(problems, s.page.Close())
	}
	problems = append(problems, s.StopSMTP())
	if s.ui != nil {
		s.ui.Stop()
		s.ui = nil
	}
	problems = append(problems, s.StopTemporal())
	if s.Postgres != nil {
		problems = append(problems, s.Postgres.Stop())
	}
	if s.lock != nil {
		problems = append(problems, s.lock.Close())
	}
	return errors.Join(problems...)
}

func (s *Stack) lockFolder(context.Context) (err error) {
	s.lock, err = state.Lock(s.settings.Folder)
	return err
}

func (s *Stack) choosePorts(context.Context) error {
	var chooser ports.Chooser
	s.Ports = s.settings.Ports
	for _, wanted := range []struct {
		purpose string
		port    *int
	}{
		{"MiGlobe", &s.Ports.Site},
		{"mail page", &s.Ports.MailPage},
		{"mail server", &s.Ports.SMTP},
		{"Temporal web UI", &s.Ports.TemporalUI},
		{"PostgreSQL", &s.Ports.Postgres},
		{"Temporal", &s.Ports.Temporal.Frontend},
		{"Temporal history", &s.Ports.Temporal.History},
		{"Temporal matching", &s.Ports.Temporal.Matching},
		{"Temporal worker", &s.Ports.Temporal.Worker},
	} {
		chosen, err := chooser.Choose(wanted.purpose, *wanted.port)
		if err != nil {
			return err
		}
		*wanted.port = chosen
	}
	s.Moved = chooser.Moved()
	return nil
}

func (s *Stack) startPostgres(ctx context.Context) (err error) {
	parameters := map[string]string{}
	if s.settings.Disposable {
		parameters = map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
	}
	s.Postgres, err = postgres.Start(ctx, postgres.Settings{
		Folder:     filepath.Join(s.settings.Folder, "postgres"),
		Port:       s.Ports.Postgres,
		Parameters: parameters,
	})
	if err != nil {
		return err
	}
	for _, database := range append([]string{productDatabase}, temporal.Databases...) {
		if err := s.Postgres.CreateDatabase(ctx, database); err != nil {
			return err
		}
	}
	return nil
}

// StartTemporal starts the Temporal server again after StopTemporal.
func (s *Stack) StartTemporal(ctx context.Context) (err error) {
	s.Temporal, err = temporal.Start(ctx, temporal.Settings{
		Ports: s.Ports.Temporal,
		Database: temporal.Database{
			Address: s.Postgres.Address(), User: postgres.User, Password: s.Postgres.Password(),
		},
		LogFile:       filepath.Join(s.settings.Folder, "temporal.log"),
		DynamicConfig: s.settings.DynamicConfig,
	})
	return err
}

// StopTemporal ends the Temporal server alone, to see what the product does without it.
func (s *Stack) StopTemporal() error {
	if s.Temporal == nil {
		return nil
	}
	err := s.Temporal.Stop()
	s.Temporal = nil
	return err
}

func (s *Stack) startUI(ctx context.Context) (err error) {
	s.ui, err = temporal.StartUI(ctx, s.Temporal.Address(), s.Ports.TemporalUI)
	return err
}

// StartSMTP starts the mail server again after StopSMTP.
func (s *Stack) StartSMTP(context.Context) error {
	if s.Mails == nil {
		mails, err := mailcatcher.Open(filepath.Join(s.settings.Folder, "mails"))
		if err != nil {
			return err
		}
		s.Mails = mails
	}
	listener, err := listen(s.Ports.SMTP)
	if err != nil {
		return err
	}
	s.smtp = s.Mails.ServeSMTP(listener, s.settings.Log)
	return nil
}

// StopSMTP ends the mail server alone; the mails stay readable.
func (s *Stack) StopSMTP() error {
	if s.smtp == nil {
		return nil
	}
	err := s.smtp.Close()
	s.smtp = nil
	return err
}

func (s *Stack) startMailPage(context.Context) error {
	listener, err := listen(s.Ports.MailPage)
	if err != nil {
		return err
	}
	s.page = &http.Server{Handler: s.Mails.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := s.page.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.settings.Log.Error("mail page ended", slog.Any("error", err))
		}
	}()
	return nil
}

func listen(port int) (net.Listener, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("stack: %w", err)
	}
	return listener, nil
}
