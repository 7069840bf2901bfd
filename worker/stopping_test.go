package worker_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/mail"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/telemetry"
	"miglobe/worker"
)

// TestAMailThatIsBeingSentWhenTheWorkerEndsIsMarked: otherwise it would go out a second time.
func TestAMailThatIsBeingSentWhenTheWorkerEndsIsMarked(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("confirm_need_opened", 1, false)
	o.order("decide_accompaniment_opened", 2, false)
	o.exec(`UPDATE mails SET person_id = $1 WHERE task_id = $2`, o.kim, advisory.TaskID(o.consultation, 2)) // a mail of its own
	o.box.taking, o.box.goOn = make(chan struct{}), make(chan struct{})
	watch, err := telemetry.New(t.Context(), telemetry.Settings{Process: "worker"})
	o.must(err)
	ctx, signal := context.WithCancel(t.Context())
	post := worker.NewPostOffice(worker.Settings{SiteURL: "https://miglobe.example", From: mail.Address{Address: "post@miglobe.example"}},
		worker.Dependencies{Store: o.store, Texts: o.catalog, Mail: o.sender, Clock: advisory.NewClock(time.Now(), monday, 1),
			Log: slog.New(slog.DiscardHandler), Watch: watch})
	ended := make(chan error, 1)
	go func() { ended <- post.Open(ctx) }()
	<-o.box.taking
	signal()
	close(o.box.goOn)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the office ended with %v", err)
	}
	states := o.states()
	slices.Sort(states)
	if len(o.box.letters) != 1 || !slices.Equal(states, []string{"queued", "sent"}) {
		t.Errorf("%d letters, states %v: the one under way is sent, no other is begun", len(o.box.letters), states)
	}
}

// pause lets a test look on while the server takes a mail.
func (b *letterbox) pause(r io.Reader) ([]byte, error) {
	if b.taking != nil {
		close(b.taking)
		<-b.goOn
		b.taking = nil
	}
	return io.ReadAll(r)
}
