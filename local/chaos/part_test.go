package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"miglobe/advisory"
	"miglobe/local/mailcatcher"
	"miglobe/local/product"
	"miglobe/local/temporal"
)

// partVariable makes a process of this test one part of the house instead of the test.
const partVariable = "MIGLOBE_CHAOS_PART"

// part is a process of its own that can be killed at any time.
type part struct {
	Name        string // engine, mails, server, worker
	Folder      string
	Clock       clockStart
	Product     product.Surroundings // of server and worker
	Temporal    temporal.Settings    // of the engine
	SMTPPort    int                  // of the mail server
	Moody       bool                 // the mail server refuses now and then
	MoodPercent [3]int               // how often it is busy, rejects, hangs up
}

type clockStart struct {
	Real, Business time.Time
	Speed          float64
}

func (c clockStart) clock() advisory.Clock { return advisory.NewClock(c.Real, c.Business, c.Speed) }

// runPart is the process of a part. It ends when it is told to, or killed.
func runPart(description string) error {
	var p part
	if err := json.Unmarshal([]byte(description), &p); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	switch p.Name {
	case "engine":
		return p.runEngine(ctx)
	case "mails":
		return p.runMails(ctx)
	case "server":
		return p.runProduct(ctx, (*product.Product).Serve)
	case "worker":
		return p.runProduct(ctx, (*product.Product).StartWorker)
	}
	return fmt.Errorf("no part %q", p.Name)
}

func (p part) runEngine(ctx context.Context) error {
	engine, err := temporal.Start(ctx, p.Temporal)
	if err != nil {
		return err
	}
	<-ctx.Done()
	return engine.Stop()
}

func (p part) runMails(ctx context.Context) error {
	catcher, err := mailcatcher.Open(p.Folder)
	if err != nil {
		return err
	}
	if p.Moody {
		catcher.Mood = p.mood
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.SMTPPort)))
	if err != nil {
		return err
	}
	server := catcher.ServeSMTP(listener, slog.New(slog.DiscardHandler))
	<-ctx.Done()
	return server.Close()
}

func (p part) mood() mailcatcher.Mood {
	dice := rand.IntN(100)
	for i, mood := range []mailcatcher.Mood{mailcatcher.Busy, mailcatcher.Rejects, mailcatcher.HangsUp} {
		if dice -= p.MoodPercent[i]; dice < 0 {
			return mood
		}
	}
	return mailcatcher.Takes
}

func (p part) runProduct(ctx context.Context, work func(*product.Product) error) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil)).With("part", p.Name)
	running, err := product.OpenAt(ctx, p.Product, p.Clock.clock(), log)
	if err != nil {
		return err
	}
	if err := work(running); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return running.Stop()
	case err := <-running.Failed():
		return err
	}
}
