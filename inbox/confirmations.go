package inbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// confirmPause is how long confirmations are gathered before they are written together.
const confirmPause = time.Second

// confirmations are inputs of which the engine has said that it knows them. They are noted a moment later: one that is lost
// is delivered once more, which changes nothing.
type confirmations struct {
	store *store.Store
	log   *slog.Logger

	mu       sync.Mutex
	gathered []string
}

func (c *confirmations) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gathered = append(c.gathered, id)
	if len(c.gathered) == 1 {
		time.AfterFunc(confirmPause, c.write)
	}
}

func (c *confirmations) write() {
	c.mu.Lock()
	ids := c.gathered
	c.gathered = nil
	c.mu.Unlock()
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	if err := c.store.ConfirmInputs(ctx, ids); err != nil {
		c.log.Warn("inputs not confirmed; they are delivered again", "inputs", len(ids), "error", err)
	}
}

// lookAgain is how often somebody looks whether the database agrees with a refusal.
const lookAgain = 20 * time.Millisecond

// isBehind tells whether the engine refuses to settle a task that is open in the database, and stays so: then an engine that
// was killed has not heard yet of what opened the task, and the input waits for it. Usually somebody else was faster, and
// the task is closed in a moment.
func (i *Inbox) isBehind(ctx context.Context, in advisory.Input) bool {
	if in.Task == "" {
		return false
	}
	for {
		open, err := i.store.TaskIsOpen(ctx, in.Task)
		if err != nil || !open {
			return err != nil
		}
		select {
		case <-ctx.Done():
			return true
		case <-time.After(lookAgain):
		}
	}
}
