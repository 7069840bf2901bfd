package server

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"miglobe/store/storetest"
	"miglobe/telemetry"
)

func TestARequestIsCountedByItsRoute(t *testing.T) {
	watch, err := telemetry.New(t.Context(), telemetry.Settings{Process: "server"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	d := dependencies(storetest.Open(t), &fakeEngine{})
	d.Watch, d.Log = watch, slog.New(telemetry.LogHandler(slog.NewJSONHandler(&out, nil)))
	handler, err := New(settings(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/anfrage/entwurf/geheim", "/anmelden/geheim?weiter=geheim", "/geheim", "/readyz"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	if n, err := testutil.GatherAndCount(watch.Gatherer(), "miglobe_http_requests_total"); err != nil || n < 3 {
		t.Errorf("%d series, %v", n, err)
	}
	families, err := watch.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if strings.Contains(family.String(), "geheim") {
			t.Errorf("%s holds what was asked for", family.GetName())
		}
	}
	for line := range strings.Lines(out.String()) {
		var said map[string]any
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatal(err)
		}
		if said["request"] == nil || strings.Count(line, `"request"`) != 1 || strings.Contains(line, "geheim") {
			t.Errorf("line %s", line)
		}
	}
}
