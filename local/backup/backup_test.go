package backup

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"miglobe/local/ports"
	"miglobe/local/postgres"
	"miglobe/local/state"
)

// TestABackupOfARunComesBack takes one while the run goes on and one after its end; each has what was said before it.
// The rehearsal with consultations and engine is in package engine.
func TestABackupOfARunComesBack(t *testing.T) {
	folder := newState(t)
	server, stop := start(t, folder)
	execute(t, server, "CREATE TABLE words (word text); INSERT INTO words VALUES ('Hamm')")
	running := filepath.Join(t.TempDir(), "running")
	if _, err := Take(t.Context(), folder, running); err != nil {
		t.Fatal(err)
	}
	execute(t, server, "UPDATE words SET word = 'Witten'")
	stop()
	ended := filepath.Join(t.TempDir(), "ended")
	if _, err := Take(t.Context(), folder, ended); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{running: "Hamm", ended: "Witten"} {
		to := filepath.Join(newFolder(t), "state")
		if _, err := Restore(t.Context(), from, to, false); err != nil {
			t.Fatal(err)
		}
		restored, stop := start(t, to)
		if got := word(t, restored); got != want {
			t.Errorf("%s holds %q, want %q", filepath.Base(from), got, want)
		}
		stop()
		if clock := readFile(t, filepath.Join(to, state.ClockFile)); clock != readFile(t, filepath.Join(folder, state.ClockFile)) {
			t.Error("the business clock did not come back")
		}
	}
	if info, err := os.Stat(running); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may enter the back-up: %v, %v", info.Mode(), err)
	}
}

func TestRestoreKeepsWhatIsThere(t *testing.T) {
	folder := newState(t)
	server, stop := start(t, folder)
	execute(t, server, "CREATE TABLE words (word text); INSERT INTO words VALUES ('Hamm')")
	saved := filepath.Join(t.TempDir(), "saved")
	if _, err := Take(t.Context(), folder, saved); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(t.Context(), folder, saved); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second back-up into the same folder: %v", err)
	}
	if _, err := Restore(t.Context(), saved, folder, true); !errors.Is(err, state.ErrInUse) {
		t.Errorf("while it runs: %v", err)
	}
	execute(t, server, "UPDATE words SET word = 'Witten'")
	stop()
	if _, err := Restore(t.Context(), saved, folder, false); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("over a state: %v", err)
	}
	if _, err := Restore(t.Context(), t.TempDir(), folder, true); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("from what is no back-up: %v", err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged")
	if err := os.CopyFS(damaged, os.DirFS(saved)); err != nil {
		t.Fatal(err)
	}
	damage(t, filepath.Join(damaged, "postgres", "data", "global", "pg_control"))
	if _, err := Restore(t.Context(), damaged, folder, true); err == nil {
		t.Error("a damaged back-up was restored")
	}
	if untouched, stop := start(t, folder); word(t, untouched) != "Witten" {
		t.Error("a refused restore changed the state")
	} else {
		stop()
	}
	if _, err := Restore(t.Context(), saved, folder, true); err != nil {
		t.Fatal(err)
	}
	if restored, stop := start(t, folder); word(t, restored) != "Hamm" {
		t.Error("the back-up did not come back")
	} else {
		stop()
	}
	aside, err := filepath.Glob(filepath.Join(folder, "replaced-*", "postgres", "data", "PG_VERSION"))
	if err != nil || len(aside) != 1 {
		t.Errorf("what was replaced is gone: %v, %v", aside, err)
	}
}

// newFolder can be entered by the user that PostgreSQL runs as, other than that of t.TempDir.
func newFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "miglobe-backup-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

func newState(t *testing.T) string {
	t.Helper()
	if _, err := postgres.FindBinaries(); err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	folder := filepath.Join(newFolder(t), "state")
	if _, err := state.Clock(folder, 2000); err != nil {
		t.Fatal(err)
	}
	return folder
}

// start does of a run what a back-up is about: it locks the folder and starts PostgreSQL.
func start(t *testing.T, folder string) (server *postgres.Server, stop func()) {
	t.Helper()
	lock, err := state.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	port, err := new(ports.Chooser).Choose("test", 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server, err = postgres.Start(ctx, postgres.Settings{Folder: postgresOf(folder), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	stop = func() { _ = errors.Join(server.Stop(), lock.Close()) }
	t.Cleanup(stop)
	return server, stop
}

func damage(t *testing.T, path string) {
	t.Helper()
	content := []byte(readFile(t, path))
	content[len(content)/2] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func execute(t *testing.T, server *postgres.Server, statement string) {
	t.Helper()
	db := open(t, server)
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func word(t *testing.T, server *postgres.Server) (found string) {
	t.Helper()
	db := open(t, server)
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), "SELECT word FROM words").Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

func open(t *testing.T, server *postgres.Server) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", server.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	return db
}
