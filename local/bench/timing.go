package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// timing collects how long single operations took, and how long all of them together.
type timing struct {
	mu    sync.Mutex
	each  []time.Duration
	total time.Duration // of the spans in which they ran
}

func (t *timing) add(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.each = append(t.each, took)
}

// time measures one operation.
func (t *timing) time(do func() error) error {
	began := time.Now()
	err := do()
	t.add(time.Since(began))
	return err
}

// span measures operations that run side by side.
func (t *timing) span(do func() error) error {
	began := time.Now()
	err := do()
	t.mu.Lock()
	t.total += time.Since(began)
	t.mu.Unlock()
	return err
}

// percentile is the duration that so many of a hundred operations do not exceed.
func (t *timing) percentile(of100 float64) time.Duration {
	if len(t.each) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.each))
	return sorted[min(int(float64(len(sorted))*of100/100), len(sorted)-1)]
}

func (t *timing) p50() time.Duration { return t.percentile(50) }
func (t *timing) p99() time.Duration { return t.percentile(99) }

// perSecond is how many operations a second the spans had.
func (t *timing) perSecond() float64 {
	if t.total == 0 {
		return 0
	}
	return float64(len(t.each)) / t.total.Seconds()
}

// together does something n times at once.
func together(ctx context.Context, n int, do func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// inTurn does something for each of n, so many at a time.
func inTurn(ctx context.Context, n, atATime int, do func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// until repeats a question until it is answered with yes.
func until(ctx context.Context, pause time.Duration, what string, done func() (bool, error)) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		if yes, err := done(); yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not come true: %w", what, ctx.Err())
		case <-ticker.C:
		}
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func rate(perSecond float64) string { return fmt.Sprintf("%.0f/s", perSecond) }

func times(a, b float64) string { return fmt.Sprintf("%.2f ×", a/b) }

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", (bytes+1<<19)>>20) }

func kilobytes(bytes float64) string { return fmt.Sprintf("%.1f kB", bytes/1000) }
