package demo

import (
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/local/postgres"
	"miglobe/local/stack"
	"miglobe/local/temporal"
	"miglobe/migrations"
	"miglobe/store"
	"miglobe/texts"
)

// TestSeedFillsEveryStage fills the demo on the real stack, twice, and looks at where every consultation stands.
func TestSeedFillsEveryStage(t *testing.T) {
	product := startProduct(t)
	started := time.Now()
	if err := Seed(t.Context(), product); err != nil {
		t.Fatal(err)
	}
	t.Logf("filled after %v", time.Since(started).Round(time.Millisecond))
	if err := Seed(t.Context(), product); err != nil {
		t.Fatalf("a second time: %v", err)
	}

	now := product.Clock.Now()
	stages, outcomes, open := map[advisory.Stage]int{}, map[advisory.Outcome]int{}, map[advisory.TaskKind]int{}
	numbers := map[string]bool{}
	for _, c := range allConsultations(t, product.Store) {
		numbers[c.Number] = true
		if !c.Demo {
			t.Errorf("%s is not marked as demo", c.Number)
		}
		outcomes[c.Outcome]++
		if c.Outcome == "" || c.Stage == advisory.FollowUp {
			stages[c.Stage]++
		}
		tasks, err := product.Store.TasksOf(t.Context(), c.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if task.OpenedAt.After(now) || task.ClosedAt != nil && task.ClosedAt.Before(task.OpenedAt) {
				t.Errorf("%s: task %s opened %v, closed %v, now is %v", c.Number, task.Kind, task.OpenedAt, task.ClosedAt, now)
			}
			if task.IsOpen() {
				open[task.Kind]++
			}
			if task.Reminders > 0 {
				t.Errorf("%s: somebody was reminded of %s while the demo was filled", c.Number, task.Kind)
			}
		}
	}
	if len(numbers) != len(plans) {
		t.Errorf("%d consultations, want %d", len(numbers), len(plans))
	}
	for _, stage := range advisory.Stages[1:] {
		if stages[stage] == 0 {
			t.Errorf("none in stage %s: %v", stage, stages)
		}
	}
	for _, outcome := range advisory.Outcomes {
		if outcomes[outcome] == 0 {
			t.Errorf("none with outcome %s: %v", outcome, outcomes)
		}
	}
	for _, kind := range []advisory.TaskKind{
		advisory.ClaimRequest, advisory.ReviewRequest, advisory.AnswerQuestion, advisory.ApproveRefusal, advisory.RecordAssessment,
		advisory.ConfirmNeed, advisory.ChooseAdvisors, advisory.AnswerInvitation, advisory.AgreeToAdvisors, advisory.ProposeSlots,
		advisory.ChooseSlot, advisory.WriteNote, advisory.DecideAccompaniment, advisory.DraftOptions,
		advisory.ConfirmOptions, advisory.Evaluate, advisory.CloseConsultation, advisory.AnswerFollowUp, advisory.ConfirmGoalChange,
	} {
		if open[kind] == 0 {
			t.Errorf("no open task %s: %v", kind, open)
		}
	}
}

func allConsultations(t *testing.T, st *store.Store) []store.Consultation {
	t.Helper()
	var all []store.Consultation
	for _, key := range slices.Sorted(maps.Keys(contacts)) {
		person, err := st.PersonByEmail(t.Context(), contacts[key].email())
		if err != nil {
			t.Fatal(err)
		}
		for page := 1; ; page++ {
			some, _, err := st.ConsultationsOfPerson(t.Context(), person.ID, time.Now(), page)
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			all = append(all, some...)
		}
	}
	return all
}

func startProduct(t *testing.T) Product {
	t.Helper()
	if _, err := postgres.FindBinaries(); err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	folder, err := os.MkdirTemp("", "miglobe-demo-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	around, err := stack.Start(t.Context(), stack.Settings{Folder: filepath.Join(folder, "state"), Disposable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = around.Stop() })
	product, quiet := Product{Clock: advisory.RealClock()}, slog.New(slog.DiscardHandler)
	if product.Store, err = store.Open(t.Context(), around.DSN()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = product.Store.Close() })
	if err := migrations.Up(t.Context(), product.Store.DB()); err != nil {
		t.Fatal(err)
	}
	if err := product.Store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	if product.Texts, err = texts.Load(); err != nil {
		t.Fatal(err)
	}
	product.Engine, err = client.Dial(client.Options{
		HostPort: around.Temporal.Address(), Namespace: temporal.Namespace, Logger: log.NewStructuredLogger(quiet),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(product.Engine.Close)
	product.Inbox = inbox.New(product.Store, product.Engine, quiet, nil)
	return product
}
