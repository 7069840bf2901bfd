// Package temporal runs a Temporal server inside this process, with its tables in a PostgreSQL that is
// given, and the Temporal web UI beside it. Everything listens on 127.0.0.1.
package temporal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// Namespace of the product's workflows.
	Namespace = "miglobe"
	// retention keeps the histories of closed workflows readable in the web UI.
	retention = 90 * 24 * time.Hour
	// readyTimeout is how long a server may take until a workflow can be started.
	readyTimeout = 60 * time.Second
)

// Settings say where the server listens and where its tables are.
type Settings struct {
	Ports    Ports
	Database Database
	// LogFile gets warnings and errors as lines of JSON.
	LogFile string
	// DynamicConfig adds to or replaces the server's dynamic configuration, by key.
	DynamicConfig map[string]any
}

// Ports of the four services. Clients need Frontend alone; the others talk among themselves.
type Ports struct {
	Frontend, History, Matching, Worker int
}

// Database is a PostgreSQL in which User may create databases.
type Database struct {
	Address, User, Password string
}

// Server is a running Temporal server. Stop ends it.
type Server struct {
	server  temporal.Server
	address string
}

// Start creates or updates the tables, starts the server and returns when workflows of Namespace can be
// started. A later start on the same database continues all workflows.
func Start(ctx context.Context, settings Settings) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: "warn", OutputFile: settings.LogFile}))
	if err := setUpSchemas(settings.Database, logger); err != nil {
		return nil, err
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(serverConfig(settings)),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(staticHosts(settings.Ports)),
		temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
		temporal.WithDynamicConfigClient(dynamicConfig(settings.DynamicConfig)),
	)
	if err != nil {
		return nil, fmt.Errorf("temporal: configure: %w", err)
	}
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("temporal: start: %w", err)
	}
	running := &Server{server: server, address: loopback(settings.Ports.Frontend)}
	if err := running.waitUntilReady(ctx); err != nil {
		return nil, errors.Join(err, running.Stop())
	}
	return running, nil
}

// Address is the host:port for clients.
func (s *Server) Address() string { return s.address }

// Stop ends the server. Workflows continue with the next start.
func (s *Server) Stop() error {
	if err := s.server.Stop(); err != nil {
		return fmt.Errorf("temporal: stop: %w", err)
	}
	return nil
}

func dynamicConfig(additional map[string]any) dynamicconfig.StaticClient {
	values := dynamicconfig.StaticClient{
		// A new namespace is seen after at most this long, which the first start waits for.
		dynamicconfig.NamespaceCacheRefreshInterval.Key(): time.Second,
		// One machine needs no spread over partitions; fewer of them mean fewer polls and fewer tasks to forward.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
	}
	for key, value := range additional {
		values[dynamicconfig.MakeKey(key)] = value
	}
	return values
}

// waitUntilReady registers the namespace and waits until every service has heard of it.
func (s *Server) waitUntilReady(ctx context.Context) error {
	engine, err := client.NewLazyClient(client.Options{HostPort: s.address, Namespace: Namespace, Logger: log.NewSdkLogger(log.NewNoopLogger())})
	if err != nil {
		return fmt.Errorf("temporal: client: %w", err)
	}
	defer engine.Close()
	service := engine.WorkflowService()
	if err := untilDone(ctx, func() error {
		_, err := service.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace:                        Namespace,
			WorkflowExecutionRetentionPeriod: durationpb.New(retention),
		})
		var exists *serviceerror.NamespaceAlreadyExists
		if errors.As(err, &exists) {
			return nil
		}
		return err
	}); err != nil {
		return fmt.Errorf("temporal: register namespace: %w", err)
	}
	if err := untilDone(ctx, func() error { return s.probe(ctx, engine) }); err != nil {
		return fmt.Errorf("temporal: not ready in time: %w", err)
	}
	return nil
}

// probe succeeds when frontend, history and visibility answer for the namespace: the history service is
// asked for a workflow that does not exist, and has to say so.
func (s *Server) probe(ctx context.Context, engine client.Client) error {
	if _, err := engine.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{}); err != nil {
		return err
	}
	_, err := engine.DescribeWorkflowExecution(ctx, "readiness-probe", "")
	var unknown *serviceerror.NotFound
	if errors.As(err, &unknown) {
		return nil
	}
	if err == nil {
		return errors.New("a workflow has the id of the readiness probe")
	}
	return err
}

// untilDone repeats a step until it succeeds or ctx ends; it returns the step's last error.
func untilDone(ctx context.Context, step func() error) error {
	for {
		err := step()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
