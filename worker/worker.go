// Package worker hosts what happens without anybody watching: the workflows and activities of the engine's task queue,
// the relay that delivers again what people said, and the post office that sends mails.
package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

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
	"miglobe/telemetry"
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
	Retention    advisory.Retention
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
	Watch  *telemetry.Telemetry // may be nil
}

// Run works until ctx ends, and then ends what is under way, which takes a quarter of a minute at most. Any number of workers may run; each may be killed at any
// time, another one goes on. Neither database nor engine need to be there when it starts.
func Run(ctx context.Context, settings Settings, d Dependencies) error {
	office := NewPostOffice(settings, d)
	d.Watch.ExpectActivity(activities.WriteStep)
	defer d.Watch.Register(&backlog{store: d.Store, clock: d.Clock, log: d.Log})()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return host(ctx, d) })
	group.Go(func() error { return d.Inbox.Relay(ctx) })
	group.Go(func() error { return office.Open(ctx) })
	group.Go(func() error { return retrySteps(ctx, d) })
	group.Go(func() error { return tidy(ctx, settings.Retention, d) })
	if err := group.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// drain is how long what is under way may take to end once the worker is asked to: activities, and a mail that is being
// sent.
const drain = 15 * time.Second

// enginePause lies between two attempts to reach an engine that is away when the worker starts.
const enginePause = 2 * time.Second

// host lets the engine run workflows and activities here.
func host(ctx context.Context, d Dependencies) error {
	for {
		engine := sdk.New(d.Engine, advisory.TaskQueue, sdk.Options{WorkerStopTimeout: drain})
		Register(engine, &activities.Activities{Store: d.Store, Clock: d.Clock, Log: d.Log, Watch: d.Watch, Engine: d.Engine})
		err := engine.Start()
		if err == nil {
			<-ctx.Done()
			engine.Stop()
			return ctx.Err()
		}
		d.Log.Warn("engine does not answer yet", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(enginePause):
		}
	}
}

// tidy deletes once an hour what has outlived its use, reminds of drafts before, and anonymises persons whose period is
// over.
func tidy(ctx context.Context, retention advisory.Retention, d Dependencies) error {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		if err := d.Store.RemoveExpired(ctx, d.Clock.Now()); err != nil && ctx.Err() == nil {
			d.Log.Warn("expired rows not removed", "error", err)
		}
		if err := d.Store.OrderDraftReminders(ctx, d.Clock.Now()); err != nil && ctx.Err() == nil {
			d.Log.Warn("reminders of drafts not ordered", "error", err)
		}
		if err := d.Store.Anonymise(ctx, retention, d.Clock.Now(), d.Texts.WithoutWords); err != nil && ctx.Err() == nil {
			d.Log.Warn("persons not anonymised", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// Register names the workflows and activities of the engine's contract.
func Register(registry sdk.Registry, a *activities.Activities) {
	registry.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	registry.RegisterActivityWithOptions(a.WriteStep, activity.RegisterOptions{Name: activities.WriteStep})
}
