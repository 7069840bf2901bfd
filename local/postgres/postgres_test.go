package postgres

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"miglobe/local/ports"
)

// parentFolder makes a test run as the parent process of a server that is to be killed; see TestMain.
const parentFolder = "MIGLOBE_TEST_POSTGRES_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(parentFolder); folder != "" {
		startAndWaitForDeath(folder)
	}
	os.Exit(m.Run())
}

func TestDataStayAfterStop(t *testing.T) {
	settings := testSettings(t)
	first := start(t, settings)
	if err := first.CreateDatabase(t.Context(), "kept"); err != nil {
		t.Fatal(err)
	}
	if err := first.CreateDatabase(t.Context(), "kept"); err != nil {
		t.Errorf("creating a database that is there: %v", err)
	}
	execute(t, first, "CREATE TABLE words (word text); INSERT INTO words VALUES ('Köln')")
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(settings.Folder, "data", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("a clean stop leaves no pid file: %v", err)
	}
	second := start(t, settings)
	if got := word(t, second); got != "Köln" {
		t.Errorf("after the second start the word is %q", got)
	}
}

func TestListensOnLoopbackWithPassword(t *testing.T) {
	server := start(t, testSettings(t))
	var addresses, socket string
	query(t, server.DSN("postgres"), "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')", &addresses, &socket)
	if addresses != "127.0.0.1" {
		t.Errorf("listens on %q", addresses)
	}
	if socket != "" && filepath.Dir(socket) != server.settings.Folder {
		t.Errorf("socket in %q, want it inside %q", socket, server.settings.Folder)
	}
	db, err := sql.Open("postgres", strings.Replace(server.DSN("postgres"), server.Password(), "wrong", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("a wrong password is accepted")
	}
}

func TestStartsAfterPostmasterWasKilled(t *testing.T) {
	settings := testSettings(t)
	first := start(t, settings)
	if err := first.CreateDatabase(t.Context(), "kept"); err != nil {
		t.Fatal(err)
	}
	execute(t, first, "CREATE TABLE words (word text); INSERT INTO words VALUES ('Hamm')")
	if err := first.process.signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-first.Done()
	if err := first.Stop(); err != nil {
		t.Errorf("stopping what has ended: %v", err)
	}
	second := start(t, settings)
	if got := word(t, second); got != "Hamm" {
		t.Errorf("after the kill the word is %q", got)
	}
}

// TestStartsAfterParentWasKilled kills the process that started the server, which is what happens to
// somebody's `make run`; the server of that process must not be in the way of the next one.
func TestStartsAfterParentWasKilled(t *testing.T) {
	settings := testSettings(t)
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentFolder+"="+settings.Folder)
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	parent.Stderr = os.Stderr
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the parent did not report its server as ready: %v", err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	second := start(t, settings)
	if got := word(t, second); got != "Witten" {
		t.Errorf("after the kill the word is %q", got)
	}
}

// startAndWaitForDeath is the body of the parent process: it starts a server, reports on standard output
// and never ends by itself.
func startAndWaitForDeath(folder string) {
	ctx := context.Background()
	port, err := new(ports.Chooser).Choose("test", 0)
	fail(err)
	server, err := Start(ctx, Settings{Folder: folder, Port: port})
	fail(err)
	fail(server.CreateDatabase(ctx, "kept"))
	db, err := sql.Open("postgres", server.DSN("kept"))
	fail(err)
	_, err = db.ExecContext(ctx, "CREATE TABLE words (word text); INSERT INTO words VALUES ('Witten')")
	fail(err)
	_, err = os.Stdout.WriteString("ready\n")
	fail(err)
	select {}
}

func fail(err error) {
	if err != nil {
		panic(err)
	}
}

// TestStalePIDOfAnotherProcess covers a number that went to another process meanwhile, as after a restart
// of a container.
func TestStalePIDOfAnotherProcess(t *testing.T) {
	settings := testSettings(t)
	if err := start(t, settings).Stop(); err != nil {
		t.Fatal(err)
	}
	other := exec.Command("sleep", "600")
	if account, err := ordinaryAccount(); err != nil {
		t.Fatal(err)
	} else {
		other.Dir, other.SysProcAttr = "/", account.attributes()
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	content := strings.Join([]string{strconv.Itoa(other.Process.Pid), filepath.Join(settings.Folder, "data"), "1", "5432", "", "127.0.0.1", ""}, "\n")
	if err := os.WriteFile(filepath.Join(settings.Folder, "data", "postmaster.pid"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, settings)
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the other process was ended: %v", err)
	}
}

func TestStartFailsWithTheServersWords(t *testing.T) {
	settings := testSettings(t)
	settings.Parameters["shared_buffers"] = "none"
	_, err := Start(t.Context(), settings)
	if err == nil || !strings.Contains(err.Error(), "shared_buffers") {
		t.Errorf("error %v does not name the wrong parameter", err)
	}
}

func TestFindBinaries(t *testing.T) {
	root := t.TempDir()
	install := func(version string, names ...string) {
		folder := filepath.Join(root, version, "bin")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	install("9", "initdb", "postgres")
	install("15", "initdb", "postgres")
	install("17", "psql")
	got, err := findBinaries(filepath.Join(root, "*", "bin"))
	if want := filepath.Join(root, "15", "bin"); err != nil || got != want {
		t.Errorf("found %q, %v; want the newest with a server, %q", got, err, want)
	}
}

// testSettings gives a folder that an ordinary user may enter, which t.TempDir's parent forbids.
func testSettings(t *testing.T) Settings {
	t.Helper()
	if _, err := FindBinaries(); err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	folder, err := os.MkdirTemp("", "miglobe-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	port, err := new(ports.Chooser).Choose("test", 0)
	if err != nil {
		t.Fatal(err)
	}
	return Settings{Folder: filepath.Join(folder, "postgres"), Port: port, Parameters: map[string]string{"shared_buffers": "16MB"}}
}

func start(t *testing.T, settings Settings) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server, err := Start(ctx, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

func execute(t *testing.T, server *Server, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", server.DSN("kept"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func word(t *testing.T, server *Server) string {
	t.Helper()
	var found string
	query(t, server.DSN("kept"), "SELECT word FROM words", &found)
	return found
}

func query(t *testing.T, dsn, statement string, into ...any) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), statement).Scan(into...); err != nil {
		t.Fatal(err)
	}
}
