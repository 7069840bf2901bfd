package worker

import (
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

// TestScrapesDoNotLoadTheDatabase: however often it is asked, what waits is counted every few seconds.
func TestScrapesDoNotLoadTheDatabase(t *testing.T) {
	st := storetest.Open(t)
	b := &backlog{store: st, clock: advisory.RealClock(), log: slog.New(slog.DiscardHandler)}
	first := read(t, b, "miglobe_mails_waiting")
	if _, err := st.DB().Exec(`INSERT INTO mails (id, key, template, language, ordered_at, not_before)
		VALUES (gen_random_uuid(), 'k', 'sign_in_link', 'de', now() - interval '1 day', now() - interval '1 day')`); err != nil {
		t.Fatal(err)
	}
	if again := read(t, b, "miglobe_mails_waiting"); first != 0 || again != 0 {
		t.Errorf("%v, at once again %v", first, again)
	}
	b.read = b.read.Add(-backlogFreshness)
	if later := read(t, b, "miglobe_mails_waiting"); later != 1 {
		t.Errorf("later %v", later)
	}
}

func TestWithoutTheDatabaseOnlyThatIsSaid(t *testing.T) {
	away, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?sslmode=disable&connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	b := &backlog{store: away, clock: advisory.RealClock(), log: slog.New(slog.DiscardHandler)}
	if n := testutil.CollectAndCount(b); n != 1 || read(t, b, "miglobe_database_up") != 0 {
		t.Errorf("%d metrics", n)
	}
}

func read(t *testing.T, b *backlog, name string) float64 {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(b)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == name {
			return family.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no %s", name)
	return 0
}
