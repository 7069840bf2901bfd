package health_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"miglobe/health"
	"miglobe/store"
	"miglobe/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// engine serves, or is away.
type engine struct {
	client.Client
	err error
}

func (e engine) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return &client.CheckHealthResponse{}, e.err
}

var errSecret = errors.New("dial tcp 10.0.0.7: password secret")

func TestWhatAProcessIsReadyWith(t *testing.T) {
	away, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?sslmode=disable&connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	migrated, behind, ahead := storetest.Open(t), storetest.Open(t), storetest.Open(t)
	for st, statement := range map[*store.Store]string{
		behind: `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`,
		ahead:  `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`,
	} {
		if _, err := st.DB().Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		store          *store.Store
		engine         error
		server, worker int
		want           string
	}{
		"all there":          {migrated, nil, 200, 200, "database ok\nmigrations ok\nengine ok\n"},
		"engine away":        {migrated, errSecret, 200, 503, "database ok\nmigrations ok\nengine away: inputs are kept and delivered later\n"},
		"database away":      {away, nil, 503, 503, "database away\nmigrations unknown\nengine ok\n"},
		"migrations missing": {behind, nil, 503, 503, "database ok\nmigrations missing: run miglobe migrate\nengine ok\n"},
		"migrations newer":   {ahead, nil, 200, 200, "database ok\nmigrations ok: newer than this program\nengine ok\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, nil))
			for status, process := range map[*int]*health.Health{
				&test.server: health.OfServer(test.store, engine{err: test.engine}, logger),
				&test.worker: health.OfWorker(test.store, engine{err: test.engine}, logger),
			} {
				answer := httptest.NewRecorder()
				process.Ready(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
				if answer.Code != *status || answer.Body.String() != test.want {
					t.Errorf("%d, want %d:\n%s", answer.Code, *status, answer.Body)
				}
			}
			if test.engine != nil && !strings.Contains(log.String(), "secret") {
				t.Error("the log does not tell the reason")
			}
		})
	}
}

func TestAProcessThatStopsIsNotReady(t *testing.T) {
	h := health.New(slog.New(slog.DiscardHandler))
	if _, ready := h.Report(t.Context()); !ready {
		t.Fatal("not ready")
	}
	h.Stop()
	if lines, ready := h.Report(t.Context()); ready || lines[len(lines)-1] != "process stopping" {
		t.Errorf("ready %v, %q", ready, lines)
	}
}
