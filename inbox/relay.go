package inbox

import (
	"context"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/telemetry"
)

const (
	relayPause = time.Second // between two looks for what was not delivered
	relayBatch = 50
)

// Relay delivers again what did not arrive, until ctx ends. Every worker runs one; they share the work.
func (i *Inbox) Relay(ctx context.Context) error {
	ticker := time.NewTicker(relayPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			i.RelayOnce(ctx)
		}
	}
}

// RelayOnce delivers what is due and returns how much arrived.
func (i *Inbox) RelayOnce(ctx context.Context) int {
	deliveries, err := i.store.ClaimDeliveries(ctx, relayBatch)
	if err != nil {
		if ctx.Err() == nil {
			i.log.Warn("relay cannot read the inbox", "error", err)
		}
		return 0
	}
	arrived := 0
	for _, delivery := range deliveries {
		if i.tryAgain(ctx, delivery) {
			arrived++
		}
	}
	return arrived
}

func (i *Inbox) tryAgain(ctx context.Context, delivery store.Delivery) bool {
	ctx = telemetry.About(ctx, telemetry.InputID, delivery.ID, telemetry.ConsultationID, delivery.ConsultationID)
	ctx, end := i.watch.Span(ctx, "inbox redeliver")
	err := i.redeliver(ctx, delivery)
	end(err != nil)
	if err != nil {
		i.log.WarnContext(ctx, "input not delivered again", "deliveries", delivery.Deliveries, "error", err)
	}
	return err == nil
}

func (i *Inbox) redeliver(ctx context.Context, delivery store.Delivery) error {
	in, err := delivery.Input()
	if err != nil {
		return err
	}
	waiting, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if in.Kind == advisory.NewRequest {
		return i.start(waiting, delivery.ConsultationID)
	}
	result, err := i.settle(waiting, in.ID, i.update(waiting, delivery.ConsultationID, delivery.WorkflowID, in),
		i.store.RefuseInputAndTell)
	if err != nil && advisory.CodeOf(err) != advisory.Conflict {
		return err
	}
	if err == nil && !result.Applied {
		return context.DeadlineExceeded
	}
	return nil
}
