// Package product runs MiGlobe itself, both of its processes in this one, on a stack: the pages and the worker.
package product

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"miglobe/advisory"
	"miglobe/health"
	"miglobe/inbox"
	"miglobe/local/stack"
	"miglobe/local/temporal"
	"miglobe/mail"
	"miglobe/migrations"
	"miglobe/server"
	"miglobe/store"
	"miglobe/telemetry"
	"miglobe/telemetry/engine"
	"miglobe/texts"
	"miglobe/worker"
)

// stopTimeout is what requests under way get when the pages end.
const stopTimeout = 5 * time.Second

// Product is MiGlobe on a stack. Open connects it, Serve and StartWorker set it to work, Stop ends all of it.
type Product struct {
	Store  *store.Store
	Engine client.Client
	Inbox  *inbox.Inbox
	Texts  *texts.Catalog
	Watch  *telemetry.Telemetry
	Clock  advisory.Clock
	// SiteURL is the address of the pages, without a path.
	SiteURL string

	log    *slog.Logger
	around Surroundings
	site   *http.Server
	failed chan error
	worker *running
}

// running is a worker at work.
type running struct {
	stop context.CancelFunc
	done chan struct{}
}

// Surroundings are where the product finds what it needs, and where it listens: ports on loopback.
type Surroundings struct {
	Database   string // connection string
	Engine     string // host:port of Temporal
	Site, SMTP int
}

// On are the surroundings that a stack of this process is.
func On(around *stack.Stack) Surroundings {
	return Surroundings{
		Database: around.DSN(), Engine: around.Temporal.Address(), Site: around.Ports.Site, SMTP: around.Ports.SMTP,
	}
}

// Open connects the product with a stack and brings the database to the newest version. It is watched as in production;
// nothing is traced.
func Open(ctx context.Context, around *stack.Stack, clock advisory.Clock, logger *slog.Logger) (*Product, error) {
	return OpenAt(ctx, On(around), clock, logger)
}

// OpenAt does the same in surroundings that need not be a stack of this process.
func OpenAt(ctx context.Context, around Surroundings, clock advisory.Clock, logger *slog.Logger) (*Product, error) {
	watch, err := telemetry.New(ctx, telemetry.Settings{Process: "local"})
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	return OpenWatched(ctx, around, clock, logger, watch)
}

// OpenWatched does the same with telemetry of the caller's, which Stop closes.
func OpenWatched(ctx context.Context, around Surroundings, clock advisory.Clock, logger *slog.Logger, watch *telemetry.Telemetry) (*Product, error) {
	p := &Product{
		Clock: clock, SiteURL: stack.URL(around.Site), Watch: watch,
		log: slog.New(telemetry.LogHandler(logger.Handler())), around: around, failed: make(chan error, 2),
	}
	for _, step := range []func(context.Context) error{p.openTexts, p.openStore, p.openEngine} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, p.Stop())
		}
	}
	p.Inbox = inbox.New(p.Store, p.Engine, p.log, p.Watch)
	return p, nil
}

func (p *Product) openTexts(context.Context) (err error) {
	if p.Texts, err = texts.Load(); err != nil {
		return fmt.Errorf("product: texts: %w", err)
	}
	return nil
}

func (p *Product) openStore(ctx context.Context) (err error) {
	if traces := p.Watch.Traces(); traces != nil {
		p.Store, err = store.OpenTraced(ctx, p.around.Database, traces)
	} else {
		p.Store, err = store.Open(ctx, p.around.Database)
	}
	if err != nil {
		return fmt.Errorf("product: %w", err)
	}
	p.Watch.WatchDatabase(p.Store.DB())
	if err := migrations.Up(ctx, p.Store.DB()); err != nil {
		return fmt.Errorf("product: %w", err)
	}
	if err := p.Store.EnsureProgramme(ctx, advisory.DefaultProgramme()); err != nil {
		return fmt.Errorf("product: %w", err)
	}
	return nil
}

func (p *Product) openEngine(context.Context) (err error) {
	options, err := engine.Watch(client.Options{
		HostPort: p.around.Engine, Namespace: temporal.Namespace, Logger: log.NewStructuredLogger(p.log),
	}, p.Watch)
	if err != nil {
		return fmt.Errorf("product: %w", err)
	}
	if p.Engine, err = client.NewLazyClient(options); err != nil {
		return fmt.Errorf("product: engine client: %w", err)
	}
	return nil
}

// Serve serves the pages on the stack's port until Stop.
func (p *Product) Serve() error {
	handler, err := server.New(server.Settings{
		SiteURL: p.SiteURL, Operator: operator(), CoordinationPhone: coordinationPhone, TestSystem: true,
		Retention: advisory.DefaultRetention(),
	}, server.Dependencies{Store: p.Store, Inbox: p.Inbox, Texts: p.Texts, Clock: p.Clock, Log: p.log,
		Health: health.OfServer(p.Store, p.Engine, p.log), Watch: p.Watch})
	if err != nil {
		return fmt.Errorf("product: pages: %w", err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.around.Site)))
	if err != nil {
		return fmt.Errorf("product: %w", err)
	}
	p.site = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := p.site.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.failed <- fmt.Errorf("product: pages: %w", err)
		}
	}()
	return nil
}

// StartWorker starts the worker, also again after StopWorker.
func (p *Product) StartWorker() error {
	if p.worker != nil {
		return errors.New("product: the worker runs already")
	}
	sender, err := mail.NewSender(mail.SMTP{Host: "127.0.0.1", Port: p.around.SMTP, Security: mail.NoTLS, HELO: "localhost"})
	if err != nil {
		return fmt.Errorf("product: mail: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p.worker = &running{stop: stop, done: make(chan struct{})}
	go func(r *running) {
		defer close(r.done)
		err := worker.Run(ctx, worker.Settings{
			SiteURL: p.SiteURL, OperatorName: operator()["operator_name"], From: mailFrom, ReplyTo: replyTo, Phone: coordinationPhone,
			Retention: advisory.DefaultRetention(),
		}, worker.Dependencies{
			Store: p.Store, Engine: p.Engine, Inbox: p.Inbox, Texts: p.Texts, Mail: sender, Clock: p.Clock, Log: p.log, Watch: p.Watch,
		})
		if err != nil && ctx.Err() == nil {
			p.failed <- fmt.Errorf("product: worker: %w", err)
		}
	}(p.worker)
	return nil
}

// StopWorker ends the worker alone and waits for its end: what is said meanwhile waits in the inbox.
func (p *Product) StopWorker() {
	if p.worker == nil {
		return
	}
	p.worker.stop()
	<-p.worker.done
	p.worker = nil
}

// Failed tells of pages or a worker that ended without being asked to.
func (p *Product) Failed() <-chan error { return p.failed }

// Stop ends pages and worker and lets go of the surroundings. It may be called twice.
func (p *Product) Stop() error {
	var problems []error
	if p.site != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		if err := p.site.Shutdown(ctx); err != nil {
			problems = append(problems, p.site.Close())
		}
		p.site = nil
	}
	p.StopWorker()
	if p.Engine != nil {
		p.Engine.Close()
		p.Engine = nil
	}
	if p.Store != nil {
		problems = append(problems, p.Store.Close())
		p.Store = nil
	}
	problems = append(problems, p.Watch.Close())
	p.Watch = nil
	return errors.Join(problems...)
}
