// Package worker hosts what happens without anybody watching: the workflows and activities of the engine's task queue,
// the relay that delivers again what people said, and the post office that sends mails.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"golang.org/x/sync/errgroup"

	"miglobe/activities"
	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
	"miglobe/workflows"
)

// Settings say how mails leave the house.
type Settings struct {
	SiteURL      string       // address of the pages, without a path
	OperatorName string       // who runs the pages
	From         mail.Address // sender of all mails
	ReplyTo      mail.Address // where answers go; may be empty
	Phone        string       // the general line, before a coordinator is responsible
}

// Dependencies are what a worker works with.
type Dependencies struct {
	Store  *store.Store
	Engine client.Client
	Inbox  *inbox.Inbox
	Texts  *texts.Catalog
	Mail   *mail.Sender
	Clock  advisory.Clock
	Log    *slog.Logger
}

// Run works until ctx ends, and then lets go of what it holds. Any number of workers may run; each may be killed at any
// time, another one goes on.
func Run(ctx context.Context, settings Settings, d Dependencies) error {
	engine := sdk.New(d.Engine, advisory.TaskQueue, sdk.Options{})
	Register(engine, &activities.Activities{Store: d.Store, Clock: d.Clock})
	if err := engine.Start(); err != nil {
		return fmt.Errorf("start engine worker: %w", err)
	}
	defer engine.Stop()
	office := &PostOffice{settings: settings, Dependencies: d}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.Inbox.Relay(ctx) })
	group.Go(func() error { return office.Open(ctx) })
	if err := group.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Register names the workflows and activities of the engine's contract.
func Register(registry sdk.Registry, a *activities.Activities) {
	registry.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	registry.RegisterActivityWithOptions(a.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
}
