package inbox

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/telemetry"
)

const (
	relayPause = time.Second // between two looks for what was not delivered
	relayBatch = 50
	relayHands = 8 // consultations at a time
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
	var arrived atomic.Int32
	var group errgroup.Group
	group.SetLimit(relayHands)
	for _, ofOne := range byConsultation(deliveries) {
		group.Go(func() error {
			for _, delivery := range ofOne {
				if i.tryAgain(ctx, delivery) {
					arrived.Add(1)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // what did not arrive is tried again
	return int(arrived.Load())
}

// byConsultation keeps the order in which things were said about one consultation. One that cannot go on holds up no other.
func byConsultation(deliveries []store.Delivery) (all [][]store.Delivery) {
	slices.SortFunc(deliveries, func(a, b store.Delivery) int {
		return cmp.Or(cmp.Compare(a.ConsultationID, b.ConsultationID), cmp.Compare(a.ID, b.ID)) // ids rise with time
	})
	for i, delivery := range deliveries {
		if i == 0 || deliveries[i-1].ConsultationID != delivery.ConsultationID {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], delivery)
	}
	return all
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

// restart starts a consultation whose start may have been lost.
func (i *Inbox) restart(ctx context.Context, delivery store.Delivery) error {
	if err := i.start(ctx, delivery.ConsultationID); err != nil {
		return err
	}
	if begun, err := i.store.HasBegun(ctx, delivery.ConsultationID); err == nil && begun {
		i.confirmations.add(delivery.ID)
	}
	return nil
}

func (i *Inbox) redeliver(ctx context.Context, delivery store.Delivery) error {
	in, err := delivery.Input()
	if err != nil {
		return err
	}
	waiting, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if in.Kind == advisory.NewRequest {
		return i.restart(waiting, delivery)
	}
	result, err := i.settle(waiting, in, i.update(waiting, delivery.ConsultationID, delivery.WorkflowID, in),
		i.store.RefuseInputAndTell)
	if err != nil && advisory.CodeOf(err) != advisory.Conflict {
		return err
	}
	if err == nil && !result.Applied {
		return context.DeadlineExceeded
	}
	return nil
}
