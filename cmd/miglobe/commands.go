package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/mail"
	"miglobe/migrations"
	"miglobe/server"
	"miglobe/store"
	"miglobe/texts"
	"miglobe/worker"
)

type serveCommand struct{}

// Run serves the pages until the context ends. Neither database nor engine need to be there when it starts.
func (serveCommand) Run(ctx context.Context, logger *slog.Logger) error {
	c, product, err := open(ctx, logger, needsDatabase, needsEngine, needsSite, needsListen, soundRetention)
	if err != nil {
		return err
	}
	defer product.close()
	settings, err := c.serverSettings()
	if err != nil {
		return err
	}
	handler, err := server.New(settings, server.Dependencies{
		Store: product.store, Inbox: product.inbox, Texts: product.texts, Clock: advisory.RealClock(), Log: logger,
	})
	if err != nil {
		return err
	}
	return listen(ctx, c.Listen, handler, logger)
}

// listen serves until ctx ends and then lets running requests finish.
func listen(ctx context.Context, address string, handler http.Handler, logger *slog.Logger) error {
	site := &http.Server{
		Addr: address, Handler: handler,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- site.ListenAndServe() }()
	logger.Info("serving", "address", address)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	ending, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	return site.Shutdown(ending)
}

type workerCommand struct{}

// Run works until the context ends.
func (workerCommand) Run(ctx context.Context, logger *slog.Logger) error {
	c, product, err := open(ctx, logger, needsDatabase, needsEngine, needsSite, needsMail, soundRetention)
	if err != nil {
		return err
	}
	defer product.close()
	settings, err := c.workerSettings()
	if err != nil {
		return err
	}
	sender, err := mail.NewSender(c.smtp())
	if err != nil {
		return err
	}
	return worker.Run(ctx, settings, worker.Dependencies{
		Store: product.store, Engine: product.engine, Inbox: product.inbox, Texts: product.texts, Mail: sender,
		Clock: advisory.RealClock(), Log: logger,
	})
}

type migrateCommand struct{}

// Run migrates the database and makes sure that it has a programme.
func (migrateCommand) Run(ctx context.Context) error {
	st, err := openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := migrations.Up(ctx, st.DB()); err != nil {
		return err
	}
	return st.EnsureProgramme(ctx, advisory.DefaultProgramme())
}

type addUserCommand struct {
	Email     string `arg:"" help:"Address that the sign-in link is sent to."`
	Role      string `required:"" enum:"advisor,coordinator,lead_coordinator,reader,administrator" help:"advisor, coordinator, lead_coordinator, reader or administrator."`
	FirstName string `required:"" help:"First name."`
	LastName  string `required:"" help:"Last name."`
	Language  string `default:"de" enum:"de,en" help:"Language of mails: de or en."`
}

// Run adds an account: how the first administrator comes in.
func (a addUserCommand) Run(ctx context.Context) error {
	st, err := openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	_, err = st.SavePerson(ctx, store.Person{
		Email: a.Email, Role: advisory.Role(a.Role), FirstName: a.FirstName, LastName: a.LastName, Language: a.Language,
		Active: true,
	})
	return err
}

// openStore opens the database for a command that needs nothing else.
func openStore(ctx context.Context) (*store.Store, error) {
	c, err := readConfig(needsDatabase)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, c.Database)
}

type healthCommand struct{}

// Run asks the server on this machine whether it is ready.
func (healthCommand) Run(ctx context.Context) error {
	c, err := readConfig()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("MIGLOBE_LISTEN: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", port)+"/health/ready", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("not ready: " + response.Status)
	}
	return nil
}

// product is what both serve and worker hold.
type product struct {
	store  *store.Store
	engine client.Client
	inbox  *inbox.Inbox
	texts  *texts.Catalog
}

// open reads the configuration, of which the named parts have to be complete, and connects what it names.
func open(ctx context.Context, logger *slog.Logger, parts ...part) (config, *product, error) {
	c, err := readConfig(parts...)
	if err != nil {
		return c, nil, err
	}
	catalog, err := texts.Load()
	if err != nil {
		return c, nil, err
	}
	st, err := store.Open(ctx, c.Database)
	if err != nil {
		return c, nil, err
	}
	engine, err := client.NewLazyClient(client.Options{
		HostPort: c.TemporalAddress, Namespace: c.TemporalNamespace, Logger: log.NewStructuredLogger(logger),
	})
	if err != nil {
		st.Close()
		return c, nil, fmt.Errorf("engine client: %w", err)
	}
	return c, &product{store: st, engine: engine, inbox: inbox.New(st, engine, logger), texts: catalog}, nil
}

func (p *product) close() {
	p.engine.Close()
	p.store.Close()
}
