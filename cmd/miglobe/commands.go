package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"miglobe/advisory"
	"miglobe/health"
	"miglobe/inbox"
	"miglobe/mail"
	"miglobe/migrations"
	"miglobe/server"
	"miglobe/store"
	"miglobe/telemetry"
	"miglobe/telemetry/engine"
	"miglobe/texts"
	"miglobe/worker"
)

type serveCommand struct{}

// Run serves the pages until the context ends. Neither database nor engine need to be there when it starts.
func (serveCommand) Run(ctx context.Context, logger *slog.Logger) error {
	c, product, err := open(ctx, logger, "server", needsDatabase, needsEngine, needsSite, needsListen, soundRetention, soundWatching)
	if err != nil {
		return err
	}
	defer product.close()
	settings, err := c.serverSettings()
	if err != nil {
		return err
	}
	ready := health.OfServer(product.store, product.engine, logger)
	handler, err := server.New(settings, server.Dependencies{
		Store: product.store, Inbox: product.inbox, Texts: product.texts, Clock: advisory.RealClock(), Log: logger,
		Health: ready, Watch: product.watch,
	})
	if err != nil {
		return err
	}
	defer internal(c.InternalListen, product.watch, ready, logger)()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return site{listener: listener, handler: handler, health: ready, delay: c.StopDelay, log: logger}.serve(ctx)
}

type workerCommand struct{}

// Run works until the context ends.
func (workerCommand) Run(ctx context.Context, logger *slog.Logger) error {
	c, product, err := open(ctx, logger, "worker", needsDatabase, needsEngine, needsSite, needsMail, soundRetention, soundWatching)
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
	ready := health.OfWorker(product.store, product.engine, logger)
	defer internal(c.InternalListen, product.watch, ready, logger)()
	defer context.AfterFunc(ctx, ready.Stop)()
	return worker.Run(ctx, settings, worker.Dependencies{
		Store: product.store, Engine: product.engine, Inbox: product.inbox, Texts: product.texts, Mail: sender,
		Clock: advisory.RealClock(), Log: logger, Watch: product.watch,
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

// Run asks the process on this machine whether it is ready: on its internal address, or a server without one on the public
// address.
func (healthCommand) Run(ctx context.Context) error {
	c, err := readConfig(needsListen, soundWatching)
	if err != nil {
		return err
	}
	address := c.InternalListen
	if address == "" {
		address = c.Listen
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.New("not ready: " + strings.Join(strings.Split(strings.TrimSpace(string(answer)), "\n"), ", "))
	}
	return nil
}

// product is what both serve and worker hold.
type product struct {
	store  *store.Store
	engine client.Client
	inbox  *inbox.Inbox
	texts  *texts.Catalog
	watch  *telemetry.Telemetry
	log    *slog.Logger
}

// open reads the configuration, of which the named parts have to be complete, and connects what it names.
func open(ctx context.Context, logger *slog.Logger, process string, parts ...part) (config, *product, error) {
	c, err := readConfig(parts...)
	if err != nil {
		return c, nil, err
	}
	p := &product{log: logger}
	if p.texts, err = texts.Load(); err != nil {
		return c, nil, err
	}
	if p.watch, err = telemetry.New(ctx, telemetry.Settings{Process: process, OTLPEndpoint: c.OTLPEndpoint}); err != nil {
		return c, nil, err
	}
	if p.store, err = p.openDatabase(ctx, c.Database); err != nil {
		return c, nil, err
	}
	if p.engine, err = c.engineClient(logger, p.watch); err != nil {
		p.store.Close()
		return c, nil, fmt.Errorf("engine client: %w", err)
	}
	p.inbox = inbox.New(p.store, p.engine, logger, p.watch)
	return c, p, nil
}

func (p *product) openDatabase(ctx context.Context, dsn string) (st *store.Store, err error) {
	if traces := p.watch.Traces(); traces != nil {
		st, err = store.OpenTraced(ctx, dsn, traces)
	} else {
		st, err = store.Open(ctx, dsn)
	}
	if err == nil {
		p.watch.WatchDatabase(st.DB())
	}
	return st, err
}

// engineClient connects to the engine when it is first asked for.
func (c config) engineClient(logger *slog.Logger, watch *telemetry.Telemetry) (client.Client, error) {
	options, err := c.secure(client.Options{
		HostPort: c.TemporalAddress, Namespace: c.TemporalNamespace, Logger: log.NewStructuredLogger(logger),
	})
	if err != nil {
		return nil, err
	}
	if options, err = engine.Watch(options, watch); err != nil {
		return nil, err
	}
	return client.NewLazyClient(options)
}

func (p *product) close() {
	p.engine.Close()
	if err := p.store.Close(); err != nil {
		p.log.Warn("database not closed", "error", err)
	}
	if err := p.watch.Close(); err != nil {
		p.log.Warn("traces not sent", "error", err)
	}
}
