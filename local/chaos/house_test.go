package chaos_test

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"miglobe/advisory"
	"miglobe/local/ports"
	"miglobe/local/postgres"
	"miglobe/local/stack"
	"miglobe/local/temporal"
	"miglobe/store"
)

// house is everything that runs, each part in a process of its own, with what cuts the connections between them.
type house struct {
	*testing.T
	folder   string
	clock    clockStart
	settings postgres.Settings
	postgres *postgres.Server
	engine   *process
	mails    *process
	server   *process
	workers  []*process
	cutters  map[string]*cutter
	sitePort int

	// store and client look at the house from outside: not through what is cut.
	store  *store.Store
	client client.Client
}

const startTimeout = 90 * time.Second

// openHouse starts everything. Its business clock begins before a change of the clocks and runs at a speed.
func openHouse(t *testing.T, business time.Time, speed float64) *house {
	t.Helper()
	folder, err := os.MkdirTemp("", "miglobe-chaos-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL enters it as another user
		t.Fatal(err)
	}
	h := &house{T: t, folder: folder, clock: clockStart{Real: time.Now(), Business: business, Speed: speed}}
	t.Cleanup(func() {
		h.close()
		if t.Failed() {
			t.Logf("logs of all parts are in %s", folder)
			return
		}
		_ = os.RemoveAll(folder)
	})
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	taken := h.choosePorts()
	h.openPostgres(ctx, taken["postgres"])
	h.openParts(taken)
	h.lookIn()
	h.awaitStart(ctx)
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) choosePorts() map[string]int {
	h.Helper()
	var chooser ports.Chooser
	taken := map[string]int{}
	for _, purpose := range []string{"postgres", "frontend", "history", "matching", "worker", "smtp", "site"} {
		port, err := chooser.Choose(purpose, 0)
		h.must(err)
		taken[purpose] = port
	}
	return taken
}

// openPostgres gives up the care for a power cut: here processes die, not machines.
func (h *house) openPostgres(ctx context.Context, port int) {
	h.Helper()
	h.settings = postgres.Settings{
		Folder: filepath.Join(h.folder, "postgres"), Port: port,
		Parameters: map[string]string{"fsync": "off", "full_page_writes": "off"},
	}
	var err error
	h.postgres, err = postgres.Start(ctx, h.settings)
	h.must(err)
	for _, database := range append([]string{"miglobe"}, temporal.Databases...) {
		h.must(h.postgres.CreateDatabase(ctx, database))
	}
}

func (h *house) openParts(taken map[string]int) {
	loopback := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	h.sitePort = taken["site"]
	h.cutters = map[string]*cutter{
		"database": newCutter(h.T, loopback(taken["postgres"])),
		"engine":   newCutter(h.T, loopback(taken["frontend"])),
		"mails":    newCutter(h.T, loopback(taken["smtp"])),
	}
	base := part{Clock: h.clock, Folder: filepath.Join(h.folder, "parts")}
	base.Product.Database = throughCutter(h.postgres.DSN("miglobe"), h.cutters["database"])
	base.Product.Engine = h.cutters["engine"].address()
	base.Product.Site, base.Product.SMTP = taken["site"], h.cutters["mails"].port()

	engine := base
	engine.Name = "engine"
	engine.Temporal = temporal.Settings{
		Ports:    temporal.Ports{Frontend: taken["frontend"], History: taken["history"], Matching: taken["matching"], Worker: taken["worker"]},
		Database: temporal.Database{Address: h.postgres.Address(), User: postgres.User, Password: h.postgres.Password()},
		LogFile:  filepath.Join(h.folder, "temporal.log"),
	}
	h.engine = startProcess(h.T, engine, 1)
	h.mails = startProcess(h.T, h.mailServer(base, taken["smtp"]), 1)
	server, worker := base, base
	server.Name, worker.Name = "server", "worker"
	h.server = startProcess(h.T, server, 1)
	h.workers = []*process{startProcess(h.T, worker, 1), startProcess(h.T, worker, 2)}
}

func (h *house) mailServer(base part, port int) part {
	base.Name, base.SMTPPort = "mails", port
	base.Folder = filepath.Join(h.folder, "mails")
	base.Moody, base.MoodPercent = true, [3]int{8, 2, 3}
	return base
}

func throughCutter(dsn string, c *cutter) string {
	address, err := url.Parse(dsn)
	if err != nil {
		panic(err)
	}
	address.Host = c.address()
	return address.String()
}

func (h *house) lookIn() {
	h.Helper()
	var err error
	h.store, err = store.Open(h.Context(), h.postgres.DSN("miglobe"))
	h.must(err)
	h.client, err = client.NewLazyClient(client.Options{
		HostPort:  h.cutters["engine"].target,
		Namespace: temporal.Namespace, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	h.must(err)
}

func (h *house) site() string { return stack.URL(h.sitePort) }

// now is the business time.
func (h *house) now() time.Time { return h.clock.clock().Now() }

// today is the business day as a form takes it.
func (h *house) today() string { return h.now().In(advisory.Berlin).Format(time.DateOnly) }

// awaitStart waits until a request could be filed: pages, database, engine and programme are there.
func (h *house) awaitStart(ctx context.Context) {
	h.Helper()
	h.eventually(ctx, "the house", func() bool {
		programme, err := h.store.Programme(ctx)
		if err != nil || len(programme.Tasks) == 0 {
			return false
		}
		if _, err := h.client.CheckHealth(ctx, nil); err != nil {
			return false
		}
		connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(h.sitePort)))
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
}

// eventually waits for a condition until ctx ends.
func (h *house) eventually(ctx context.Context, what string, condition func() bool) {
	h.Helper()
	for !condition() {
		select {
		case <-ctx.Done():
			h.Fatalf("%s did not come: %v", what, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (h *house) close() {
	for _, p := range append([]*process{h.server, h.mails, h.engine}, h.workers...) {
		if p != nil {
			p.stop()
		}
	}
	if h.client != nil {
		h.client.Close()
	}
	if h.store != nil {
		_ = h.store.Close()
	}
	if h.postgres != nil {
		_ = h.postgres.Stop()
	}
}

// calendar counts the days of a consultation's Land.
func calendarOf(land advisory.Land) advisory.Calendar { return advisory.NewCalendar(land) }
